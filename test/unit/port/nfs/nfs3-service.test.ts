/** What each procedure does, and the status that each refusal has in RFC 1813, 3.3. */
import { describe, expect, it } from 'vitest';
import { Access3, NfsStat3, StableHow, TimeHow } from '../../../../src/codecs/nfs/index.ts';
import { BLOCK_BYTES, MediumError, MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { fileSystemOf, NfsRig } from '../../../helpers/nfs.ts';

const MIB = 1_048_576;

function rigOf(fileSystem = fileSystemOf()) {
  const rig = new NfsRig({ fileSystem, transferBytesMax: 8192 });
  const conn = rig.open();
  return { rig, conn, root: fileSystem.root.handle, file: fileSystem.files[0]!.handle };
}

describe('names and attributes', () => {
  it('LOOKUP finds files and the directory itself', () => {
    const { rig, conn, root, file } = rigOf();
    const lookup = (dir: Uint8Array, name: string) =>
      rig.nfs(conn, 'LOOKUP', { what: { dir, name } });
    expect(lookup(root, 'lun0.img').resok).toMatchObject({ object: file });
    expect(lookup(root, '..').resok).toMatchObject({ object: root });
    expect(lookup(root, 'none').status).toBe(NfsStat3.NFS3ERR_NOENT);
    expect(lookup(root, 'n'.repeat(256)).status).toBe(NfsStat3.NFS3ERR_NAMETOOLONG);
    expect(lookup(file, 'x').status).toBe(NfsStat3.NFS3ERR_NOTDIR);
  });

  it('GETATTR says what a file is; handles are checked', () => {
    const { rig, conn, root, file } = rigOf();
    const size = (object: Uint8Array) => rig.nfs(conn, 'GETATTR', { object });
    expect(size(file).resok!.objAttributes).toMatchObject({ type: 1, size: BigInt(MIB), nlink: 1 });
    expect(size(root).resok!.objAttributes).toMatchObject({ type: 2, nlink: 2 });
    expect(size(file.subarray(1)).status).toBe(NfsStat3.NFS3ERR_BADHANDLE);
    expect(size(file.map(() => 9)).status).toBe(NfsStat3.NFS3ERR_STALE);
  });

  it('ACCESS gives what is asked for and may be', () => {
    const { rig, conn, root, file } = rigOf();
    const access = (object: Uint8Array) =>
      rig.nfs(conn, 'ACCESS', { object, access: 0x3f }).resok!.access;
    expect(access(file)).toBe(Access3.READ | Access3.MODIFY | Access3.EXTEND);
    expect(access(root)).toBe(Access3.READ | Access3.LOOKUP);
  });

  it('SETATTR sets sizes and times, not owners and modes', () => {
    const { rig, conn, file } = rigOf();
    const set = (newAttributes: object, guard?: { seconds: number; nseconds: number }) =>
      rig.nfs(conn, 'SETATTR', { object: file, newAttributes, guard });
    const cut = set({ size: 100n }).resok!.objWcc;
    expect(cut.before.attributes!.size).toBe(BigInt(MIB));
    expect(cut.after.attributes!.size).toBe(100n);
    expect(set({ size: BigInt(MIB + 1) }).status).toBe(NfsStat3.NFS3ERR_NOSPC);
    expect(set({ uid: 5 }).status).toBe(NfsStat3.NFS3ERR_PERM);
    expect(set({ mode: 0o666, uid: 0 }).status).toBe(NfsStat3.NFS3_OK);
    const times = set({ mtime: { seconds: 5, nseconds: 6 }, setAtime: TimeHow.SET_TO_SERVER_TIME });
    const { mtime, atime, ctime } = times.resok!.objWcc.after.attributes!;
    expect([mtime, atime]).toEqual([{ seconds: 5, nseconds: 6 }, ctime]);
    expect(set({ size: 50n }, { seconds: 1, nseconds: 1 }).status).toBe(NfsStat3.NFS3ERR_NOT_SYNC);
    expect(set({ size: 50n }, ctime).status).toBe(NfsStat3.NFS3_OK);
  });
});

describe('data', () => {
  it('READ gives what is there, as much as the server gives at once', () => {
    const { rig, conn, root, file } = rigOf();
    const read = (offset: bigint, count: number) => rig.nfs(conn, 'READ', { file, offset, count });
    expect(read(0n, 20_000).resok).toMatchObject({ count: 8192, eof: 0 });
    expect(read(BigInt(MIB - 5), 8192).resok).toMatchObject({ count: 5, eof: 1 });
    expect(read(2n ** 64n - 1n, 8192).resok).toMatchObject({ count: 0, eof: 1 });
    expect(rig.nfs(conn, 'READ', { file: root, offset: 0n, count: 1 }).status).toBe(
      NfsStat3.NFS3ERR_ISDIR,
    );
  });

  it('WRITE stays within the file’s room, and takes as much as it takes at once', () => {
    const { rig, conn, file } = rigOf();
    const write = (offset: bigint, length: number, stable: number = StableHow.FILE_SYNC) => {
      const data = new Uint8Array(length).fill(3);
      return rig.nfs(conn, 'WRITE', { file, offset, count: length, stable, data });
    };
    expect(write(0n, 9000).resok).toMatchObject({ count: 8192 });
    expect(write(BigInt(MIB - 1), 2).status).toBe(NfsStat3.NFS3ERR_NOSPC);
    expect(write(2n ** 63n, 2).status).toBe(NfsStat3.NFS3ERR_FBIG);
    expect(write(0n, 0).resok).toMatchObject({ count: 0 });
    expect(write(0n, 1, 3).status).toBe(NfsStat3.NFS3ERR_INVAL);
    const verf = write(0n, 1).resok!.verf;
    expect(rig.nfs(conn, 'COMMIT', { file, offset: 0n, count: 0 }).resok!.verf).toEqual(verf);
  });

  it('a medium that fails is told by its fault', () => {
    class Failing extends MemoryMedium {
      fault: MediumError | undefined;
      override write(lba: number, data: Uint8Array): void {
        if (this.fault !== undefined) throw this.fault;
        super.write(lba, data);
      }
    }
    const medium = new Failing(8);
    const { rig, conn, file } = rigOf(fileSystemOf([medium]));
    const args = {
      file,
      offset: 0n,
      count: BLOCK_BYTES,
      stable: 2,
      data: new Uint8Array(BLOCK_BYTES),
    };
    for (const [fault, status] of [
      ['no-space', NfsStat3.NFS3ERR_NOSPC],
      ['unwritable', NfsStat3.NFS3ERR_IO],
    ] as const) {
      medium.fault = new MediumError(fault, 'broken');
      const reply = rig.nfs(conn, 'WRITE', args);
      expect(reply.status).toBe(status);
      expect(reply.resfail!.fileWcc.after.attributes).toMatchObject({ fileid: 2n });
    }
    expect(rig.told('apply')).toEqual([]);
    expect(rig.told('command-done').map(({ nfsStatus }) => nfsStatus)).toEqual([28, 5]);
  });
});

describe('what would make, rename or remove files', () => {
  it('is refused, with the status that the standard has for it', () => {
    const { rig, conn, root, file } = rigOf();
    const there = { dir: root, name: 'lun0.img' };
    const none = { dir: root, name: 'none' };
    const { NFS3ERR_ACCES, NFS3ERR_EXIST, NFS3ERR_NOENT, NFS3ERR_NOTSUPP } = NfsStat3;
    const create = (where: typeof there, mode: number) =>
      rig.nfs(
        conn,
        'CREATE',
        mode === 2 ? { where, mode, verf: new Uint8Array(8) } : { where, mode, objAttributes: {} },
      ).status;
    expect([create(none, 0), create(there, 1), create(there, 2)]).toEqual([
      NFS3ERR_ACCES,
      NFS3ERR_EXIST,
      NFS3ERR_EXIST,
    ]);
    expect(rig.nfs(conn, 'MKDIR', { where: none, attributes: {} }).status).toBe(NFS3ERR_NOTSUPP);
    const symlink = { where: none, symlinkAttributes: {}, symlinkData: 'x' };
    expect(rig.nfs(conn, 'SYMLINK', symlink).status).toBe(NFS3ERR_NOTSUPP);
    expect(rig.nfs(conn, 'MKNOD', { where: none, type: 7, pipeAttributes: {} }).status).toBe(
      NFS3ERR_NOTSUPP,
    );
    expect(rig.nfs(conn, 'LINK', { file, link: there }).status).toBe(NFS3ERR_EXIST);
    expect(rig.nfs(conn, 'REMOVE', { object: there }).status).toBe(NFS3ERR_ACCES);
    expect(rig.nfs(conn, 'RMDIR', { object: none }).status).toBe(NFS3ERR_NOENT);
    expect(rig.nfs(conn, 'RENAME', { from: there, to: none }).status).toBe(NFS3ERR_ACCES);
    expect(rig.nfs(conn, 'READLINK', { object: file }).status).toBe(NfsStat3.NFS3ERR_INVAL);
  });

  it('CREATE of a file that is there opens it, and cuts it where that is asked for', () => {
    const { rig, conn, root, file } = rigOf();
    const where = { dir: root, name: 'lun0.img' };
    const made = rig.nfs(conn, 'CREATE', {
      where,
      mode: 0,
      objAttributes: { size: 0n, mode: 0o600 },
    });
    expect(made.resok!.obj.handle!.data).toEqual(file);
    expect(made.resok!.objAttributes.attributes).toMatchObject({ size: 0n, mode: 0o666 });
  });
});
