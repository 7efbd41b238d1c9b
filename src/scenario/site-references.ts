/** What a schema cannot say of sites: names that must exist, and a latency for each pair. */
import { nearestName } from '../codecs/layout/nearest-name.ts';
import { unknownIn, unknownKeys } from './known-names.ts';
import type { Complaint, Path } from './origin.ts';
import { isIp } from './protocols.ts';
import type { Scenario } from './schema.ts';
import type { Placed } from './sites-from-scenario.ts';

/** What does not fit together in the sites: names, and pairs without a latency. */
export function* checkSites(scenario: Scenario): Iterable<Complaint> {
  const { array, backup, fabrics, hosts, sites = [] } = scenario;
  const names = sites.map(({ name }) => name);
  for (const [i, { name, to = {} }] of sites.entries()) {
    const before = names.slice(0, i);
    if (before.includes(name)) {
      yield { path: ['sites', i, 'name'], what: `the site ${name} is there twice` };
    }
    yield* unknownKeys(['sites', i, 'to'], to, before, 'site', `before ${name}`);
    const unknown = Object.keys(to).filter((key) => !before.includes(key));
    const meant = unknown.map((key) => nearestName(key, before));
    for (const other of before) {
      if (to[other] !== undefined || other === name) continue;
      // It is there under a name that is misspelt.
      if (meant.includes(other)) continue;
      const what = `how far is ${name} from ${other}? Say to: { ${other}: { delayUs: … } }`;
      yield { path: ['sites', i, 'name'], what };
    }
    yield* checkRouted(scenario, i, to);
  }
  const placed: { readonly path: Path; readonly one: Placed }[] = [
    ...fabrics.map((one, i) => ({ path: ['fabrics', i], one })),
    ...hosts.map((one, i) => ({ path: ['hosts', i], one })),
    { path: ['array'], one: array },
    ...(array.stretched === undefined
      ? []
      : [
          { path: ['array', 'stretched'], one: array.stretched },
          { path: ['array', 'stretched', 'witness'], one: array.stretched.witness },
        ]),
    ...(backup === undefined ? [] : [{ path: ['backup'], one: backup }]),
  ];
  for (const {
    one: { site },
    path,
  } of placed) {
    if (site === undefined) continue;
    if (sites.length > 0) yield* unknownIn([...path, 'site'], site, names, 'site');
    else yield { path: [...path, 'site'], what: 'the scenario has no sites: say sites' };
  }
}

/** Routers are between stations of LANs, and what goes along with a guest keeps no address behind another one. */
function* checkRouted(
  { move, nextMoves, protocol }: Scenario,
  i: number,
  to: NonNullable<NonNullable<Scenario['sites']>[number]['to']>,
): Iterable<Complaint> {
  for (const [other, { routed }] of Object.entries(to)) {
    if (routed === undefined) continue;
    const path = ['sites', i, 'to', other, 'routed'];
    if (!isIp(protocol))
      yield { path, what: `${protocol} is not routed: protocol iscsi and nfs are` };
    else if ([move, ...nextMoves].some(({ strategy }) => strategy === 'in-guest'))
      yield {
        path,
        what: 'strategy in-guest takes an address along, which a router does not find',
      };
  }
}
