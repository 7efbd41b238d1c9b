/**
 * Where the nodes of a scenario stand, how far sites are from each other, and the cables between them: one whose
 * ends stand at different sites has the delay of that pair of sites on top of its own.
 */
import type { LinkOptions } from '../link/channel.ts';
import { MICROSECOND } from '../machine/machine.ts';
import type { RoutedWay } from './routed-cables.ts';
import type { Scenario } from './schema.ts';
import type { Cable, Site, SiteDistance } from './topology.ts';

/** Fabrics, hosts, arrays, agents: whatever a scenario says a site of. */
export interface Placed {
  readonly site?: string | undefined;
}

/** The sites of a scenario; none where it says nothing of sites. */
export function sitesOf({ sites = [] }: Scenario): Site[] {
  return sites.map(({ name }) => ({ name }));
}

/** The site of something: the first one where nothing is said. Empty where the scenario has no sites. */
export function siteOf({ sites = [] }: Scenario, placed: Placed | undefined): { site?: string } {
  const site = placed?.site ?? sites[0]?.name;
  return sites.length === 0 || site === undefined ? {} : { site };
}

/** How far each pair of sites is apart, each pair once. */
export function distancesOf({ links, sites = [] }: Scenario): SiteDistance[] {
  return sites.flatMap(({ name, to = {} }) =>
    Object.entries(to).map(
      ([other, { delayUs, gbps }]): SiteDistance => ({
        between: [other, name],
        delayNs: Math.round(delayUs * MICROSECOND),
        rateBitsPerSecond: Math.round((gbps ?? links.gbps) * 1e9),
      }),
    ),
  );
}

/** What a cable between two sites is: as every other, but as long as the way between them and as fast as that. */
export function longLink(
  link: LinkOptions,
  distances: readonly SiteDistance[],
  ends: readonly [Placed, Placed],
): { readonly link: LinkOptions; readonly sites?: readonly [string, string] } {
  const [{ site: here }, { site: there }] = ends;
  if (here === undefined || there === undefined || here === there) return { link };
  const distance = distances.find(
    ({ between }) => between.includes(here) && between.includes(there),
  );
  if (distance === undefined) return { link, sites: [here, there] };
  const { delayNs, rateBitsPerSecond } = distance;
  const propagationNs = (link.propagationNs ?? 0) + delayNs;
  return { link: { ...link, propagationNs, rateBitsPerSecond }, sites: [here, there] };
}

/** How packets go on a cable between two sites; `undefined` where it is no way of routers. */
export function routedWayOf({ sites = [] }: Scenario): (cable: Cable) => RoutedWay | undefined {
  return ({ sites: ends }) => {
    if (ends === undefined) return undefined;
    for (const { name, to = {} } of sites) {
      if (!ends.includes(name)) continue;
      const routed = to[ends[0] === name ? ends[1] : ends[0]]?.routed;
      if (routed === undefined) continue;
      const { hopUs, mtu, tells } = routed;
      return { hopNs: Math.round(hopUs * MICROSECOND), mtu, tells };
    }
    return undefined;
  };
}
