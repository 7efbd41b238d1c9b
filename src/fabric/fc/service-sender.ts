/** Frames that the fabric's services send: requests, and replies of as many frames as the asker takes. */
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_END_SEQUENCE,
  FCTL_EXCHANGE_CONTEXT,
  FCTL_FIRST_SEQUENCE,
  FCTL_LAST_REPLY,
  FCTL_LAST_SEQUENCE,
  FCTL_REQUEST,
  type FcHeader,
  FcType,
  RCtl,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import type { FPort } from './f-port.ts';
import type { Login } from './logins.ts';

/** Makes the frames of the services; the F_Port carries them. */
export class ServiceSender {
  readonly #fPort: FPort;

  constructor(fPort: FPort) {
    this.#fPort = fPort;
  }

  /** An ELS request from a service. */
  elsRequest(to: Login, from: FcId, oxId: number, payload: Uint8Array): void {
    this.#fPort.send(
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

  /** An ELS request from a service that is not replied to. */
  elsNotice(to: Login, from: FcId, oxId: number, payload: Uint8Array): void {
    const header = {
      rCtl: RCtl['ELS Request'],
      dId: to.nPortId,
      sId: from,
      type: FcType.ELS,
      fCtl: FCTL_FIRST_SEQUENCE | FCTL_LAST_SEQUENCE | FCTL_END_SEQUENCE,
      oxId,
      rxId: XID_UNASSIGNED,
    };
    this.#fPort.send(to, header, payload, true);
  }

  /** The reply to an ELS request that came in a frame of its own. */
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
      this.#fPort.send(to, header, part, last);
      if (last) return;
    }
  }
}

/** True for the first and only frame of a sequence. */
export function isWholeSequence(header: FcHeader): boolean {
  return header.seqCnt === 0 && (header.fCtl & FCTL_END_SEQUENCE) !== 0;
}
