/**
 * The header of a frame that an N_Port sends. It is written into the frame at once, and there are
 * millions: one object serves them all, good until the next header is asked for. That all headers
 * are of one shape halves the price of writing one.
 */
import { type FcHeader, XID_UNASSIGNED } from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';

const header = {
  rCtl: 0,
  dId: 0,
  csCtl: 0,
  sId: 0,
  type: 0,
  fCtl: 0,
  seqId: 0,
  dfCtl: 0,
  seqCnt: 0,
  oxId: 0,
  rxId: XID_UNASSIGNED,
  parameter: 0,
} satisfies FcHeader;

/** A header with every field, all of them numbers. */
export type FrameHeader = typeof header;

/** The header of a sequence's first frame: SEQ_CNT and Parameter are 0, and the caller's to change. */
export function frameHeader(
  type: number,
  rCtl: number,
  dId: FcId,
  sId: FcId,
  fCtl: number,
  seqId: number,
  oxId: number,
  rxId: number,
): FrameHeader {
  header.rCtl = rCtl;
  header.dId = dId;
  header.sId = sId;
  header.type = type;
  header.fCtl = fCtl;
  header.seqId = seqId;
  header.seqCnt = 0;
  header.oxId = oxId;
  header.rxId = rxId;
  header.parameter = 0;
  return header;
}
