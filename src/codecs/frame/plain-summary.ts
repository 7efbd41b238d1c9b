/** Plain FCP frames in one line, without their layers: the same as `summarize` says of them. */
import { FcType } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import { Eof } from '../fcoe/codes.ts';
import { formatLun, RspFlags, ScsiStatus } from '../fcp/index.ts';
import { formatFcId, nameOf, u32 } from '../layout/index.ts';
import { blocksOf } from '../scsi/index.ts';
import type { Conversation } from './conversation.ts';
import { hasLayout, type LyingFrame, type PlainParts, plainCommand, plainHeader } from './plain.ts';
import { recordCommand } from './requests.ts';
import { hex4 } from './summary-words.ts';

/** Where a response has its flags, its status and its residual count. Source: FCP-4, FCP_RSP IU. */
const FLAGS_AT = 10;
const STATUS_AT = 11;
const RESIDUAL_AT = 12;
const RESIDUALS = RspFlags.RESID_UNDER | RspFlags.RESID_OVER;
/** Texts that are kept, as there are few in a capture; all are forgotten when there are more. */
const TEXTS_MAX = 65_536;

/** Remembers the texts of values. */
function remembered<K>(format: (value: K) => string): (value: K) => string {
  const texts = new Map<K, string>();
  return (value) => {
    let text = texts.get(value);
    if (text === undefined) {
      if (texts.size >= TEXTS_MAX) texts.clear();
      text = format(value);
      texts.set(value, text);
    }
    return text;
  };
}

const fcIdText = remembered(formatFcId);
const lunText = remembered(formatLun);
const oxIdText = remembered(hex4);
const statusText = remembered((status: number) =>
  (nameOf(ScsiStatus, status) ?? `status ${status}`).replaceAll('_', ' '),
);

/** Opens the exchange of a command, and says what it asks for. */
function commandLine(
  frame: LyingFrame,
  parts: PlainParts,
  { sId, dId, oxId }: FcHeader,
  where: string,
  conversation: Conversation,
): string {
  const { command, cdb } = plainCommand(frame.bytes, frame.at, parts);
  const { lun, cdb: field, fcpDl } = command;
  conversation.open({
    sId,
    dId,
    oxId,
    type: FcType.FCP,
    code: undefined,
    subCode: undefined,
    gsType: undefined,
    gsSubtype: undefined,
    command: recordCommand(lun, field, fcpDl, cdb.kind, undefined, undefined),
  });
  const { lba } = cdb as { lba: number | bigint };
  const range = `LBA 0x${lba.toString(16)} length ${blocksOf(cdb)}`;
  return `SCSI ${cdb.kind} ${where} LUN ${lunText(lun)} ${range}`;
}

/**
 * A plain frame in one line; `undefined` for one that has more to be said: data with a layout, an EOF
 * that makes the frame invalid. Opens the exchange of a command.
 */
export function summarizePlain(
  frame: LyingFrame,
  parts: PlainParts,
  conversation: Conversation,
): string | undefined {
  const { bytes, at } = frame;
  const { unit, payloadAt, payloadEnd, eof } = parts;
  if (eof === Eof.EOFni || eof === Eof.EOFa) return undefined;
  const header = plainHeader(bytes, at, parts);
  const { sId, dId, oxId } = header;
  if (unit === 'data' && hasLayout(parts, header, conversation)) return undefined;
  const where = `${fcIdText(sId)} → ${fcIdText(dId)} OX_ID ${oxIdText(oxId)}`;
  if (unit === 'command') return commandLine(frame, parts, header, where, conversation);
  const name = conversation.of(header)?.command?.name;
  const of = name === undefined ? '' : ` (${name})`;
  const from = at + payloadAt;
  switch (unit) {
    case 'data':
      return `FCP_DATA ${where}${of} offset ${header.parameter} length ${payloadEnd - payloadAt}`;
    case 'xferRdy':
      return `XFER_RDY ${where}${of} offset ${u32.read(bytes, from, 0)} burst ${u32.read(bytes, from + 4, 0)}`;
    case 'response': {
      const hasResidual = (bytes[from + FLAGS_AT]! & RESIDUALS) !== 0;
      const residual = hasResidual ? ` residual ${u32.read(bytes, from + RESIDUAL_AT, 0)}` : '';
      return `FCP_RSP ${statusText(bytes[from + STATUS_AT]!)} ${where}${of}${residual}`;
    }
  }
}
