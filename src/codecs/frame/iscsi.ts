/** iSCSI PDUs as frames of their own: the PDU, and inside it CDBs, data, sense and text. */
import {
  type DigestState,
  dataDigestAt,
  headerBytesAt,
  headerDigestAt,
  IscsiOpcode,
  type IscsiPdu,
  IscsiTaskManagement,
  iscsiPdu,
  iscsiPduWith,
  iscsiText,
} from '../iscsi/index.ts';
import { BHS_BYTES, DIGEST_BYTES, type IscsiDigests } from '../iscsi/parts.ts';
import { nameOf } from '../layout/index.ts';
import { type Cdb, cdb, cdbLengthBytes, dataIn, dataOut, sense } from '../scsi/index.ts';
import { IscsiConversation, type TextPdu } from './iscsi-conversation.ts';
import { type Frame, isRaw, layerPart } from './layer.ts';
import { FrameReader } from './reader.ts';
import { type CommandRecord, recordCommand } from './requests.ts';

const CDB_AT = 32;
const CDB_BYTES = 16;
/** In front of the CDB's bytes in their additional header. */
const SENSE_LENGTH_BYTES = 2;

/** How a PDU is to be read. */
export interface PduOptions {
  /** Bytes that it had on the wire, where fewer are there. */
  readonly lengthBytes?: number;
  /** The connection's PDUs so far; what this one says is added. */
  readonly conversation?: IscsiConversation;
}

type Part = Partial<IscsiPdu> & { readonly kind?: IscsiPdu['kind'] };

/** First byte of the data segment. */
const dataAt = (bytes: Uint8Array, digests: IscsiDigests): number =>
  headerBytesAt(bytes, 0) + (digests.header ? DIGEST_BYTES : 0);

function commandOf(reader: FrameReader, pdu: Extract<IscsiPdu, { kind: 'SCSI Command' }>) {
  const { bytes } = reader;
  const own = cdbLengthBytes(pdu.cdb);
  let one: Cdb | undefined;
  if (own !== undefined && own <= CDB_BYTES) one = reader.inside('scsi', cdb, CDB_AT, CDB_AT + own);
  else if (own === undefined) one = reader.inside('scsi', cdb, CDB_AT, CDB_AT + CDB_BYTES);
  const more = pdu.ahs.find((segment) => segment.kind === 'extended CDB');
  if (more !== undefined) one = wholeCdb(bytes.subarray(CDB_AT, CDB_AT + CDB_BYTES), more.cdb);
  const isKnown = one !== undefined && one.kind !== 'unknown';
  const code = pdu.cdb[0]!.toString(16).padStart(2, '0').toUpperCase();
  const name = isKnown ? one!.kind : `operation code ${code}h`;
  const { lun, cdb: field, expectedDataTransferLengthBytes } = pdu;
  return recordCommand(
    lun,
    field,
    expectedDataTransferLengthBytes,
    name,
    one && dataIn(one),
    one && dataOut(one),
  );
}

/** A CDB that goes on in an additional header: its two parts do not lie side by side. */
function wholeCdb(first: Uint8Array, more: Uint8Array): Cdb | undefined {
  const whole = new Uint8Array(first.length + more.length);
  whole.set(first);
  whole.set(more, first.length);
  try {
    return cdb.decode(whole);
  } catch {
    return undefined;
  }
}

/** Data that one PDU holds whole: the first of its command, and the last. */
function readData(
  reader: FrameReader,
  command: CommandRecord | undefined,
  way: 'dataIn' | 'dataOut',
  at: number,
  length: number,
): void {
  const by = command?.[way];
  if (by !== undefined && length > 0) reader.inside('scsi', by, at, at + length, true);
}

function readInside(
  reader: FrameReader,
  pdu: IscsiPdu,
  digests: IscsiDigests,
  conversation: IscsiConversation | undefined,
): void {
  const { bytes } = reader;
  const at = dataAt(bytes, digests);
  switch (pdu.kind) {
    case 'SCSI Command': {
      const command = commandOf(reader, pdu);
      reader.command = command;
      conversation?.open(pdu.initiatorTaskTag, command);
      const isAll = pdu.final === 1 && pdu.data.length === pdu.expectedDataTransferLengthBytes;
      if (isAll) readData(reader, command, 'dataOut', at, pdu.data.length);
      break;
    }
    case 'SCSI Data-In':
    case 'SCSI Data-Out': {
      reader.command = conversation?.of(pdu.initiatorTaskTag);
      const way = pdu.kind === 'SCSI Data-In' ? 'dataIn' : 'dataOut';
      if (pdu.bufferOffset === 0 && pdu.final === 1)
        readData(reader, reader.command, way, at, pdu.data.length);
      if (pdu.kind === 'SCSI Data-In' && pdu.hasStatus === 1)
        conversation?.close(pdu.initiatorTaskTag);
      break;
    }
    case 'SCSI Response': {
      reader.command = conversation?.of(pdu.initiatorTaskTag);
      conversation?.close(pdu.initiatorTaskTag);
      const length = pdu.data?.senseData.length ?? 0;
      const from = at + SENSE_LENGTH_BYTES;
      if (length > 0) reader.inside('sense', sense, from, from + length, true);
      break;
    }
    case 'R2T':
      reader.command = conversation?.of(pdu.initiatorTaskTag);
      break;
    case 'Reject':
      // The header of what was rejected, without its data.
      if (pdu.data.length >= BHS_BYTES)
        reader.inside('iscsi', iscsiPdu, at, at + pdu.data.length, true);
      break;
    case 'Task Management Function Request':
      conversation?.open(
        pdu.initiatorTaskTag,
        recordCommand(
          pdu.lun,
          new Uint8Array(0),
          0,
          nameOf(IscsiTaskManagement, pdu.function) ?? `function ${pdu.function}`,
          undefined,
          undefined,
        ),
      );
      break;
    case 'Task Management Function Response':
      reader.command = conversation?.of(pdu.initiatorTaskTag);
      conversation?.close(pdu.initiatorTaskTag);
      break;
    case 'Login Request':
    case 'Login Response':
    case 'Text Request':
    case 'Text Response': {
      // Text that began in the PDU before, or goes on in the next, is not whole here.
      const isPart = pdu.continue === 1 || conversation?.isMidText(pdu.kind) === true;
      if (pdu.data.length > 0 && !isPart)
        reader.inside('iscsi-text', iscsiText, at, at + pdu.data.length);
      conversation?.learn(pdu);
      break;
    }
    default:
  }
}

