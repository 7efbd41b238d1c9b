/** The events of a scenario, with the names of its topology and in words for people. */

import { formatWwn, parseWwn } from '../codecs/layout/index.ts';
import { ETHERNET_OVERHEAD_BYTES } from '../link/channel.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { EXTENT_BLOCKS } from '../scsi/medium/pool.ts';
import { ACCESS_STATE_CODES } from './array-from-scenario.ts';
import { CACHES, hasCaches } from './caches-from-scenario.ts';
import type { EventScenario } from './event-schema.ts';
import { fabricsOf } from './host-ports.ts';
import { allNamesOf, arrayWwpn, namesOn, targetPortsOf } from './identities.ts';
import { ALL_TARGET_PORTS, cableName, ownSwitchNames, switchName, trunksOf } from './names.ts';
import type { PlannedDeed, PlannedEvent } from './planned-event.ts';
import type { Scenario } from './schema.ts';
import { zoningOf } from './switch-from-scenario.ts';
import type { Cable } from './topology.ts';

/** Directions of a cable, whose first end is the host's or the array's. */
const WAYS = {
  'to-switch': ['a-to-b'],
  'from-switch': ['b-to-a'],
  both: ['a-to-b', 'b-to-a'],
} as const;

/** All events, in the order of the scenario. */
export function plannedEvents(scenario: Scenario, cables: readonly Cable[]): PlannedEvent[] {
  return scenario.events.map((event) => {
    const { afterMs, at, ofMove } = event;
    const atStep = typeof at === 'string';
    const afterNs = Math.round((afterMs + (atStep ? 0 : at)) * MILLISECOND);
    return {
      when: { ...(atStep ? { step: at } : {}), move: ofMove - 1, afterNs },
      deed: deedOf(scenario, event, cables),
      words: wordsOf(event),
    };
  });
}

