import { describe, expect, it } from 'vitest';
import { MountStat3, mount3, portmap2 } from '../../../../src/codecs/nfs/index.ts';
import { rpcReply, valuesOf } from '../../../../src/codecs/rpc/index.ts';
import { fileSystemOf, mountCall, NfsRig, portmapCall } from '../../../helpers/nfs.ts';

const fileSystem = fileSystemOf();
const rules = [{ clients: '10.0.0.0/8', access: 'read-write' }] as const;
const addresses = ['10.0.0.1', '192.0.2.1'];

function rigOf() {
  const peerOf = (conn: number) => ({ address: addresses[conn - 1]!, port: 700 });
  const rig = new NfsRig({ fileSystem, rules, peerOf, tcpPort: 3049 });
  const [inside, outside] = [rig.open(), rig.open()];
  const results = (conn: number, record: Uint8Array) =>
    rpcReply.decode(rig.send(conn, record)[0]!).results;
  return { inside, outside, results };
}

describe('MOUNT', () => {
  it('gives the handle of the directory, to those who may have it', () => {
    const { inside, outside, results } = rigOf();
    const mnt = (conn: number, path: string) =>
      mount3.MNT.res.decode(results(conn, mountCall('MNT', { path }, 1)));
    for (const path of ['/units', '/units/', '/', ''])
      expect(mnt(inside, path)).toMatchObject({
        status: MountStat3.MNT3_OK,
        resok: { fileHandle: fileSystem.root.handle, authFlavors: [1, 0] },
      });
    expect(mnt(outside, '/').status).toBe(MountStat3.MNT3ERR_ACCES);
    expect(mnt(inside, '/units/lun0.img').status).toBe(MountStat3.MNT3ERR_NOTDIR);
    expect(mnt(inside, '/other').status).toBe(MountStat3.MNT3ERR_NOENT);
  });

  it('remembers who mounted, until they unmount', () => {
    const { inside, results } = rigOf();
    const dump = () =>
      valuesOf(mount3.DUMP.res.decode(results(inside, mountCall('DUMP', {}, 2))).mounts);
    results(inside, mountCall('MNT', { path: '/' }, 1));
    expect(dump()).toMatchObject([{ hostname: '10.0.0.1', directory: '/units' }]);
    results(inside, mountCall('UMNT', { path: '/' }, 3));
    expect(dump()).toEqual([]);
  });

  it('tells who may mount', () => {
    const { inside, results } = rigOf();
    const [one] = valuesOf(
      mount3.EXPORT.res.decode(results(inside, mountCall('EXPORT', {}, 1))).exports,
    );
    expect([one!.directory, valuesOf(one!.groups).map(({ name }) => name)]).toEqual([
      '/units',
      ['10.0.0.0/8'],
    ]);
  });
});

describe('the port mapper', () => {
  it('has every program at the one port, by TCP', () => {
    const { inside, results } = rigOf();
    const portOf = (program: number, version: number, protocol: number) =>
      portmap2.GETPORT.res.decode(
        results(inside, portmapCall('GETPORT', { program, version, protocol, port: 0 }, 1)),
      ).port;
    expect([portOf(100_003, 3, 6), portOf(100_005, 3, 6)]).toEqual([3049, 3049]);
    expect([portOf(100_003, 3, 17), portOf(100_003, 2, 6), portOf(100_021, 4, 6)]).toEqual([
      0, 0, 0,
    ]);
    const dump = portmap2.DUMP.res.decode(results(inside, portmapCall('DUMP', {}, 2)));
    expect(valuesOf(dump.mappings).length).toBe(4);
  });

  it('takes no programs of others', () => {
    const { inside, results } = rigOf();
    const mapping = { program: 7, version: 1, protocol: 6, port: 9 };
    for (const name of ['SET', 'UNSET'] as const)
      expect(portmap2[name].res.decode(results(inside, portmapCall(name, mapping, 1))).done).toBe(
        0,
      );
  });
});
