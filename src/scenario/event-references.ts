/** What a schema cannot say of a scenario's events: names that must exist, and groups, ports and units. */
import { formatWwn, parseWwn } from '../codecs/layout/index.ts';
import { isSettable } from '../scsi/target/alua.ts';
import { ACCESS_STATE_CODES } from './array-from-scenario.ts';
import type { EventScenario } from './event-schema.ts';
import { fabricAt } from './events-from-scenario.ts';
import { allNamesOf } from './identities.ts';
import {
  isWwn,
  namesPorts,
  unknownIn,
  unknownKeys,
  unknownMembers,
  unknownOwner,
  unknownPort,
  unknownPorts,
} from './known-names.ts';
import { lanSwitches } from './lan-from-scenario.ts';
import { moverName, segmentNodes, trunksOf } from './names.ts';
import type { Complaint, Path } from './origin.ts';
import type { Scenario } from './schema.ts';

/** What does not fit together in the events. */
export function* checkEvents(scenario: Scenario): Iterable<Complaint> {
  for (const [i, event] of scenario.events.entries()) {
    yield* checkEvent(scenario, event, ['events', i]);
  }
}

/** The array, and the second one where units are stretched. */
const arrayNames = ({ name, stretched }: Scenario['array']): string[] =>
  stretched === undefined ? [name] : [name, stretched.name];

/** The snapshots that events cut. */
const snapshotsOf = ({ events }: Scenario): string[] =>
  events.flatMap((event) => (event.do === 'snapshot' ? [event.snapshot] : []));

/** An initiator outside is none of the world's own ports. */
function* checkOutsider(scenario: Scenario, by: string, path: Path): Iterable<Complaint> {
  if (!isWwn(by)) {
    yield { path, what: `${by} is no WWPN` };
    return;
  }
  const wwpn = formatWwn(parseWwn(by));
  const guest = scenario.vms.find((vm, i) => allNamesOf(scenario, vm, i).includes(wwpn));
  if (guest === undefined) return;
  yield {
    path,
    what: `${by} is a name of ${guest.name}: by is an initiator outside`,
  };
}

/** Who changes access states: as the array says of itself. */
function* checkAccessChange(
  scenario: Scenario,
  { by, states }: Extract<EventScenario, { do: 'access' }>,
  at: (key: string) => Path,
): Iterable<Complaint> {
  const { alua } = scenario.array;
  if (by === undefined) {
    if (alua === 'explicit')
      yield {
        path: at('do'),
        what: 'the array has alua: explicit: say by, who asks for the states',
      };
    return;
  }
  if (alua === 'implicit')
    yield { path: at('by'), what: 'the array has alua: implicit: nobody asks it for states' };
  for (const [id, state] of Object.entries(states)) {
    if (!isSettable(ACCESS_STATE_CODES[state])) {
      const what = `SET TARGET PORT GROUPS cannot ask for ${state}`;
      yield { path: [...at('states'), id], what };
    }
  }
  yield* checkOutsider(scenario, by, at('by'));
}

