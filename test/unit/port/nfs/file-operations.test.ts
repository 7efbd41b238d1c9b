import { describe, expect, test } from 'vitest';
import { NfsStat3, StableHow } from '../../../../src/codecs/nfs/index.ts';
import { FileOperations, NfsFault, nfsStatusOf } from '../../../../src/port/nfs/file-operations.ts';
import { MediumError } from '../../../../src/scsi/medium/medium.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const WRITER = { access: 'read-write', now: 0 } as const;
const READER = { access: 'read-only', now: 0 } as const;

function rig() {
  const fileSystem = fileSystemOf();
  const told: string[] = [];
  const operations = new FileOperations({
    fileSystem,
    writeVerifier: new Uint8Array(8),
    transferBytesMax: 1024,
    observer: {
      changed: (_, { lba, blocks }, durable) => told.push(`${lba}+${blocks} ${durable}`),
      flushed: () => told.push('flushed'),
    },
  });
  return { operations, file: fileSystem.files[0]!, root: fileSystem.root, told };
}

const fault = (status: number) => expect.objectContaining({ status });

describe('operations on files', () => {
  test('write no more than a call may have, and tell the blocks', () => {
    const { operations, file, told } = rig();
    const range = { offset: 512n, data: new Uint8Array(2048).fill(1), stable: StableHow.FILE_SYNC };
    expect(operations.write(file, range, WRITER)).toEqual({ count: 1024, committed: 2 });
    expect(told).toEqual(['1+2 true', 'flushed']);
    expect(operations.read(file, 512n, 4096).data.length).toBe(1024);
  });

  test.each([
    ['who may only read', {}, READER, NfsStat3.NFS3ERR_ROFS],
    ['behind the end', { offset: 1n << 30n }, WRITER, NfsStat3.NFS3ERR_NOSPC],
    ['behind every end', { offset: 1n << 63n }, WRITER, NfsStat3.NFS3ERR_FBIG],
    ['in no known way', { stable: 9 }, WRITER, NfsStat3.NFS3ERR_INVAL],
  ])('do not write %s', (_, change, caller, status) => {
    const { operations, file, told } = rig();
    const range = { offset: 0n, data: new Uint8Array(512), stable: 0, ...change };
    expect(() => operations.write(file, range, caller)).toThrow(fault(status));
    expect(told).toEqual([]);
  });

  test('give no directory another size', () => {
    const { operations, root } = rig();
    expect(() => operations.resize(root, 0n, 0)).toThrow(fault(NfsStat3.NFS3ERR_ISDIR));
  });

  test('have a status for faults, none for defects', () => {
    expect(nfsStatusOf(new NfsFault(5))).toBe(5);
    expect(nfsStatusOf(new MediumError('no-space', 'full'))).toBe(NfsStat3.NFS3ERR_NOSPC);
    expect(() => nfsStatusOf(new TypeError('x'))).toThrow(TypeError);
  });
});
