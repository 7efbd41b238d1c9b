/** How hosts whose caches keep each other equal are joined: a port for each behind its others, and a bridge between them. */

import type { Mac } from '../codecs/layout/index.ts';
import { macFromWords } from '../codecs/layout/index.ts';
import type { CachePortOptions } from '../host/cache-port.ts';
import { MICROSECOND } from '../machine/machine.ts';
import { formatIpv4 } from '../net/index.ts';
import { bridgeName, cableName } from './names.ts';
import type { Complaint } from './origin.ts';
import type { Scenario } from './schema.ts';
import { distancesOf, longLink, siteOf } from './sites-from-scenario.ts';
import type { BridgeNode, Cable, HostNode } from './topology.ts';
import { guestVolumes } from './volumes-from-scenario.ts';

/** What the LAN of the caches is called, and its bridge after it. */
export const CACHES = 'caches';
/** 172.31.0.0/16: no LAN of a scenario is there. */
const NETWORK = 0xac1f_0000;

/** Units whose copies hosts keep equal, each once. */
function unitsOf(scenario: Scenario): CachePortOptions['units'] {
  const found = scenario.vms.flatMap((vm) =>
    (guestVolumes(scenario, vm).volumes ?? []).flatMap(({ cache, members }) =>
      cache?.atMove !== 'coherent'
        ? []
        : [{ luName: members[0]!.luName, leaseNs: cache.leaseNs!, blocks: cache.blocks }],
    ),
  );
  return found.filter(({ luName }, i) => found.findIndex((one) => one.luName === luName) === i);
}

/** Whether hosts of a scenario have such caches. */
export const hasCaches = (scenario: Scenario): boolean => unitsOf(scenario).length > 0;

const placeOf = (host: number) => ({
  mac: macFromWords(0x0025, (0xb5ca_0000 | (host + 1)) >>> 0) as Mac,
  address: formatIpv4(NETWORK + host + 1),
});

/** Hosts with a port for their caches behind all others; the same hosts where there are no such caches. */
export function withCachePorts(scenario: Scenario, hosts: readonly HostNode[]): HostNode[] {
  const units = unitsOf(scenario);
  if (units.length === 0) return [...hosts];
  return hosts.map((host, i): HostNode => {
    const peers = hosts.flatMap((_, other) => (other === i ? [] : [placeOf(other)]));
    return { ...host, options: { ...host.options, cachePort: { own: placeOf(i), peers, units } } };
  });
}

/** The bridge between them. */
export function cacheNodes(scenario: Scenario): BridgeNode[] {
  if (!hasCaches(scenario)) return [];
  const port = { kind: 'bridge-port', fabric: CACHES, isOfEnode: false } as const;
  return [
    {
      name: bridgeName(CACHES),
      kind: 'bridge',
      fabric: CACHES,
      ...siteOf(scenario, undefined),
      ports: scenario.hosts.map(() => port),
    },
  ];
}

/** A cable from the last port of each host there. */
export function cacheCables(scenario: Scenario, hosts: readonly HostNode[]): Cable[] {
  if (!hasCaches(scenario)) return [];
  const { delayUs, gbps } = scenario.links;
  const link = {
    rateBitsPerSecond: Math.round(gbps * 1e9),
    propagationNs: Math.round(delayUs * MICROSECOND),
  };
  const distances = distancesOf(scenario);
  const bridge = siteOf(scenario, undefined);
  return hosts.map(
    ({ name, ports, site }, i): Cable => ({
      name: cableName(name, ports.length, CACHES),
      kind: 'lan',
      fabric: '',
      vlan: 0,
      ends: [
        { node: name, port: ports.length },
        { node: bridgeName(CACHES), port: i },
      ],
      ...longLink(link, distances, [site === undefined ? {} : { site }, bridge]),
    }),
  );
}

/** No node and no fabric is called as what joins caches. */
export function* checkCaches(scenario: Scenario): Iterable<Complaint> {
  if (!hasCaches(scenario)) return;
  const i = scenario.fabrics.findIndex(({ name }) => name === CACHES);
  const what = `${CACHES} is what the LAN between hosts' caches is called`;
  if (i >= 0) yield { path: ['fabrics', i, 'name'], what };
  const host = scenario.hosts.findIndex(({ name }) => name === bridgeName(CACHES));
  if (host >= 0) yield { path: ['hosts', host, 'name'], what };
}
