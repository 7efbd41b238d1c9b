import {
  codec,
  fcId,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  u8,
  u16,
  u24,
  u32,
  withDefault,
} from '../layout/index.ts';
import { DfCtl, FCtl, FcType, RCtl, XID_UNASSIGNED } from './codes.ts';

/**
 * FC frame header.
 *
 * Shape: 24 bytes. `parameter` is a relative offset in bytes when F_CTL bit 3 is set.
 * `encode` fills csCtl, seqId, dfCtl, seqCnt and parameter with zero and rxId with FFFFh.
 * Source: FC-FS, frame header.
 */
export const fcHeader = codec('FC frame header', 'FC-FS, frame header', {
  rCtl: named(u8, RCtl),
  dId: fcId,
  csCtl: withDefault(hex(u8), 0),
  sId: fcId,
  type: named(u8, FcType),
  fCtl: flags(u24, FCtl),
  seqId: withDefault(hex(u8), 0),
  dfCtl: withDefault(flags(u8, DfCtl), 0),
  seqCnt: withDefault(u16, 0),
  oxId: hex(u16),
  rxId: withDefault(hex(u16), XID_UNASSIGNED),
  parameter: withDefault(hex(u32), 0),
});
/** What `fcHeader` decodes. */
export type FcHeader = Infer<typeof fcHeader>;
/** What `fcHeader` encodes. */
export type FcHeaderInput = InferInput<typeof fcHeader>;

/** Bytes of the FC frame header. */
export const FC_HEADER_BYTES = 24;
