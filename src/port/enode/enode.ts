/**
 * An ENode: one Ethernet port of a converged adapter, with its FIP controller, its physical
 * N_Port and its NPIV ports.
 *
 * Ownership: a host or an array owns its ENodes; an ENode owns its lports. Frames go in through
 * `handleFrame`; everything it sends goes through `Core.send` on its port number.
 * Source: FC-BB-5, ENodes.
 */

import { ElsCommand, LsRjtExplanation, LsRjtReason, lsRjt } from '../../codecs/els/index.ts';
import { ETHERTYPE_FCOE, ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import {
  FC_HEADER_BYTES,
  FCTL_REQUEST,
  type FcHeader,
  type FcHeaderInput,
  FcType,
  fcHeader,
  RCtl,
  WellKnownAddress,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import {
  Eof,
  encodeBehindHead,
  encodeMessageBehindHead,
  FCOE_MTU_BYTES,
  FcLocator,
  fcCrcIsGood,
  fcoeFrameHead,
  fpma,
  type MessageWriter,
  Sof,
} from '../../codecs/fcoe/index.ts';
import {
  type FipDescriptorInput,
  FipFlags,
  FipLinkService,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipElsOf,
  fipEncapsulate,
  fipMessage,
} from '../../codecs/fip/index.ts';
import {
  CodecError,
  type FcId,
  formatFcId,
  type Mac,
  macAt,
  putMac,
  putUint24,
  uint24At,
  type Wwn,
} from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { roomFor } from '../../machine/slab.ts';
import type { Timer } from '../../machine/timers.ts';
import type { FrameHeader } from '../n-port/frame-header.ts';
import {
  type CarriedLogin,
  type FabricLoginReply,
  Lport,
  type LportFabric,
  type LportListener,
  type LportOptions,
} from '../n-port/lport.ts';
import { type FcfEntry, FipController, type FipPort } from './fip-controller.ts';

/** NPIV ports one ENode may have. */
const VN_PORTS_MAX = 4096;
/** R_CTL of FC-4 device data is 0xh. Source: FC-FS-3, routing. */
const R_CTL_DATA_LAST = 0x0f;
const ZERO_MAC = '00:00:00:00:00:00';

export interface EnodeOptions {
  /** Port number on the machine that owns the ENode. */
  readonly port: number;
  readonly mac: Mac;
  readonly nodeName: Wwn;
  readonly vlanDiscovery: boolean;
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

interface PendingFip {
  readonly lport: Lport;
  readonly done: (reply: FabricLoginReply) => void;
  readonly timer: Timer;
}

export class Enode implements FipPort, LportFabric {
  readonly options: EnodeOptions;
  readonly fip: FipController;
  readonly #owner: EnodeOwner;
  readonly #lports = new Set<Lport>();
  readonly #byNPortId = new Map<FcId, Lport>();
  readonly #pending = new Map<string, PendingFip>();
  /** When the fabric last cleared a port's virtual link. */
  readonly #clearedAt = new WeakMap<Lport, Instant>();
  #loginOxId = 0;
  #head: Uint8Array | undefined;
  #headFcf: FcfEntry | undefined;
  #headVid = 0;
  physical: Lport | undefined;

  constructor(options: EnodeOptions, owner: EnodeOwner) {
    this.options = options;
    this.#owner = owner;
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
  createLport(options: LportOptions, listener: LportListener): Lport {
    return new Lport(this, options, listener);
  }

  /** From now on the port logs in whenever the fabric (for NPIV: the physical port) allows. */
  startLport(lport: Lport): void {
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
  adoptLport(lport: Lport, login: CarriedLogin): void {
    this.#lports.add(lport);
    lport.enterCarriedLogin(login);
  }

  /** Takes a port away; it must have logged out or been reset before. */
  removeLport(lport: Lport): void {
    if (lport.nPortId !== 0) lport.enterReset('removed', false);
    this.#lports.delete(lport);
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
    return { remotePorts, exchanges, logins: this.#pending.size };
  }

  // What the FIP controller asks for.

  *vnPorts(): Iterable<{ readonly mac: Mac; readonly nPortId: FcId; readonly portName: Wwn }> {
    yield* this.#byNPortId.values();
  }

  fcfSelected(_fcf: FcfEntry): void {
    this.physical?.start();
  }

  fcfLost(reason: string): void {
    for (const [key, pending] of [...this.#pending])
      this.#endFip(key, pending, { result: 'closed' });
    for (const lport of this.#lports) lport.enterReset(reason, false);
  }

  cleared(nPortIds: FcId[]): void {
    if (this.physical !== undefined && nPortIds.includes(this.physical.nPortId)) {
      this.fip.restart('Clear Virtual Links: the physical port');
      return;
    }
    for (const nPortId of nPortIds) {
      const lport = this.#byNPortId.get(nPortId);
      if (lport !== undefined) this.#clearedLport(lport);
    }
  }

  /** Logs in anew; not when it was on its way out, and not at once when it was cleared just now. */
  #clearedLport(lport: Lport): void {
    const { now } = this;
    const leaves = lport.state === 'logo';
    const lastCleared = this.#clearedAt.get(lport);
    lport.enterReset('Clear Virtual Links', false);
    if (leaves) return;
    this.#clearedAt.set(lport, now);
    // Two hosts that take a WWPN from each other would do nothing else.
    if (lastCleared === undefined || now - lastCleared > lport.eDTovNs) {
      lport.start();
      return;
    }
    const { epoch } = lport;
    this.after(lport.eDTovNs, () => {
      const waits = lport.epoch === epoch && lport.state === 'disabled';
      if (waits && this.#lports.has(lport) && this.#physicalIsUp()) lport.start();
    });
  }

  contradiction(what: string): void {
    this.#owner.contradiction(this.options.port, what);
  }

  // What lports ask for.

  peerContradiction(lport: Lport, what: string): void {
    this.contradiction(`${formatFcId(lport.nPortId)}: ${what}`);
  }

  attached(lport: Lport): void {
    const mac = new Uint8Array(6);
    putMac(mac, 0, lport.mac);
    lport.macHigh24 = uint24At(mac, 0);
    lport.macLow24 = uint24At(mac, 3);
    this.#byNPortId.set(lport.nPortId, lport);
    if (!lport.options.physical) return;
    for (const other of this.#lports) if (other.state === 'disabled') other.start();
  }

  detached(lport: Lport): void {
    this.#byNPortId.delete(lport.nPortId);
  }

  transmit(lport: Lport, header: FrameHeader, payload: Uint8Array, last: boolean): void {
    const fcf = this.fip.selected;
    if (fcf === undefined || lport.nPortId === 0) return;
    const sof = header.seqCnt === 0 ? Sof.SOFi3 : Sof.SOFn3;
    const eof = last ? Eof.EOFt : Eof.EOFn;
    const head = this.#headOf(lport, fcf);
    this.#owner.send(this.options.port, encodeBehindHead(head, sof, eof, header, payload, roomFor));
  }

  transmitMessage<I>(lport: Lport, header: FrameHeader, codec: MessageWriter<I>, message: I): void {
    const fcf = this.fip.selected;
    if (fcf === undefined || lport.nPortId === 0) return;
    const head = this.#headOf(lport, fcf);
    const frame = encodeMessageBehindHead(
      head,
      Sof.SOFi3,
      Eof.EOFt,
      header,
      codec,
      message,
      roomFor,
    );
    this.#owner.send(this.options.port, frame);
  }

  /** What the next frame of a port begins with. One head serves them all: it is in the cache. */
  #headOf(lport: Lport, fcf: FcfEntry): Uint8Array {
    const head = this.#headTo(fcf);
    putUint24(head, 6, lport.macHigh24);
    putUint24(head, 9, lport.macLow24);
    return head;
  }

  /** What frames to an FCF begin with, but for their source. */
  #headTo(fcf: FcfEntry): Uint8Array {
    const { vlan: vid } = this.fip;
    if (this.#head === undefined || this.#headFcf !== fcf || this.#headVid !== vid) {
      const vlan = vid === 0 ? undefined : { vid, priority: this.options.vlanPriority };
      this.#head = fcoeFrameHead(fcf.mac, ZERO_MAC, vlan);
      this.#headFcf = fcf;
      this.#headVid = vid;
    }
    return this.#head;
  }

  /** FLOGI, FDISC and fabric LOGO travel in FIP. The reply's granted address comes with it. */
  sendLogin(
    lport: Lport,
    kind: 'flogi' | 'fdisc' | 'logo',
    ownOxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void {
    const fcf = this.fip.selected;
    if (fcf === undefined) {
      done({ result: 'closed' });
      return;
    }
    const oxId = ownOxId ?? this.#nextLoginOxId();
    const key = pendingKey(lport.nPortId, oxId, kind);
    const timer = this.after(timeoutNs, () => {
      this.#pending.delete(key);
      done({ result: 'timeout' });
    });
    this.#pending.set(key, { lport, done, timer });
    const header: FcHeaderInput = {
      rCtl: RCtl['ELS Request'],
      dId: WellKnownAddress['F_Port Controller'],
      sId: lport.nPortId,
      type: FcType.ELS,
      fCtl: FCTL_REQUEST,
      oxId,
    };
    this.sendFip(fcf.mac, this.options.mac, this.fip.vlan, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Request,
      flags: FipFlags.FP,
      descriptors: [
        fipEncapsulate(kind, header, payload),
        { kind: 'mac', mac: lport.mac === '' ? ZERO_MAC : lport.mac },
      ],
    });
  }

  /**
   * Ports that have no N_Port_ID yet all ask with S_ID 0, so their OX_IDs are of one row. It is
   * far longer than the ports an ENode may have: an answer that comes late meets no later request.
   */
  #nextLoginOxId(): number {
    this.#loginOxId = this.#loginOxId === XID_UNASSIGNED - 1 ? 1 : this.#loginOxId + 1;
    return this.#loginOxId;
  }

  sendFip(
    destination: Mac,
    source: Mac,
    vlan: number,
    message: {
      operation: number;
      subcode: number;
      flags: number;
      descriptors: FipDescriptorInput[];
    },
  ): void {
    const headBytes = vlan === 0 ? 14 : 18;
    const bytes = fipMessage.sizeOf(message);
    // Ethernet frames have at least 60 bytes without FCS.
    const frame = new Uint8Array(Math.max(60, headBytes + bytes));
    putMac(frame, 0, destination);
    putMac(frame, 6, source);
    putEtherTypes(frame, vlan, this.options.vlanPriority, ETHERTYPE_FIP);
    fipMessage.write(frame, headBytes, message);
    this.#owner.send(this.options.port, frame);
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
      this.#handleLoginReply(message, source);
    } else this.fip.handle(message, source, vlan);
  }

  #handleLoginReply(message: FipMessage, source: Mac): void {
    const els = fipElsOf(message);
    if (els === undefined || els.kind === 'elp' || source !== this.fip.selected?.mac) return;
    const { header, payload } = els;
    const sId = els.kind === 'logo' ? header.dId : 0;
    const key = pendingKey(sId, header.oxId, els.kind);
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    if (payload[0] !== ElsCommand.LS_ACC) {
      const { reason, explanation } = lsRjt.decode(payload);
      this.#endFip(key, pending, { result: 'reject', reason, explanation });
      return;
    }
    if (els.kind === 'logo') {
      this.#endFip(key, pending, { result: 'accept', header, payload });
      return;
    }
    const nPortId = header.dId;
    const holder = this.#byNPortId.get(nPortId);
    if (nPortId === 0 || (holder !== undefined && holder !== pending.lport)) {
      this.contradiction(
        `${els.kind} was granted ${formatFcId(nPortId)}, which is nobody's to have`,
      );
      this.#endFip(key, pending, NO_GRANT);
      return;
    }
    const granted = fipDescriptorOf(message, 'mac')?.mac;
    const fcMap = this.fip.selected.fcMap;
    const mac = granted ?? fpma(fcMap, nPortId);
    this.#endFip(key, pending, { result: 'granted', nPortId, mac, payload });
  }

  #endFip(key: string, pending: PendingFip, reply: FabricLoginReply): void {
    pending.timer.cancel();
    this.#pending.delete(key);
    pending.done(reply);
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
    const head = this.#headTo(fcf);
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

/** An accept that grants nothing: the port asks again, as after a refusal. */
const NO_GRANT: FabricLoginReply = {
  result: 'reject',
  reason: LsRjtReason.LOGICAL_ERROR,
  explanation: LsRjtExplanation.NO_ADDITIONAL_EXPLANATION,
};

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

function pendingKey(sId: FcId, oxId: number, kind: string): string {
  return `${kind} ${sId} ${oxId}`;
}

function putEtherTypes(frame: Uint8Array, vlan: number, priority: number, etherType: number): void {
  let at = 12;
  if (vlan !== 0) {
    frame[12] = ETHERTYPE_VLAN >>> 8;
    frame[13] = ETHERTYPE_VLAN & 0xff;
    frame[14] = (priority << 5) | (vlan >>> 8);
    frame[15] = vlan & 0xff;
    at = 16;
  }
  frame[at] = etherType >>> 8;
  frame[at + 1] = etherType & 0xff;
}
