/** Whether data of a task keep the rules: DataSN, offsets, what R2T asked for, bursts. Source: RFC 7143, 11.7, 11.8. */
import type { IscsiPduOf } from '../../../codecs/index.ts';
import { noteData } from '../block-digests.ts';
import type { SeenMoment } from '../session.ts';
import type { Agreed } from './agreed.ts';
import type { OpenTask, Unasked, Wanted } from './open-task.ts';
import { after } from './serial.ts';

/** Requests for data that are remembered of one task. */
const WANTED_MAX = 256;
/** In the place of a Target Transfer Tag: not asked for. */
const NO_TAG = 0xffff_ffff;

/** A PDU with data of which at least the head is there; `bytes`: those that it had on the wire. */
export type DataPart<K extends 'SCSI Data-In' | 'SCSI Data-Out'> = Omit<IscsiPduOf<K>, 'data'> & {
  readonly data?: Uint8Array;
  readonly dataSegmentLengthBytes: number;
};

/** Tells what is wrong. */
export type Complain = (what: string) => void;

/** Data for the initiator. */
export function takeDataIn(
  open: OpenTask,
  pdu: DataPart<'SCSI Data-In'>,
  agreed: Agreed | undefined,
  complain: Complain,
): void {
  const { task } = open;
  const bytes = pdu.dataSegmentLengthBytes;
  if (bytes > 0) {
    if (pdu.dataSn !== open.dataInSn && !open.writes)
      complain(`Data-In with DataSN ${pdu.dataSn}, ${open.dataInSn} was next`);
    if (agreed?.isInOrder === true && pdu.bufferOffset !== open.dataInBytes)
      complain(`Data-In at offset ${pdu.bufferOffset}, ${open.dataInBytes} was next`);
    open.dataInSn = after(pdu.dataSn);
  }
  if (task.kind === 'read' && task.blocks !== undefined && pdu.data !== undefined)
    noteData(task.blocks, pdu.bufferOffset, pdu.data);
  open.dataInBytes += bytes;
  open.sequenceBytes += bytes;
  if (agreed !== undefined && open.sequenceBytes > agreed.maxBurstBytes)
    complain(
      `${open.sequenceBytes} bytes in one sequence, MaxBurstLength is ${agreed.maxBurstBytes}`,
    );
  if (agreed !== undefined && bytes > agreed.initiatorTakesBytes)
    complain(`a data segment of ${bytes} bytes, the initiator takes ${agreed.initiatorTakesBytes}`);
  if (pdu.final === 1) open.sequenceBytes = 0;
}

/** The target asks for data. */
export function takeR2t(
  open: OpenTask,
  pdu: IscsiPduOf<'R2T'>,
  agreed: Agreed | undefined,
  complain: Complain,
): void {
  const { bufferOffset: from, desiredDataTransferLengthBytes: length } = pdu;
  const to = from + length;
  if (pdu.r2tSn !== open.r2tSn && !open.reads)
    complain(`R2T with R2TSN ${pdu.r2tSn}, ${open.r2tSn} was next`);
  open.r2tSn = after(pdu.r2tSn);
  if (length === 0) complain('R2T for no data');
  if (agreed !== undefined && length > agreed.maxBurstBytes)
    complain(`R2T for ${length} bytes, MaxBurstLength is ${agreed.maxBurstBytes}`);
  if (to > open.expectedBytes)
    complain(`R2T for bytes up to ${to}, the command has ${open.expectedBytes}`);
  const wanted: Wanted = { from, to, dataSn: 0, next: from };
  if (open.wanted.size < WANTED_MAX) open.wanted.set(pdu.targetTransferTag, wanted);
  const early = open.unasked.filter(({ ttt }) => ttt === pdu.targetTransferTag);
  open.unasked = open.unasked.filter(({ ttt }) => ttt !== pdu.targetTransferTag);
  for (const one of early) {
    checkRange(one, wanted, complain);
    wanted.dataSn++;
    wanted.next = one.to;
  }
}

function checkRange(one: Pick<Unasked, 'from' | 'to'>, wanted: Wanted, complain: Complain): void {
  if (one.from >= wanted.from && one.to <= wanted.to) return;
  complain(`write data ${one.from} to ${one.to}, R2T asked for ${wanted.from} to ${wanted.to}`);
}

/** Data of the initiator. */
export function takeDataOut(
  open: OpenTask,
  pdu: DataPart<'SCSI Data-Out'>,
  moment: SeenMoment,
  agreed: Agreed | undefined,
  complain: Complain,
): void {
  const { task } = open;
  const bytes = pdu.dataSegmentLengthBytes;
  const from = pdu.bufferOffset;
  const to = from + bytes;
  if (task.kind === 'write' && task.blocks !== undefined && pdu.data !== undefined)
    noteData(task.blocks, from, pdu.data);
  if (agreed !== undefined && bytes > agreed.targetTakesBytes)
    complain(`a data segment of ${bytes} bytes, the target takes ${agreed.targetTakesBytes}`);
  const ttt = pdu.targetTransferTag;
  const wanted = ttt === NO_TAG ? open.unsolicited : open.wanted.get(ttt);
  if (wanted === undefined) {
    if (open.unasked.length < WANTED_MAX) open.unasked.push({ ttt, from, to, moment });
    return;
  }
  if (ttt !== NO_TAG) checkRange({ from, to }, wanted, complain);
  else checkUnsolicited(open, to, agreed, complain);
  if (pdu.dataSn !== wanted.dataSn)
    complain(`Data-Out with DataSN ${pdu.dataSn}, ${wanted.dataSn} was next`);
  else if (agreed?.isInOrder === true && from !== wanted.next)
    complain(`Data-Out at offset ${from}, ${wanted.next} was next`);
  wanted.dataSn = after(pdu.dataSn);
  wanted.next = to;
}

function checkUnsolicited(
  { announcesData }: OpenTask,
  to: number,
  agreed: Agreed | undefined,
  complain: Complain,
): void {
  if (agreed === undefined) return;
  if (agreed.needsR2t) complain('write data that no R2T asked for, InitialR2T is Yes');
  else if (!announcesData) complain('write data that no R2T asked for, behind a command with F');
  else if (to > agreed.firstBurstBytes)
    complain(`unsolicited data up to ${to}, FirstBurstLength is ${agreed.firstBurstBytes}`);
}

/** Data that a command brings along. */
export function checkImmediate(
  bytes: number,
  agreed: Agreed | undefined,
  complain: Complain,
): void {
  if (bytes === 0 || agreed === undefined) return;
  if (!agreed.allowsImmediateData) complain('immediate data, ImmediateData is No');
  else if (bytes > agreed.firstBurstBytes)
    complain(`${bytes} bytes of immediate data, FirstBurstLength is ${agreed.firstBurstBytes}`);
  if (bytes > agreed.targetTakesBytes)
    complain(`a data segment of ${bytes} bytes, the target takes ${agreed.targetTakesBytes}`);
}

/** The end of a read that went well: what came and what is said to be missing are what was asked for. */
export function checkResidual(
  open: OpenTask,
  said: { readonly overflow: number; readonly underflow: number; readonly residualCount: number },
  complain: Complain,
): void {
  const { dataInBytes, expectedBytes } = open;
  const missing = said.underflow === 1 ? said.residualCount : 0;
  if (dataInBytes + missing === expectedBytes) return;
  complain(
    `${dataInBytes} bytes came of ${expectedBytes}, the response tells of ${missing === 0 ? 'none' : missing} missing`,
  );
}
