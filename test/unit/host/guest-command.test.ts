/** A guest's I/O as a command, by the bytes of its CDB and data. */
import { describe, expect, it } from 'vitest';
import { cdb } from '../../../src/codecs/scsi/index.ts';
import { commandOf } from '../../../src/host/guest-command.ts';
import type { GuestIo, Workload } from '../../../src/host/workload.ts';
import { filled, toHex } from '../../helpers/scsi-target.ts';

const workload = {
  dataOf: () => filled(2, 0xd0),
  expectedOf: () => filled(1, 0xe0),
} as unknown as Workload;
const sent = (io: Partial<GuestIo>) => {
  const command = commandOf(
    { lba: 0x1234, blocks: 2, fua: false, doubt: false, ...io } as GuestIo,
    workload,
  );
  return { ...command, bytes: toHex(cdb.encode(command.cdb)) };
};

describe('a command', () => {
  it('reads and writes in 10 bytes, in 16 where the blocks lie further out; FUA is bit 3 of byte 1', () => {
    expect(sent({ op: 'read' })).toMatchObject({
      bytes: '28000000123400000200',
      dataInBytes: 1024,
    });
    expect(sent({ op: 'write', fua: true })).toMatchObject({
      bytes: '2a080000123400000200',
      dataOut: filled(2, 0xd0),
    });
    expect(sent({ op: 'write', lba: 2 ** 32 - 1 }).bytes).toBe('8a0000000000ffffffff000000020000');
    expect(sent({ op: 'read', lba: 2 ** 32 - 3 }).bytes).toBe('2800fffffffd00000200');
  });

  it('compares with what it expects before it writes', () => {
    const one = sent({ op: 'compare-and-write', blocks: 1 });
    expect(one.bytes).toBe('89000000000000001234000000010000');
    expect(one.dataOut).toEqual(Uint8Array.from([...filled(1, 0xe0), ...filled(2, 0xd0)]));
  });

  it('reads a block of which nobody knows whether it was written', () => {
    expect(sent({ op: 'compare-and-write', blocks: 1, doubt: true })).toMatchObject({
      bytes: '28000000123400000100',
      dataInBytes: 512,
    });
  });

  it('writes the same, unmaps, and synchronizes', () => {
    expect(sent({ op: 'write-same', blocks: 1 }).bytes).toBe('93000000000000001234000000010000');
    const unmap = sent({ op: 'unmap' });
    expect(unmap.bytes).toBe('42000000000000001800');
    expect(toHex(unmap.dataOut)).toBe('001600100000000000000000000012340000000200000000');
    expect(sent({ op: 'synchronize' }).bytes).toBe('35000000000000000000');
  });
});
