/**
 * A switch for FCoE and for IP: FIP, FCoE and what the link agrees on by LLDP are the FCF's, ARP and IP are bridged
 * between all ports, so that guests reach the array's addresses over the cable that they have.
 *
 * Ownership: it owns its bridge; the FCF is its fabric's.
 */
import { EtherType } from '../codecs/ethernet/index.ts';
import type { Fcf } from '../fabric/fcoe/fcf.ts';
import { EthernetBridge } from '../fabric/lan/bridge.ts';
import type { FabricEvent } from '../history/fabric.ts';
import type { Instant, Machine, Output } from '../machine/machine.ts';

const ETHERTYPE_AT = 12;
const TAG_BYTES = 4;

/** Both, on the same ports. */
export class ConvergedSwitch implements Machine<FabricEvent> {
  readonly #fcf: Fcf;
  readonly #bridge: EthernetBridge;

  /** `ports`: of the FCF; their links are down until it is told otherwise. */
  constructor(fcf: Fcf, name: string, ports: number) {
    this.#fcf = fcf;
    this.#bridge = new EthernetBridge({ name, ports, enodePorts: [] });
    for (let port = 0; port < ports; port++) this.#bridge.handleLink(port, false, 0);
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    if (isIp(frame)) this.#bridge.handleFrame(port, frame, given, now);
    else this.#fcf.handleFrame(port, frame, given, now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#bridge.handleLink(port, up, now);
    this.#fcf.handleLink(port, up, now);
  }

  handleTimeout(now: Instant): void {
    this.#fcf.handleTimeout(now);
  }

  poll(): Output<FabricEvent> | undefined {
    return this.#fcf.poll() ?? this.#bridge.poll();
  }

  get deadline(): Instant | undefined {
    return this.#fcf.deadline;
  }
}

/** ARP, IPv4 or IPv6, behind a tag of a VLAN or without one. */
function isIp(frame: Uint8Array): boolean {
  const typeAt = (at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
  const outer = typeAt(ETHERTYPE_AT);
  const type = outer === EtherType.VLAN ? typeAt(ETHERTYPE_AT + TAG_BYTES) : outer;
  return type === EtherType.ARP || type === EtherType.IPv4 || type === EtherType.IPv6;
}
