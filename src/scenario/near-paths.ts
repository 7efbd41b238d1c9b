/** Which ports of a scenario's host are near, and how long a write from a host would take by the distances. */
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import { fabricsOf } from './host-ports.ts';
import type { Scenario } from './schema.ts';
import { distancesOf, type Placed, siteOf } from './sites-from-scenario.ts';

type HostScenario = Scenario['hosts'][number];

/** Ports on fabrics that stand where the host does, where it takes those first. */
export function nearPaths(
  scenario: Scenario,
  host: HostScenario,
): { readonly nearPorts?: readonly number[]; readonly claims?: boolean } {
  if (host.paths !== 'near') return {};
  const here = siteOf(scenario, host).site;
  const nearPorts = fabricsOf(host).flatMap((name, port) => {
    const fabric = scenario.fabrics.find((one) => one.name === name);
    return siteOf(scenario, fabric).site === here ? [port] : [];
  });
  const claims = scenario.array.stretched?.lead === 'follows-hosts';
  return { nearPorts, ...(claims ? { claims } : {}) };
}

/** One way between two places over a fabric, with both cables. */
function wayNs(scenario: Scenario, one: Placed, fabric: string, other: Placed): number {
  const middle = scenario.fabrics.find(({ name }) => name === fabric);
  const [from, over, to] = [one, middle, other].map((placed) => siteOf(scenario, placed).site);
  const distances = distancesOf(scenario);
  const between = (a: string | undefined, b: string | undefined): number => {
    if (a === undefined || b === undefined || a === b) return 0;
    const pair = distances.find(({ between: both }) => both.includes(a) && both.includes(b));
    return pair?.delayNs ?? 0;
  };
  const cablesNs = 2 * Math.round(scenario.links.delayUs * MICROSECOND);
  return cablesNs + between(from, over) + between(over, to);
}

/** The shortest way over fabrics that both are on; without end where there is none. */
function shortestNs(
  scenario: Scenario,
  one: Placed,
  fabrics: readonly string[],
  other: Placed,
  ports: readonly string[],
): number {
  const shared = fabrics.filter((fabric) => ports.includes(fabric));
  return Math.min(...shared.map((fabric) => wayNs(scenario, one, fabric, other)));
}

/**
 * How long a write of a guest on a host takes by the distances: round trips to the array that leads (two, or one with
 * first burst), its time, and the same to the other leg of a stretched unit. Where the lead follows, the nearest leads.
 */
export function forecastWriteNs(scenario: Scenario, hostName: string): number {
  const { array } = scenario;
  const { stretched } = array;
  const host = scenario.hosts.find(({ name }) => name === hostName);
  if (host === undefined) return 0;
  const trips = array.firstBurst ? 1 : 2;
  const ownNs = Math.round(array.writeUs * MICROSECOND);
  const to = (placed: Placed, ports: readonly string[]): number =>
    shortestNs(scenario, host, fabricsOf(host), placed, ports);
  const first = to(array, array.ports);
  if (stretched === undefined) return 2 * trips * first + ownNs;
  const { ports } = stretched;
  const follows = stretched.lead !== 'stays';
  const way = follows ? Math.min(first, to(stretched, ports)) : first;
  return 2 * trips * (way + shortestNs(scenario, array, ports, stretched, ports)) + 2 * ownNs;
}

/** What a mover is handed of that: nothing where no bound is declared. */
export function forecastOf(
  scenario: Scenario,
  hostName: string,
): { readonly forecast?: { readonly writeNs: number; readonly boundNs: number } } {
  const { latencyBoundMs } = scenario.move;
  if (latencyBoundMs === undefined) return {};
  const boundNs = Math.round(latencyBoundMs * MILLISECOND);
  return { forecast: { writeNs: forecastWriteNs(scenario, hostName), boundNs } };
}
