/**
 * The virtual HBAs of a scenario's guests: how many on each fabric, their WWPNs, and the host ports
 * that they log in through.
 *
 * A guest has one on each fabric for each port that its host has there when it starts, unless the file
 * gives it names for more or fewer. It keeps that number: on a host with fewer ports several share one.
 */
import { formatWwn, parseWwn, type Wwn } from '../codecs/layout/index.ts';
import { fabricsOf, portsOn } from './host-ports.ts';
import type { Scenario, VmScenario } from './schema.ts';

/** A vHBA at a host port. */
export interface VhbaSeat {
  readonly fabric: string;
  /** Which of the guest's on that fabric, from 0. */
  readonly vhba: number;
  readonly port: number;
}

type GivenWwpns = NonNullable<VmScenario['wwpns']>[string];

/** WWPNs as the file gives them, for each vHBA the one in use first and then the second of its pair. */
export function givenPairs(given: GivenWwpns): string[][] {
  const [first] = given;
  return typeof first === 'string' ? [given as string[]] : (given as string[][]);
}

/** WWPNs of a virtual machine on a fabric, for each vHBA: the one in use first, then the second of the pair. */
export function pairsOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  fabric: string,
): string[][] {
  const given = vm.wwpns?.[fabric];
  if (given !== undefined) {
    return givenPairs(given).map((pair) => pair.map((text) => formatWwn(parseWwn(text))));
  }
  const { fabrics, hosts } = scenario;
  const home = hosts.find(({ name }) => name === vm.host);
  const count = Math.max(1, home === undefined ? 0 : portsOn(home, fabric).length);
  const place = fabrics.findIndex((one) => one.name === fabric);
  return Array.from({ length: count }, (_, vhba) => {
    const pair = BigInt(vhba * fabrics.length + place);
    const first: Wwn = 0xc050_7600_0000_0000n + BigInt(index + 1) * 256n + pair * 2n;
    return [formatWwn(first), formatWwn(first + 1n)];
  });
}

/** The vHBAs of a virtual machine on a host, by the host's ports. */
export function seatsOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  hostName: string,
): VhbaSeat[] {
  const host = scenario.hosts.find((one) => one.name === hostName)!;
  return fabricsOf(host).flatMap((fabric, port) => {
    const ports = portsOn(host, fabric);
    const place = ports.indexOf(port);
    return [...pairsOf(scenario, vm, index, fabric).keys()]
      .filter((vhba) => vhba % ports.length === place)
      .map((vhba) => ({ fabric, vhba, port }));
  });
}

/**
 * The same in the order of those of another host, where the guest comes from: the n-th of both are one vHBA,
 * however the hosts' ports are cabled. Those that have no seat there come last.
 */
export function inOrderOf(seats: readonly VhbaSeat[], origin: readonly VhbaSeat[]): VhbaSeat[] {
  const placeOf = (seat: VhbaSeat): number => {
    const place = origin.findIndex((one) => isSameVhba(one, seat));
    return place < 0 ? origin.length : place;
  };
  return [...seats].sort((a, b) => placeOf(a) - placeOf(b));
}

/** True where two seats are of one vHBA. */
export function isSameVhba(a: VhbaSeat, b: VhbaSeat): boolean {
  return a.fabric === b.fabric && a.vhba === b.vhba;
}