function deedOf(scenario: Scenario, event: EventScenario, cables: readonly Cable[]): PlannedDeed {
  const { array } = scenario;
  const unitOf = (name: string): number => array.luns.findIndex((one) => one.name === name);
  switch (event.do) {
    case 'mask': {
      const luns = Object.entries(event.luns).map(([lun, name]) => ({
        lun: Number(lun),
        unit: unitOf(name),
        ...(event.ports === undefined ? {} : { ports: event.ports }),
      }));
      return { do: 'mask', array: array.name, wwpns: wwpnsOf(scenario, event.for), luns };
    }
    case 'zones': {
      const fabric = scenario.fabrics.find(({ name }) => name === event.fabric)!;
      const zoning = zoningOf(scenario, { ...fabric, zones: event.zones });
      return { do: 'zones', switches: ownSwitchNames(fabric), ...zoning };
    }
    case 'vlans':
      return { do: 'vlans', switch: switchName(event.fabric), vlans: event.vlans };
    case 'access': {
      const states = Object.entries(event.states).map(([id, state]) => ({
        groupId: Number(id),
        state: ACCESS_STATE_CODES[state],
      }));
      const units = event.lun === undefined ? [...array.luns.keys()] : [unitOf(event.lun)];
      const { by } = event;
      const asked = by === undefined ? {} : { by: formatWwn(parseWwn(by)) };
      return { do: 'access', array: array.name, units, states, ...asked };
    }
    case 'rscn':
    case 'clear-link': {
      const wwpns = wwpnsOf(scenario, event.for, event.fabric);
      const fabric = scenario.fabrics.find(({ name }) => name === event.fabric)!;
      return { do: event.do, switches: ownSwitchNames(fabric), wwpns };
    }
    case 'clear-port': {
      const { node, port } = event;
      const fabric = fabricAt(scenario, node, port);
      const cable = cables.find(({ name }) => name === cableName(node, port, fabric))!;
      const { node: atSwitch, port: switchPort } = cable.ends[1];
      return { do: event.do, switch: atSwitch, port: switchPort };
    }
    case 'base-logout':
      return { do: event.do, host: event.host, port: event.port };
    case 'link-down':
    case 'link-up': {
      const { node, port } = event;
      return { do: event.do, cable: cableName(node, port, fabricAt(scenario, node, port)) };
    }
    case 'port-failover':
      return { do: event.do, array: array.name, port: event.from, to: event.to };
    case 'port-failback':
      return { do: 'port-failover', array: array.name, port: event.port, to: event.port };
    case 'lose': {
      const { forMs, frames, node, port } = event;
      const cable = cableName(node, port, fabricAt(scenario, node, port));
      return { do: 'lose', cable, frames, forNs: Math.round(forMs * MILLISECOND) };
    }
    case 'slow-drain': {
      const { delayMs, forMs, node, port } = event;
      const cable = cableName(node, port, fabricAt(scenario, node, port));
      const delayNs = Math.round(delayMs * MILLISECOND);
      return { do: event.do, cable, delayNs, forNs: Math.round(forMs * MILLISECOND) };
    }
    case 'other-traffic': {
      const { forMs, frameBytes, gbps, node, port, priority, way } = event;
      const cable = cableName(node, port, fabricAt(scenario, node, port));
      const wireBits = (frameBytes + ETHERNET_OVERHEAD_BYTES) * 8;
      return {
        do: event.do,
        cable,
        directions: WAYS[way],
        priority,
        frameBytes,
        everyNs: Math.ceil(wireBits / gbps),
        forNs: Math.round(forMs * MILLISECOND),
      };
    }
    case 'crash':
    case 'pause':
      return { do: event.do, node: event.node, forNs: Math.round(event.forMs * MILLISECOND) };
    case 'preempt': {
      const by = formatWwn(parseWwn(event.by));
      const { abort, array: asked = array.name } = event;
      return { do: event.do, array: asked, unit: unitOf(event.lun), by, aborts: abort };
    }
    case 'snapshot': {
      const { luns, snapshot } = event;
      const units = luns === undefined ? [...array.luns.keys()] : luns.map(unitOf);
      return { do: 'manage', array: array.name, command: { command: 'cut', snapshot, units } };
    }
    case 'snapshot-delete':
    case 'snapshot-revert': {
      const command = event.do === 'snapshot-revert' ? 'revert' : 'delete-snapshot';
      const { snapshot } = event;
      return { do: 'manage', array: array.name, command: { command, snapshot } };
    }
    case 'pool-grow': {
      const extents = Math.ceil(event.blocks / EXTENT_BLOCKS);
      return { do: 'manage', array: array.name, command: { command: 'grow-pool', extents } };
    }
    case 'backup':
      return { do: event.do, agent: scenario.backup!.name };
    case 'partition': {
      const { forMs, silent } = event;
      const [one, other] = [event.between[0]!, event.between[1]!];
      const names = cables.flatMap(({ name, sites }) =>
        sites?.includes(one) === true && sites.includes(other) ? [name] : [],
      );
      const forNs = Math.round(forMs * MILLISECOND);
      return { do: event.do, between: [one, other], cables: names, silent, forNs };
    }
    case 'cancel-move':
      return { do: event.do, move: event.ofMove - 1 };
    case 'management': {
      const { answers, host } = event;
      const delayNs = Math.round(event.delayMs * MILLISECOND);
      return { do: event.do, host, answers, delayNs, forNs: Math.round(event.forMs * MILLISECOND) };
    }
  }
}

/** Whose names are meant: all target ports', a virtual machine's, or one; on a fabric or on all. */
function wwpnsOf(scenario: Scenario, member: string, fabric?: string): string[] {
  const { vms } = scenario;
  if (member === ALL_TARGET_PORTS) {
    return targetPortsOf(scenario).flatMap((name, port) =>
      fabric === undefined || name === fabric ? [arrayWwpn(port)] : [],
    );
  }
  const index = vms.findIndex((vm) => vm.name === member);
  if (index < 0) return [formatWwn(parseWwn(member))];
  return fabric === undefined
    ? allNamesOf(scenario, vms[index]!, index)
    : namesOn(scenario, vms[index]!, index, fabric);
}

