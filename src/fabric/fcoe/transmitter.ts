/** How an FCF puts its own frames on the wire: FIP messages, and FC sequences from its services. */
import { ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_END_SEQUENCE,
  FCTL_EXCHANGE_CONTEXT,
  FCTL_LAST_REPLY,
  FCTL_REQUEST,
  type FcHeader,
  FcType,
  RCtl,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { Eof, encodeFcoeFrame, Sof } from '../../codecs/fcoe/index.ts';
import {
  type FipDescriptorInput,
  type FipMessageInput,
  fipMessage,
} from '../../codecs/fip/index.ts';
import { type FcId, type Mac, putMac } from '../../codecs/layout/index.ts';
import type { Login } from '../fc/logins.ts';
import type { FcfContext } from './context.ts';

/** Shortest Ethernet frame without FCS. */
const ETHERNET_BYTES_MIN = 60;
const ETHERNET_HEADER_BYTES = 14;
const VLAN_TAG_BYTES = 4;

/** A FIP message to send: fields with a default may be left out, in its descriptors too. */
export interface FipInput {
  readonly operation: number;
  readonly subcode: number;
  readonly flags?: number;
  readonly descriptors: readonly FipDescriptorInput[];
}

export class Transmitter {
  readonly #context: FcfContext;

  constructor(context: FcfContext) {
    this.#context = context;
  }

  /**
   * A FIP frame from the FCF-MAC address.
   *
   * `tagged`: in the FCoE VLAN, where there is one; VLAN discovery answers outside it.
   * `payloadBytesMin`: pads the Ethernet payload to this size.
   */
  fipFrame(destination: Mac, message: FipInput, tagged = true, payloadBytesMin = 0): Uint8Array {
    const { fcfMac, vlan, vlanPriority } = this.#context.config;
    const input = message as FipMessageInput;
    const tag = tagged && vlan !== 0;
    const head = ETHERNET_HEADER_BYTES + (tag ? VLAN_TAG_BYTES : 0);
    const size = Math.max(head + payloadBytesMin, head + fipMessage.sizeOf(input));
    const frame = new Uint8Array(Math.max(size, ETHERNET_BYTES_MIN));
    putMac(frame, 0, destination);
    putMac(frame, 6, fcfMac);
    if (tag) {
      put16(frame, 12, ETHERTYPE_VLAN);
      put16(frame, 14, (vlanPriority << 13) | vlan);
    }
    put16(frame, head - 2, ETHERTYPE_FIP);
    fipMessage.write(frame, head, input);
    return frame;
  }

  /** Sends a FIP message to one address. */
  fip(port: number, destination: Mac, message: FipInput, tagged = true): void {
    this.#context.core.send(port, this.fipFrame(destination, message, tagged));
  }

  /** An ELS request from a service. */
  elsRequest(to: Login, from: FcId, oxId: number, payload: Uint8Array): void {
    this.#frame(
      to,
      {
        rCtl: RCtl['ELS Request'],
        dId: to.nPortId,
        sId: from,
        type: FcType.ELS,
        fCtl: FCTL_REQUEST,
        oxId,
        rxId: XID_UNASSIGNED,
      },
      payload,
      true,
    );
  }

  /** The reply to an ELS request that came by FCoE. */
  elsReply(to: Login, request: FcHeader, payload: Uint8Array): void {
    this.#reply(to, request, RCtl['ELS Reply'], payload);
  }

  /** The reply to a CT request: as many frames as the port's receive size asks for. */
  ctReply(to: Login, request: FcHeader, payload: Uint8Array): void {
    this.#reply(to, request, RCtl['Solicited Control'], payload);
  }

  /** A basic link service reply. */
  blsReply(to: Login, request: FcHeader, rCtl: number, payload: Uint8Array): void {
    this.#reply(to, { ...request, type: FcType.BLS }, rCtl, payload);
  }

  #reply(to: Login, request: FcHeader, rCtl: number, payload: Uint8Array): void {
    const frameBytes = Math.min(to.receiveBytes, FC_PAYLOAD_BYTES_MAX) & ~3;
    for (let at = 0, seqCnt = 0; ; at += frameBytes, seqCnt++) {
      const last = at + frameBytes >= payload.length;
      const header = {
        rCtl,
        dId: request.sId,
        sId: request.dId,
        type: request.type,
        // Initiative and the end of the exchange are told in the last frame of the sequence.
        fCtl: last ? FCTL_LAST_REPLY : FCTL_EXCHANGE_CONTEXT,
        seqCnt,
        oxId: request.oxId,
        rxId: XID_UNASSIGNED,
      };
      const part = last && at === 0 ? payload : payload.subarray(at, at + frameBytes);
      this.#frame(to, header, part, last);
      if (last) return;
    }
  }

  #frame(
    to: Login,
    header: Parameters<typeof encodeFcoeFrame>[0]['header'],
    payload: Uint8Array,
    last: boolean,
  ): void {
    const { fcfMac, vlan, vlanPriority } = this.#context.config;
    const frame = encodeFcoeFrame({
      destination: to.mac,
      source: fcfMac,
      vlan: vlan === 0 ? undefined : { vid: vlan, priority: vlanPriority },
      sof: (header.seqCnt ?? 0) === 0 ? Sof.SOFi3 : Sof.SOFn3,
      eof: last ? Eof.EOFt : Eof.EOFn,
      header,
      payload,
    });
    this.#context.core.send(to.port, frame);
  }
}

function put16(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 8;
  target[at + 1] = value;
}

/** True for the first and only frame of a sequence. */
export function isWholeSequence(header: FcHeader): boolean {
  return header.seqCnt === 0 && (header.fCtl & FCTL_END_SEQUENCE) !== 0;
}
