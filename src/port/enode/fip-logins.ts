/**
 * FLOGI, FDISC and LOGO of an ENode's VN_Ports, each inside a FIP message that waits for its reply.
 *
 * Ownership: an ENode owns one; what is under way is known by kind, S_ID and OX_ID.
 * Source: FC-BB-5, FIP virtual link instantiation.
 */
import { ElsCommand, LsRjtExplanation, LsRjtReason, logo, lsRjt } from '../../codecs/els/index.ts';
import {
  FCTL_REQUEST,
  type FcHeaderInput,
  FcType,
  RCtl,
  WellKnownAddress,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { fpma } from '../../codecs/fcoe/index.ts';
import {
  FipFlags,
  FipLinkService,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipElsOf,
  fipEncapsulate,
} from '../../codecs/fip/index.ts';
import { type FcId, formatFcId, type Mac } from '../../codecs/layout/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type { FabricLoginReply } from '../n-port/n-port-link.ts';
import type { FcfEntry } from './fcf-list.ts';
import type { FipInput } from './fip-input.ts';
import type { VnPort } from './vn-port.ts';

const ZERO_MAC = '00:00:00:00:00:00';

/** What logins need of their ENode. */
export interface FipLoginOwner {
  readonly mac: Mac;
  /** The FCF that is logged in with, and the VLAN it is in. */
  readonly fcf: FcfEntry | undefined;
  readonly vlan: number;
  after(delayNs: number, run: () => void): Timer;
  sendFip(destination: Mac, source: Mac, vlan: number, message: FipInput): void;
  /** False for a port that was removed while its login was under way. */
  wants(port: VnPort): boolean;
  /** False for an address that is none, or another port's. */
  mayHold(port: VnPort, nPortId: FcId): boolean;
  contradiction(what: string): void;
}

type Kind = 'flogi' | 'fdisc' | 'logo';

interface Pending {
  readonly port: VnPort;
  readonly done: (reply: FabricLoginReply) => void;
  readonly timer: Timer;
}

/** An accept that grants nothing: the port asks again, as after a refusal. */
const NO_GRANT: FabricLoginReply = {
  result: 'reject',
  reason: LsRjtReason.LOGICAL_ERROR,
  explanation: LsRjtExplanation.NO_ADDITIONAL_EXPLANATION,
};

const keyOf = (sId: FcId, oxId: number, kind: string): string => `${kind} ${sId} ${oxId}`;

/** Fabric logins and logouts of one ENode that are under way. */
export class FipLogins {
  readonly #enode: FipLoginOwner;
  readonly #pending = new Map<string, Pending>();
  #oxId = 0;

  constructor(enode: FipLoginOwner) {
    this.#enode = enode;
  }

  /** Sends a request to the FCF; `done` is called once. */
  send(
    port: VnPort,
    kind: Kind,
    ownOxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void {
    const { fcf } = this.#enode;
    if (fcf === undefined) {
      done({ result: 'closed' });
      return;
    }
    const oxId = ownOxId ?? this.#nextOxId();
    const key = keyOf(port.nPortId, oxId, kind);
    const timer = this.#enode.after(timeoutNs, () => {
      this.#pending.delete(key);
      done({ result: 'timeout' });
    });
    this.#pending.set(key, { port, done, timer });
    const linkAddress = port.mac === '' ? ZERO_MAC : port.mac;
    this.#request(fcf, kind, port.nPortId, linkAddress, oxId, payload);
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#pending.size;
  }

  /** A reply from a MAC address; one that nobody waits for is passed over. Errors: `CodecError`. */
  handleReply(message: FipMessage, source: Mac): void {
    const els = fipElsOf(message);
    const { fcf } = this.#enode;
    if (els === undefined || els.kind === 'elp' || source !== fcf?.mac) return;
    const { header, payload } = els;
    const sId = els.kind === 'logo' ? header.dId : 0;
    const key = keyOf(sId, header.oxId, els.kind);
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    if (payload[0] !== ElsCommand.LS_ACC) {
      const { reason, explanation } = lsRjt.decode(payload);
      this.#end(key, pending, { result: 'reject', reason, explanation });
      return;
    }
    if (els.kind === 'logo') {
      this.#end(key, pending, { result: 'accept', header, payload });
      return;
    }
    const nPortId = header.dId;
    if (!this.#enode.mayHold(pending.port, nPortId)) {
      const address = formatFcId(nPortId);
      this.#enode.contradiction(`${els.kind} was granted ${address}, which is nobody's to have`);
      this.#end(key, pending, NO_GRANT);
      return;
    }
    const linkAddress = fipDescriptorOf(message, 'mac')?.mac ?? fpma(fcf.fcMap, nPortId);
    if (this.#enode.wants(pending.port)) {
      this.#end(key, pending, { result: 'granted', nPortId, linkAddress, payload });
      return;
    }
    this.#giveBack(pending.port, nPortId, linkAddress, fcf);
    this.#end(key, pending, { result: 'closed' });
  }

  /** What was granted to a port that is gone: nobody else would ever tell the fabric that it is. */
  #giveBack(port: VnPort, nPortId: FcId, linkAddress: Mac, fcf: FcfEntry): void {
    const { portName } = port.options;
    this.#request(
      fcf,
      'logo',
      nPortId,
      linkAddress,
      this.#nextOxId(),
      logo.encode({ nPortId, portName }),
    );
  }

  #request(
    fcf: FcfEntry,
    kind: Kind,
    sId: FcId,
    linkAddress: Mac,
    oxId: number,
    payload: Uint8Array,
  ): void {
    const { mac, vlan } = this.#enode;
    const header: FcHeaderInput = {
      rCtl: RCtl['ELS Request'],
      dId: WellKnownAddress['F_Port Controller'],
      sId,
      type: FcType.ELS,
      fCtl: FCTL_REQUEST,
      oxId,
    };
    this.#enode.sendFip(fcf.mac, mac, vlan, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Request,
      flags: FipFlags.FP,
      descriptors: [fipEncapsulate(kind, header, payload), { kind: 'mac', mac: linkAddress }],
    });
  }

  /** The FCF is gone, and what it was asked for. */
  close(): void {
    for (const [key, pending] of [...this.#pending]) this.#end(key, pending, { result: 'closed' });
  }

  #end(key: string, pending: Pending, reply: FabricLoginReply): void {
    pending.timer.cancel();
    this.#pending.delete(key);
    pending.done(reply);
  }

  /**
   * Ports that have no N_Port_ID yet all ask with S_ID 0, so their OX_IDs are of one row. It is
   * far longer than the ports an ENode may have: an answer that comes late meets no later request.
   */
  #nextOxId(): number {
    this.#oxId = this.#oxId === XID_UNASSIGNED - 1 ? 1 : this.#oxId + 1;
    return this.#oxId;
  }
}
