/** The frames that an initiator sends in an exchange: FCP_CMND, write data, FCP_CONF. */
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_DATA_FROM_ORIGINATOR,
  FCTL_END_SEQUENCE,
  FCTL_LAST_DATA_FROM_ORIGINATOR,
  FCTL_LAST_SEQUENCE,
  FCTL_REQUEST,
  FCTL_SEQUENCE_INITIATIVE,
  FcType,
  RCtl,
} from '../../codecs/fc/index.ts';
import { CDB_FIELD_BYTES, cdbFields, fcpCmnd } from '../../codecs/fcp/index.ts';
import { partOf } from '../../codecs/layout/index.ts';
import type { Exchange } from '../n-port/exchange.ts';
import { frameHeader } from '../n-port/frame-header.ts';
import { FIRST_BURST_BYTES } from '../n-port/login-parameters.ts';
import type { Lport } from '../n-port/lport.ts';
import type { FcpCommand } from './fcp-command.ts';

/** Write data goes out in payloads of whole blocks: the largest such size a port of 2112 takes. */
const PAYLOAD_ALIGN_BYTES = 512;
const NO_DATA = new Uint8Array(0);

/** FCP_CMND, and the write data that need not wait for XFER_RDY. */
export function sendCommand(lport: Lport, command: FcpCommand): void {
  const { lun, cdb, dataOut, dataInBytes = 0, attribute, priority } = command.request;
  const { rport } = command;
  const isShort = cdb.length <= CDB_FIELD_BYTES;
  const fields = isShort ? undefined : cdbFields(cdb);
  const additionalCdb = fields?.additionalCdb ?? NO_DATA;
  const iu = {
    lun,
    cdb: fields?.cdb ?? cdb,
    additionalCdb,
    additionalCdbLengthWords: additionalCdb.length / 4,
    // Left out, as mostly: SIMPLE, 0.
    taskAttribute: attribute,
    priority,
    rddata: dataInBytes > 0 ? 1 : 0,
    wrdata: dataOut === undefined ? 0 : 1,
    fcpDl: dataOut?.length ?? dataInBytes,
  };
  const unasked =
    dataOut !== undefined && rport.firstBurst ? Math.min(dataOut.length, FIRST_BURST_BYTES) : 0;
  const fCtl = unasked > 0 ? FCTL_REQUEST & ~FCTL_SEQUENCE_INITIATIVE : FCTL_REQUEST;
  const header = headerOf(lport, command, RCtl['Unsolicited Command'], fCtl);
  lport.transmitMessage(header, fcpCmnd, iu);
  if (unasked > 0) sendDataOut(lport, command, 0, unasked);
}

/** FCP_CMND with a task management function: one bit of `TaskManagement`. */
export function sendTaskManagement(
  lport: Lport,
  exchange: Exchange,
  lun: bigint,
  taskManagementFlags: number,
): void {
  const header = headerOf(lport, exchange, RCtl['Unsolicited Command'], FCTL_REQUEST);
  lport.transmitMessage(header, fcpCmnd, {
    lun,
    taskManagementFlags,
    additionalCdb: NO_DATA,
    additionalCdbLengthWords: 0,
  });
}

/** One sequence with the write data from `begin` to `end`. */
export function sendDataOut(lport: Lport, command: FcpCommand, begin: number, end: number): void {
  const dataOut = command.request.dataOut!;
  const { dId, oxId, rxId, rport } = command;
  const { exchanges, nPortId } = lport;
  const frameBytes = payloadBytes(rport.receiveBytes);
  const seqId = exchanges.nextSeqId(command);
  let seqCnt = 0;
  for (let at = begin; at < end; at += frameBytes) {
    const last = at + frameBytes >= end;
    const fCtl = last ? FCTL_LAST_DATA_FROM_ORIGINATOR : FCTL_DATA_FROM_ORIGINATOR;
    const header = frameHeader(
      FcType.FCP,
      RCtl['Solicited Data'],
      dId,
      nPortId,
      fCtl,
      seqId,
      oxId,
      rxId,
    );
    header.seqCnt = seqCnt++ & 0xffff;
    header.parameter = at;
    lport.transmit(header, partOf(dataOut, at, Math.min(at + frameBytes, end)), last);
  }
}

/** FCP_CONF: the target need not keep the response any longer. */
export function sendConfirm(lport: Lport, command: FcpCommand): void {
  const fCtl = FCTL_LAST_SEQUENCE | FCTL_END_SEQUENCE;
  const header = headerOf(lport, command, RCtl['Solicited Control'], fCtl);
  lport.transmit(header, NO_DATA, true);
}

/** The header of an exchange's next sequence: good until the next header is asked for. */
function headerOf(lport: Lport, exchange: Exchange, rCtl: number, fCtl: number) {
  const { nPortId, exchanges } = lport;
  const { dId, oxId, rxId } = exchange;
  return frameHeader(
    FcType.FCP,
    rCtl,
    dId,
    nPortId,
    fCtl,
    exchanges.nextSeqId(exchange),
    oxId,
    rxId,
  );
}

/** Bytes of write data per frame for a port that receives `receiveBytes`. */
export function payloadBytes(receiveBytes: number): number {
  const room = Math.min(receiveBytes, FC_PAYLOAD_BYTES_MAX);
  return Math.max(room - (room % PAYLOAD_ALIGN_BYTES), 256);
}
