/** The file server as a machine: its contract, RPC's refusals, the duplicate request cache at work. */
import { describe, expect, it } from 'vitest';
import { NfsStat3, StableHow } from '../../../../src/codecs/nfs/index.ts';
import { encodeRecord } from '../../../../src/codecs/rpc/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { VolatileCache } from '../../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';
import { concat } from '../../../helpers/capture.ts';
import {
  fileSystemOf,
  messageOf,
  mountCall,
  NfsRig,
  nfsCall,
  portmapCall,
  serverOf,
} from '../../../helpers/nfs.ts';

function conversations(): Uint8Array[] {
  const { root, files } = fileSystemOf(3);
  const [first, second, third] = files.map(({ handle }) => handle);
  const name = { dir: root.handle, name: 'lun0.img' };
  const page = { dir: root.handle, cookie: 0n, cookieVerf: new Uint8Array(8) };
  const data = new Uint8Array(600).fill(7);
  const write = { offset: 100n, count: data.length, data };
  return [
    concat([
      portmapCall('GETPORT', { program: 100_003, version: 3, protocol: 6, port: 0 }, 1),
      portmapCall('DUMP', {}, 2),
      mountCall('NULL', {}, 3),
      mountCall('MNT', { path: '/' }, 4),
      mountCall('EXPORT', {}, 5),
    ]),
    concat([
      nfsCall('FSINFO', { object: root.handle }, 1),
      nfsCall('LOOKUP', { what: name }, 2),
      nfsCall('READ', { file: first!, offset: 0n, count: 512 }, 3),
      nfsCall('READDIRPLUS', { ...page, dircount: 512, maxcount: 4096 }, 4),
    ]),
    concat([
      nfsCall('WRITE', { file: second!, stable: StableHow.FILE_SYNC, ...write }, 1),
      nfsCall('SETATTR', { object: second!, newAttributes: { size: 50n } }, 2),
      nfsCall('COMMIT', { file: second!, offset: 0n, count: 0 }, 3),
      nfsCall('WRITE', { file: second!, stable: StableHow.FILE_SYNC, ...write }, 1),
    ]),
    concat([
      nfsCall('CREATE', { where: name, mode: 1, objAttributes: {} }, 1),
      nfsCall('GETATTR', { object: third! }, 2),
      encodeRecord(messageOf({ program: 9, version: 1, procedure: 0, xid: 3 })),
      encodeRecord(Uint8Array.of(0, 0, 0, 1)),
    ]),
  ];
}

const small = { transferBytesMax: 8192 };
describeStreamMachine(
  { describe, it },
  'an NFS server',
  () => serverOf({ fileSystem: fileSystemOf(3), ...small }),
  { conversations: conversations(), bytesOutPerByte: 128, bytesOutFree: 16_384 },
);
describeStreamMachine(
  { describe, it },
  'an NFS server that takes its time',
  () => serverOf({ fileSystem: fileSystemOf(3), serviceNs: () => 5_000, ...small }),
  { conversations: conversations().slice(0, 3), bytesOutPerByte: 128, bytesOutFree: 16_384 },
);

describe('a late write', () => {
  const FIRST = new Uint8Array(512).fill(1);
  const SECOND_DATA = new Uint8Array(512).fill(2);

  /** WRITE with an answer that is lost, the same again on another connection after a newer one. */
  function lateWrite(replyCache: 'none' | 'connection' | 'linux', samePort: boolean): number {
    const fileSystem = fileSystemOf();
    const peerOf = (conn: number) => ({ address: '10.0.0.1', port: samePort ? 700 : 700 + conn });
    const rig = new NfsRig({ fileSystem, replyCache, peerOf });
    const file = fileSystem.files[0]!.handle;
    const write = (data: Uint8Array) => ({ file, offset: 0n, count: 512, stable: 2, data });
    const old = rig.open();
    rig.nfs(old, 'WRITE', write(FIRST), 50);
    rig.close(old, 'reset');
    const conn = rig.open();
    rig.nfs(conn, 'WRITE', write(SECOND_DATA), 51);
    rig.nfs(conn, 'WRITE', write(FIRST), 50);
    return fileSystem.read(fileSystem.files[0]!, 0, 1)[0]!;
  }

  it('is answered from the cache where client, port and call are the same', () => {
    expect(lateWrite('linux', true)).toBe(2);
  });

  it('is carried out again from another port, on another connection, or without a cache', () => {
    expect(lateWrite('linux', false)).toBe(1);
    expect(lateWrite('connection', true)).toBe(1);
    expect(lateWrite('none', true)).toBe(1);
  });

  it('that takes its time is carried out after its connection is gone', () => {
    const fileSystem = fileSystemOf();
    const rig = new NfsRig({ fileSystem, serviceNs: (name) => (name === 'WRITE' ? SECOND : 0) });
    const conn = rig.open();
    const args = { file: fileSystem.files[0]!.handle, offset: 0n, count: 512, stable: 2 };
    rig.send(conn, nfsCall('WRITE', { ...args, data: FIRST }, 1));
    rig.send(conn, nfsCall('WRITE', { ...args, data: FIRST }, 1));
    rig.close(conn, 'reset');
    expect(rig.told('apply')).toEqual([]);
    rig.wait(2 * SECOND);
    expect(rig.told('apply').map(({ nexus, tag }) => [nexus.epoch, tag])).toEqual([[1, 1]]);
    expect(rig.replies).toEqual([]);
  });
});

