/**
 * The emulated world of the fuzz on native Fibre Channel: two hosts with a guest each, a switch, an array with two
 * ports, who makes backups.
 */
import { StorageArray } from '../../src/array/storage-array.ts';
import { FcSwitch } from '../../src/fabric/fc/fc-switch.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { CONFIRMATIONS } from '../../src/port/fcp/target-port.ts';
import type { MachinesAtWork } from '../../src/testing/index.ts';
import { keptBy, People, Tenant, wwpn } from './people.ts';

/** The names of the machines. */
export const FC_WORLD_NODES = ['h1', 'h2', 'switch', 'array', 'backup'] as const;

const port = (index: number, kind: number) => ({
  wwpn: wwpn(kind, index),
  bbCredit: 16,
  bbScN: 0,
});

/** The world of a number: the same number makes the same one; they differ in what is agreed on. */
export function makeFcWorld(making: number): MachinesAtWork {
  const random = streams(making);
  const tenants = [0, 1].map((index) => new Tenant(index, making, port(index, 1)));
  const fcSwitch = new FcSwitch({
    name: 'switch',
    fabricName: 0x1000_0001_f000_0001n,
    switchName: 0x1000_0001_f000_0002n,
    domain: 1,
    ports: 5,
    bbCredit: 16,
    persistentFcIds: making % 3 === 1,
    duplicateDisablesPort: false,
    duplicateWwpn: making % 2 === 0 ? 1 : 0,
    baseLogout: making % 4 < 2 ? 'legacy' : 'new',
  });
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
  const people = new People(array, tenants, port(6, 6));
  const watched = [
    ...tenants.map(({ name, host }) => [name, host] as const),
    ['switch', fcSwitch] as const,
    ['array', array] as const,
    ['backup', people.agent] as const,
  ];
  const ends = [
    { node: 'h1', port: 0 },
    { node: 'h2', port: 0 },
    { node: 'array', port: 0 },
    { node: 'array', port: 1 },
    { node: 'backup', port: 0 },
  ];
  return {
    machines: new Map<string, Machine<unknown>>(watched),
    cables: ends.map((end, at) => [end, { node: 'switch', port: at }] as const),
    handleEvent: (node, event, now) => people.handleEvent(node, event, now),
    done: () => people.done(),
    kept: () => keptBy(watched),
  };
}
