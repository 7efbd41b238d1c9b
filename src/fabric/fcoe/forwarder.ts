/**
 * The way of an FCoE frame through the switch: who may send it, where it goes, with which MAC
 * addresses. Nothing is decoded; a few bytes are read where they lie.
 *
 * A frame is taken only from a port whose S_ID is logged in there and whose source MAC address is
 * the one that was granted with it. Between two VN_Ports it leaves with the FCF's MAC address as
 * source, even by the port it came in; nothing is copied where the frame is given to the switch. Class 3
 * knows no refusal: what cannot go is dropped and counted. The FC CRC is the receivers' to check; it
 * covers nothing that is changed here.
 * Source: FC-BB-5, FCoE forwarding.
 */

import { FC_HEADER_BYTES, fcHeader } from '../../codecs/fc/index.ts';
import { Eof, type FcLocation, fcCrcIsGood, locateFc } from '../../codecs/fcoe/index.ts';
import {
  CodecError,
  type FcId,
  macAt,
  putMac,
  putUint24,
  uint24At,
} from '../../codecs/layout/index.ts';
import type { FrameRefusal } from '../../history/fabric.ts';
import { roomFor } from '../../machine/slab.ts';
import { exchangeNames } from '../fc/exchange-names.ts';
import { type Login, RouteBits } from '../fc/logins.ts';
import type { Route } from '../fc/route-table.ts';
import type { Services } from '../fc/services.ts';
import type { ClearVirtualLinks } from './clear-virtual-links.ts';
import type { FcfContext } from './context.ts';

/** Well-known addresses and domain controllers. */
const SERVICE_ADDRESSES_FIRST = 0xff_f000;
const FCOE_HEADER_BYTES = 14;
const TRAILER_BYTES = 8;

