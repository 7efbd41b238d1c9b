/** The published contract suite, run on every machine of the fabric. */
import { describe, it } from 'vitest';
import { worldFuzz } from '../../../scripts/fuzz/machines.ts';
import { StorageArray } from '../../../src/array/storage-array.ts';
import { Fcf } from '../../../src/fabric/fcoe/fcf.ts';
import { EthernetBridge } from '../../../src/fabric/lan/bridge.ts';
import { Npv } from '../../../src/fabric/npv/npv.ts';
import { BackupAgent } from '../../../src/host/backup-agent.ts';
import { Host } from '../../../src/host/host.ts';
import { MILLISECOND, SECOND } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import { Mover } from '../../../src/mobility/mover.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { describeMachine } from '../../../src/testing/index.ts';
import { readPcap } from '../../helpers/shared-captures.ts';

const runner = { describe, it };
const frames = readPcap('fixtures/fabric-login.pcap').frames.map((one) => one.bytes);

const enode = (mac: string) => ({
  mac,
  vlanDiscovery: false,
  vlan: 0,
  vlanPriority: 3,
  fcfSelectionDelayNs: 2 * SECOND,
});
const random = (name: string) => streams(1).stream(name);
const policy = {
  commandTimeoutNs: SECOND,
  lateWriteWaitNs: 10 * SECOND,
  guestTimeoutNs: 60 * SECOND,
};

// Names and addresses as in the capture, so that its frames reach the machines' insides.
function makeHost(): Host {
  const host = new Host({
    name: 'h1',
    nodeName: 0x1000_5254_00aa_0001n,
    ports: [{ ...enode('52:54:00:aa:00:01'), wwpn: 0x2000_5254_00aa_0001n }],
    policy,
    random,
  });
  host.handleLink(0, true, 0);
  return host;
}

function makeAgent(): BackupAgent {
  const agent = new BackupAgent({
    name: 'backup',
    nodeName: 0x1000_5254_00aa_0001n,
    ports: [{ ...enode('52:54:00:aa:00:01'), wwpn: 0x2000_5254_00aa_0001n }],
    commandTimeoutNs: SECOND,
    plan: {
      vm: 'vm1',
      units: [],
      quiesce: 'none',
      bounds: { writersNs: SECOND, holdNs: SECOND },
      map: 'none',
    },
  });
  agent.handleLink(0, true, 0);
  return agent;
}

function makeArray(): StorageArray {
  const array = new StorageArray({
    name: 'array',
    nodeName: 0x1000_5254_00bb_0001n,
    ports: [{ ...enode('52:54:00:bb:00:01'), wwpn: 0x2000_5254_00bb_0001n }],
    service: { readNs: 100_000, writeNs: 100_000, jitterNs: 0 },
    random: random('array'),
  });
  array.device.setDefaultMask([
    { lun: 0, lu: array.device.addUnit({ medium: new MemoryMedium(1024) }) },
  ]);
  array.handleLink(0, true, 0);
  return array;
}

const makeFcf = (): Fcf =>
  new Fcf({
    name: 'A',
    fcfMac: '0e:fc:fc:00:00:01',
    fabricName: 0x1000_0001_f000_0001n,
    switchName: 0x1000_0001_f000_0002n,
    domain: 1,
    ports: 2,
    random: random('fcf'),
  });

const makeBridge = (): EthernetBridge =>
  new EthernetBridge({ name: 'bridge', ports: 3, enodePorts: [0] });

/** Its uplink is the adapter of the capture, and so is the server on the other port. */
function makeNpv(): Npv {
  const npv = new Npv({
    name: 'npv',
    fcfMac: '0e:fc:fc:00:00:01',
    switchName: 0x1000_0001_f000_0003n,
    uplinks: [{ ...enode('52:54:00:aa:00:01'), wwpn: 0x2000_5254_00aa_0001n }],
    downlinks: 1,
    random: random('npv'),
  });
  npv.handleLink(0, true, 0);
  return npv;
}

function makeMover(): Mover {
  const mover = new Mover({
    vm: 'vm1',
    from: 'h1',
    to: 'h2',
    strategy: 'wwpn-pair',
    drain: 'wait',
    drainTimeoutNs: SECOND,
    defences: ['logo-acknowledged'],
    quiesceNs: SECOND,
    rATovNs: SECOND,
    overlapNs: 0,
    preCreated: false,
    joinTimeoutNs: SECOND,
    preflight: 'disk',
    fallBack: 'none',
    fabrics: [],
    preCopyNs: MILLISECOND,
    stateCopyNs: MILLISECOND,
    source: [],
    destination: [],
  });
  mover.start(0);
  return mover;
}

/** Logged in, and at work: the others of the world are its peers. */
const atWork = (...nodes: string[]) => ({ ...worldFuzz(1, 3_000), nodes });

describeMachine(runner, 'host', makeHost, { frames, atWork: atWork('h1', 'h2') });
describeMachine(runner, 'storage array', makeArray, { frames, atWork: atWork('array') });
describeMachine(runner, 'FCF', makeFcf, { frames, ports: [0, 1], atWork: atWork('fcf') });
describeMachine(runner, 'bridge', makeBridge, {
  frames,
  ports: [0, 1, 2],
  atWork: atWork('bridge'),
});
describeMachine(runner, 'N_Port virtualizer', makeNpv, {
  frames,
  ports: [0, 1],
  atWork: atWork('npv'),
});
describeMachine(runner, 'backup agent', makeAgent, { frames, atWork: atWork('backup') });
describeMachine(runner, 'mover', makeMover, { frames });
