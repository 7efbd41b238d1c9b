/**
 * Fabric logins as the frames of a capture show them: FLOGI and FDISC with their accepts, LOGO
 * with its accept, and Clear Virtual Links, all inside FIP; on a native link the same requests
 * to the fabric's login server and their accepts.
 */
import {
  ElsCommand,
  type FlogiAccept,
  FlogiAcceptFeatures,
  flogiAccept,
} from '../../codecs/els/index.ts';
import { type FcHeader, isLinkFrame, RCtl } from '../../codecs/fc/index.ts';
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
import type { FcFrame, FipFrame, SeenFrame } from './frame.ts';
import { loginIn } from './login-request.ts';

/** Requests under way, and logins, that are remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 100_000;

/** The address of the fabric's login server. Source: FC-FS-3, well-known addresses. */
const LOGIN_SERVER = 0xff_fffe;

/** A login or its end, with what a frame tells beyond the happening. */
export interface LoginChange {
  readonly event: FabricLogin | FabricLogout;
  readonly frame: number;
  readonly wwnn: bigint;
  /** MAC address that the switch granted. */
  readonly mac: Mac | undefined;
  /** Empty on a native link. */
  readonly enodeMac: Mac;
  /** Where the port is: its ENode's MAC address, or its native link. */
  readonly place: string;
  /** Name of the fabric as its switch advertises it or accepts with it, or else the switch's MAC address. */
  readonly fabric: string;
}

/** The switch port behind a tap has no number in a capture. */
export const CAPTURED_PORT = 0;

type LiveChange = LoginChange & { readonly event: FabricLogin; readonly switchAt: string };

type Request =
  | { readonly by: 'FLOGI' | 'FDISC'; readonly wwpn: bigint; readonly wwnn: bigint }
  | { readonly by: 'LOGO'; readonly wwpn: bigint; readonly nPortId: number };

/** A request or its reply, and between whom it passed. */
interface SeenEls extends Pick<LoginChange, 'enodeMac' | 'mac' | 'place'> {
  readonly frame: FipFrame | FcFrame;
  readonly header: FcHeader;
  readonly payload: Uint8Array;
  /** The switch: its MAC address; a native link leads to one alone. */
  readonly switchAt: string;
  /** The fabric's name; asked for where a login was accepted. */
  fabricName(): string;
}

/** Says of each frame which fabric logins it began or ended. */
export class LoginWatch {
  readonly #asked = new Map<string, Request>();
  /** By fabric and N_Port_ID. */
  readonly #live = new Map<string, LiveChange>();
  /** Fabric names by VLAN and the MAC addresses of the switches that advertise them. */
  readonly #fabrics = new Map<string, string>();

  /** What a frame says of logins, in order. */
  changes(frame: SeenFrame): LoginChange[] {
    if (frame.protocol === 'fc') return this.#native(frame);
    if (frame.protocol !== 'fip') return [];
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
    return clears ? this.#cleared(frame, message) : this.#fip(frame, message);
  }

