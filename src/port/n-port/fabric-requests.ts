/**
 * FLOGI, FDISC and LOGO of the N_Ports on one adapter, each waiting for its reply. What carries them is
 * the link's: FIP on FCoE, frames of their own on Fibre Channel.
 *
 * Ownership: an adapter owns one; what is under way is known by S_ID and OX_ID.
 * Source: FC-LS-3, FLOGI, FDISC and LOGO.
 */
import { ElsCommand, LsRjtExplanation, LsRjtReason, logo, lsRjt } from '../../codecs/els/index.ts';
import {
  FCTL_REQUEST,
  type FcHeader,
  type FcHeaderInput,
  FcType,
  RCtl,
  WellKnownAddress,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { type FcId, formatFcId } from '../../codecs/layout/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Lport } from './lport.ts';
import type { FabricLoginReply } from './n-port-link.ts';

/** What is asked of the F_Port. */
export type FabricRequestKind = 'flogi' | 'fdisc' | 'logo';

/** What requests need of their adapter. */
export interface FabricRequestOwner<Port> {
  after(delayNs: number, run: () => void): Timer;
  /** Puts a request on the link; `linkAddress`: what the link calls the port, empty before its login. */
  sendFabricRequest(
    kind: FabricRequestKind,
    header: FcHeaderInput,
    payload: Uint8Array,
    linkAddress: string,
  ): void;
  /** False for a port that was removed while its login was under way. */
  wants(port: Port): boolean;
  /** False for an address that is none, or another port's. */
  mayHold(port: Port, nPortId: FcId): boolean;
  contradiction(what: string): void;
}

interface Pending<Port> {
  readonly port: Port;
  readonly kind: FabricRequestKind;
  readonly done: (reply: FabricLoginReply) => void;
  readonly timer: Timer;
}

/** An accept that grants nothing: the port asks again, as after a refusal. */
const NO_GRANT: FabricLoginReply = {
  result: 'reject',
  reason: LsRjtReason.LOGICAL_ERROR,
  explanation: LsRjtExplanation.NO_ADDITIONAL_EXPLANATION,
};

const keyOf = (sId: FcId, oxId: number): number => sId * 0x1_0000 + oxId;

/** Fabric logins and logouts of one adapter that are under way. */
export class FabricRequests<Port extends Lport> {
  readonly #adapter: FabricRequestOwner<Port>;
  readonly #pending = new Map<number, Pending<Port>>();
  #oxId = 0;

  constructor(adapter: FabricRequestOwner<Port>) {
    this.#adapter = adapter;
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#pending.size;
  }

  /** Sends a request; `done` is called once. */
  send(
    port: Port,
    kind: FabricRequestKind,
    ownOxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void {
    const oxId = ownOxId ?? this.#nextOxId();
    const key = keyOf(port.nPortId, oxId);
    const timer = this.#adapter.after(timeoutNs, () => {
      this.#pending.delete(key);
      done({ result: 'timeout' });
    });
    this.#pending.set(key, { port, kind, done, timer });
    this.#request(kind, port.nPortId, port.linkAddress, oxId, payload);
  }

  /**
   * What a reply with this header answers; `undefined` where nothing waits for it. A login is asked for
   * with S_ID 0 and answered to the N_Port_ID that it grants.
   */
  kindOf({ dId, oxId }: Pick<FcHeader, 'dId' | 'oxId'>): FabricRequestKind | undefined {
    return (this.#pending.get(keyOf(dId, oxId)) ?? this.#pending.get(keyOf(0, oxId)))?.kind;
  }

  /**
   * A reply to a request of this kind; one that nobody waits for is passed over. `addressOf`: what the
   * link calls a port with the N_Port_ID that is granted. Errors: `CodecError`.
   */
  handleReply(
    kind: FabricRequestKind,
    header: FcHeader,
    payload: Uint8Array,
    addressOf: (nPortId: FcId) => string,
  ): void {
    const key = keyOf(kind === 'logo' ? header.dId : 0, header.oxId);
    const pending = this.#pending.get(key);
    if (pending === undefined || pending.kind !== kind) return;
    if (payload[0] !== ElsCommand.LS_ACC) {
      const { reason, explanation } = lsRjt.decode(payload);
      this.#end(key, pending, { result: 'reject', reason, explanation });
      return;
    }
    if (kind === 'logo') {
      this.#end(key, pending, { result: 'accept', header, payload });
      return;
    }
    const nPortId = header.dId;
    if (!this.#adapter.mayHold(pending.port, nPortId)) {
      const address = formatFcId(nPortId);
      this.#adapter.contradiction(`${kind} was granted ${address}, which is nobody's to have`);
      this.#end(key, pending, NO_GRANT);
      return;
    }
    const linkAddress = addressOf(nPortId);
    if (this.#adapter.wants(pending.port)) {
      this.#end(key, pending, { result: 'granted', nPortId, linkAddress, payload });
      return;
    }
    this.#giveBack(pending.port, nPortId, linkAddress);
    this.#end(key, pending, { result: 'closed' });
  }

  /** The F_Port is gone, and what it was asked for. */
  close(): void {
    for (const [key, pending] of [...this.#pending]) this.#end(key, pending, { result: 'closed' });
  }

  /** What was granted to a port that is gone: nobody else would ever tell the fabric that it is. */
  #giveBack(port: Port, nPortId: FcId, linkAddress: string): void {
    const { portName } = port.options;
    const payload = logo.encode({ nPortId, portName });
    this.#request('logo', nPortId, linkAddress, this.#nextOxId(), payload);
  }

  #request(
    kind: FabricRequestKind,
    sId: FcId,
    linkAddress: string,
    oxId: number,
    payload: Uint8Array,
  ): void {
    const header: FcHeaderInput = {
      rCtl: RCtl['ELS Request'],
      dId: WellKnownAddress['F_Port Controller'],
      sId,
      type: FcType.ELS,
      fCtl: FCTL_REQUEST,
      oxId,
    };
    this.#adapter.sendFabricRequest(kind, header, payload, linkAddress);
  }

  #end(key: number, pending: Pending<Port>, reply: FabricLoginReply): void {
    pending.timer.cancel();
    this.#pending.delete(key);
    pending.done(reply);
  }

  /**
   * Ports that have no N_Port_ID yet all ask with S_ID 0, so their OX_IDs are of one row. It is
   * far longer than the ports an adapter may have: an answer that comes late meets no later request.
   */
  #nextOxId(): number {
    this.#oxId = this.#oxId === XID_UNASSIGNED - 1 ? 1 : this.#oxId + 1;
    return this.#oxId;
  }
}
