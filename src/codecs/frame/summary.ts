/** One line per frame, as a person scans a capture. */
import { ABTS_SEQUENCE_ONLY, BaRjtExplanation, BaRjtReason, baAcc, baRjt } from '../bls/index.ts';
import { type CtPreamble, CtResponse, ctCommandName, ctPreamble } from '../ct/index.ts';
import { ElsCommand } from '../els/codes.ts';
import { type Arp, ArpOperation, arp, isGratuitous } from '../ethernet/arp.ts';
import { EtherType, LENGTH_MAX } from '../ethernet/ether-type.ts';
import { ethernet, vlanTag } from '../ethernet/header.ts';
import { type MacControl, macControl } from '../ethernet/mac-control.ts';
import { FcType, RCtl } from '../fc/codes.ts';
import { type FcHeader, fcHeader } from '../fc/header.ts';
import { BusyReason, busyParameter, RejectReason, rejectParameter } from '../fc/link-control.ts';
import { Eof } from '../fcoe/codes.ts';
import { fcoeTrailer } from '../fcoe/header.ts';
import {
  type FcpCmnd,
  type FcpRsp,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  formatLun,
  RspCode,
  RspFlags,
  ScsiStatus,
  TaskManagement,
} from '../fcp/index.ts';
import { formatHex, nameOf, namesOf } from '../layout/index.ts';
import { NvmeOpcode, nvmeCmnd, nvmeErsp, nvmeStatusName } from '../nvme/index.ts';
import { formatSense, type SenseTriple, sense } from '../scsi/sense.ts';
import { SenseKey } from '../scsi/sense-key.ts';
import { SwRjtExplanation, SwRjtReason, swIlsName } from '../swils/index.ts';
import { summarizeBgp } from './bgp.ts';
import {
  bytesOf,
  dataBytesOf,
  type Frame,
  type Layer,
  layerOf,
  layerPart,
  layerValue,
} from './layer.ts';
import { notable } from './notable.ts';
import { rejectOf } from './reject.ts';
import { summarizeRpc } from './rpc.ts';
import type { StreamPdu } from './streams.ts';
import { summarizeFip } from './summary-fip.ts';
import { summarizeFcip, summarizeIscsi, summarizeTcp } from './summary-iscsi.ts';
import { summarizeLldp } from './summary-lldp.ts';
import { addresses, elsWords, hex4, line, words } from './summary-words.ts';

function summarizeBls(frame: Frame, header: FcHeader): string {
  const where = addresses(header);
  const accepted = layerValue(frame, baAcc);
  if (accepted !== undefined) return line('BA_ACC', where, `RX_ID ${hex4(accepted.rxId)}`);
  const refused = layerValue(frame, baRjt);
  if (refused !== undefined) {
    const { reason, explanation } = refused;
    const why = explanation === 0 ? '' : `, ${words(BaRjtExplanation, explanation)}`;
    return line('BA_RJT', where, words(BaRjtReason, reason) + why);
  }
  const name = nameOf(RCtl, header.rCtl) ?? 'BLS';
  const scope = header.parameter & ABTS_SEQUENCE_ONLY ? 'sequence' : 'exchange';
  return line(name, where, header.rCtl === RCtl.ABTS && `aborts ${scope}`);
}

function summarizeLinkControl(frame: Frame, header: FcHeader): string {
  const reject = layerValue(frame, rejectParameter);
  const busy = layerValue(frame, busyParameter);
  const why =
    (reject && words(RejectReason, reject.reason)) ?? (busy && words(BusyReason, busy.reason));
  return line(nameOf(RCtl, header.rCtl) ?? 'link control', addresses(header), why);
}