/** Carries FCoE frames between the ports of one FCF and gives its services theirs. */
export class Forwarder {
  readonly #context: FcfContext;
  readonly #services: Services;
  readonly #clearVirtualLinks: ClearVirtualLinks;
  readonly #fcMap: number;
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
    const fcfMac = new Uint8Array(6);
    putMac(fcfMac, 0, context.config.fcfMac);
    this.#fcfMacHigh = uint24At(fcfMac, 0);
    this.#fcfMacLow = uint24At(fcfMac, 3);
  }

  /** An FCoE frame whose FCoE header begins at `at`, in the right VLAN; `given`: it may be changed. */
  handle(port: number, frame: Uint8Array, at: number, given: boolean): void {
    if (uint24At(frame, 0) !== this.#fcfMacHigh || uint24At(frame, 3) !== this.#fcfMacLow) {
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
    const sId = uint24At(frame, fcAt + 5);
    const dId = uint24At(frame, fcAt + 1);
    if (eof === Eof.EOFni || eof === Eof.EOFa) {
      this.#drop('discard-eof', port, sId, dId);
      return;
    }
    const { logins } = this.#context;
    const from = logins.routeOf(sId);
    const isItself =
      from !== 0 &&
      (from & RouteBits.FENCED) === 0 &&
      ((from & RouteBits.PORT) === port + 1 || this.#context.access.admits(port, sId)) &&
      uint24At(frame, 9) === sId &&
      uint24At(frame, 6) === this.#fcMap;
    if (!isItself) {
      if (this.#isFromNeighbour(port, frame, sId)) {
        this.#fromNeighbour(port, frame, sId, dId, given);
        return;
      }
      this.#drop('no-login', port, sId, dId);
      this.#remind(port, sId);
      return;
    }
    if (dId >= SERVICE_ADDRESSES_FIRST) {
      const source = logins.byId(sId)!;
      const isRenamed = (from & RouteBits.RENAMED) !== 0;
      this.#serve(source, isRenamed ? exchangeNames(frame.slice(), source) : frame);
      return;
    }
    const to = logins.routeOf(dId);
    if (to === 0) {
      const route = this.#context.routes.to(dId);
      if (route === undefined) this.#drop('unknown-d-id', port, sId, dId);
      else this.#toNeighbour(route, port, frame, sId, dId, given);
      return;
    }
    if (this.#context.zones.hard && !this.#context.mayPass(sId, dId)) {
      this.#drop('zoning', port, sId, dId);
      return;
    }
    this.#context.counters.forwarded++;
    const leaving = given ? frame : copyOf(frame);
    this.#readdress(leaving, dId);
    if (((from | to) & RouteBits.RENAMED) !== 0)
      exchangeNames(leaving, logins.byId(sId)!, logins.byId(dId)!);
    this.#context.core.send((to & RouteBits.PORT) - 1, leaving, true);
  }

  /** A frame whose S_ID is of a domain that this port leads to, from the switch that is behind it. */
  #isFromNeighbour(port: number, frame: Uint8Array, sId: FcId): boolean {
    const route = this.#context.routes.to(sId);
    return route !== undefined && route.port === port && macAt(frame, 6) === route.neighbour;
  }

  /** To a port of ours, or on to the next switch; where zones are hard nobody here knows those of the sender. */
  #fromNeighbour(port: number, frame: Uint8Array, sId: FcId, dId: FcId, given: boolean): void {
    const to = this.#context.logins.routeOf(dId);
    const route = this.#context.routes.to(dId);
    if (to !== 0 && this.#context.zones.hard) this.#drop('zoning', port, sId, dId);
    else if (to !== 0) {
      const leaving = given ? frame : copyOf(frame);
      this.#readdress(leaving, dId);
      this.#context.counters.forwarded++;
      this.#context.core.send((to & RouteBits.PORT) - 1, leaving, true);
    } else if (route !== undefined && route.port !== port)
      this.#toNeighbour(route, port, frame, sId, dId, given);
    else this.#drop('unknown-d-id', port, sId, dId);
  }

  /** Where zones are hard, a frame passes only between ports that are known to share one. */
  #toNeighbour(
    route: Route,
    port: number,
    frame: Uint8Array,
    sId: FcId,
    dId: FcId,
    given: boolean,
  ): void {
    if (this.#context.zones.hard) {
      this.#drop('zoning', port, sId, dId);
      return;
    }
    const leaving = given ? frame : copyOf(frame);
    putMac(leaving, 0, route.neighbour);
    putUint24(leaving, 6, this.#fcfMacHigh);
    putUint24(leaving, 9, this.#fcfMacLow);
    this.#context.counters.forwarded++;
    this.#context.core.send(route.port, leaving, true);
  }

  /** A port that goes on as if it were logged in is told again that it is not. */
  #remind(port: number, sId: FcId): void {
    const { endedLogins, core } = this.#context;
    const ended = endedLogins.reminderFor(port, sId, core.now);
    if (ended !== undefined) this.#clearVirtualLinks.sendTo(port, ended.enodeMac, [ended.vnPort]);
  }

  #drop(reason: FrameRefusal, port: number, sId: FcId, dId: FcId): void {
    this.#context.drop(reason, port, { sId, dId });
  }

  #readdress(frame: Uint8Array, dId: FcId): void {
    putUint24(frame, 0, this.#fcMap);
    putUint24(frame, 3, dId);
    putUint24(frame, 6, this.#fcfMacHigh);
    putUint24(frame, 9, this.#fcfMacLow);
  }

  #serve(source: Login, frame: Uint8Array): void {
    const location: FcLocation | CodecError = locateFc(frame);
    if (location instanceof CodecError) {
      this.#context.drop('malformed', source.port, { detail: location.message });
      return;
    }
    const header = fcHeader.decode(frame, location.fcAt, location.fcAt + FC_HEADER_BYTES);
    const { sId, dId } = header;
    if (!this.#services.answersAt(dId)) this.#drop('unknown-d-id', source.port, sId, dId);
    else if (!fcCrcIsGood(frame, location)) this.#drop('bad-crc', source.port, sId, dId);
    else
      this.#services.handle(
        source,
        header,
        frame.subarray(location.payloadAt, location.payloadEnd),
      );
  }
}

/** A frame that is lent must not be changed: another one. */
function copyOf(frame: Uint8Array): Uint8Array {
  const copy = roomFor(frame.length);
  copy.set(frame);
  return copy;
}
