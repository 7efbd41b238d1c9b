import { describe, expect, it } from 'vitest';
import { NfsFileSystem } from '../../../../src/port/nfs/file-system.ts';
import { BLOCK_BYTES, type Medium, MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const [KIB, MIB] = [1024, 1_048_576];

describe('files that are media', () => {
  it('any bytes are read and written; blocks keep what is not written', () => {
    const files = fileSystemOf();
    const file = files.files[0]!;
    files.write(file, 0, new Uint8Array(2048).fill(1), 5);
    const changed = files.write(file, 700, new Uint8Array(600).fill(2), 6)!;
    expect([changed.lba, changed.blocks, changed.data.length]).toEqual([1, 2, 1024]);
    const bytes = files.read(file, 690, 620);
    expect([...new Set(bytes.subarray(10, 610))]).toEqual([2]);
    expect([bytes[9], bytes[610], bytes.length]).toEqual([1, 1, 620]);
  });

  it('a read ends with the file', () => {
    const files = fileSystemOf();
    const file = files.files[0]!;
    expect(files.read(file, MIB - 3, 10).length).toBe(3);
    expect(files.read(file, MIB, 10).length).toBe(0);
    expect(files.read(files.root, 0, 10).length).toBe(0);
  });

  it('what was cut off reads as zeros when the file grows again', () => {
    const files = fileSystemOf();
    const file = files.files[0]!;
    files.write(file, 0, new Uint8Array(4 * KIB).fill(1), 5);
    const changed = files.resize(file, 700, 6);
    expect(changed.map(({ lba, data }) => [lba, data.length])).toEqual([
      [1, 512],
      [2, 0],
    ]);
    expect(file.size).toBe(700);
    files.resize(file, 2 * KIB, 7);
    const bytes = files.read(file, 0, 2 * KIB);
    expect(bytes.length).toBe(2 * KIB);
    expect([bytes[699], ...new Set(bytes.subarray(700))]).toEqual([1, 0]);
  });

  it('a medium that cannot forget is written with zeros', () => {
    const memory = new MemoryMedium(8);
    const medium: Medium = {
      blocks: 8,
      blockBytes: BLOCK_BYTES,
      read: (lba: number, count: number) => memory.read(lba, count),
      write: (lba: number, data: Uint8Array) => memory.write(lba, data),
    };
    const files = fileSystemOf([medium]);
    files.write(files.files[0]!, 0, new Uint8Array(4 * KIB).fill(1), 5);
    files.resize(files.files[0]!, 0, 6);
    expect(new Set(memory.read(0, 8))).toEqual(new Set([0]));
  });

  it('times of changes never stand still', () => {
    const files = fileSystemOf();
    const file = files.files[0]!;
    files.touch(file, 5);
    const first = file.ctime;
    files.touch(file, 5);
    expect(first).toEqual({ seconds: 1_000_000, nseconds: 5 });
    expect(file.mtime).toEqual({ seconds: 1_000_000, nseconds: 6 });
  });

  it('a handle of another file system, or of no file, names nothing', () => {
    const files = fileSystemOf();
    const { handle } = files.files[0]!;
    expect(files.nodeOf(handle)).toBe(files.files[0]);
    for (const place of [7, 15]) {
      const other = handle.slice();
      other[place]! ^= 0x40;
      expect(files.nodeOf(other)).toBeUndefined();
    }
  });

  it.each(['', '.', '..', 'a/b', 'twice'])('a file is not called %j', (name) => {
    const file = { medium: new MemoryMedium(1), luName: 'lu', lunNumber: 0 };
    const files = [
      { name: 'twice', ...file },
      { name, ...file },
    ];
    expect(() => new NfsFileSystem({ fsid: 1n, files })).toThrow(RangeError);
  });
});