/** A CT_IU that no table has: the server and the command that its preamble names. */
function unknownCt(frame: Frame, layer: Layer, asked: string | undefined): string {
  const bytes = bytesOf(frame, layer);
  if (bytes.length < ctPreamble.headBytes) return asked ?? 'CT';
  const { gsType, gsSubtype, command } = ctPreamble.decode(bytes);
  const server = `${hex4((gsType << 8) | gsSubtype)}h`;
  return asked ?? `CT server ${server} command ${hex4(command)}h`;
}

function summarizeCt(frame: Frame, header: FcHeader): string {
  const layer = layerOf(frame, 'ct');
  const where = addresses(header);
  const { exchange } = frame;
  const asked =
    exchange && ctCommandName(exchange.gsType ?? 0, exchange.gsSubtype ?? 0, exchange.code ?? 0);
  if (layer === undefined) {
    const isRequest = header.rCtl === RCtl['Unsolicited Control'];
    return line(isRequest ? (asked ?? 'CT') : 'CT', where);
  }
  const { preamble, kind } = layer.value as { preamble?: Partial<CtPreamble>; kind: string };
  if (preamble === undefined) return line(unknownCt(frame, layer, asked), where);
  if (preamble.command === CtResponse.CT_RJT) {
    const name = asked === undefined ? 'CT_RJT' : `CT_RJT (${asked})`;
    const { reason = '', explanation = '' } = rejectOf(frame) ?? {};
    return line(name, where, explanation === '' ? reason : `${reason}, ${explanation}`);
  }
  const accepted = /^CT_ACC (.+)$/.exec(kind);
  const name = accepted === null ? kind : `CT_ACC (${accepted[1]})`;
  return line(name, where, notable(layer.value));
}

function summarizeSwIls(frame: Frame, header: FcHeader): string {
  const where = addresses(header);
  const layer = layerOf(frame, 'swils');
  const { exchange } = frame;
  const asked =
    exchange?.code === undefined ? undefined : swIlsName(exchange.code, exchange.subCode ?? 0);
  if (layer === undefined) {
    const isRequest = header.rCtl === RCtl['Unsolicited Control'];
    return line(isRequest ? (asked ?? 'SW_ILS') : 'SW_ILS', where);
  }
  const { kind } = layer.value as { kind: string };
  if (kind === 'SW_RJT') {
    const { reason, explanation } = layer.value as { reason: number; explanation: number };
    const why = explanation === 0 ? '' : `, ${words(SwRjtExplanation, explanation)}`;
    const name = asked === undefined ? kind : `${kind} (${asked})`;
    return line(name, where, words(SwRjtReason, reason) + why);
  }
  const accepted = /^SW_ACC (.+)$/.exec(kind);
  const name = accepted === null ? kind : `SW_ACC (${accepted[1]})`;
  return line(kind === 'unknown' ? `SW_ILS ${asked ?? ''}` : name, where, notable(layer.value));
}

function summarizeCommand(frame: Frame, command: Partial<FcpCmnd>, where: string): string {
  const lun = command.lun !== undefined && `LUN ${formatLun(command.lun)}`;
  const { taskManagementFlags = 0 } = command;
  if (taskManagementFlags !== 0) {
    const asked = namesOf(TaskManagement, taskManagementFlags).join(' ');
    return line('FCP task management', asked.replaceAll('_', ' '), where, lun);
  }
  const cdb = layerOf(frame, 'scsi');
  return line('SCSI', frame.exchange?.command?.name, where, lun, notable(cdb?.value));
}

/** Sense as far as it goes: of the first 8 bytes of fixed format sense only the key is known. */
function formatCutSense({ senseKey, asc, ascq }: Partial<SenseTriple>): string {
  if (senseKey === undefined) return '';
  if (asc !== undefined && ascq !== undefined) return formatSense({ senseKey, asc, ascq });
  return nameOf(SenseKey, senseKey)?.replaceAll('_', ' ') ?? `sense key ${senseKey}`;
}

