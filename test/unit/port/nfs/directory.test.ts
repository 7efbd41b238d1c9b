import { describe, expect, it } from 'vitest';
import { NfsStat3 } from '../../../../src/codecs/nfs/index.ts';
import { valuesOf } from '../../../../src/codecs/rpc/index.ts';
import { fileSystemOf, NfsRig } from '../../../helpers/nfs.ts';

const NONE = new Uint8Array(8);
const NAMES = ['.', '..', 'lun0.img', 'lun1.img', 'lun2.img'];

function rigOf() {
  const fileSystem = fileSystemOf(3);
  const rig = new NfsRig({ fileSystem });
  const conn = rig.open();
  const dir = fileSystem.root.handle;
  const readdir = (cookie: bigint, count: number, cookieVerf = NONE) =>
    rig.nfs(conn, 'READDIR', { dir, cookie, cookieVerf, count });
  const plus = (cookie: bigint, dircount: number, maxcount: number) =>
    rig.nfs(conn, 'READDIRPLUS', { dir, cookie, cookieVerf: NONE, dircount, maxcount });
  return { rig, conn, fileSystem, readdir, plus };
}

describe('READDIR', () => {
  it('gives all names, or as many as there is room for, and the rest by the last cookie', () => {
    const { readdir } = rigOf();
    const all = readdir(0n, 4096).resok!;
    expect(valuesOf(all.entries).map(({ name }) => name)).toEqual(NAMES);
    expect(all.eof).toBe(1);
    const found: string[] = [];
    for (let cookie = 0n, eof = 0; eof === 0; ) {
      const page = readdir(cookie, 180).resok!;
      const entries = valuesOf(page.entries);
      found.push(...entries.map(({ name }) => name));
      cookie = entries.at(-1)!.cookie;
      eof = page.eof;
    }
    expect(found).toEqual(NAMES);
  });

  it('an answer is no longer than it may be', () => {
    const { rig, conn, fileSystem } = rigOf();
    for (let count = 140; count < 300; count += 4) {
      const before = rig.replies.length;
      const args = { dir: fileSystem.root.handle, cookie: 0n, cookieVerf: NONE, count };
      const { status } = rig.nfs(conn, 'READDIR', args);
      // 24 bytes are the head of the reply, 4 the status.
      if (status === 0) expect(rig.replies[before]!.message.length - 24).toBeLessThanOrEqual(count);
    }
  });

  it('behind the last there is nothing', () => {
    const { readdir } = rigOf();
    expect(readdir(5n, 4096).resok).toMatchObject({ entries: [{ valueFollows: 0 }], eof: 1 });
  });

  it('refuses too little room, and cookies that it never gave', () => {
    const { readdir, plus } = rigOf();
    expect(readdir(0n, 110).status).toBe(NfsStat3.NFS3ERR_TOOSMALL);
    expect(plus(0n, 4, 4096).status).toBe(NfsStat3.NFS3ERR_TOOSMALL);
    expect(
      readdir(
        2n,
        4096,
        NONE.map(() => 1),
      ).status,
    ).toBe(NfsStat3.NFS3ERR_BAD_COOKIE);
  });

  it('is for directories', () => {
    const { rig, conn, fileSystem } = rigOf();
    const dir = fileSystem.files[0]!.handle;
    const { status } = rig.nfs(conn, 'READDIR', { dir, cookie: 0n, cookieVerf: NONE, count: 4096 });
    expect(status).toBe(NfsStat3.NFS3ERR_NOTDIR);
  });
});

describe('READDIRPLUS', () => {
  it('has attributes and a handle for each name', () => {
    const { plus, fileSystem } = rigOf();
    const entries = valuesOf(plus(0n, 4096, 4096).resok!.entries);
    expect(entries.map(({ name }) => name)).toEqual(NAMES);
    const [, , first] = entries;
    expect(first!.nameHandle.handle!.data).toEqual(fileSystem.files[0]!.handle);
    expect(first!.nameAttributes.attributes).toMatchObject({ fileid: 2n, size: 1_048_576n });
  });

  it('is bounded by the names alone too', () => {
    const { plus } = rigOf();
    expect(valuesOf(plus(0n, 60, 4096).resok!.entries).length).toBe(2);
    expect(valuesOf(plus(0n, 4096, 320).resok!.entries).length).toBe(1);
  });
});