describe('what is told', () => {
  it('a connection, a write with its blocks, how it ended', () => {
    const rig = new NfsRig();
    const conn = rig.open();
    const file = fileSystemOf().files[0]!.handle;
    const data = new Uint8Array(10).fill(9);
    rig.nfs(conn, 'WRITE', { file, offset: 510n, count: 10, stable: 0, data }, 77);
    const nexus = { initiator: '10.0.0.1', target: 'nfs:array', epoch: 1, address: 701 };
    const [apply] = rig.told('apply');
    expect(apply).toMatchObject({
      change: 'write',
      luName: 'lu0',
      lba: 0,
      blocks: 2,
      tag: 77,
      nexus,
    });
    expect(apply!.durable).toBe(true);
    expect([...apply!.data.subarray(508, 522)]).toEqual([0, 0, ...data, 0, 0]);
    expect(rig.told('command-done')).toMatchObject([
      { command: 'WRITE', luName: 'lu0', status: 0, nfsStatus: 0, tag: 77 },
    ]);
    rig.close(conn, 'end');
    expect(rig.told('nexus').map(({ state }) => state)).toEqual(['began', 'ended']);
    expect(rig.closed.get(conn)).toBe('end');
  });

  it('durable is what survives: UNSTABLE on a volatile medium does not', () => {
    const fileSystem = fileSystemOf([new VolatileCache(new MemoryMedium(8))]);
    const rig = new NfsRig({ fileSystem });
    const conn = rig.open();
    const file = fileSystem.files[0]!.handle;
    const args = { file, offset: 0n, count: 512, data: new Uint8Array(512) };
    const unstable = rig.nfs(conn, 'WRITE', { ...args, stable: StableHow.UNSTABLE });
    expect(unstable.resok!.committed).toBe(StableHow.UNSTABLE);
    const stable = rig.nfs(conn, 'WRITE', { ...args, stable: StableHow.DATA_SYNC });
    expect(stable.resok!.committed).toBe(StableHow.FILE_SYNC);
    rig.nfs(conn, 'COMMIT', { file, offset: 0n, count: 0 });
    expect(rig.told('apply').map(({ durable }) => durable)).toEqual([false, true]);
    expect(rig.told('flushed').length).toBe(2);
  });
});

describe('limits', () => {
  it('connections', () => {
    const rig = new NfsRig({ connectionsMax: 2 });
    const conns = [rig.open(), rig.open(), rig.open()];
    expect(rig.closed.get(conns[2]!)).toBe('reset');
    rig.close(conns[0]!, 'end');
    expect(rig.closed.has(rig.open())).toBe(false);
    expect(rig.told('refused')[0]!.what).toBe('10.0.0.1: more than 2 connections');
  });

  it('a record', () => {
    const rig = new NfsRig({ transferBytesMax: 8192 });
    const conn = rig.open();
    rig.send(conn, Uint8Array.of(0x80, 0x00, 0x30, 0x01));
    expect(rig.closed.get(conn)).toBe('reset');
    expect(rig.told('refused')[0]!.what).toContain('12289 bytes');
  });

  it('silence', () => {
    const rig = new NfsRig({ idleNs: 10 * SECOND });
    const conn = rig.open();
    rig.wait(9 * SECOND);
    rig.nfs(conn, 'NULL', {});
    rig.wait(9 * SECOND);
    expect(rig.closed.has(conn)).toBe(false);
    rig.wait(2 * SECOND);
    expect(rig.closed.get(conn)).toBe('end');
    expect(rig.server.kept()).toMatchObject({ connections: 0, timers: 0, 'bytes of calls': 0 });
  });
});

describe('who may', () => {
  it('is decided call by call, by address', () => {
    const fileSystem = fileSystemOf();
    const addresses = ['10.1.0.1', '10.2.0.1', '192.0.2.1'];
    const rig = new NfsRig({
      fileSystem,
      peerOf: (conn) => ({ address: addresses[conn - 1]!, port: 700 }),
      rules: [
        { clients: '10.1.0.0/16', access: 'read-write' },
        { clients: '10.2.0.1', access: 'read-only' },
      ],
    });
    const file = fileSystem.files[0]!.handle;
    const write = { file, offset: 0n, count: 0, stable: 2, data: new Uint8Array() };
    const statuses = addresses.map(() => {
      const conn = rig.open();
      const { status } = rig.nfs(conn, 'WRITE', write);
      return [status, rig.nfs(conn, 'READ', { file, offset: 0n, count: 1 }).status];
    });
    expect(statuses).toEqual([
      [NfsStat3.NFS3_OK, NfsStat3.NFS3_OK],
      [NfsStat3.NFS3ERR_ROFS, NfsStat3.NFS3_OK],
      [NfsStat3.NFS3ERR_ACCES, NfsStat3.NFS3ERR_ACCES],
    ]);
  });
});