function digestOf(bytes: Uint8Array, digests: IscsiDigests): DigestState {
  const header = headerDigestAt(bytes, 0, digests);
  const data = dataDigestAt(bytes, 0, digests);
  if (header === 'bad' || data === 'bad') return 'bad';
  return header === 'good' || data === 'good' ? 'good' : 'absent';
}

/**
 * Decodes a PDU into layers, as `decodeFrame` does a frame; its first byte is the array's. `crc` says
 * what its digests say. Never throws for what the bytes are.
 */
export function decodeIscsiPdu(bytes: Uint8Array, options: PduOptions = {}): Frame {
  const { conversation = new IscsiConversation(), lengthBytes = bytes.length } = options;
  const { digests } = conversation.framer;
  const reader = new FrameReader(bytes, 0, bytes.length, lengthBytes, undefined, false);
  reader.protocol = 'iscsi';
  const codec = iscsiPduWith(digests);
  const pdu = reader.body('iscsi', codec);
  if (reader.cut) reader.crc = 'cut';
  else if (pdu !== undefined) reader.crc = digestOf(bytes, digests);
  if (pdu !== undefined && pdu.kind !== 'unknown') readInside(reader, pdu, digests, conversation);
  else if (pdu === undefined && bytes.length >= BHS_BYTES) readCut(reader, conversation);
  reader.raw('raw');
  return reader;
}

/** Of a PDU whose data the capture cut, the head tells its command. */
function readCut(reader: FrameReader, conversation: IscsiConversation): void {
  const part = partOf(reader);
  const tag = (part as { initiatorTaskTag?: number } | undefined)?.initiatorTaskTag;
  if (part?.kind === undefined || tag === undefined) return;
  if (part.kind === 'SCSI Command') {
    const head = { ahs: [], ...part } as unknown as Extract<IscsiPdu, { kind: 'SCSI Command' }>;
    reader.command = commandOf(reader, head);
    conversation.open(tag, reader.command);
  } else reader.command = conversation.of(tag);
  if (part.kind === 'Login Request' || part.kind === 'Login Response') {
    const { data: text } = part as { data?: Uint8Array };
    const { bytes } = reader;
    const from = bytes.length - (text?.length ?? 0);
    if (from < bytes.length) reader.inside('iscsi-text', iscsiText, from, bytes.length, true);
    const whole = bytes.subarray(from, Math.max(from, bytes.lastIndexOf(0) + 1));
    conversation.learn({ continue: 0, ...part, data: whole } as TextPdu, true);
  }
  const { hasStatus } = part as { hasStatus?: number };
  if (part.kind === 'SCSI Response' || hasStatus === 1) conversation.close(tag);
}

/** What is there of a PDU. */
function partOf(reader: FrameReader): Part | undefined {
  const layer = reader.layers.find((one) => one.layer === 'iscsi' && !isRaw(one));
  return layer?.value as Part | undefined;
}

/** The PDU in a frame of `decodeIscsiPdu`, or what is there of it; `undefined` where it is none. */
export function iscsiPduIn(frame: Frame): Part | undefined {
  const layer = frame.layers.find((one) => one.layer === 'iscsi' && !isRaw(one));
  return layer?.value as Part | undefined;
}

/** The opcode's name, also of a PDU that is not whole. */
export const iscsiNameOf = (bytes: Uint8Array): string =>
  nameOf(IscsiOpcode, (bytes[0] ?? 0) & 0x3f) ??
  `opcode ${((bytes[0] ?? 0) & 0x3f).toString(16).padStart(2, '0')}h`;

/** The text of a Login or Text PDU that holds it whole. */
export const textIn = (frame: Frame): readonly string[] =>
  (layerPart(frame, iscsiText)?.pairs ?? []).map(({ pair }) => pair);
