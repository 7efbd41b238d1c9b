/**
 * The headers of frames that an N_Port sends and takes. There are millions, and each is written or read
 * at once: one object serves all that are sent, good until the next header is asked for, another the
 * data that come. That all headers are of one shape halves the price of writing one.
 */
import {
  FC_HEADER_BYTES,
  type FcHeader,
  FcType,
  fcHeader,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
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

/** R_CTL of FC-4 device data is 0xh. Source: FC-FS-3, routing. */
const R_CTL_DATA_LAST = 0x0f;
/** Moves from frame to frame. */
const fcpHeader = fcHeader.view(new Uint8Array(FC_HEADER_BYTES));

/** The header of a frame; of FCP data and commands, as most frames are, one that is gone with the next. */
export function headerOf(frame: Uint8Array, fcAt: number): FcHeader {
  fcpHeader.move(frame, fcAt);
  const isData = fcpHeader.rCtl <= R_CTL_DATA_LAST && fcpHeader.type === FcType.FCP;
  return isData ? fcpHeader : fcHeader.decode(frame, fcAt, fcAt + FC_HEADER_BYTES);
}