function* checkEvent(scenario: Scenario, event: EventScenario, path: Path): Iterable<Complaint> {
  const { array, fabrics, hosts } = scenario;
  const units = array.luns.map(({ name }) => name);
  const at = (key: string): Path => [...path, key];
  const moves = 1 + scenario.nextMoves.length;
  if (event.ofMove > moves) {
    const there = moves === 1 ? 'there is 1 move' : `there are ${moves} moves`;
    yield { path: at('ofMove'), what: `ofMove is ${event.ofMove}, but ${there}` };
  }
  if ('fabric' in event) {
    const names = fabrics.map(({ name }) => name);
    yield* unknownIn(at('fabric'), event.fabric, names, 'fabric');
  }
  if ('host' in event) {
    const names = hosts.map(({ name }) => name);
    yield* unknownIn(at('host'), event.host, names, 'host');
  }
  if ('for' in event && !namesPorts(scenario, event.for)) {
    yield* unknownOwner(scenario, event.for, at('for'));
  }
  switch (event.do) {
    case 'mask':
      yield* unknownIn(at('luns'), event.luns, units, 'logical unit');
      yield* unknownPorts(scenario, event.ports, at('ports'));
      return;
    case 'zones':
      yield* unknownMembers(scenario, event.zones, at('zones'));
      return;
    case 'access': {
      const groups = array.targetPortGroups?.map(({ id }) => String(id)) ?? ['1'];
      yield* unknownKeys(at('states'), event.states, groups, 'target port group');
      if (event.lun !== undefined) yield* unknownIn(at('lun'), event.lun, units, 'logical unit');
      yield* checkAccessChange(scenario, event, at);
      return;
    }
    case 'preempt':
      yield* unknownIn(at('lun'), event.lun, units, 'logical unit');
      yield* checkOutsider(scenario, event.by, at('by'));
      yield* unknownIn(at('array'), event.array ?? [], arrayNames(scenario.array), 'array');
      return;
    case 'snapshot':
      yield* unknownIn(at('luns'), event.luns ?? [], units, 'logical unit');
      return;
    case 'pool-grow':
      if (scenario.array.pool === undefined) {
        yield { path: at('do'), what: 'there is no pool: say pool in the array of the scenario' };
      }
      return;
    case 'partition': {
      const names = (scenario.sites ?? []).map(({ name }) => name);
      yield* unknownIn(at('between'), event.between, names, 'site');
      if (event.between[0] === event.between[1])
        yield { path: at('between'), what: 'a site is not cut from itself; name two' };
      return;
    }
    case 'backup':
      if (scenario.backup === undefined) {
        yield { path: at('do'), what: 'there is no backup agent: say backup: {} in the scenario' };
      }
      return;
    case 'snapshot-delete':
    case 'snapshot-revert':
      yield* unknownIn(at('snapshot'), event.snapshot, snapshotsOf(scenario), 'snapshot');
      return;
    case 'base-logout':
    case 'clear-port':
    case 'link-down':
    case 'link-up':
    case 'lose':
    case 'slow-drain': {
      const node = 'host' in event ? event.host : event.node;
      const trunks = fabrics.flatMap(trunksOf).map((one) => one.node);
      const nodes = [...hosts.map(({ name }) => name), ...arrayNames(array), ...trunks];
      if (!nodes.includes(node)) {
        if ('node' in event) yield* unknownIn(at('node'), node, nodes, 'host or array');
      } else if (fabricAt(scenario, node, event.port) === '') {
        const what = `there is no port ${event.port} at ${node}: allowed are ports of hosts and of the array, port 0 of each of several switches of a fabric, and uplinks of an N_Port virtualizer`;
        yield { path: at('port'), what };
      }
      if (event.do === 'clear-port') yield* checkOneSwitch(scenario, event, at('port'));
      return;
    }
    case 'port-failover':
      yield* checkFailover(array, event, path);
      return;
    case 'port-failback':
      yield* unknownPort(array, event.port, at('port'));
      return;
    case 'crash':
    case 'pause': {
      const movers = [...Array(1 + scenario.nextMoves.length).keys()].map(moverName);
      const nodes = [...hosts.map(({ name }) => name), ...arrayNames(array), ...movers];
      const between = [...fabrics.flatMap(segmentNodes), ...lanSwitches(scenario)];
      const all = [...nodes, ...between.map(({ name }) => name)];
      yield* unknownIn(at('node'), event.node, all, 'node');
    }
  }
}

/** A switch knows a port by its cable; behind a bridge or a virtualizer that leads to many ports. */
function* checkOneSwitch(
  scenario: Scenario,
  { node, port }: Extract<EventScenario, { do: 'clear-port' }>,
  path: Path,
): Iterable<Complaint> {
  const name = fabricAt(scenario, node, port);
  const fabric = scenario.fabrics.findIndex((one) => one.name === name);
  const { furtherFcfs, npv } = scenario.fabrics[fabric] ?? {};
  const isHost = scenario.hosts.some((one) => one.name === node);
  const key = furtherFcfs !== undefined ? 'furtherFcfs' : isHost && npv ? 'npv' : undefined;
  if (key === undefined) return;
  const what = `port ${port} of ${node} is not plugged into a switch that has it for itself: clear-link clears the links of names`;
  yield { path, what, because: [['fabrics', fabric, key]] };
}

/** A WWPN fails over to another port of its fabric. */
function* checkFailover(
  array: Scenario['array'],
  { from, to }: Extract<EventScenario, { do: 'port-failover' }>,
  path: Path,
): Iterable<Complaint> {
  yield* unknownPort(array, from, [...path, 'from']);
  yield* unknownPort(array, to, [...path, 'to']);
  const [here, there] = [array.ports[from], array.ports[to]];
  if (here === undefined || there === undefined) return;
  if (from === to) {
    const what = `port ${from} is where it logs in: port-failback brings it back there`;
    yield { path: [...path, 'to'], what };
  } else if (here !== there) {
    const what = `port ${from} is on fabric ${here} and port ${to} on fabric ${there}: a WWPN stays in its fabric`;
    yield { path: [...path, 'to'], what };
  }
}