function summarizeResponse(frame: Frame, response: Partial<FcpRsp>, where: string): string {
  const command = frame.exchange?.command;
  const code = response.rspInfo?.rspCode;
  const reported = layerPart(frame, sense) as Partial<SenseTriple> | undefined;
  const { flags = 0, scsiStatus, residualCount, bidirectionalReadResidual } = response;
  const residual = flags & (RspFlags.RESID_UNDER | RspFlags.RESID_OVER);
  const readResidual = flags & (RspFlags.BIDI_READ_RESID_UNDER | RspFlags.BIDI_READ_RESID_OVER);
  return line(
    'FCP_RSP',
    scsiStatus !== undefined &&
      (nameOf(ScsiStatus, scsiStatus) ?? `status ${scsiStatus}`).replaceAll('_', ' '),
    where,
    command && `(${command.name})`,
    code !== undefined && words(RspCode, code),
    reported !== undefined && formatCutSense(reported),
    residual !== 0 && residualCount !== undefined && `residual ${residualCount}`,
    readResidual !== 0 &&
      bidirectionalReadResidual !== undefined &&
      `read residual ${bidirectionalReadResidual}`,
  );
}

function summarizeFcp(frame: Frame, header: FcHeader): string {
  const where = addresses(header);
  const service = layerOf(frame, 'els');
  if (service !== undefined) return elsWords(service.value, where, frame.exchange?.code);
  const command = layerPart(frame, fcpCmnd);
  if (command !== undefined) return summarizeCommand(frame, command, where);
  const response = layerPart(frame, fcpRsp);
  if (response !== undefined) return summarizeResponse(frame, response, where);
  const of = frame.exchange?.command && `(${frame.exchange.command.name})`;
  const ready = layerPart(frame, fcpXferRdy);
  if (ready !== undefined) {
    const { relativeOffset, burstLengthBytes } = ready;
    const offset = relativeOffset !== undefined && `offset ${relativeOffset}`;
    return line(
      'XFER_RDY',
      where,
      of,
      offset,
      burstLengthBytes !== undefined && `burst ${burstLengthBytes}`,
    );
  }
  if (header.rCtl === RCtl['Solicited Control']) return line('FCP_CONF', where, of);
  return line('FCP_DATA', where, of, `offset ${header.parameter} length ${dataBytesOf(frame)}`);
}

function summarizeFc(frame: Frame, header: FcHeader): string {
  switch (frame.protocol) {
    case 'bls':
      return summarizeBls(frame, header);
    case 'link-control':
      return summarizeLinkControl(frame, header);
    case 'els': {
      const els = layerOf(frame, 'els');
      const where = addresses(header);
      const code = header.rCtl === RCtl['ELS Reply'] ? frame.exchange?.code : undefined;
      if (els !== undefined) return elsWords(els.value, where, code);
      const asked = header.rCtl === RCtl['ELS Request'] ? frame.exchange?.code : undefined;
      return line((asked !== undefined && nameOf(ElsCommand, asked)) || 'ELS', where);
    }
    case 'ct':
      return summarizeCt(frame, header);
    case 'fcp':
      return summarizeFcp(frame, header);
    case 'swils':
      return summarizeSwIls(frame, header);
    case 'nvme': {
      const command = layerValue(frame, nvmeCmnd)?.sqe;
      const unit = layerOf(frame, 'nvme')?.codec.name ?? 'NVMe data';
      const asked =
        command && line(words(NvmeOpcode, command.opcode), `nsid ${command.namespaceId}`);
      const completed = layerValue(frame, nvmeErsp);
      const status = completed && nvmeStatusName(completed.cqe.status).toLowerCase();
      return line(unit, addresses(header), asked, status);
    }
    default: {
      const kind = nameOf(FcType, header.type) ?? `TYPE ${header.type.toString(16)}h`;
      return line('FC', kind, nameOf(RCtl, header.rCtl)?.toLowerCase(), addresses(header));
    }
  }
}

const address = (bytes: Uint8Array): string =>
  bytes.length === 4 ? bytes.join('.') : formatHex(bytes, bytes.length === 6 ? ':' : '');

