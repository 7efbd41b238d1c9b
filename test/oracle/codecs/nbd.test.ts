/** Requests and simple replies of NBD as tshark reads them; of the handshake and of chunks it knows nothing. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { AnyCodec } from '../../../src/codecs/layout/index.ts';
import { nbdRequest, nbdSimpleReply } from '../../../src/codecs/nbd/index.ts';
import { nbdMessagesOf } from '../../helpers/nbd.ts';
import { hasTshark } from '../../helpers/shared-captures.ts';

const CAPTURE = 'fixtures/nbd/qemu.pcapng';
const FIELDS = ['nbd.magic', 'nbd.type', 'nbd.error', 'nbd.len', 'nbd.handle', 'nbd.from'];

describe.skipIf(!hasTshark)('tshark', () => {
  it('reads the same in every request and reply that it takes for one', async () => {
    const options = FIELDS.flatMap((field) => ['-e', field]);
    const rows = execFileSync('tshark', ['-r', CAPTURE, '-Y', 'nbd', '-T', 'fields', ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t'));
    const hex = (value: bigint) => `0x${value.toString(16).padStart(16, '0')}`;
    const ours = new Set<string>();
    for (const { codec, bytes } of await nbdMessagesOf(CAPTURE)) {
      if (codec === (nbdRequest as AnyCodec)) {
        const { cookie, command, flags, lengthBytes, offset } = nbdRequest.decode(bytes);
        // One number to tshark, which knows those without flags.
        const type = flags * 2 ** 16 + command;
        ours.add(['0x25609513', type, '', lengthBytes, hex(cookie), hex(offset)].join('\t'));
      } else if (codec === (nbdSimpleReply as AnyCodec)) {
        const { cookie, error } = nbdSimpleReply.decode(bytes);
        ours.add(['0x67446698', 255, error, '', hex(cookie), ''].join('\t'));
      }
    }
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows)
      expect(ours, row.join(' ')).toContain([...row, ...Array(6 - row.length).fill('')].join('\t'));
  });
});
