/** FCP information units, by R_CTL; data and sense by the command they belong to. */
import { RCtl } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import { CDB_FIELD_BYTES, cdbOf, fcpCmnd, fcpRsp, fcpXferRdy } from '../fcp/index.ts';
import { cdb, cdbLengthBytes } from '../scsi/index.ts';
import { openExchange } from './exchange.ts';
import type { FrameReader } from './reader.ts';

/** Bytes of an FCP_CMND in front of its CDB. */
const CDB_AT = 12;

function readCommand(reader: FrameReader, header: FcHeader): void {
  const { at } = reader;
  const command = reader.body('fcp', fcpCmnd);
  if (command === undefined) return;
  const { lun, fcpDl } = command;
  openExchange(reader, header, { command: { lun, fcpDl, cdb: cdbOf(command).slice() } });
  if (command.taskManagementFlags !== 0) return;
  const field = CDB_FIELD_BYTES + command.additionalCdb.length;
  const whole = reader.bytes.subarray(at + CDB_AT, at + CDB_AT + field);
  const length = Math.min(cdbLengthBytes(whole) ?? field, field);
  reader.inside('scsi', cdb, at + CDB_AT, at + CDB_AT + length);
}

/** Reads an FCP information unit up to the reader's end. */
export function readFcp(reader: FrameReader, header: FcHeader): void {
  reader.protocol = 'fcp';
  switch (header.rCtl) {
    case RCtl['Unsolicited Command']:
      readCommand(reader, header);
      return;
    case RCtl['Data Descriptor']:
      reader.exchange = reader.conversation?.of(header);
      reader.body('fcp', fcpXferRdy);
      return;
    case RCtl['Command Status']:
      reader.exchange = reader.conversation?.of(header);
      reader.body('fcp', fcpRsp);
      return;
    case RCtl['Solicited Data']:
    case RCtl['Unsolicited Data']:
      reader.exchange = reader.conversation?.of(header);
      reader.raw('data');
      return;
    default:
      reader.exchange = reader.conversation?.of(header);
  }
}