/** The fabric at a port of a host or of the array, or at one that joins nodes of a fabric; empty where there is no such port. */
export function fabricAt(scenario: Scenario, node: string, port: number): string {
  const { array, fabrics, hosts } = scenario;
  if (node === array.name) return array.ports[port] ?? '';
  if (node === array.stretched?.name) return array.stretched.ports[port] ?? '';
  for (const fabric of fabrics) {
    const trunk = trunksOf(fabric).find((one) => one.node === node);
    if (trunk !== undefined) return port < trunk.ports ? fabric.name : '';
  }
  const host = hosts.find(({ name }) => name === node);
  if (port === host?.ports.length && hasCaches(scenario)) return CACHES;
  return (host && fabricsOf(host)[port]) ?? '';
}

const listed = (pairs: Readonly<Record<string, string>>, what: string): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${what} ${key} ${value}`)
    .join(', ');

function wordsOf(event: EventScenario): string {
  switch (event.do) {
    case 'mask':
      return `the mask of ${event.for} becomes ${listed(event.luns, 'LUN') || 'empty'}`;
    case 'zones':
      return `fabric ${event.fabric} gets another zone set`;
    case 'vlans':
      return `the switch of fabric ${event.fabric} names ${event.vlans.length === 0 ? 'no VLANs' : `VLANs ${event.vlans.join(', ')}`}`;
    case 'access':
      return `${event.lun ?? 'every unit'}: ${listed(event.states, 'port group')}${event.by === undefined ? '' : `, by SET TARGET PORT GROUPS of ${event.by}`}`;
    case 'rscn':
      return `fabric ${event.fabric} tells of a change of ${event.for}`;
    case 'clear-link':
      return `the switch of fabric ${event.fabric} clears the virtual links of ${event.for}`;
    case 'clear-port':
      return `the switch clears all virtual links of port ${event.port} of ${event.node}`;
    case 'base-logout':
      return `port ${event.port} of ${event.host} logs out of its fabric`;
    case 'link-down':
      return `the cable of port ${event.port} of ${event.node} is pulled`;
    case 'link-up':
      return `the cable of port ${event.port} of ${event.node} is plugged in`;
    case 'port-failover':
      return `the WWPN of the array's port ${event.from} fails over to port ${event.to}`;
    case 'port-failback':
      return `the WWPN of the array's port ${event.port} comes back to it`;
    case 'lose':
      return `${event.frames} are lost at port ${event.port} of ${event.node} for ${event.forMs} ms`;
    case 'slow-drain':
      return `port ${event.port} of ${event.node} takes a frame each ${event.delayMs} ms for ${event.forMs} ms`;
    case 'other-traffic':
      return `other traffic passes the cable of port ${event.port} of ${event.node} for ${event.forMs} ms`;
    case 'crash':
      return `${event.node} crashes`;
    case 'pause':
      return `${event.node} stands still`;
    case 'preempt':
      return `${event.by} preempts the reservation of ${event.lun}${event.abort ? ', and aborts what others have under way' : ''}`;
    case 'snapshot':
      return `snapshot ${event.snapshot} of ${event.luns?.join(', ') ?? 'every unit'} is cut`;
    case 'snapshot-delete':
      return `snapshot ${event.snapshot} is deleted`;
    case 'snapshot-revert':
      return `units go back to snapshot ${event.snapshot}`;
    case 'pool-grow':
      return `the pool is given ${event.blocks} blocks`;
    case 'backup':
      return 'a backup is made';
    case 'partition':
      return `${event.between.join(' and ')} do not reach each other for ${event.forMs} ms`;
    case 'cancel-move':
      return 'the move is cancelled';
    case 'management':
      return `the answers of ${event.host}'s management are ${event.answers}`;
  }
}
