/** Files that clients make and remove, with the status that RFC 1813 has for what cannot be. */
import { describe, expect, it } from 'vitest';
import { NfsStat3 } from '../../../../src/codecs/nfs/index.ts';
import { NfsFileSystem } from '../../../../src/port/nfs/file-system.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { NfsRig } from '../../../helpers/nfs.ts';

describe('files that clients make', () => {
  const made = { filesMax: 2, medium: () => new MemoryMedium(64) };
  const rigWith = () => {
    const fileSystem = new NfsFileSystem({ fsid: 7n, files: [], made });
    const rig = new NfsRig({ fileSystem });
    const conn = rig.open();
    const dir = fileSystem.root.handle;
    const create = (name: string, mode = 1, verf = new Uint8Array(8)) => {
      const where = { dir, name };
      const args = mode === 2 ? { where, mode, verf } : { where, mode, objAttributes: {} };
      return rig.nfs(conn, 'CREATE', args);
    };
    const remove = (name: string) => rig.nfs(conn, 'REMOVE', { object: { dir, name } }).status;
    return { rig, conn, create, remove, fileSystem };
  };

  it('are empty, grow as they are written, and tell nothing of logical units', () => {
    const { rig, conn, create } = rigWith();
    const { obj, objAttributes } = create('a').resok!;
    expect(objAttributes.attributes!.size).toBe(0n);
    const file = obj.handle!.data;
    const data = new Uint8Array(700).fill(5);
    rig.nfs(conn, 'WRITE', { file, offset: 100n, count: 700, stable: 2, data });
    const read = rig.nfs(conn, 'READ', { file, offset: 0n, count: 4096 }).resok!;
    expect([read.count, read.eof, read.data[99], read.data[100]]).toEqual([800, 1, 0, 5]);
    expect(rig.told('apply')).toEqual([]);
  });

  it('are as many as there is room for; a name that is gone is free, its handle stale', () => {
    const { rig, conn, create, remove } = rigWith();
    const file = create('a').resok!.obj.handle!.data;
    create('b');
    expect(create('c').status).toBe(NfsStat3.NFS3ERR_NOSPC);
    expect(create('a').status).toBe(NfsStat3.NFS3ERR_EXIST);
    expect(remove('a')).toBe(NfsStat3.NFS3_OK);
    expect(remove('a')).toBe(NfsStat3.NFS3ERR_NOENT);
    expect(rig.nfs(conn, 'GETATTR', { object: file }).status).toBe(NfsStat3.NFS3ERR_STALE);
    expect(create('c').status).toBe(NfsStat3.NFS3_OK);
    expect(create('x/y').status).toBe(NfsStat3.NFS3ERR_INVAL);
  });

  it('by EXCLUSIVE are their maker’s when it asks again', () => {
    const { create } = rigWith();
    const verifier = (value: number) => new Uint8Array(8).fill(value);
    const first = create('a', 2, verifier(1)).resok!.obj.handle!.data;
    expect(create('a', 2, verifier(1)).resok!.obj.handle!.data).toEqual(first);
    expect(create('a', 2, verifier(2)).status).toBe(NfsStat3.NFS3ERR_EXIST);
  });
});
