/**
 * An ENode: one Ethernet port of a converged adapter, with its FIP controller, its physical
 * N_Port and its NPIV ports.
 *
 * Ownership: a host or an array owns its ENodes; an ENode owns its lports. Frames go in through
 * `handleFrame`; everything it sends goes through `Core.send` on its port number.
 * Source: FC-BB-5, ENodes.
 */

import { ETHERTYPE_FCOE, ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import { FC_HEADER_BYTES, type FcHeader, FcType, fcHeader } from '../../codecs/fc/index.ts';
import { Eof, FCOE_MTU_BYTES, FcLocator, fcCrcIsGood } from '../../codecs/fcoe/index.ts';
import { FipLinkService, FipOperation, fipMessage } from '../../codecs/fip/index.ts';
import {
  CodecError,
  type FcId,
  formatFcId,
  type Mac,
  type MessageWriter,
  macAt,
  uint24At,
  type Wwn,
} from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { CarriedLogin } from '../n-port/carried-login.ts';
import type { FrameHeader } from '../n-port/frame-header.ts';
import type { LportListener, LportOptions } from '../n-port/lport.ts';
import type { FabricLoginReply, NPortLink } from '../n-port/n-port-link.ts';
import type { FcfEntry } from './fcf-list.ts';
import { FcoeSender } from './fcoe-sender.ts';
import { FipController, type FipPort } from './fip-controller.ts';
import type { FipInput, VnPortName } from './fip-input.ts';
import { type FipLoginOwner, FipLogins } from './fip-logins.ts';
import { type ReloginOwner, Relogins } from './relogins.ts';
import type { VlanChoice } from './vlan-list.ts';
import { VnPort } from './vn-port.ts';

/** NPIV ports one ENode may have. */
const VN_PORTS_MAX = 4096;
/** R_CTL of FC-4 device data is 0xh. Source: FC-FS-3, routing. */
const R_CTL_DATA_LAST = 0x0f;

/** What an ENode is told when it is made. */
export interface EnodeOptions {
  /** Port number on the machine that owns the ENode. */
  readonly port: number;
  readonly mac: Mac;
  readonly nodeName: Wwn;
  readonly vlanDiscovery: boolean;
  /** Which VLANs of the answer it uses. Default `VLAN_CHOICE_DEFAULT`. */
  readonly vlanChoice?: VlanChoice;
  /** VLAN without discovery; 0 is untagged. */
  readonly vlan: number;
  /** Priority code point of FIP and FCoE frames. */
  readonly vlanPriority: number;
  readonly fcfSelectionDelayNs: number;
}

/** What an ENode needs of its machine. */
export interface EnodeOwner {
  readonly now: Instant;
  /** Puts a frame on a port's link, and gives it away: the ENode keeps nothing of it. */
  send(port: number, frame: Uint8Array): void;
  after(delayNs: number, run: () => void): Timer;
  /** A peer contradicted our state, or sent what does not decode. */
  contradiction(port: number, what: string): void;
}

/**
 * An ENode: FIP below, VN_Ports above. A frame that does not decode is a contradiction for its owner,
 * never an error.
 */
export class Enode implements FipPort, FipLoginOwner, ReloginOwner, NPortLink<VnPort> {
  readonly options: EnodeOptions;
  readonly fip: FipController;
  readonly #owner: EnodeOwner;
  readonly #lports = new Set<VnPort>();
  readonly #byNPortId = new Map<FcId, VnPort>();
  readonly #logins = new FipLogins(this);
  readonly #sender: FcoeSender;
  readonly #relogins = new Relogins(this);
  physical: VnPort | undefined;

  constructor(options: EnodeOptions, owner: EnodeOwner) {
    this.options = options;
    this.#owner = owner;
    this.#sender = new FcoeSender(options.vlanPriority);
    this.fip = new FipController({ ...options, maxFcoeSizeBytes: FCOE_MTU_BYTES }, this);
  }

  get now(): Instant {
    return this.#owner.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#owner.after(delayNs, run);
  }

  linkUp(): void {
    this.fip.linkUp();
  }

  linkDown(): void {
    this.fip.linkDown();
  }

  /** Makes a port that stays silent until `startLport`. */
  createLport(options: LportOptions, listener: LportListener): VnPort {
    return new VnPort(this, options, listener);
  }

  /** From now on the port logs in whenever the fabric (for NPIV: the physical port) allows. */
  startLport(lport: VnPort): void {
    if (this.#lports.has(lport)) return;
    if (this.#lports.size >= VN_PORTS_MAX) {
      throw new RangeError(`more than ${VN_PORTS_MAX} ports on one ENode`);
    }
    this.#lports.add(lport);
    if (lport.options.physical) {
      this.physical = lport;
      if (this.fip.selected !== undefined) lport.start();
    } else if (this.#physicalIsUp()) lport.start();
  }

  /** A port that goes on with a login which the fabric carried over to this ENode. */
  adoptLport(lport: VnPort, login: CarriedLogin): void {
    this.#lports.add(lport);
    lport.enterCarriedLogin(login);
  }

  /** Takes a port away; it must have logged out or been reset before. */
  removeLport(lport: VnPort): void {
    if (lport.nPortId !== 0) lport.enterReset('removed', false);
    this.#lports.delete(lport);
    if (lport === this.physical) this.physical = undefined;
  }

  #physicalIsUp(): boolean {
    return (
      this.fip.selected !== undefined && this.physical !== undefined && this.physical.nPortId !== 0
    );
  }

  /** How much it keeps, by kind. */
  kept(): { readonly remotePorts: number; readonly exchanges: number; readonly logins: number } {
    let remotePorts = 0;
    let exchanges = 0;
    for (const lport of this.#lports) {
      remotePorts += lport.rports.size;
      exchanges += lport.exchanges.size;
    }
    return { remotePorts, exchanges, logins: this.#logins.size };
  }

  /** Whether an NPIV port of this ENode could log in now. */
  mayLogIn(lport: VnPort): boolean {
    return this.#lports.has(lport) && this.#physicalIsUp();
  }

  // What the FIP controller asks for.

  *vnPorts(): Iterable<VnPortName> {
    yield* this.#byNPortId.values();
  }

  fcfSelected(_fcf: FcfEntry): void {
    this.physical?.start();
  }

  fcfLost(reason: string): void {
    this.#logins.close();
    for (const lport of this.#lports) lport.enterReset(reason, false);
  }

  cleared(nPortIds: FcId[]): void {
    if (this.physical !== undefined && nPortIds.includes(this.physical.nPortId)) {
      this.fip.restart('Clear Virtual Links: the physical port');
      return;
    }
    for (const nPortId of nPortIds) {
      const lport = this.#byNPortId.get(nPortId);
      if (lport !== undefined) this.#relogins.cleared(lport);
    }
  }

  contradiction(what: string): void {
    this.#owner.contradiction(this.options.port, what);
  }

  // What lports ask for.

  peerContradiction(lport: VnPort, what: string): void {
    this.contradiction(`${formatFcId(lport.nPortId)}: ${what}`);
  }

  attached(lport: VnPort): void {
    lport.readMac();
    this.#byNPortId.set(lport.nPortId, lport);
    if (!lport.options.physical) return;
    for (const other of this.#lports) if (other.state === 'disabled') other.start();
  }

  detached(lport: VnPort): void {
    this.#byNPortId.delete(lport.nPortId);
  }

  transmit(lport: VnPort, header: FrameHeader, payload: Uint8Array, last: boolean): void {
    const { selected: fcf, vlan } = this.fip;
    if (fcf === undefined || lport.nPortId === 0) return;
    const frame = this.#sender.frame(lport, fcf, vlan, header, payload, last);
    this.#owner.send(this.options.port, frame);
  }

  transmitMessage<I>(
    lport: VnPort,
    header: FrameHeader,
    codec: MessageWriter<I>,
    message: I,
  ): void {
    const { selected: fcf, vlan } = this.fip;
    if (fcf === undefined || lport.nPortId === 0) return;
    const frame = this.#sender.messageFrame(lport, fcf, vlan, header, codec, message);
    this.#owner.send(this.options.port, frame);
  }

  /** FLOGI, FDISC and fabric LOGO travel in FIP. The reply's granted address comes with it. */
  sendLogin(
    lport: VnPort,
    kind: 'flogi' | 'fdisc' | 'logo',
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void {
    this.#logins.send(lport, kind, oxId, payload, timeoutNs, done);
  }

  // What the logins ask for.

  get mac(): Mac {
    return this.options.mac;
  }

  get fcf(): FcfEntry | undefined {
    return this.fip.selected;
  }

  get vlan(): number {
    return this.fip.vlan;
  }

  wants(port: VnPort): boolean {
    return this.#lports.has(port);
  }

  mayHold(port: VnPort, nPortId: FcId): boolean {
    const holder = this.#byNPortId.get(nPortId);
    return nPortId !== 0 && (holder === undefined || holder === port);
  }

  sendFip(destination: Mac, source: Mac, vlan: number, message: FipInput): void {
    this.#owner.send(this.options.port, this.#sender.fipFrame(destination, source, vlan, message));
  }

  // Frames from the wire.

  handleFrame(frame: Uint8Array): void {
    if (frame.length < 14) return;
    let payloadAt = 14;
    let etherType = (frame[12]! << 8) | frame[13]!;
    let vlan = 0;
    if (etherType === ETHERTYPE_VLAN) {
      if (frame.length < 18) return;
      vlan = ((frame[14]! & 0x0f) << 8) | frame[15]!;
      etherType = (frame[16]! << 8) | frame[17]!;
      payloadAt = 18;
    }
    try {
      if (etherType === ETHERTYPE_FCOE) this.#handleFcoe(frame, vlan);
      else if (etherType === ETHERTYPE_FIP) this.#handleFip(frame, payloadAt, vlan);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.contradiction(error.message);
    }
  }

  #handleFip(frame: Uint8Array, at: number, vlan: number): void {
    const message = fipMessage.decode(frame, at);
    const source = macAt(frame, 6);
    if (
      message.operation === FipOperation['Virtual Link Instantiation'] &&
      message.subcode === FipLinkService.Reply
    ) {
      this.#logins.handleReply(message, source);
    } else this.fip.handle(message, source, vlan);
  }

  #handleFcoe(frame: Uint8Array, vlan: number): void {
    const fcf = this.fip.selected;
    if (fcf === undefined || vlan !== this.fip.vlan) return;
    const fault = locator.find(frame);
    if (fault !== undefined) throw fault;
    const { fcAt, payloadAt, payloadEnd, eofAt } = locator;
    const lport = this.#byNPortId.get(uint24At(frame, fcAt + 1));
    if (lport === undefined) return;
    if (uint24At(frame, 0) !== lport.macHigh24 || uint24At(frame, 3) !== lport.macLow24) return;
    const head = this.#sender.headTo(fcf, vlan);
    if (uint24At(frame, 6) !== uint24At(head, 0) || uint24At(frame, 9) !== uint24At(head, 3))
      return;
    if (!fcCrcIsGood(frame, locator)) {
      this.peerContradiction(lport, 'frame with a wrong FC CRC dropped');
      return;
    }
    const eof = frame[eofAt]!;
    if (eof !== Eof.EOFn && eof !== Eof.EOFt) return;
    lport.handleFrame(headerOf(frame, fcAt), frame, payloadAt, payloadEnd);
  }
}

/** Moves from frame to frame; its places are read before anybody else can move it. */
const locator = new FcLocator();

/** Moves from frame to frame too. */
const fcpHeader = fcHeader.view(new Uint8Array(FC_HEADER_BYTES));

/** The header of a frame; of FCP data and commands, as most frames are, one that is gone with the next. */
function headerOf(frame: Uint8Array, fcAt: number): FcHeader {
  fcpHeader.move(frame, fcAt);
  const isData = fcpHeader.rCtl <= R_CTL_DATA_LAST && fcpHeader.type === FcType.FCP;
  return isData ? fcpHeader : fcHeader.decode(frame, fcAt, fcAt + FC_HEADER_BYTES);
}
