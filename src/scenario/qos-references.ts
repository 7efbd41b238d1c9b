/** What a schema cannot say of quality of service: priorities that are in two groups, shares that are too much, events. */

import { PRIORITIES } from '../link/qos-options.ts';
import { MICROSECOND } from '../machine/machine.ts';
import { fabricsOf } from './host-ports.ts';
import { unknownKeys } from './known-names.ts';
import type { Complaint } from './origin.ts';
import { headroomOf, pfcAt } from './qos-from-scenario.ts';
import type { Scenario } from './schema.ts';

/** What does not fit together in the queues of a scenario, and events that need some. */
export function* checkQos(scenario: Scenario): Iterable<Complaint> {
  const { array, backup, events, hosts, protocol, qos } = scenario;
  for (const [i, event] of events.entries()) {
    if (event.do !== 'other-traffic' || qos !== undefined) continue;
    yield { path: ['events', i, 'do'], what: 'other traffic has a queue of its own: say qos' };
  }
  if (qos === undefined) return;
  if (protocol !== 'fcoe') {
    const what = `qos is of Ethernet that carries FCoE, and the protocol is ${protocol}`;
    yield { path: ['qos'], what, because: [['protocol']] };
  }
  if (qos.dcbx !== 'off') yield* checkDcbx(scenario, qos);
  const names = [array.name, ...hosts.map(({ name }) => name), ...(backup ? [backup.name] : [])];
  yield* unknownKeys(['qos', 'ports'], qos.ports, names, 'host or array');
  yield* checkBuffer(scenario, qos);
  const seen = new Set<number>();
  for (const [i, { priorities }] of (qos.groups ?? []).entries()) {
    for (const priority of priorities) {
      if (seen.has(priority)) {
        const what = `priority ${priority} is in two groups`;
        yield { path: ['qos', 'groups', i, 'priorities'], what };
      }
      seen.add(priority);
    }
  }
  const percent = (qos.groups ?? []).reduce(
    (sum, { bandwidth }) => sum + (bandwidth === 'strict' ? 0 : bandwidth),
    0,
  );
  if (percent > 100)
    yield { path: ['qos', 'groups'], what: `the groups get ${percent} percent of the rate` };
}

/** A node's memory holds at least what its ports have set apart. Told of the node that needs most. */
function* checkBuffer(
  { array, fabrics, hosts, links }: Scenario,
  qos: NonNullable<Scenario['qos']>,
): Iterable<Complaint> {
  const { bufferBytes, reserveBytes } = qos;
  const headroom = headroomOf(qos, {
    propagationNs: Math.round(links.delayUs * MICROSECOND),
    rateBitsPerSecond: links.gbps * 1e9,
  });
  const apart = (node: string, end: 'node' | 'switch') =>
    PRIORITIES * reserveBytes + pfcAt(qos, node, end).length * headroom;
  const plugged = [
    ...hosts.map((host) => ({ node: host.name, fabrics: fabricsOf(host) })),
    { node: array.name, fabrics: array.ports },
  ];
  const needs = [
    ...plugged.map(({ fabrics: { length }, node }) => ({
      whose: node,
      ports: length,
      bytes: length * apart(node, 'node'),
    })),
    ...fabrics
      .filter(({ furtherFcfs, npv }) => furtherFcfs === undefined && npv === undefined)
      .map(({ name }) => {
        const ports = plugged.flatMap(({ fabrics: all, node }) =>
          all.filter((one) => one === name).map(() => apart(node, 'switch')),
        );
        const bytes = ports.reduce((sum, one) => sum + one, 0);
        return { whose: `the switch of fabric ${name}`, ports: ports.length, bytes };
      }),
  ];
  const most = needs.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  if (most.bytes <= bufferBytes) return;
  const what = `bufferBytes is ${bufferBytes}, and reserves and headroom of ${most.whose}, ${most.ports} ports, take ${most.bytes}: say no less, or less reserveBytes and headroomBytes`;
  yield { path: ['qos', 'bufferBytes'], what };
}

/** Both ends of a link speak DCBX, so there is nothing between them; shares are whole. */
function* checkDcbx(
  { fabrics }: Pick<Scenario, 'fabrics'>,
  { groups = [] }: NonNullable<Scenario['qos']>,
): Iterable<Complaint> {
  for (const [i, fabric] of fabrics.entries())
    for (const key of ['furtherFcfs', 'npv'] as const) {
      if (fabric[key] === undefined) continue;
      const what = 'dcbx is between a host or an array and its switch, and here is something else';
      yield { path: ['fabrics', i, key], what, because: [['qos', 'dcbx']] };
    }
  const shares = groups.flatMap(({ bandwidth }) => (bandwidth === 'strict' ? [] : [bandwidth]));
  const percent = shares.reduce((sum, one) => sum + one, 0);
  if (shares.length > 0 && percent !== 100) {
    const what = `the groups get ${percent} percent of the rate, and DCBX tells shares that make 100`;
    yield { path: ['qos', 'groups'], what, because: [['qos', 'dcbx']] };
  }
}
