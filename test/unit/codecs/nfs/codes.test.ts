/** Codes of NFS version 3 and the programs beside it, held to those that tshark names. */
import { describe, expect, it } from 'vitest';
import { tsharkCodes } from '../../../../scripts/coverage-table/tshark-codes.ts';
import * as nfs from '../../../../src/codecs/nfs/index.ts';

describe('codes of NFS, MOUNT and the port mapper', () => {
  it.each([
    ['nfs.status3', nfs.NfsStat3],
    ['nfs.fattr3.type', nfs.FType3],
    ['nfs.write.stable', nfs.StableHow],
    ['nfs.createmode', nfs.CreateMode3],
    ['nfs.procedure_v3', nfs.Nfs3Procedure],
    ['mount.procedure_v3', nfs.Mount3Procedure],
    ['mount.status', nfs.MountStat3],
    ['portmap.procedure_v2', nfs.PortmapProcedure],
  ] as const)('%s', (field, codes) => {
    const ours = Object.values(codes as Readonly<Record<string, number>>);
    expect(ours.sort((a, b) => a - b)).toEqual([...tsharkCodes[field]]);
  });
});
