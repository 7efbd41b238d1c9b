/** iSCSI PDUs, FCIP's own frames and TCP segments in one line. */
import { formatEndpoint, type Tcp, TcpFlags, tcp } from '../ethernet/index.ts';
import { type FcipSpecialFrame, fcipSpecialFrame } from '../fcip/index.ts';
import {
  AsyncEvent,
  type IscsiPdu,
  IscsiRejectReason,
  IscsiResponse,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
  LoginStage,
  LoginStatus,
  LogoutReason,
  LogoutResponse,
  RESERVED_TAG,
  SnackType,
} from '../iscsi/index.ts';
import { escapeText, formatWwn, nameOf, namesOf } from '../layout/index.ts';
import { formatLun } from '../scsi/lun.ts';
import { formatSense, sense } from '../scsi/sense.ts';
import { ScsiStatus } from '../scsi/status.ts';
import { iscsiNameOf, iscsiPduIn, textIn } from './iscsi.ts';
import { type Frame, layerOf, layerValue } from './layer.ts';
import { notable } from './notable.ts';
import { line } from './summary-words.ts';

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');
const wordOf = (names: Readonly<Record<string, number>>, code: number): string =>
  nameOf(names, code) ?? `code ${code}`;
const statusName = (status: number): string => wordOf(ScsiStatus, status).replaceAll('_', ' ');

/** Keys that say who speaks to whom; of the others, how many there are. */
const TOLD_KEYS =
  /^(InitiatorName|TargetName|SessionType|SendTargets|TargetAddress|AuthMethod|CHAP_A|CHAP_N|HeaderDigest|DataDigest)=/;
const TEXTS_TOLD_MAX = 6;

function textWords(frame: Frame): string {
  const pairs = textIn(frame);
  const told = pairs.filter((pair) => TOLD_KEYS.test(pair)).slice(0, TEXTS_TOLD_MAX);
  const more = pairs.length - told.length;
  return line(
    ...told.map(escapeText),
    more > 0 &&
      `${told.length > 0 ? 'and ' : ''}${more} key${more === 1 ? '' : 's'}${told.length > 0 ? ' more' : ''}`,
  );
}

/** What a PDU is allowed to lack, where the capture cut it. */
type Part<K extends IscsiPdu['kind']> = Partial<Extract<IscsiPdu, { kind: K }>>;

function stages({ currentStage, nextStage, transit }: Part<'Login Request'>): string {
  const now = currentStage === undefined ? '' : wordOf(LoginStage, currentStage);
  return transit === 1 && nextStage !== undefined
    ? `${now} to ${wordOf(LoginStage, nextStage)}`
    : now;
}

/** Residual in words. */
function residualWords(pdu: Part<'SCSI Response' | 'SCSI Data-In'>): string {
  const { overflow, underflow, residualCount } = pdu as Part<'SCSI Response'>;
  if (overflow === 1) return `overflow ${residualCount}`;
  return underflow === 1 ? `residual ${residualCount}` : '';
}

function dataWords(pdu: Part<'SCSI Data-In' | 'SCSI Data-Out'>): string {
  const { bufferOffset, dataSegmentLengthBytes } = pdu as Part<'SCSI Data-In'>;
  return line(`offset ${bufferOffset}`, `length ${dataSegmentLengthBytes}`);
}

const tagWords = (name: string, tag: number | undefined): string =>
  tag === undefined || tag === RESERVED_TAG ? '' : `${name} ${hex8(tag)}`;

function commandWords(frame: Frame, { lun, immediate }: Part<'SCSI Command'>): string {
  const cdb = layerOf(frame, 'scsi');
  return line(
    lun !== undefined && `LUN ${formatLun(lun)}`,
    notable(cdb?.value),
    immediate === 1 && 'immediate',
  );
}

function responseWords(frame: Frame, pdu: Part<'SCSI Response'>): string {
  const { response = 0, status } = pdu;
  const told = layerValue(frame, sense);
  const triple = told as { senseKey?: number; asc?: number; ascq?: number } | undefined;
  const isWhole = triple?.senseKey !== undefined && triple.asc !== undefined;
  return line(
    response === 0 ? status !== undefined && statusName(status) : wordOf(IscsiResponse, response),
    residualWords(pdu),
    isWhole &&
      formatSense({ senseKey: triple.senseKey!, asc: triple.asc!, ascq: triple.ascq ?? 0 }),
  );
}

