/**
 * Fabric logins as the frames of a capture show them: FLOGI and FDISC with their accepts, LOGO
 * with its accept, and Clear Virtual Links, all inside FIP.
 */
import { ElsCommand, FlogiAcceptFeatures, flogiAccept } from '../../codecs/els/index.ts';
import { RCtl } from '../../codecs/fc/index.ts';
import {
  FipControl,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipDescriptorsOf,
  fipElsOf,
} from '../../codecs/fip/index.ts';
import { CodecError, formatWwn, type Mac, macAt } from '../../codecs/layout/index.ts';
import type { FabricLogin, FabricLogout, LogoutReason } from '../../history/index.ts';
import { remember } from '../ledger/remember.ts';
import { isFromResponder } from './exchange.ts';
import type { FipFrame } from './frame.ts';
import { loginIn } from './login-request.ts';

/** Requests under way, and logins, that are remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 100_000;

/** A login or its end, with what a frame tells beyond the happening. */
export interface LoginChange {
  readonly event: FabricLogin | FabricLogout;
  readonly frame: number;
  readonly wwnn: bigint;
  /** MAC address that the switch granted. */
  readonly mac: Mac | undefined;
  readonly enodeMac: Mac;
  /** Name of the fabric as its switch advertises it, or else the switch's MAC address. */
  readonly fabric: string;
}

/** The switch port behind a tap has no number in a capture. */
export const CAPTURED_PORT = 0;

type LiveChange = LoginChange & { readonly event: FabricLogin; readonly switchMac: Mac };

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

/** Says of each frame which fabric logins it began or ended. */
export class LoginWatch {
  readonly #asked = new Map<string, Request>();
  /** By fabric and N_Port_ID. */
  readonly #live = new Map<string, LiveChange>();
  /** Fabric names by VLAN and the MAC addresses of the switches that advertise them. */
  readonly #fabrics = new Map<string, string>();

