/** FCP information units, by R_CTL; data and sense by the command they belong to. */
import { FCTL_EXCHANGE_CONTEXT, RCtl } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import {
  CDB_FIELD_BYTES,
  cdbOf,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  TaskManagement,
} from '../fcp/index.ts';
import { namesOf } from '../layout/index.ts';
import { type Cdb, cdb, cdbLengthBytes, dataIn, dataOut, sense } from '../scsi/index.ts';
import { NO_PARTS, openExchange, type SequencePlace } from './exchange.ts';
import { layerPart } from './layer.ts';
import type { FrameReader } from './reader.ts';
import { recordCommand } from './requests.ts';

/** Bytes of an FCP_CMND in front of its CDB. */
const CDB_AT = 12;
/** Bytes of an FCP_RSP in front of its response information and sense data. */
const RSP_HEAD_BYTES = 24;

/** What a person calls a command: its name, or its operation code where it has none here. */
function nameOfCdb(one: Cdb | undefined, operationCode: number): string {
  if (one !== undefined && one.kind !== 'unknown') return one.kind;
  return `operation code ${operationCode.toString(16).padStart(2, '0').toUpperCase()}h`;
}

/** What a task management function is called, which has no CDB. */
export const taskManagementName = (flags: number): string =>
  namesOf(TaskManagement, flags).join(' ').replaceAll('_', ' ') || 'task management';

/** What is there of a command in `[at, end)`: the CDB may be whole where the command is not. */
function readCdb(
  reader: FrameReader,
  cdbAt: number,
  end: number,
): { one: Cdb | undefined; bytes: Uint8Array } {
  const bytes = reader.bytes.subarray(cdbAt, end);
  const own = cdbLengthBytes(bytes);
  const length = own !== undefined && own < bytes.length ? own : bytes.length;
  const whole = reader.inside('scsi', cdb, cdbAt, cdbAt + length);
  const shown = whole ?? (layerPart(reader, cdb) as Cdb | undefined);
  return { one: shown?.kind === undefined ? undefined : shown, bytes };
}

/** Opens the exchange of a command that the capture cut, as far as it can be told. */
function readCutCommand(reader: FrameReader, header: FcHeader, at: number): void {
  const command = layerPart(reader, fcpCmnd);
  if (command?.lun === undefined || command.taskManagementFlags === undefined) return;
  const { taskManagementFlags, fcpDl } = command;
  const cdbAt = at + CDB_AT;
  const field = new Uint8Array(CDB_FIELD_BYTES);
  let name = taskManagementName(taskManagementFlags);
  let one: Cdb | undefined;
  if (taskManagementFlags === 0) {
    const end = Math.min(reader.at, cdbAt + CDB_FIELD_BYTES);
    if (cdbAt >= end) return;
    const shown = readCdb(reader, cdbAt, end);
    field.set(shown.bytes);
    one = shown.one;
    name = nameOfCdb(one, field[0]!);
  }
  openExchange(reader, header, {
    ...NO_PARTS,
    command: recordCommand(command.lun, field, fcpDl, name, undefined, undefined),
  });
}

function readCommand(reader: FrameReader, header: FcHeader): void {
  const { at } = reader;
  const command = reader.body('fcp', fcpCmnd);
  if (command === undefined) {
    readCutCommand(reader, header, at);
    return;
  }
  const { taskManagementFlags } = command;
  const bytes = cdbOf(command);
  let one: Cdb | undefined;
  if (taskManagementFlags === 0) {
    const own = cdbLengthBytes(bytes);
    const length = own !== undefined && own < bytes.length ? own : bytes.length;
    one = reader.inside('scsi', cdb, at + CDB_AT, at + CDB_AT + length);
  }
  const name =
    taskManagementFlags === 0 ? nameOfCdb(one, bytes[0]!) : taskManagementName(taskManagementFlags);
  openExchange(reader, header, {
    ...NO_PARTS,
    command: recordCommand(
      command.lun,
      bytes,
      command.fcpDl,
      name,
      one && dataIn(one),
      one && dataOut(one),
    ),
  });
}

function readResponse(reader: FrameReader): void {
  const { at } = reader;
  const response = reader.body('fcp', fcpRsp);
  const length = response?.senseData.length ?? 0;
  if (response === undefined || length === 0) return;
  const hasInfo = response.rspInfo !== undefined;
  const senseAt = at + RSP_HEAD_BYTES + (hasInfo ? response.rspLengthBytes : 0);
  reader.inside('sense', sense, senseAt, senseAt + length, true);
}

/** Only the first frame of the first data sequence can be read without the others. */
function readData(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  const command = reader.exchange?.command;
  const fromTarget = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
  const by = fromTarget ? command?.dataIn : command?.dataOut;
  if (by === undefined || header.parameter !== 0 || !place.first) reader.raw('data');
  else if (place.last) reader.body('scsi', by, true);
  else reader.piece('scsi', by);
}

/** Reads an FCP information unit up to the reader's end. */
export function readFcp(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  reader.protocol = 'fcp';
  if (header.rCtl === RCtl['Unsolicited Command']) {
    readCommand(reader, header);
    return;
  }
  reader.exchange = reader.conversation?.of(header);
  switch (header.rCtl) {
    case RCtl['Data Descriptor']:
      reader.body('fcp', fcpXferRdy);
      break;
    case RCtl['Command Status']:
      readResponse(reader);
      break;
    case RCtl['Solicited Data']:
    case RCtl['Unsolicited Data']:
      readData(reader, header, place);
      break;
    default:
  }
}
