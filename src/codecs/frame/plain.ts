/**
 * Plain FCP frames, which are nearly all frames of a storage network: reads and writes, their data
 * and their answers, with nothing in them but headers of fixed size, and bytes. What they say, and
 * that they encode to the very bytes, is known without making their layers.
 */
import { EtherType } from '../ethernet/index.ts';
import { FCTL_EXCHANGE_CONTEXT, RCtl } from '../fc/codes.ts';
import { FC_HEADER_BYTES, type FcHeader, fcHeader } from '../fc/header.ts';
import { FCOE_TRAILER_BYTES } from '../fcoe/header.ts';
import { type FcpCmnd, fcpCmnd, fcpRsp, fcpXferRdy, RspFlags } from '../fcp/index.ts';
import { type Cdb, cdb, cdbLengthBytes, Opcode } from '../scsi/index.ts';
import type { Conversation } from './conversation.ts';
import { LinkType } from './decode.ts';
import { FrameScanner, type ScannedUnit } from './scan.ts';

/** SOF codes below this one start a sequence. */
const SOF_NORMAL = 0x30;
const ETHER_TYPE_AT = 12;
const TAG_CONTROL_AT = 14;
const VID_MASK = 0x0fff;
const DF_CTL_AT = 13;
const R_CTL_SOLICITED_DATA = RCtl['Solicited Data'];
/** Bytes of an FCP_CMND whose CDB fits its field and which moves data one way. */
const COMMAND_BYTES = fcpCmnd.headBytes + 4;
const CDB_AT = 12;
/** Flags of a response behind which nothing follows. */
const RESIDUALS = RspFlags.RESID_UNDER | RspFlags.RESID_OVER;

/** Commands that move blocks: their data has no layout, in no direction. */
const BLOCK_COMMANDS: ReadonlySet<number> = new Set([
  Opcode['READ(6)'],
  Opcode['READ(10)'],
  Opcode['READ(12)'],
  Opcode['READ(16)'],
  Opcode['WRITE(6)'],
  Opcode['WRITE(10)'],
  Opcode['WRITE(12)'],
  Opcode['WRITE(16)'],
]);

/** A frame where it lies, and what the capture says of it. */
export interface LyingFrame {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly linkType: number;
  readonly originalLength: number;
  readonly fcsBytes: number | undefined;
}

/** Places of a plain frame, counted from its first byte. */
export interface PlainParts {
  unit: ScannedUnit;
  fcAt: number;
  payloadAt: number;
  /** Fill bytes left out. */
  payloadEnd: number;
  sof: number;
  eof: number;
  /** VID of its VLAN tag. */
  vlan: number | undefined;
}

/**
 * Tells plain frames: today's FCoE format with at most one VLAN tag, whole, a good CRC, no FCS, no
 * optional header, and an information unit without anything behind its head.
 */
export class PlainScanner {
  readonly #scanner = new FrameScanner();

  /** True for a plain frame; then `parts` says where what lies. */
  scan(frame: LyingFrame, parts: PlainParts): boolean {
    const { bytes, at, end, originalLength } = frame;
    const scanner = this.#scanner;
    if (frame.linkType !== LinkType.ETHERNET || originalLength > end - at) return false;
    if ((frame.fcsBytes ?? 0) !== 0) return false;
    if (!scanner.scan(bytes, at, end, originalLength, frame.fcsBytes)) return false;
    const { unit, crc, vlanTags, payloadAt, payloadEnd } = scanner;
    if (unit === undefined || crc !== 'good' || vlanTags > 1) return false;
    if (scanner.trailer.at + FCOE_TRAILER_BYTES !== end) return false;
    if (vlanTags === 1 && wordAt(bytes, at + ETHER_TYPE_AT) !== EtherType.VLAN) return false;
    const fcAt = payloadAt - FC_HEADER_BYTES;
    if (bytes[fcAt + DF_CTL_AT] !== 0) return false;
    if (!isPlainUnit(unit, bytes, fcAt, payloadAt, payloadEnd)) return false;
    parts.unit = unit;
    parts.fcAt = fcAt - at;
    parts.payloadAt = payloadAt - at;
    parts.payloadEnd = payloadEnd - at;
    parts.sof = bytes[fcAt - 1]!;
    parts.eof = bytes[end - FCOE_TRAILER_BYTES + 4]!;
    parts.vlan = vlanTags === 0 ? undefined : wordAt(bytes, at + TAG_CONTROL_AT) & VID_MASK;
    return true;
  }
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function isPlainUnit(
  unit: ScannedUnit,
  bytes: Uint8Array,
  fcAt: number,
  at: number,
  end: number,
): boolean {
  switch (unit) {
    case 'data':
      return bytes[fcAt] === R_CTL_SOLICITED_DATA;
    case 'xferRdy':
      return end - at === fcpXferRdy.headBytes;
    case 'response':
      return end - at === fcpRsp.headBytes && (bytes[at + 10]! & ~RESIDUALS) === 0;
    case 'command':
      return end - at === COMMAND_BYTES && isPlainCommand(bytes, at);
  }
}

/** Task management flags, additional CDB length, RDDATA and WRDATA; then the operation code. */
function isPlainCommand(bytes: Uint8Array, at: number): boolean {
  const directions = bytes[at + 11]!;
  return bytes[at + 10] === 0 && directions < 3 && BLOCK_COMMANDS.has(bytes[at + CDB_AT]!);
}

/** The header of a plain frame that begins at `at`. */
export function plainHeader(bytes: Uint8Array, at: number, { fcAt }: PlainParts): FcHeader {
  return fcHeader.decode(bytes, at + fcAt, at + fcAt + FC_HEADER_BYTES);
}

/** A plain command, and its CDB. */
export interface PlainCommand {
  readonly command: FcpCmnd;
  readonly cdb: Cdb;
}

/** Reads a plain command that begins at `at`. */
export function plainCommand(bytes: Uint8Array, at: number, parts: PlainParts): PlainCommand {
  const payloadAt = at + parts.payloadAt;
  const command = fcpCmnd.decode(bytes, payloadAt, at + parts.payloadEnd);
  const { cdb: field } = command;
  const cdbAt = payloadAt + CDB_AT;
  const one = cdb.decode(bytes, cdbAt, cdbAt + (cdbLengthBytes(field) ?? field.length));
  return { command, cdb: one };
}

/** True for data that may have a layout: the first of a sequence, and of the command's data. */
export const mayHaveLayout = ({ sof }: PlainParts, parameter: number): boolean =>
  parameter === 0 && sof < SOF_NORMAL;

/** True for data whose layout its command tells: such a frame is not plain after all. */
export function hasLayout(
  parts: PlainParts,
  header: FcHeader,
  conversation: Conversation,
): boolean {
  if (!mayHaveLayout(parts, header.parameter)) return false;
  const command = conversation.of(header)?.command;
  const fromTarget = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
  return (fromTarget ? command?.dataIn : command?.dataOut) !== undefined;
}
