/**
 * FLOGI, FDISC and LOGO of an ENode's VN_Ports, each inside a FIP message that waits for its reply.
 *
 * Ownership: an ENode owns one. Source: FC-BB-5, FIP virtual link instantiation.
 */
import type { FcHeaderInput } from '../../codecs/fc/index.ts';
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
import type { FcId, Mac } from '../../codecs/layout/index.ts';
import type { Timer } from '../../machine/timers.ts';
import {
  type FabricRequestKind,
  type FabricRequestOwner,
  FabricRequests,
} from '../n-port/fabric-requests.ts';
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

/** Fabric logins and logouts of one ENode that are under way. */
export class FipLogins implements FabricRequestOwner<VnPort> {
  readonly #enode: FipLoginOwner;
  readonly #requests = new FabricRequests<VnPort>(this);

  constructor(enode: FipLoginOwner) {
    this.#enode = enode;
  }

  /** Sends a request to the FCF; `done` is called once. */
  send(
    port: VnPort,
    kind: FabricRequestKind,
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void {
    if (this.#enode.fcf === undefined) done({ result: 'closed' });
    else this.#requests.send(port, kind, oxId, payload, timeoutNs, done);
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#requests.size;
  }

  /** A reply from a MAC address; one that nobody waits for is passed over. Errors: `CodecError`. */
  handleReply(message: FipMessage, source: Mac): void {
    const els = fipElsOf(message);
    const { fcf } = this.#enode;
    if (els === undefined || els.kind === 'elp' || source !== fcf?.mac) return;
    this.#requests.handleReply(
      els.kind,
      els.header,
      els.payload,
      (nPortId) => fipDescriptorOf(message, 'mac')?.mac ?? fpma(fcf.fcMap, nPortId),
    );
  }

  /** The FCF is gone, and what it was asked for. */
  close(): void {
    this.#requests.close();
  }

  // What requests ask for.

  after(delayNs: number, run: () => void): Timer {
    return this.#enode.after(delayNs, run);
  }

  wants(port: VnPort): boolean {
    return this.#enode.wants(port);
  }

  mayHold(port: VnPort, nPortId: FcId): boolean {
    return this.#enode.mayHold(port, nPortId);
  }

  contradiction(what: string): void {
    this.#enode.contradiction(what);
  }

  sendFabricRequest(
    kind: FabricRequestKind,
    header: FcHeaderInput,
    payload: Uint8Array,
    linkAddress: string,
  ): void {
    const { fcf, mac, vlan } = this.#enode;
    if (fcf === undefined) return;
    this.#enode.sendFip(fcf.mac, mac, vlan, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Request,
      flags: FipFlags.FP,
      descriptors: [
        fipEncapsulate(kind, header, payload),
        { kind: 'mac', mac: linkAddress === '' ? ZERO_MAC : linkAddress },
      ],
    });
  }
}
