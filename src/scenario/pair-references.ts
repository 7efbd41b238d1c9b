/** What a schema cannot say of stretched units: what they do not go with. */
import { unknownIn } from './known-names.ts';
import type { Complaint, Path } from './origin.ts';
import type { Scenario } from './schema.ts';
import { siteOf } from './sites-from-scenario.ts';

/** What does not fit together in a pair of arrays. */
export function* checkStretched(scenario: Scenario): Iterable<Complaint> {
  const { array, backup, events, fabrics, protocol, vms } = scenario;
  const { stretched } = array;
  if (stretched === undefined) return;
  const path: Path = ['array', 'stretched'];
  const names = fabrics.map(({ name }) => name);
  yield* unknownIn([...path, 'ports'], stretched.ports, names, 'fabric');
  const because = [path];
  const { site } = siteOf(scenario, array);
  if (site !== undefined && siteOf(scenario, stretched).site === site) {
    const what = `both arrays are at site ${site}: the second leg of a stretched unit is at another one`;
    yield { path: [...path, 'site'], what, because: [['array', 'site']] };
  }
  const no = (at: Path, what: string): Complaint => ({
    path: at,
    what: `${what} stretched units`,
    because,
  });
  if (protocol === 'nfs') {
    yield no(['protocol'], 'files of protocol nfs are not written by two arrays: it has no');
  }
  if (array.targetPortGroups !== undefined) {
    const what = 'targetPortGroups are given: group 1 is the first array, group 2 the second, with';
    yield no(['array', 'targetPortGroups'], what);
  }
  if (array.pool !== undefined) yield no(['array', 'pool'], 'a pool does not go with');
  if (array.writeCache === 'volatile') {
    yield no(['array', 'writeCache'], 'a volatile cache does not go with');
  }
  if (backup !== undefined) yield no(['backup'], 'a backup agent does not go with');
  for (const [i, vm] of vms.entries()) {
    if (vm.reservation?.type !== 'reserve-6') continue;
    const what = 'RESERVE(6) is of a login at one array, and not known by';
    yield no(['vms', i, 'reservation', 'type'], what);
  }
  for (const [i, event] of events.entries()) {
    if (event.do === 'snapshot') yield no(['events', i], 'no snapshot is cut of');
  }
  if (stretched.silenceMs <= 2 * stretched.heartbeatMs) {
    const what = `silenceMs is ${stretched.silenceMs}: an array would be lost between two signs of life, of which there is one each ${stretched.heartbeatMs} ms`;
    yield { path: [...path, 'silenceMs'], what };
  }
}