  /** What a frame without an FC frame says of logins, in order. */
  changes(frame: FipFrame): LoginChange[] {
    const { message } = frame;
    if (message === undefined) return [];
    const { operation, subcode } = message;
    const advertised = fipDescriptorOf(message, 'fabric');
    if (advertised !== undefined) {
      const key = `${frame.fabric} ${macAt(frame.tapped.bytes, 6)}`;
      remember(this.#fabrics, key, formatWwn(advertised.fabricName), REMEMBERED_MAX);
    }
    const clears =
      operation === FipOperation['FIP Control'] && subcode === FipControl['Clear Virtual Links'];
    return clears ? this.#cleared(frame, message) : this.#els(frame, message);
  }

  #els(frame: FipFrame, message: FipMessage): LoginChange[] {
    const els = fipElsOf(message);
    if (els === undefined || els.kind === 'elp') return [];
    const { header, payload } = els;
    const { bytes } = frame.tapped;
    const isReply = isFromResponder(header) || header.rCtl === RCtl['ELS Reply'];
    // The ENode's own address is at one end of either.
    const enodeMac = macAt(bytes, isReply ? 0 : 6);
    const key = `${frame.fabric} ${enodeMac} ${els.kind} ${header.oxId}`;
    if (!isReply) {
      const request = requestIn(payload, enodeMac);
      if (request !== undefined) remember(this.#asked, key, request, REMEMBERED_MAX);
      return [];
    }
    const request = this.#asked.get(key);
    if (request === undefined || payload[0] !== ElsCommand.LS_ACC) return [];
    this.#asked.delete(key);
    if (request.by === 'LOGO') return this.#end(frame, request.nPortId, 'LOGO', request);
    const { wwpn, wwnn, by } = request;
    const mac = fipDescriptorOf(message, 'mac')?.mac;
    const event: FabricLogin = {
      type: 'login',
      nPortId: header.dId,
      wwpn,
      wwnn,
      port: CAPTURED_PORT,
      mac,
      by,
      enodeMac,
      clean: cleanBit(payload),
    };
    const fabric = this.#fabricOf(frame);
    const change = { event, frame: frame.number, wwnn, mac, enodeMac, fabric };
    const switchMac = macAt(bytes, 6);
    const ended = [
      ...this.#end(frame, header.dId, 'relogin'),
      ...(by === 'FLOGI' ? this.#endAll(frame, { ...change, event, switchMac }) : []),
    ];
    remember(this.#live, liveKey(frame, header.dId), { ...change, switchMac }, REMEMBERED_MAX);
    return [...ended, change];
  }

  /**
   * With a FLOGI an ENode begins anew at its switch: what it had there has ended. Under the name that it
   * had at another switch of the fabric it has left that one, which may be gone and tell nobody.
   * Source: FC-LS-3, FLOGI.
   */
  #endAll(frame: FipFrame, next: LiveChange): LoginChange[] {
    const here = `${frame.fabric} `;
    const former = [...this.#live].flatMap(([key, one]) =>
      one.enodeMac === next.enodeMac && key.startsWith(here) ? [one] : [],
    );
    const left = former
      .filter(({ event, fabric }) => event.wwpn === next.event.wwpn && fabric === next.fabric)
      .map(({ switchMac }) => switchMac);
    const ended = new Set([next.switchMac, ...left]);
    return former
      .filter(({ switchMac }) => ended.has(switchMac))
      .flatMap(({ event }) => this.#end(frame, event.nPortId, 'relogin'));
  }

  /** Without a list every port of the ENode is meant. */
  #cleared(frame: FipFrame, message: FipMessage): LoginChange[] {
    const enodeMac = macAt(frame.tapped.bytes, 0);
    const listed = fipDescriptorsOf(message, 'vxPort').map((one) => one.nPortId);
    const all = [...this.#live].flatMap(([key, { enodeMac: itsMac, event }]) =>
      itsMac === enodeMac && key === liveKey(frame, event.nPortId) ? [event.nPortId] : [],
    );
    const ids = listed.length === 0 || listed.some((id) => this.#isBase(frame, id)) ? all : listed;
    return ids.flatMap((id) => this.#end(frame, id, 'CVL'));
  }

  /** With the login of the physical port all others of its ENode end. */
  #isBase(frame: FipFrame, nPortId: number): boolean {
    return this.#live.get(liveKey(frame, nPortId))?.event.by === 'FLOGI';
  }

  #end(
    frame: FipFrame,
    nPortId: number,
    reason: LogoutReason,
    unknown?: { readonly wwpn: bigint; readonly enodeMac: Mac },
  ): LoginChange[] {
    const key = liveKey(frame, nPortId);
    const login = this.#live.get(key);
    this.#live.delete(key);
    const wwpn = login?.event.wwpn ?? unknown?.wwpn;
    const enodeMac = login?.enodeMac ?? unknown?.enodeMac;
    if (wwpn === undefined || enodeMac === undefined) return [];
    return [
      {
        event: { type: 'logout', nPortId, wwpn, port: CAPTURED_PORT, reason },
        frame: frame.number,
        wwnn: login?.wwnn ?? 0n,
        mac: login?.mac,
        enodeMac,
        fabric: login?.fabric ?? '',
      },
    ];
  }

  #fabricOf(frame: FipFrame): string {
    const switchMac = macAt(frame.tapped.bytes, 6);
    return this.#fabrics.get(`${frame.fabric} ${switchMac}`) ?? switchMac;
  }
}

function requestIn(payload: Uint8Array, enodeMac: Mac): Request | undefined {
  const request = loginIn(payload);
  if (request?.kind === 'FLOGI' || request?.kind === 'FDISC') {
    const { portName: wwpn, nodeName: wwnn } = request;
    return { by: request.kind, wwpn, wwnn, enodeMac };
  }
  if (request?.kind !== 'LOGO') return undefined;
  return { by: 'LOGO', wwpn: request.portName, nPortId: request.nPortId, enodeMac };
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

/** The same address is another port's in another fabric. */
function liveKey({ fabric }: FipFrame, nPortId: number): string {
  return `${fabric} ${nPortId}`;
}
