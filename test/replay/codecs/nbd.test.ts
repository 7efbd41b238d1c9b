/** NBD between programs that nobody here wrote. */
import { describe, expect, it } from 'vitest';
import type { AnyCodec } from '../../../src/codecs/layout/index.ts';
import { NbdCommand, nbdRequest } from '../../../src/codecs/nbd/index.ts';
import { checkTiled } from '../../helpers/every-length.ts';
import { nbdMessagesOf } from '../../helpers/nbd.ts';

describe('QEMU, libnbd and nbd-client', () => {
  it('every message is read, and encodes to its own bytes', async () => {
    const counts = new Map<string, number>();
    for (const { codec, bytes } of await nbdMessagesOf('fixtures/nbd/qemu.pcapng')) {
      const value = codec.decode(bytes);
      expect(codec.encode(value)).toEqual(bytes);
      expect(value.kind, codec.name).not.toBe('unknown');
      expect(value).not.toHaveProperty('trailing');
      checkTiled(codec, bytes);
      const name =
        codec === (nbdRequest as AnyCodec)
          ? Object.entries(NbdCommand).find(([, code]) => code === value.command)![0]
          : `${codec.name} ${value.kind ?? ''}`.trim();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(Object.fromEntries([...counts].sort())).toMatchInlineSnapshot(`
      {
        "BLOCK_STATUS": 2,
        "DISC": 3,
        "FLUSH": 2,
        "NBD chunk BLOCK_STATUS": 2,
        "NBD chunk OFFSET_DATA": 1,
        "NBD chunk OFFSET_HOLE": 1,
        "NBD client flags": 6,
        "NBD greeting": 6,
        "NBD option ABORT": 3,
        "NBD option GO": 4,
        "NBD option INFO": 2,
        "NBD option LIST": 2,
        "NBD option LIST_META_CONTEXT": 1,
        "NBD option SET_META_CONTEXT": 3,
        "NBD option STRUCTURED_REPLY": 5,
        "NBD option reply ACK": 18,
        "NBD option reply ERROR": 2,
        "NBD option reply INFO": 13,
        "NBD option reply META_CONTEXT": 5,
        "NBD option reply SERVER": 2,
        "NBD simple reply": 5,
        "READ": 2,
        "TRIM": 1,
        "WRITE": 1,
        "WRITE_ZEROES": 1,
      }
    `);
  });
});
