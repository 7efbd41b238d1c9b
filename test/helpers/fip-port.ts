/** FIP as an ENode's controller sees it: FCFs that the test plays, and what is sent to them. */
import {
  type FipDescriptorInput,
  type FipMessage,
  type FipMessageInput,
  fipMessage,
} from '../../src/codecs/fip/index.ts';
import type { FcId, Mac } from '../../src/codecs/layout/index.ts';
import type { FcfEntry } from '../../src/port/enode/fcf-list.ts';
import type { FipPort } from '../../src/port/enode/fip-controller.ts';
import type { FipInput, VnPortName } from '../../src/port/enode/fip-input.ts';
import { Clock } from './loop-back.ts';

export const ENODE_MAC = '52:54:00:aa:00:01';
export const FCF_MAC = '02:fc:f0:00:00:01';
export const SWITCH_NAME = 0x1000_02fc_f000_0001n;

/** What an FCF says of itself; what is left out is as most FCFs say it. */
export interface Advertised {
  readonly mac?: Mac;
  readonly switchName?: bigint;
  readonly fabricName?: bigint;
  readonly fcMap?: number;
  readonly vfId?: number;
  readonly priority?: number;
  readonly fkaAdvPeriodMs?: number;
  readonly dBit?: boolean;
  readonly available?: boolean;
  readonly solicited?: boolean;
}

/** A FIP message as it is read from the wire. */
export const fip = (
  operation: number,
  subcode: number,
  flags: number,
  descriptors: FipDescriptorInput[],
): FipMessage =>
  fipMessage.decode(
    fipMessage.encode({ operation, subcode, flags, descriptors } as FipMessageInput),
  );

/** An advertisement of an FCF. */
export function advertisement({
  mac = FCF_MAC,
  switchName = SWITCH_NAME,
  fabricName = SWITCH_NAME,
  fcMap = 0x0e_fc00,
  vfId = 0,
  priority = 128,
  fkaAdvPeriodMs = 8000,
  dBit = false,
  available = true,
  solicited = true,
}: Advertised = {}): FipMessage {
  // FP and F; A: available; S: answers a solicitation.
  const flags = 0x8001 | (available ? 4 : 0) | (solicited ? 2 : 0);
  return fip(1, 2, flags, [
    { kind: 'priority', priority },
    { kind: 'mac', mac },
    { kind: 'nameIdentifier', name: switchName },
    { kind: 'fabric', vfId, fcMap, fabricName },
    { kind: 'fkaAdvPeriod', flags: dBit ? 1 : 0, fkaAdvPeriodMs },
  ]);
}

/** Clear Virtual Links of an FCF for some VN_Ports, or, without any, for all. */
export const clearVirtualLinks = (
  vnPorts: readonly VnPortName[] = [],
  { mac = FCF_MAC, switchName = SWITCH_NAME }: Advertised = {},
): FipMessage =>
  fip(3, 2, 0, [
    { kind: 'mac', mac },
    { kind: 'nameIdentifier', name: switchName },
    ...vnPorts.map((one) => ({ kind: 'vxPort' as const, ...one })),
  ]);

/** A FIP message that was sent. */
export interface SentFip {
  readonly at: number;
  readonly destination: Mac;
  readonly source: Mac;
  readonly vlan: number;
  readonly message: FipInput;
}

/** The ENode around a FIP controller, keep-alives or FIP logins. */
export class FakeFipPort implements FipPort {
  readonly clock = new Clock();
  readonly mac = ENODE_MAC;
  ports: VnPortName[] = [];
  sent: SentFip[] = [];
  /** `selected 02:…`, `lost: reason`, `cleared 10001`. */
  log: string[] = [];
  readonly contradictions: string[] = [];

  get now(): number {
    return this.clock.now;
  }

  after(delayNs: number, run: () => void) {
    return this.clock.after(delayNs, run);
  }

  sendFip(destination: Mac, source: Mac, vlan: number, message: FipInput): void {
    this.sent.push({ at: this.now, destination, source, vlan, message });
  }

  vnPorts(): Iterable<VnPortName> {
    return this.ports;
  }

  fcfSelected({ mac }: FcfEntry): void {
    this.log.push(`selected ${mac}`);
  }

  fcfLost(reason: string): void {
    this.log.push(`lost: ${reason}`);
  }

  cleared(nPortIds: FcId[]): void {
    this.log.push(`cleared ${nPortIds.map((one) => one.toString(16)).join()}`);
  }

  contradiction(what: string): void {
    this.contradictions.push(what);
  }

  take(): SentFip[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }
}
