import { expect, test } from 'vitest';
import { NfsStat4 } from '../../../../src/codecs/index.ts';
import { CompoundCall } from '../../../../src/port/nfs4/compound-call.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const { root, files } = fileSystemOf();
const fault = (status: number) => expect.objectContaining({ status });

test('a call has a current file handle, of a file or of the directory', () => {
  const call = new CompoundCall({ access: 'read-only', now: 0 });
  expect(() => call.current).toThrow(fault(NfsStat4.NFS4ERR_NOFILEHANDLE));
  call.go(root);
  expect(call.directory).toBe(root);
  expect(() => call.file).toThrow(fault(NfsStat4.NFS4ERR_ISDIR));
  call.go(files[0]);
  expect(call.file).toBe(files[0]);
  expect(() => call.directory).toThrow(fault(NfsStat4.NFS4ERR_NOTDIR));
});

test('who may do nothing gets no file handle', () => {
  const call = new CompoundCall({ access: undefined, now: 0 });
  expect(() => call.go(root)).toThrow(fault(NfsStat4.NFS4ERR_ACCESS));
});

test('the current stateid is the last one, until another file is current', () => {
  const call = new CompoundCall({ access: 'read-write', now: 0 });
  const current = { seqid: 1, other: new Uint8Array(12) };
  const last = { seqid: 3, other: new Uint8Array(12).fill(7) };
  expect(call.stateidOf(current)).toBe(current);
  call.stateid = last;
  expect(call.stateidOf(current)).toBe(last);
  call.go(root);
  expect(call.stateidOf(current)).toBe(current);
});
