/**
 * The header of a frame in an FCP exchange. It is written into the frame at once, and there are
 * millions: one object serves them all, good until the next header is asked for.
 */
import { type FcHeaderInput, FcType, XID_UNASSIGNED } from '../codecs/fc/index.ts';
import type { FcId } from '../codecs/layout/index.ts';

const header = {
  rCtl: 0,
  dId: 0,
  sId: 0,
  type: FcType.FCP,
  fCtl: 0,
  seqId: 0,
  seqCnt: 0,
  oxId: 0,
  rxId: XID_UNASSIGNED,
  parameter: 0,
} satisfies FcHeaderInput;

/** The header of a sequence's first frame: SEQ_CNT and Parameter are 0, and the caller's to change. */
export function fcpFrameHeader(
  rCtl: number,
  dId: FcId,
  sId: FcId,
  fCtl: number,
  seqId: number,
  oxId: number,
  rxId: number,
): typeof header {
  header.rCtl = rCtl;
  header.dId = dId;
  header.sId = sId;
  header.fCtl = fCtl;
  header.seqId = seqId;
  header.seqCnt = 0;
  header.oxId = oxId;
  header.rxId = rxId;
  header.parameter = 0;
  return header;
}
