/**
 * One port of an adapter with the N_Ports on it: its own, which logs in by FLOGI, and those beside it,
 * which log in by FDISC while it is logged in. An ENode puts them on FCoE, a native link on Fibre Channel.
 *
 * Ownership: a host or an array owns its adapters; an adapter owns its lports.
 */
import { type FcId, formatFcId, type MessageWriter, type Wwn } from '../../codecs/layout/index.ts';
import type { DcbAgreement } from '../../history/dcb.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { CarriedLogin } from './carried-login.ts';
import type { FrameHeader } from './frame-header.ts';
import type { Lport, LportListener, LportOptions } from './lport.ts';
import type { FabricLoginReply, NPortLink } from './n-port-link.ts';
import { Relogins } from './relogins.ts';

/** N_Ports on one adapter, its own counted. */
const LPORTS_MAX = 4096;

/** What an adapter needs of its machine. */
export interface AdapterOwner {
  readonly now: Instant;
  /** Puts a frame on a port's link, and gives it away: the adapter keeps nothing of it. */
  send(port: number, frame: Uint8Array): void;
  after(delayNs: number, run: () => void): Timer;
  /** A peer contradicted our state, or sent what does not decode. */
  contradiction(port: number, what: string): void;
  /** A port's data center bridging has other settings in force. */
  dcbAgreed(port: number, agreement: DcbAgreement): void;
}

/** How much an adapter keeps, by kind. */
export interface AdapterKept {
  readonly remotePorts: number;
  readonly exchanges: number;
  readonly logins: number;
}

/** An adapter whose N_Ports are of type `Port`. */
export abstract class NPortAdapter<Port extends Lport = Lport> implements NPortLink<Port> {
  protected readonly byNPortId = new Map<FcId, Port>();
  protected readonly lports = new Set<Port>();
  protected readonly owner: AdapterOwner;
  readonly #port: number;
  readonly #relogins = new Relogins(this);
  physical: Port | undefined;

  /** `port`: its number on the machine that owns it. */
  constructor(port: number, owner: AdapterOwner) {
    this.#port = port;
    this.owner = owner;
  }

  /** Whether there is a fabric to log in to. */
  protected abstract get isReachable(): boolean;
  /** Requests with the F_Port that are under way. */
  protected abstract get requestsUnderWay(): number;
  /** Fabric_Name of that fabric; 0 where it is not known. */
  abstract get fabricName(): Wwn;
  /** Why no fabric is used although some answer; empty where that is not so. */
  abstract get complaint(): string;

  abstract linkUp(): void;
  abstract linkDown(): void;
  /** A frame from the link. One that does not decode is a contradiction for the owner, never an error. */
  abstract handleFrame(frame: Uint8Array): void;
  /** Makes a port that stays silent until `startLport`. */
  abstract createLport(options: LportOptions, listener: LportListener): Port;

  abstract sendLogin(
    port: Port,
    kind: 'flogi' | 'fdisc' | 'logo',
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void;
  abstract transmit(port: Port, header: FrameHeader, payload: Uint8Array, last: boolean): void;
  abstract transmitMessage<I>(
    port: Port,
    header: FrameHeader,
    codec: MessageWriter<I>,
    message: I,
  ): void;

  get now(): Instant {
    return this.owner.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.owner.after(delayNs, run);
  }

  /** From now on the port logs in whenever the fabric (for NPIV: the physical port) allows. */
  startLport(lport: Port): void {
    if (this.lports.has(lport)) return;
    if (this.lports.size >= LPORTS_MAX) {
      throw new RangeError(`more than ${LPORTS_MAX} ports on one adapter`);
    }
    this.lports.add(lport);
    if (lport.options.physical) {
      this.physical = lport;
      if (this.isReachable) lport.start();
    } else if (this.#physicalIsUp()) lport.start();
  }

  /** A port that goes on with a login which the fabric carried over to this adapter. */
  adoptLport(lport: Port, login: CarriedLogin): void {
    this.lports.add(lport);
    lport.enterCarriedLogin(login);
  }

  /** Takes a port away; it must have logged out or been reset before. */
  removeLport(lport: Port): void {
    if (lport.nPortId !== 0) lport.enterReset('removed', false);
    this.lports.delete(lport);
    if (lport === this.physical) this.physical = undefined;
  }

  /** Whether an NPIV port of this adapter could log in now. */
  mayLogIn(lport: Lport): boolean {
    return this.lports.has(lport as Port) && this.#physicalIsUp();
  }

  kept(): AdapterKept {
    let remotePorts = 0;
    let exchanges = 0;
    for (const lport of this.lports) {
      remotePorts += lport.rports.size;
      exchanges += lport.exchanges.size;
    }
    return { remotePorts, exchanges, logins: this.requestsUnderWay };
  }

  #physicalIsUp(): boolean {
    return this.isReachable && this.physical !== undefined && this.physical.nPortId !== 0;
  }

  /** The way to the fabric is gone, and every login with it. */
  protected reset(reason: string): void {
    for (const lport of this.lports) lport.enterReset(reason, false);
  }

  /** The fabric has ended the login of an NPIV port unasked. */
  protected relogin(lport: Port, reason: string): void {
    this.#relogins.cleared(lport, reason);
  }

  contradiction(what: string): void {
    this.owner.contradiction(this.#port, what);
  }

  // What lports ask for.

  peerContradiction(lport: Port, what: string): void {
    this.contradiction(`${formatFcId(lport.nPortId)}: ${what}`);
  }

  attached(lport: Port): void {
    this.byNPortId.set(lport.nPortId, lport);
    if (!lport.options.physical) return;
    for (const other of this.lports) if (other.state === 'disabled') other.start();
  }

  detached(lport: Port): void {
    this.byNPortId.delete(lport.nPortId);
  }

  // What logins ask for.

  wants(port: Port): boolean {
    return this.lports.has(port);
  }

  mayHold(port: Port, nPortId: FcId): boolean {
    const holder = this.byNPortId.get(nPortId);
    return nPortId !== 0 && (holder === undefined || holder === port);
  }
}
