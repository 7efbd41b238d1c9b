/**
 * The way of an FCoE frame through the switch: who may send it, where it goes, with which MAC
 * addresses. Nothing is decoded; a few bytes are read where they lie.
 *
 * A frame is taken only from a port whose S_ID is logged in there and whose source MAC address is
 * the one that was granted with it. Between two VN_Ports it leaves with the FCF's MAC address as
 * source, even by the port it came in. Class 3 knows no refusal: what cannot go is dropped and
 * counted. The FC CRC is the receivers' to check; it covers nothing that is changed here.
 * Source: FC-BB-5, FCoE forwarding.
 */
import { Eof, type FcLocation, frameRoom, locateFc } from '../../codecs/fcoe/index.ts';
import { CodecError, type FcId, putMac } from '../../codecs/layout/index.ts';
import type { ClearVirtualLinks } from './clear-virtual-links.ts';
import type { FcfContext } from './context.ts';
import type { DropReason } from './events.ts';
import type { Login } from './logins.ts';
import type { Services } from './services.ts';
import { exchangeNames } from './virtual-names.ts';
import { shareZone } from './zoning.ts';

/** Well-known addresses and domain controllers. */
const SERVICE_ADDRESSES_FIRST = 0xff_f000;
const FCOE_HEADER_BYTES = 14;
const FC_HEADER_BYTES = 24;
const TRAILER_BYTES = 8;

const u24 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;

export class Forwarder {
  readonly #context: FcfContext;
  readonly #services: Services;
  readonly #clearVirtualLinks: ClearVirtualLinks;
  readonly #fcMap: number;
  readonly #fcfMac = new Uint8Array(6);
  readonly #fcfMacHigh: number;
  readonly #fcfMacLow: number;

  constructor(
    context: FcfContext,
    parts: { readonly services: Services; readonly clearVirtualLinks: ClearVirtualLinks },
  ) {
    this.#context = context;
    this.#services = parts.services;
    this.#clearVirtualLinks = parts.clearVirtualLinks;
    this.#fcMap = context.config.fcMap;
    putMac(this.#fcfMac, 0, context.config.fcfMac);
    this.#fcfMacHigh = u24(this.#fcfMac, 0);
    this.#fcfMacLow = u24(this.#fcfMac, 3);
  }

  /** An FCoE frame whose FCoE header begins at `at`, in the right VLAN. */
  handle(port: number, frame: Uint8Array, at: number): void {
    if (u24(frame, 0) !== this.#fcfMacHigh || u24(frame, 3) !== this.#fcfMacLow) {
      // A bridge may flood what it sends to another FCF.
      this.#context.counters.ignored++;
      return;
    }
    const fcAt = at + FCOE_HEADER_BYTES;
    const end = frame.length;
    if (end < fcAt + FC_HEADER_BYTES + TRAILER_BYTES || frame[at]! >>> 4 !== 0) {
      this.#context.drop('malformed', port, { detail: 'FCoE header' });
      return;
    }
    const eof = frame[end - 4]!;
    const sId = u24(frame, fcAt + 5);
    const dId = u24(frame, fcAt + 1);
    if (eof === Eof.EOFni || eof === Eof.EOFa) {
      this.#drop('discard-eof', port, sId, dId);
      return;
    }
    const source = this.#context.logins.byId(sId);
    const isItself =
      source !== undefined &&
      !source.fenced &&
      (source.port === port || this.#context.access.admits(port, sId)) &&
      u24(frame, 9) === sId &&
      u24(frame, 6) === this.#fcMap;
    if (!isItself) {
      this.#drop('no-login', port, sId, dId);
      this.#remind(port, sId);
      return;
    }
    if (dId >= SERVICE_ADDRESSES_FIRST) {
      const renamed = source.saidWwpn !== source.wwpn;
      this.#serve(source, renamed ? exchangeNames(frame.slice(), source) : frame);
      return;
    }
    const target = this.#context.logins.byId(dId);
    if (target === undefined) {
      this.#drop('unknown-d-id', port, sId, dId);
      return;
    }
    if (this.#context.zones.hard && target !== source && !shareZone(source.zones, target.zones)) {
      this.#drop('zoning', port, sId, dId);
      return;
    }
    this.#context.counters.forwarded++;
    const copy = this.#readdress(frame, dId);
    const renamed = source.saidWwpn !== source.wwpn || target.saidWwpn !== target.wwpn;
    this.#context.core.send(target.port, renamed ? exchangeNames(copy, source, target) : copy);
  }

  /** A port that goes on as if it were logged in is told again that it is not. */
  #remind(port: number, sId: FcId): void {
    const { endedLogins, core } = this.#context;
    const ended = endedLogins.reminderFor(port, sId, core.now);
    if (ended !== undefined) this.#clearVirtualLinks.sendTo(port, ended.enodeMac, [ended.vnPort]);
  }

  #drop(reason: DropReason, port: number, sId: FcId, dId: FcId): void {
    this.#context.drop(reason, port, { sId, dId });
  }

  /** The frame that leaves: a copy, for a frame once sent is not changed any more. */
  #readdress(frame: Uint8Array, dId: FcId): Uint8Array {
    const copy = frameRoom(frame.length);
    copy.set(frame);
    const fcMap = this.#fcMap;
    copy[0] = fcMap >>> 16;
    copy[1] = fcMap >>> 8;
    copy[2] = fcMap;
    copy[3] = dId >>> 16;
    copy[4] = dId >>> 8;
    copy[5] = dId;
    const fcfMac = this.#fcfMac;
    copy[6] = fcfMac[0]!;
    copy[7] = fcfMac[1]!;
    copy[8] = fcfMac[2]!;
    copy[9] = fcfMac[3]!;
    copy[10] = fcfMac[4]!;
    copy[11] = fcfMac[5]!;
    return copy;
  }

  #serve(source: Login, frame: Uint8Array): void {
    const location: FcLocation | CodecError = locateFc(frame);
    if (location instanceof CodecError) {
      this.#context.drop('malformed', source.port, { detail: location.message });
      return;
    }
    this.#services.handle(source, frame, location);
  }
}