function summarizeArp(packet: Arp): string {
  const { operation, senderHardwareAddress, senderProtocolAddress, targetProtocolAddress } = packet;
  const sender = `${address(senderProtocolAddress)} at ${address(senderHardwareAddress)}`;
  const name = nameOf(ArpOperation, operation) ?? `ARP operation ${operation}`;
  if (operation > ArpOperation['ARP reply'])
    return line(name, `for ${address(packet.targetHardwareAddress)}`);
  if (isGratuitous(packet)) return line('gratuitous', name, sender);
  if (operation === ArpOperation['ARP request'])
    return line(name, `for ${address(targetProtocolAddress)} from ${sender}`);
  return line(name, sender);
}

function summarizeMacControl(control: MacControl): string {
  if (control.kind === 'PAUSE') return `PAUSE ${control.quanta} quanta`;
  if (control.kind !== 'PFC') return 'MAC control';
  const priorities = control.quanta
    .map((quanta, priority) => ({ quanta, priority }))
    .filter(({ priority }) => control.classEnableVector & (1 << priority))
    .map(({ quanta, priority }) => `${priority}: ${quanta}`);
  return `PFC priorities ${priorities.join(', ')}`;
}

function summarizeOther(frame: Frame): string {
  const packet = layerValue(frame, arp);
  if (packet !== undefined) return summarizeArp(packet);
  const control = layerValue(frame, macControl);
  if (control !== undefined) return summarizeMacControl(control);
  const discovery = summarizeLldp(frame);
  if (discovery !== undefined) return discovery;
  const header = layerValue(frame, ethernet);
  const { unread } = frame;
  if (unread?.what === 'link type')
    return `link type ${unread.code} is not read, ${frame.bytes.length} bytes`;
  if (header === undefined) return `${frame.bytes.length} bytes`;
  const etherType = layerValue(frame, vlanTag)?.etherType ?? header.etherType;
  const name =
    etherType <= LENGTH_MAX
      ? `802.3 length ${etherType}`
      : (nameOf(EtherType, etherType) ?? `EtherType ${hex4(etherType)}`);
  return `${name} ${header.source} → ${header.destination}`;
}

/** What is wrong with a frame, in brackets. */
function blemishes(frame: Frame): string {
  const eof = layerValue(frame, fcoeTrailer)?.eof;
  const invalid = eof !== undefined && (eof === Eof.EOFni || eof === Eof.EOFa);
  return line(
    invalid && `[${nameOf(Eof, eof)}]`,
    frame.crc === 'bad' && (frame.protocol === 'iscsi' ? '[bad digest]' : '[bad FC CRC]'),
    frame.malformed !== undefined && `[malformed: ${frame.malformed.message}]`,
    frame.cut && '[cut]',
  );
}

function textOf(frame: Frame, where: string): string {
  if (frame.protocol === 'fip') return summarizeFip(frame);
  if (frame.protocol === 'iscsi') return summarizeIscsi(frame, where);
  if (frame.protocol === 'rpc') return summarizeRpc(frame, where);
  if (frame.protocol === 'bgp') return summarizeBgp(frame, where);
  const header = layerValue(frame, fcHeader);
  if (header !== undefined) return line(summarizeFc(frame, header), where);
  const text = summarizeFcip(frame) ?? summarizeTcp(frame) ?? summarizeOther(frame);
  return line(text, where);
}

/** A frame in one line: what it is, where it goes, what it says, and what is wrong with it. */
export function summarize(frame: Frame): string {
  return line(textOf(frame, ''), blemishes(frame));
}

/** The unit of a stream in one line, and between which ends it went. */
export function summarizePdu({ connection, fromClient, frame }: StreamPdu): string {
  const { client, server } = connection;
  const where = fromClient ? `${client} → ${server}` : `${server} → ${client}`;
  return line(textOf(frame, where), blemishes(frame));
}
