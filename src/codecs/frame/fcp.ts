/** FCP information units, by R_CTL; data and sense by the command they belong to. */
import { FCTL_EXCHANGE_CONTEXT, RCtl } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import { cdbOf, fcpCmnd, fcpRsp, fcpXferRdy } from '../fcp/index.ts';
import { type Cdb, cdb, cdbLengthBytes, dataIn, dataOut, sense } from '../scsi/index.ts';
import { NO_PARTS, openExchange, type SequencePlace } from './exchange.ts';
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

function readCommand(reader: FrameReader, header: FcHeader): void {
  const { at } = reader;
  const command = reader.body('fcp', fcpCmnd);
  if (command === undefined) return;
  const bytes = cdbOf(command);
  let one: Cdb | undefined;
  if (command.taskManagementFlags === 0) {
    const own = cdbLengthBytes(bytes);
    const length = own !== undefined && own < bytes.length ? own : bytes.length;
    one = reader.inside('scsi', cdb, at + CDB_AT, at + CDB_AT + length);
  }
  const name = nameOfCdb(one, bytes[0]!);
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
  reader.inside('sense', sense, senseAt, senseAt + length);
}

/** Only the first frame of the first data sequence can be read without the others. */
function readData(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  const command = reader.exchange?.command;
  const fromTarget = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
  const by = fromTarget ? command?.dataIn : command?.dataOut;
  if (by === undefined || header.parameter !== 0 || !place.first) reader.raw('data');
  else if (place.last) reader.body('scsi', by);
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
