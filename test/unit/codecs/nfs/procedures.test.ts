import { describe, expect, it } from 'vitest';
import { nfs3, procedureOf, rpcServices } from '../../../../src/codecs/nfs/index.ts';
import { RpcProgram } from '../../../../src/codecs/rpc/index.ts';

describe('procedures', () => {
  it('are 22 and 2 of the versions of NFS, 2 of its callbacks, 6 and 6 of MOUNT and the port mapper', () => {
    const counts = rpcServices.map(({ name, procedures }) => [name, procedures.size]);
    expect(counts).toEqual([
      ['PORTMAP', 6],
      ['MOUNT', 6],
      ['NFS', 22],
      ['NFS', 2],
      ['NFS_CB', 2],
    ]);
  });

  it('are found by program, version and number', () => {
    const read = procedureOf({ program: RpcProgram.NFS, version: 3, procedure: 6 });
    expect(read).toMatchObject({ name: 'READ' });
    expect(read!.args).toBe(nfs3.READ.args);
    expect(procedureOf({ program: RpcProgram.NFS, version: 4, procedure: 2 })).toBeUndefined();
    expect(procedureOf({ program: RpcProgram.NFS, version: 3, procedure: 22 })).toBeUndefined();
    expect(procedureOf({ program: 1, version: 3, procedure: 0 })).toBeUndefined();
  });
});