  #fip(frame: FipFrame, message: FipMessage): LoginChange[] {
    const els = fipElsOf(message);
    if (els === undefined || els.kind === 'elp') return [];
    const { header, payload } = els;
    const { bytes } = frame.tapped;
    // The ENode's own address is at one end of either.
    const enodeMac = macAt(bytes, isReply(header) ? 0 : 6);
    const switchAt = macAt(bytes, 6);
    return this.#els({
      frame,
      header,
      payload,
      enodeMac,
      place: enodeMac,
      mac: fipDescriptorOf(message, 'mac')?.mac,
      switchAt,
      fabricName: () => this.#fabrics.get(`${frame.fabric} ${switchAt}`) ?? switchAt,
    });
  }

  /** Native ports ask the login server themselves; what they send each other is no login to the fabric. */
  #native(frame: FcFrame): LoginChange[] {
    const { header, link, payload, role } = frame;
    if (role !== 'els-request' && role !== 'els-reply') return [];
    if ((role === 'els-reply' ? header.sId : header.dId) !== LOGIN_SERVER) return [];
    if (!isLinkFrame(frame.tapped.bytes)) return [];
    return this.#els({
      frame,
      header,
      payload,
      enodeMac: '',
      place: link,
      mac: undefined,
      switchAt: link,
      fabricName: () => formatWwn(acceptIn(payload)?.nodeName ?? 0n),
    });
  }

  #els(seen: SeenEls): LoginChange[] {
    const { enodeMac, frame, header, mac, payload, place, switchAt } = seen;
    const key = `${frame.fabric} ${place} ${header.oxId}`;
    if (!isReply(header)) {
      const request = requestIn(payload);
      if (request !== undefined) remember(this.#asked, key, request, REMEMBERED_MAX);
      return [];
    }
    const request = this.#asked.get(key);
    if (request === undefined || payload[0] !== ElsCommand.LS_ACC) return [];
    this.#asked.delete(key);
    if (request.by === 'LOGO')
      return this.#end(frame, request.nPortId, 'LOGO', { ...request, enodeMac, place });
    const { wwpn, wwnn, by } = request;
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
    const fabric = seen.fabricName();
    const change = { event, frame: frame.number, wwnn, mac, enodeMac, place, fabric };
    const ended = [
      ...this.#end(frame, header.dId, 'relogin'),
      ...(by === 'FLOGI' ? this.#endAll(frame, { ...change, event, switchAt }) : []),
    ];
    remember(this.#live, liveKey(frame, header.dId), { ...change, switchAt }, REMEMBERED_MAX);
    return [...ended, change];
  }

  /**
   * With a FLOGI an ENode begins anew at its switch: what it had there has ended. Under the name that it
   * had at another switch of the fabric it has left that one, which may be gone and tell nobody.
   * Source: FC-LS-3, FLOGI.
   */
  #endAll(frame: SeenEls['frame'], next: LiveChange): LoginChange[] {
    const here = `${frame.fabric} `;
    const former = [...this.#live].flatMap(([key, one]) =>
      one.place === next.place && key.startsWith(here) ? [one] : [],
    );
    const left = former
      .filter(({ event, fabric }) => event.wwpn === next.event.wwpn && fabric === next.fabric)
      .map(({ switchAt }) => switchAt);
    const ended = new Set([next.switchAt, ...left]);
    return former
      .filter(({ switchAt }) => ended.has(switchAt))
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
    frame: SeenEls['frame'],
    nPortId: number,
    reason: LogoutReason,
    unknown?: Pick<LoginChange, 'enodeMac' | 'place'> & { readonly wwpn: bigint },
  ): LoginChange[] {
    const key = liveKey(frame, nPortId);
    const login = this.#live.get(key);
    this.#live.delete(key);
    const wwpn = login?.event.wwpn ?? unknown?.wwpn;
    const port = login ?? unknown;
    if (wwpn === undefined || port === undefined) return [];
    return [
      {
        event: { type: 'logout', nPortId, wwpn, port: CAPTURED_PORT, reason },
        frame: frame.number,
        wwnn: login?.wwnn ?? 0n,
        mac: login?.mac,
        enodeMac: port.enodeMac,
        place: port.place,
        fabric: login?.fabric ?? '',
      },
    ];
  }
}

/** True for a frame that answers; some answer under another R_CTL. */
const isReply = (header: FcHeader): boolean =>
  isFromResponder(header) || header.rCtl === RCtl['ELS Reply'];

function requestIn(payload: Uint8Array): Request | undefined {
  const request = loginIn(payload);
  if (request?.kind === 'FLOGI' || request?.kind === 'FDISC')
    return { by: request.kind, wwpn: request.portName, wwnn: request.nodeName };
  if (request?.kind !== 'LOGO') return undefined;
  return { by: 'LOGO', wwpn: request.portName, nPortId: request.nPortId };
}

/** An accept; `undefined` where it does not decode. */
function acceptIn(payload: Uint8Array): FlogiAccept | undefined {
  try {
    return flogiAccept.decode(payload);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** The clean address bit of an accept; `undefined` where it does not decode. */
function cleanBit(payload: Uint8Array): boolean | undefined {
  const features = acceptIn(payload)?.common.features;
  return features === undefined ? undefined : (features & FlogiAcceptFeatures.CLEAN_ADDRESS) !== 0;
}

/** The same address is another port's in another fabric. */
function liveKey({ fabric }: Pick<FipFrame, 'fabric'>, nPortId: number): string {
  return `${fabric} ${nPortId}`;
}
