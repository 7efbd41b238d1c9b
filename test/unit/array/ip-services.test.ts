/** An array on IP ports behind a bridge: its units are files, and its ports are portals. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type ArrayEvent, StorageArray } from '../../../src/array/storage-array.ts';
import { StableHow } from '../../../src/codecs/nfs/index.ts';
import { EthernetBridge } from '../../../src/fabric/lan/bridge.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import type { StreamNode } from '../../../src/net/stream-node.ts';
import { NfsClient } from '../../../src/port/nfs/client.ts';
import type { NfsResult } from '../../../src/port/nfs/client-result.ts';
import { NfsFileSystem } from '../../../src/port/nfs/file-system.ts';
import { VolatileCache } from '../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { CALLER } from '../../helpers/nfs-pair.ts';
import { station, Talker } from '../../helpers/tcp-machines.ts';

const IQN = 'iqn.2026-01.com.example:array';

function newArray(): StorageArray {
  const array = new StorageArray({
    name: 'array',
    nodeName: 0x5006_0160_0000_0000n,
    ports: [],
    ip: {
      ports: [10, 11].map((host) => ({
        mac: `02:00:00:00:01:${host}`,
        address: `10.0.0.${host}`,
      })),
      iscsi: { targetName: IQN },
      nfs: {},
    },
    random: streams(1).stream('array'),
  });
  const medium = new VolatileCache(new MemoryMedium(4096));
  const unit = array.device.addUnit({ medium, writeCacheEnabled: true });
  array.exportFiles(
    new NfsFileSystem({
      fsid: 1n,
      files: [{ name: 'lun0.img', medium, luName: unit.luName, lunNumber: 0 }],
    }),
  );
  return array;
}

class Rig {
  readonly simulator = new Simulator<ArrayEvent>({ seed: 1 });
  array = newArray();
  readonly client = new NfsClient({
    server: { address: '10.0.0.10', port: 2049 },
    caller: CALLER,
    xid: 1,
    times: { timeoNs: SECOND / 4, reconnectNs: SECOND / 10, reconnectNsMax: SECOND / 4 },
  });
  readonly host: StreamNode<unknown>;
  readonly told: ArrayEvent[] = [];

  readonly talker = new Talker();

  constructor() {
    const { simulator, talker } = this;
    simulator.observe({
      event: ({ node, event }) => void (node === 'array' && this.told.push(event as ArrayEvent)),
    });
    this.host = station(1, this.client as never) as StreamNode<unknown>;
    simulator.addNode('host', this.host as never);
    simulator.addNode('array', this.array);
    simulator.addNode('bridge', new EthernetBridge({ name: 'bridge', ports: 4, enodePorts: [] }));
    talker.onOpened = (conn) => talker.core.send(conn, new Uint8Array(48).fill(0xff));
    talker.connect('10.0.0.10', 3260, 1);
    talker.connect('10.0.0.11', 3260, 2);
    talker.connect('10.0.0.11', 3261, 3);
    simulator.addNode('other', station(2, talker) as never);
    const ends = [
      { node: 'host', port: 0 },
      { node: 'array', port: 0 },
      { node: 'array', port: 1 },
      { node: 'other', port: 0 },
    ];
    for (const [port, end] of ends.entries()) simulator.connect(end, { node: 'bridge', port });
    this.up();
  }

  up(): void {
    for (const port of [0, 1])
      this.simulator.act('array', (now) => this.array.handleLink(port, true, now));
  }

  ask<T>(what: (now: number, done: (result: NfsResult<T>) => void) => void): T {
    let ended: NfsResult<T> | undefined;
    this.simulator.act('host', (now) => {
      what(now, (result) => {
        ended = result;
      });
      this.host.drain(now);
    });
    const untilNs = this.simulator.nowNs + 60 * SECOND;
    this.simulator.run({ untilNs, when: () => ended !== undefined });
    if (ended?.state !== 'done') throw new Error(JSON.stringify(ended));
    return ended.value;
  }

  file(): Uint8Array {
    const root = this.ask<Uint8Array>((now, done) => this.client.mount('/', now, done));
    return this.ask((now, done) => this.client.lookup(root, 'lun0.img', now, done));
  }

  powerCycle(): void {
    this.simulator.link('array.0-bridge.1').cut(SECOND);
    this.array = StorageArray.afterPowerLoss(this.array, streams(2).stream('array'));
    this.simulator.restartNode('array', this.array);
    this.up();
  }
}

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});

describe('units of an array as files', () => {
  it('are written and read over the LAN, and told in the words of storage', () => {
    const file = rig.file();
    const block = new Uint8Array(4096).fill(7);
    rig.ask((now, done) => rig.client.write(file, 512n, block, StableHow.FILE_SYNC, now, done));
    expect(rig.ask((now, done) => rig.client.read(file, 512n, 4096, now, done))).toEqual(block);
    const [unit] = rig.array.device.units;
    expect(rig.told.find((one) => one.type === 'apply')).toMatchObject({
      luName: unit!.luName,
      lba: 1,
      blocks: 8,
      nexus: { initiator: '10.0.0.1', target: 'nfs:array' },
    });
    expect(rig.told.filter((one) => one.type === 'nexus')).toHaveLength(1);
  });

  it('lose what was not committed with the power, and the client writes it again', () => {
    const file = rig.file();
    const block = new Uint8Array(512).fill(9);
    rig.ask((now, done) => rig.client.write(file, 0n, block, StableHow.UNSTABLE, now, done));
    rig.powerCycle();
    rig.ask((now, done) => rig.client.commit(file, now, done));
    expect(rig.ask((now, done) => rig.client.read(file, 0n, 512, now, done))).toEqual(block);
  });
});

describe('ports of an array as portals', () => {
  it('take connections at each address, and break those that speak no iSCSI', () => {
    rig.simulator.run({ untilNs: SECOND });
    const { log } = rig.talker;
    expect([...log].sort()).toEqual(['opened 1', 'opened 2', 'reset', 'reset', 'unreachable 3']);
    expect(rig.told.filter((one) => one.type === 'refused').length).toBeGreaterThan(1);
    expect(rig.array.kept().connections).toBe(0);
  });
});