/** What one PDU says beside its name and tag. */
function saidBy(frame: Frame, pdu: Partial<IscsiPdu> & { readonly kind?: string }): string {
  switch (pdu.kind) {
    case 'SCSI Command':
      return commandWords(frame, pdu as Part<'SCSI Command'>);
    case 'SCSI Response':
      return responseWords(frame, pdu as Part<'SCSI Response'>);
    case 'SCSI Data-In': {
      const part = pdu as Part<'SCSI Data-In'>;
      const ends = part.hasStatus === 1 && part.status !== undefined && statusName(part.status);
      return line(dataWords(part), ends, residualWords(part));
    }
    case 'SCSI Data-Out':
      return dataWords(pdu as Part<'SCSI Data-Out'>);
    case 'R2T': {
      const { bufferOffset, desiredDataTransferLengthBytes } = pdu as Part<'R2T'>;
      return `offset ${bufferOffset} length ${desiredDataTransferLengthBytes}`;
    }
    case 'Task Management Function Request': {
      const part = pdu as Part<'Task Management Function Request'>;
      return line(
        part.function !== undefined && wordOf(IscsiTaskManagement, part.function),
        part.lun !== undefined && `LUN ${formatLun(part.lun)}`,
        tagWords('task', part.referencedTaskTag),
      );
    }
    case 'Task Management Function Response': {
      const { response } = pdu as Part<'Task Management Function Response'>;
      return response === undefined ? '' : wordOf(IscsiTaskManagementResponse, response);
    }
    case 'Login Request':
      return line(stages(pdu as Part<'Login Request'>), textWords(frame));
    case 'Login Response': {
      const part = pdu as Part<'Login Response'>;
      const status = part.status === undefined ? '' : wordOf(LoginStatus, part.status);
      return line(status, stages(part as unknown as Part<'Login Request'>), textWords(frame));
    }
    case 'Text Request':
    case 'Text Response':
      return textWords(frame);
    case 'Logout Request': {
      const { reason } = pdu as Part<'Logout Request'>;
      return reason === undefined ? '' : wordOf(LogoutReason, reason);
    }
    case 'Logout Response': {
      const { response } = pdu as Part<'Logout Response'>;
      return response === undefined ? '' : wordOf(LogoutResponse, response);
    }
    case 'SNACK Request': {
      const { type } = pdu as Part<'SNACK Request'>;
      return type === undefined ? '' : wordOf(SnackType, type);
    }
    case 'Asynchronous Message': {
      const { asyncEvent } = pdu as Part<'Asynchronous Message'>;
      return asyncEvent === undefined ? '' : wordOf(AsyncEvent, asyncEvent);
    }
    case 'Reject': {
      const { reason } = pdu as Part<'Reject'>;
      return reason === undefined ? '' : wordOf(IscsiRejectReason, reason);
    }
    default:
      return '';
  }
}

/** A PDU of `decodeIscsiPdu` in one line, without what is wrong with it; `where`: who sent it to whom. */
export function summarizeIscsi(frame: Frame, where = ''): string {
  const pdu = iscsiPduIn(frame) as (Partial<IscsiPdu> & { readonly kind?: string }) | undefined;
  const kind = pdu?.kind;
  const name = kind === undefined || kind === 'unknown' ? iscsiNameOf(frame.bytes) : kind;
  if (pdu === undefined) return line('iSCSI', name, where);
  const { initiatorTaskTag, targetTransferTag } = pdu as Part<'NOP-In'>;
  const command = frame.command?.name;
  const of = command === undefined ? '' : kind === 'SCSI Command' ? command : `(${command})`;
  return line(
    'iSCSI',
    name,
    where,
    tagWords('ITT', initiatorTaskTag),
    tagWords('TTT', targetTransferTag),
    of,
    saidBy(frame, pdu),
  );
}

/** The frame that opens an FCIP connection; `undefined` for what is none. */
export function summarizeFcip(frame: Frame): string | undefined {
  const special = layerValue(frame, fcipSpecialFrame) as FcipSpecialFrame | undefined;
  if (special === undefined) return undefined;
  const { sourceFabricEntityName, destinationFabricEntityName } = special;
  return `FCIP special frame ${formatWwn(sourceFabricEntityName)} → ${formatWwn(destinationFabricEntityName)}`;
}

/** A TCP segment by itself; `undefined` for what is none. */
export function summarizeTcp(frame: Frame): string | undefined {
  const segment = layerValue(frame, tcp) as Tcp | undefined;
  const ip = [...frame.layers]
    .reverse()
    .find((one) => one.layer === 'ipv4' || one.layer === 'ipv6');
  if (segment === undefined || ip === undefined) return undefined;
  const { source, destination } = ip.value as { source: Uint8Array; destination: Uint8Array };
  const { sourcePort, destinationPort, flags, sequenceNumber, acknowledgmentNumber } = segment;
  const payload = frame.layers.find((one) => one.layer === 'payload');
  return line(
    'TCP',
    `${formatEndpoint(source, sourcePort)} → ${formatEndpoint(destination, destinationPort)}`,
    namesOf(TcpFlags, flags).join(' '),
    `seq ${sequenceNumber}`,
    (flags & TcpFlags.ACK) !== 0 && `ack ${acknowledgmentNumber}`,
    `length ${payload?.length ?? 0}`,
  );
}
