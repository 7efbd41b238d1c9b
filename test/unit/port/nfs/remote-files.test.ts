/** Files of NFS version 3 as whoever makes disks of them sees them. */
import { expect, test } from 'vitest';
import { files3, type RemoteFile } from '../../../../src/port/nfs/remote-files.ts';
import { serverOf } from '../../../helpers/nfs.ts';
import { NfsPair } from '../../../helpers/nfs-pair.ts';

function rig() {
  const pair = new NfsPair(serverOf());
  return { pair, files: files3(pair.client) };
}

test('files are found in the exported directory, written, read and committed', () => {
  const { files, pair } = rig();
  const [file] = pair.ask<readonly RemoteFile[]>((done) => files.find(['lun0.img'], 0, done));
  expect(file).toMatchObject({ name: 'lun0.img', sizeBytes: 1_048_576 });
  const data = Uint8Array.of(1, 2, 3);
  expect(pair.ask<number>((done) => files.write(file!, 5n, data, 0, done))).toBe(3);
  const place = { offset: 4n, count: 5 };
  const read = pair.ask<Uint8Array>((done) => files.read(file!, place, 0, done));
  expect([...read]).toEqual([0, 1, 2, 3, 0]);
  expect(pair.start<undefined>((done) => files.commit(file!, 0, done)).result?.state).toBe('done');
});

test('one that is not there is told by its name', () => {
  const { files, pair } = rig();
  const { result } = pair.start((done) => files.find(['lun0.img', 'none.img'], 0, done));
  expect(result).toEqual({ state: 'failed', why: 'none.img: LOOKUP: NFS3ERR_NOENT' });
});
