/** The ports of a scenario's host: the fabric of each, and the physical card that it is on. */
import type { Scenario } from './schema.ts';

type HostPorts = Pick<Scenario['hosts'][number], 'ports'>;

/** The fabric of each port. */
export function fabricsOf({ ports }: HostPorts): string[] {
  return ports.map((port) => (typeof port === 'string' ? port : port.fabric));
}

/** The places of a host's ports on a fabric. */
export function portsOn(host: HostPorts, fabric: string): number[] {
  return fabricsOf(host).flatMap((name, port) => (name === fabric ? [port] : []));
}

/**
 * The card of each port: one that no card is said of has one of its own, which takes the lowest number that
 * no port names. `undefined` where nothing is said of cards at all.
 */
export function cardsOf({ ports }: HostPorts): number[] | undefined {
  const given = ports.map((port) => (typeof port === 'string' ? undefined : port.card));
  const used = new Set(given);
  if (used.size === 1 && used.has(undefined)) return undefined;
  let free = 0;
  return given.map((card) => {
    if (card !== undefined) return card;
    while (used.has(free)) free++;
    used.add(free);
    return free;
  });
}
