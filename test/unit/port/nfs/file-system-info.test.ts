import { describe, expect, it } from 'vitest';
import { fileSystemOf, NfsRig } from '../../../helpers/nfs.ts';

describe('what a file system says of itself', () => {
  const fileSystem = fileSystemOf(2);
  const rig = new NfsRig({ fileSystem, transferBytesMax: 65_536 });
  const conn = rig.open();
  const object = fileSystem.root.handle;

  it('FSSTAT: all space is taken by the files', () => {
    expect(rig.nfs(conn, 'FSSTAT', { object }).resok).toMatchObject({
      tbytes: 2_097_152n,
      fbytes: 0n,
      tfiles: 2n,
    });
  });

  it('FSINFO: how much a call may carry', () => {
    expect(rig.nfs(conn, 'FSINFO', { object }).resok).toMatchObject({
      rtmax: 65_536,
      wtpref: 65_536,
      rtmult: 512,
      properties: 0x18,
    });
  });

  it('PATHCONF: names', () => {
    expect(rig.nfs(conn, 'PATHCONF', { object }).resok).toMatchObject({
      nameMax: 255,
      casePreserving: 1,
    });
  });
});
