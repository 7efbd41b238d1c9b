/**
 * An ENode: one Ethernet port of a converged adapter, with its FIP controller, its physical
 * N_Port and its NPIV ports.
 *
 * Ownership: a host or an array owns its ENodes; an ENode owns its lports. Frames go in through
 * `handleFrame`; everything it sends goes through `Core.send` on its port number.
 * Source: FC-BB-5, ENodes.
 */

import {
  ETHERTYPE_FCOE,
  ETHERTYPE_FIP,
  ETHERTYPE_VLAN,
  EtherType,
} from '../../codecs/ethernet/index.ts';
import { Eof, FCOE_MTU_BYTES, FcLocator, fcCrcIsGood } from '../../codecs/fcoe/index.ts';
import { FipLinkService, FipOperation, fipMessage } from '../../codecs/fip/index.ts';
import {
  CodecError,
  type FcId,
  type Mac,
  type MessageWriter,
  macAt,
  uint24At,
  type Wwn,
} from '../../codecs/layout/index.ts';
import type { DcbAgreement } from '../../history/dcb.ts';
import { SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { type DcbxOptions, DcbxPort } from '../../net/dcbx/dcbx-port.ts';
import { priorityOf } from '../../net/dcbx/settings.ts';
import { type FrameHeader, headerOf } from '../n-port/frame-header.ts';
import type { LportListener, LportOptions } from '../n-port/lport.ts';
import { type AdapterOwner, NPortAdapter } from '../n-port/n-port-adapter.ts';
import type { FabricLoginReply } from '../n-port/n-port-link.ts';
import type { FcfEntry } from './fcf-list.ts';
import { FcoeSender } from './fcoe-sender.ts';
import { FipController, type FipPort } from './fip-controller.ts';
import type { FipInput, VnPortName } from './fip-input.ts';
import { type FipLoginOwner, FipLogins } from './fip-logins.ts';
import type { VlanChoice } from './vlan-list.ts';
import { VnPort } from './vn-port.ts';

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
  /** Data center bridging exchange on its link; it speaks none when left out. */
  readonly dcbx?: DcbxOptions;
  /** Its ports ask to be told when frames wait (RDF). Default false. */
  readonly notices?: boolean;
}

/** So long an ENode that speaks DCBX waits for a peer that does: three frames of it. */
const DCBX_WAIT_NS = 3 * SECOND;

/**
 * An ENode: FIP below, VN_Ports above. A frame that does not decode is a contradiction for its owner,
 * never an error.
 */
export class Enode extends NPortAdapter<VnPort> implements FipPort, FipLoginOwner {
  readonly options: EnodeOptions;
  readonly fip: FipController;
  readonly #logins = new FipLogins(this);
  readonly #sender: FcoeSender;
  readonly dcbx: DcbxPort | undefined;
  /** FIP begins when the link is known not to drop, or when nobody says so in time. */
  #waiting: Timer | undefined;

  constructor(options: EnodeOptions, owner: AdapterOwner) {
    super(options.port, owner);
    this.options = options;
    this.#sender = new FcoeSender(options.vlanPriority);
    this.fip = new FipController({ ...options, maxFcoeSizeBytes: FCOE_MTU_BYTES }, this);
    this.dcbx = options.dcbx && this.#exchange(options.dcbx);
  }

  protected get isReachable(): boolean {
    return this.fip.selected !== undefined;
  }

  protected get requestsUnderWay(): number {
    return this.#logins.size;
  }

  get fabricName(): Wwn {
    return this.fip.selected?.fabricName ?? 0n;
  }

  get complaint(): string {
    return this.fip.complaint;
  }

  linkUp(): void {
    if (this.dcbx === undefined) {
      this.fip.linkUp();
      return;
    }
    this.#waiting = this.owner.after(DCBX_WAIT_NS, () => this.fip.linkUp());
    this.dcbx.linkUp();
  }

  linkDown(): void {
    this.#waiting?.cancel();
    this.dcbx?.linkDown();
    this.fip.linkDown();
  }

  createLport(options: LportOptions, listener: LportListener): VnPort {
    const { notices = false } = this.options;
    return new VnPort(this, notices ? { ...options, notices } : options, listener);
  }

  // What the FIP controller asks for.

  *vnPorts(): Iterable<VnPortName> {
    yield* this.byNPortId.values();
  }

  fcfSelected(_fcf: FcfEntry): void {
    this.physical?.start();
  }

  fcfLost(reason: string): void {
    this.#logins.close();
    this.reset(reason);
  }

  cleared(nPortIds: FcId[]): void {
    if (this.physical !== undefined && nPortIds.includes(this.physical.nPortId)) {
      this.fip.restart('Clear Virtual Links: the physical port');
      return;
    }
    for (const nPortId of nPortIds) {
      const lport = this.byNPortId.get(nPortId);
      if (lport !== undefined) this.relogin(lport, 'Clear Virtual Links');
    }
  }

  // What lports ask for.

  override attached(lport: VnPort): void {
    lport.readMac();
    super.attached(lport);
  }

  transmit(lport: VnPort, header: FrameHeader, payload: Uint8Array, last: boolean): void {
    const { selected: fcf, vlan } = this.fip;
    if (fcf === undefined || lport.nPortId === 0) return;
    const frame = this.#sender.frame(lport, fcf, vlan, header, payload, last);
    this.owner.send(this.options.port, frame);
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
    this.owner.send(this.options.port, frame);
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

  sendFip(destination: Mac, source: Mac, vlan: number, message: FipInput): void {
    this.owner.send(this.options.port, this.#sender.fipFrame(destination, source, vlan, message));
  }

  #exchange(options: DcbxOptions): DcbxPort {
    const { port, mac } = this.options;
    const { owner } = this;
    return new DcbxPort(options, {
      mac,
      get now() {
        return owner.now;
      },
      after: (delayNs, run) => owner.after(delayNs, run),
      send: (frame) => owner.send(port, frame),
      agreed: (agreement) => this.#agreed(agreement),
      contradiction: (what) => this.contradiction(`LLDP: ${what}`),
    });
  }

  /** Its frames have the priorities that were agreed on. */
  #agreed(agreement: DcbAgreement): void {
    const { port, vlanPriority } = this.options;
    this.#sender.setPriorities(
      priorityOf(agreement, ETHERTYPE_FCOE) ?? vlanPriority,
      priorityOf(agreement, ETHERTYPE_FIP) ?? vlanPriority,
    );
    this.owner.dcbAgreed(port, agreement);
    if (!agreement.isAgreed || this.#waiting === undefined) return;
    this.#waiting.cancel();
    this.#waiting = undefined;
    this.fip.linkUp();
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
      else if (etherType === EtherType.LLDP && vlan === 0) this.dcbx?.handleFrame(frame);
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
    const lport = this.byNPortId.get(uint24At(frame, fcAt + 1));
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
