/**
 * An Ethernet bridge: several FCFs and adapters on one segment, in as many VLANs as their frames name.
 *
 * It learns behind which port an address is from the source of each frame, by VLAN, and floods what is
 * for a group or for nobody it knows. Every port is a member of every VLAN, and frames keep their tags.
 * What comes in by a port of an ENode leaves only by ports that lead to FCFs, as FIP snooping has it:
 * ENodes reach one another through an FCF alone. One that snoops also takes an address that an FCF grants for
 * learned where the ENode is that it goes to; a plain one learns it from the port's first FCoE frame. There is no
 * spanning tree: a loop is a mistake of the topology.
 * Source: IEEE 802.1Q, forwarding and learning processes; FC-BB-5, annex on FIP snooping.
 */
import { ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import { putMac, uint24At } from '../../codecs/layout/index.ts';
import { type Instant, type Machine, type Output, SECOND } from '../../machine/machine.ts';
import { Outbox } from '../../machine/outbox.ts';
import { grantedAddress } from './fip-snooping.ts';

/** An address that was not heard for so long is forgotten. Source: IEEE 802.1Q, ageing time, recommended default. */
const AGEING_NS = 300 * SECOND;
/** Addresses that are remembered, the newest ones. */
const ADDRESSES_MAX = 8192;
/** Addresses, EtherType or TPID; and those with a tag and the EtherType behind it. */
const HEADER_BYTES = 14;
const TAGGED_HEADER_BYTES = 18;
const ETHERTYPE_AT = 12;
const TAG_BYTES = 4;
const GROUP_BIT = 0x01;

/** What a bridge is told when it is made. */
export interface BridgeOptions {
  /** Name for people. */
  readonly name: string;
  /** Number of ports; all are up until it is told otherwise. */
  readonly ports: number;
  /** Those of ENodes. */
  readonly enodePorts: readonly number[];
  /** It reads the answers to logins in FIP. */
  readonly snoops?: boolean;
}

interface Learned {
  port: number;
  heardAt: Instant;
}

/** A learning bridge as a machine; it tells nothing. */
export class EthernetBridge implements Machine {
  readonly options: BridgeOptions;
  readonly deadline = undefined;
  readonly #out = new Outbox<never>();
  readonly #up: boolean[];
  readonly #ofEnode: boolean[];
  /** By VID and address. */
  readonly #learned = new Map<string, Learned>();

  constructor(options: BridgeOptions) {
    this.options = options;
    this.#up = new Array<boolean>(options.ports).fill(true);
    this.#ofEnode = this.#up.map((_, port) => options.enodePorts.includes(port));
  }

  poll(): Output<never> | undefined {
    return this.#out.poll();
  }

  handleTimeout(_now: Instant): void {}

  handleLink(port: number, up: boolean, _now: Instant): void {
    this.#up[port] = up;
    if (!up) this.#forget((one) => one.port === port);
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    const vid = vidOf(frame);
    if (this.#up[port] !== true || vid === undefined) return;
    if ((frame[6]! & GROUP_BIT) === 0) this.#learn(keyOf(vid, frame, 6), port, now);
    const known =
      (frame[0]! & GROUP_BIT) === 0 ? this.#learned.get(keyOf(vid, frame, 0)) : undefined;
    if (known !== undefined && now - known.heardAt < AGEING_NS) {
      if (!this.#mayPass(port, known.port)) return;
      if (this.options.snoops === true) this.#snoop(vid, frame, known.port, now);
      this.#out.send(known.port, frame, given);
      return;
    }
    for (const [to, up] of this.#up.entries()) {
      if (up && this.#mayPass(port, to)) this.#out.send(to, frame, false);
    }
  }

  #mayPass(from: number, to: number): boolean {
    return from !== to && !(this.#ofEnode[from] === true && this.#ofEnode[to] === true);
  }

  /** A power cycle: what it has learned is gone. */
  restart(): void {
    this.#learned.clear();
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return { 'learned addresses': this.#learned.size };
  }

  /** An address that is granted in a frame that leaves by this port is behind it. */
  #snoop(vid: number, frame: Uint8Array, port: number, now: Instant): void {
    const mac = grantedAddress(frame, vid === 0 ? ETHERTYPE_AT : ETHERTYPE_AT + TAG_BYTES);
    if (mac === undefined) return;
    const bytes = new Uint8Array(6);
    if (putMac(bytes, 0, mac)) this.#learn(keyOf(vid, bytes, 0), port, now);
  }

  #learn(key: string, port: number, now: Instant): void {
    const known = this.#learned.get(key);
    if (known !== undefined) {
      known.port = port;
      known.heardAt = now;
      return;
    }
    if (this.#learned.size >= ADDRESSES_MAX) {
      this.#learned.delete(this.#learned.keys().next().value!);
    }
    this.#learned.set(key, { port, heardAt: now });
  }

  #forget(which: (one: Learned) => boolean): void {
    for (const [key, one] of this.#learned) if (which(one)) this.#learned.delete(key);
  }
}

/** 0 for a frame without a tag; `undefined` for one that is too short to be read. */
function vidOf(frame: Uint8Array): number | undefined {
  if (frame.length < HEADER_BYTES) return undefined;
  if (((frame[12]! << 8) | frame[13]!) !== ETHERTYPE_VLAN) return 0;
  if (frame.length < TAGGED_HEADER_BYTES) return undefined;
  return ((frame[14]! & 0x0f) << 8) | frame[15]!;
}

const keyOf = (vid: number, frame: Uint8Array, at: number): string =>
  `${vid} ${uint24At(frame, at)} ${uint24At(frame, at + 3)}`;
