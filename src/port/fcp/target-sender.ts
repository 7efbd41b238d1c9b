/** The frames that a target sends in its exchanges. Source: FCP-4, information units; FC-FS-3, sequences. */
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_DATA_FROM_RESPONDER,
  FCTL_LAST_DATA_FROM_RESPONDER,
  FCTL_LAST_REPLY,
  FCTL_MIDDLE_FROM_RESPONDER,
  type FcHeader,
  FcType,
  RCtl,
} from '../../codecs/fc/index.ts';
import { fcpRsp, fcpXferRdy, RspFlags } from '../../codecs/fcp/index.ts';
import { partOf } from '../../codecs/layout/index.ts';
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import type { Reply } from '../../scsi/transport.ts';
import { frameHeader } from '../n-port/frame-header.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Answer, TargetExchange } from './target-exchange.ts';

/** Write data that one XFER_RDY asks for. */
const BURST_BYTES_MAX = 65_536;
const NO_BYTES = new Uint8Array(0);

/** Sends the frames of exchanges. `lport` gives the port they leave by. */
export class TargetSender {
  readonly #lport: () => Lport;

  constructor(lport: () => Lport) {
    this.#lport = lport;
  }

  /** Asks for the write data behind what has come. */
  xferRdy(exchange: TargetExchange): void {
    const relativeOffset = exchange.received;
    const burstLengthBytes = Math.min(BURST_BYTES_MAX, exchange.dataOut!.length - relativeOffset);
    exchange.granted = relativeOffset + burstLengthBytes;
    this.#send(
      exchange,
      RCtl['Data Descriptor'],
      FCTL_MIDDLE_FROM_RESPONDER,
      fcpXferRdy.encode({ relativeOffset, burstLengthBytes }),
    );
  }

  /** One sequence of read data, from `from` on. */
  data(exchange: TargetExchange, data: Uint8Array, from = 0): void {
    const lport = this.#lport();
    const frameBytes = Math.min(exchange.rport.receiveBytes, FC_PAYLOAD_BYTES_MAX);
    const seqId = exchange.nextSeqId++ & 0xff;
    let seqCnt = 0;
    for (let at = from; at < data.length; at += frameBytes) {
      const last = at + frameBytes >= data.length;
      const fCtl = last ? FCTL_LAST_DATA_FROM_RESPONDER : FCTL_DATA_FROM_RESPONDER;
      const header = frameHeader(
        FcType.FCP,
        RCtl['Solicited Data'],
        exchange.rport.portId,
        lport.nPortId,
        fCtl,
        seqId,
        exchange.oxId,
        exchange.rxId,
      );
      header.seqCnt = seqCnt++ & 0xffff;
      header.parameter = at;
      lport.transmit(header, partOf(data, at, Math.min(at + frameBytes, data.length)), last);
    }
  }

  /** FCP_RSP; one that is to be confirmed leaves the exchange open and the initiative over there. */
  rsp(exchange: TargetExchange, { rsp, unconfirmed }: Answer): void {
    const fCtl = unconfirmed ? FCTL_MIDDLE_FROM_RESPONDER : FCTL_LAST_REPLY;
    this.#send(exchange, RCtl['Command Status'], fCtl, rsp);
  }

  #send(exchange: TargetExchange, rCtl: number, fCtl: number, payload: Uint8Array): void {
    const lport = this.#lport();
    const seqId = exchange.nextSeqId++ & 0xff;
    const { rport, oxId, rxId } = exchange;
    const header = frameHeader(
      FcType.FCP,
      rCtl,
      rport.portId,
      lport.nPortId,
      fCtl,
      seqId,
      oxId,
      rxId,
    );
    lport.transmit(header, payload, true);
  }

  /** The one frame that answers a basic link service or an FC-4 link service. */
  answerLinkService(request: FcHeader, rCtl: number, type: number, payload: Uint8Array): void {
    this.#lport().reply(request, rCtl, type, payload);
  }
}

/** What most commands end with. */
const GOOD_RSP = fcpRsp.encode({});

/** The FCP_RSP for a SCSI command: status, sense data, residual count. */
export function rspOf(exchange: TargetExchange, reply: Reply, confirm: boolean): Uint8Array {
  const moved = exchange.dataOut?.length ?? reply.dataIn?.length ?? 0;
  const { fcpDl } = exchange;
  const plain = reply.status === ScsiStatus.GOOD && reply.sense === undefined && !confirm;
  if (plain && moved === fcpDl) return GOOD_RSP;
  const senseData = reply.sense ?? NO_BYTES;
  return fcpRsp.encode({
    flags:
      (senseData.length > 0 ? RspFlags.SNS_LEN_VALID : 0) |
      (fcpDl > moved ? RspFlags.RESID_UNDER : 0) |
      (moved > fcpDl ? RspFlags.RESID_OVER : 0) |
      (confirm ? RspFlags.CONF_REQ : 0),
    scsiStatus: reply.status,
    residualCount: Math.abs(fcpDl - moved),
    senseData,
  });
}
