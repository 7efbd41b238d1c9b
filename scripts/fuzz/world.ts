/**
 * A whole emulated world for the fuzz of machines: two hosts with a guest each, one of them behind an N_Port
 * virtualizer, a switch, a bridge, an array with two ports. Guests read and write, compare, unmap and reserve, and begin anew when they stand still.
 */

import { StorageArray } from '../../src/array/storage-array.ts';
import { Fcf } from '../../src/fabric/fcoe/fcf.ts';
import { EthernetBridge } from '../../src/fabric/lan/bridge.ts';
import { Npv } from '../../src/fabric/npv/npv.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { MILLISECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { CONFIRMATIONS } from '../../src/port/fcp/target-port.ts';
import type { MachinesAtWork } from '../../src/testing/index.ts';
import { keptBy, People, Tenant, wwpn } from './people.ts';

const VLAN = 100;

/** The names of the machines. */
export const WORLD_NODES = ['h1', 'h2', 'npv', 'fcf', 'bridge', 'array', 'backup'] as const;

const mac = (last: number): string => `52:54:00:aa:00:0${last}`;
const port = (index: number, kind: number) => ({
  mac: mac(index + 1),
  wwpn: wwpn(kind, index),
  vlanDiscovery: index % 2 === 1,
  vlan: VLAN,
  vlanPriority: 3,
  fcfSelectionDelayNs: 10 * MILLISECOND,
});

/** The world of a number: the same number makes the same one; they differ in what is agreed on. */
export function makeWorld(making: number): MachinesAtWork {
  const random = streams(making);
  const tenants = [0, 1].map((index) => new Tenant(index, making, port(index, 1)));
  const fcf = new Fcf({
    name: 'fcf',
    fcfMac: '0e:fc:fc:00:00:01',
    fabricName: 0x1000_0001_f000_0001n,
    switchName: 0x1000_0001_f000_0002n,
    domain: 1,
    ports: 6,
    vlan: VLAN,
    random: random.stream('fcf'),
    persistentFcIds: making % 3 === 1,
    accessLists: making % 3 === 2 ? 'lazy' : 'strict',
    duplicateDisablesPort: false,
    duplicateWwpn: making % 2 === 0 ? 1 : 0,
  });
  const npv = new Npv({
    name: 'npv',
    fcfMac: '0e:fc:fc:00:00:02',
    switchName: 0x1000_0001_f000_0003n,
    uplinks: [port(4, 5), port(5, 5)].map((one) => ({ ...one, vlanDiscovery: false })),
    downlinks: 1,
    vlan: VLAN,
    random: random.stream('npv'),
  });
  const bridge = new EthernetBridge({ name: 'bridge', ports: 2, enodePorts: [0] });
  const array = new StorageArray({
    name: 'array',
    nodeName: wwpn(9, 9),
    ports: [port(2, 4), port(3, 4)],
    service: { readNs: 20_000, writeNs: 30_000, jitterNs: 10_000 },
    random: random.stream('array'),
    retry: making % 5 !== 4,
    firstBurst: making % 2 === 1,
    confirm: CONFIRMATIONS[making % CONFIRMATIONS.length]!,
  });
  const people = new People(array, tenants, { ...port(6, 6), mac: mac(7) });
  const keepers = [...tenants.map(({ name, host }) => [name, host] as const)];
  const watched = [
    ...keepers,
    ['npv', npv] as const,
    ['fcf', fcf] as const,
    ['bridge', bridge] as const,
    ['array', array] as const,
    ['backup', people.agent] as const,
  ];
  return {
    machines: new Map<string, Machine<unknown>>(watched),
    cables: [
      [
        { node: 'h1', port: 0 },
        { node: 'fcf', port: 0 },
      ],
      [
        { node: 'h2', port: 0 },
        { node: 'npv', port: 2 },
      ],
      [
        { node: 'npv', port: 0 },
        { node: 'fcf', port: 1 },
      ],
      [
        { node: 'npv', port: 1 },
        { node: 'fcf', port: 4 },
      ],
      [
        { node: 'array', port: 0 },
        { node: 'fcf', port: 2 },
      ],
      [
        { node: 'array', port: 1 },
        { node: 'bridge', port: 0 },
      ],
      [
        { node: 'bridge', port: 1 },
        { node: 'fcf', port: 3 },
      ],
      [
        { node: 'backup', port: 0 },
        { node: 'fcf', port: 5 },
      ],
    ],
    handleEvent: (node, event, now) => people.handleEvent(node, event, now),
    done: () => people.done(),
    kept: () => keptBy(watched),
  };
}
