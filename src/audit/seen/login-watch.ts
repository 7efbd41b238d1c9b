/**
 * Fabric logins as the frames of a capture show them: FLOGI and FDISC with their accepts, LOGO
 * with its accept, and Clear Virtual Links, all inside FIP.
 */
import {
  ElsCommand,
  elsRequest,
  FlogiAcceptFeatures,
  flogiAccept,
} from '../../codecs/els/index.ts';
import { FCTL_EXCHANGE_CONTEXT, RCtl } from '../../codecs/fc/index.ts';
import {
  FipControl,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipDescriptorsOf,
  fipElsOf,
} from '../../codecs/fip/index.ts';
import { CodecError, formatWwn, type Mac, macAt } from '../../codecs/layout/index.ts';
import type { FrameSeen, LoginSeen } from '../observation.ts';
import { fipOf } from './fip-frame.ts';

/** Requests under way, and logins, that are remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 100_000;

/** A login or its end, with what a frame tells beyond an observation. */
export interface LoginChange {
  readonly seen: LoginSeen;
  readonly frame: number;
  readonly wwnn: bigint;
  /** MAC address that the switch granted. */
  readonly mac: Mac | undefined;
  readonly enodeMac: Mac;
  /** Name of the fabric as its switch advertises it, or else the switch's MAC address. */
  readonly fabric: string;
}

type Request =
  | {
      readonly by: 'FLOGI' | 'FDISC';
      readonly wwpn: bigint;
      readonly wwnn: bigint;
      readonly enodeMac: Mac;
    }
  | {
      readonly by: 'LOGO';
      readonly wwpn: bigint;
      readonly nPortId: number;
      readonly enodeMac: Mac;
    };

export class LoginWatch {
  readonly #asked = new Map<string, Request>();
  readonly #live = new Map<number, LoginChange>();
  /** Fabric names by the MAC addresses of the switches that advertise them. */
  readonly #fabrics = new Map<Mac, string>();

  /** What a frame without an FC frame says of logins, in order. */
  changes(seen: FrameSeen): LoginChange[] {
    const message = fipOf(seen);
    if (message === undefined) return [];
    const { operation, subcode } = message;
    const advertised = fipDescriptorOf(message, 'fabric');
    if (advertised !== undefined) {
      this.#fabrics.set(macAt(seen.bytes, 6), formatWwn(advertised.fabricName));
    }
    const clears =
      operation === FipOperation['FIP Control'] && subcode === FipControl['Clear Virtual Links'];
    return clears ? this.#cleared(seen, message) : this.#els(seen, message);
  }

  #els(seen: FrameSeen, message: FipMessage): LoginChange[] {
    const els = fipElsOf(message);
    if (els === undefined || els.kind === 'elp') return [];
    const { header, payload } = els;
    const isReply =
      (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0 || header.rCtl === RCtl['ELS Reply'];
    // The ENode's own address is at one end of either.
    const enodeMac = macAt(seen.bytes, isReply ? 0 : 6);
    const key = `${enodeMac} ${els.kind} ${header.oxId}`;
    if (!isReply) {
      const request = requestIn(payload, enodeMac);
      if (request !== undefined) remember(this.#asked, key, request);
      return [];
    }
    const request = this.#asked.get(key);
    if (request === undefined || payload[0] !== ElsCommand.LS_ACC) return [];
    this.#asked.delete(key);
    if (request.by === 'LOGO') return this.#end(seen, request.nPortId, 'LOGO', request);
    const { wwpn, wwnn, by } = request;
    const clean = cleanBit(payload);
    const change: LoginChange = {
      seen: {
        kind: 'login',
        at: seen.at,
        fabric: seen.fabric,
        tap: seen.tap,
        wwpn,
        nPortId: header.dId,
        by,
        enodeMac,
        ...(clean === undefined ? {} : { clean }),
      },
      frame: seen.frame,
      wwnn,
      mac: fipDescriptorOf(message, 'mac')?.mac,
      enodeMac,
      fabric: this.#fabricOf(macAt(seen.bytes, 6)),
    };
    const ended = this.#end(seen, header.dId, 'relogin');
    remember(this.#live, header.dId, change);
    return [...ended, change];
  }

  /** Without a list every port of the ENode is meant. */
  #cleared(seen: FrameSeen, message: FipMessage): LoginChange[] {
    const enodeMac = macAt(seen.bytes, 0);
    const listed = fipDescriptorsOf(message, 'vxPort').map((one) => one.nPortId);
    const all = [...this.#live].flatMap(([id, one]) => (one.enodeMac === enodeMac ? [id] : []));
    const ids = listed.length === 0 || listed.some((id) => this.#isBase(id)) ? all : listed;
    return ids.flatMap((id) => this.#end(seen, id, 'CVL'));
  }

  /** With the login of the physical port all others of its ENode end. */
  #isBase(nPortId: number): boolean {
    return this.#live.get(nPortId)?.seen.by === 'FLOGI';
  }

  #end(
    seen: FrameSeen,
    nPortId: number,
    reason: string,
    unknown?: { readonly wwpn: bigint; readonly enodeMac: Mac },
  ): LoginChange[] {
    const login = this.#live.get(nPortId);
    this.#live.delete(nPortId);
    const wwpn = login?.seen.wwpn ?? unknown?.wwpn;
    const enodeMac = login?.enodeMac ?? unknown?.enodeMac;
    if (wwpn === undefined || enodeMac === undefined) return [];
    const { at, fabric, tap, frame } = seen;
    return [
      {
        seen: { kind: 'logout', at, fabric, tap, wwpn, nPortId, enodeMac, reason },
        frame,
        wwnn: login?.wwnn ?? 0n,
        mac: login?.mac,
        enodeMac,
        fabric: login?.fabric ?? '',
      },
    ];
  }

  #fabricOf(switchMac: Mac): string {
    return this.#fabrics.get(switchMac) ?? switchMac;
  }
}

function requestIn(payload: Uint8Array, enodeMac: Mac): Request | undefined {
  try {
    const request = elsRequest.decode(payload);
    if (request.kind === 'FLOGI' || request.kind === 'FDISC') {
      const { portName: wwpn, nodeName: wwnn } = request;
      return { by: request.kind, wwpn, wwnn, enodeMac };
    }
    if (request.kind !== 'LOGO') return undefined;
    return { by: 'LOGO', wwpn: request.portName, nPortId: request.nPortId, enodeMac };
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** The clean address bit of an accept; `undefined` where it does not decode. */
function cleanBit(payload: Uint8Array): boolean | undefined {
  try {
    const { features } = flogiAccept.decode(payload).common;
    return (features & FlogiAcceptFeatures.CLEAN_ADDRESS) !== 0;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED_MAX) map.delete(map.keys().next().value!);
}
