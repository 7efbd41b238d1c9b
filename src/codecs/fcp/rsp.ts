/** FCP_XFER_RDY and FCP_RSP: what a target answers. */
import {
  codec,
  derived,
  embed,
  fixedTail,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  of,
  optional,
  reserved24,
  reserved32,
  rest,
  sized,
  u8,
  u16,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { ScsiStatus } from '../scsi/status.ts';
import { RspCode, RspFlags } from './names.ts';

/**
 * FCP_XFER_RDY information unit: the target is ready for a part of the data.
 *
 * Shape: 12 bytes. Units: both fields count data bytes.
 */
export const fcpXferRdy = codec('FCP_XFER_RDY', 'FCP-4, FCP_XFER_RDY IU', {
  relativeOffset: u32,
  burstLengthBytes: u32,
  reserved1: reserved32,
});
/** What `fcpXferRdy` decodes. */
export type FcpXferRdy = Infer<typeof fcpXferRdy>;
/** What `fcpXferRdy` encodes. */
export type FcpXferRdyInput = InferInput<typeof fcpXferRdy>;

/** FCP_RSP_INFO: 4 bytes, or 8 of which the last 4 are reserved (they decode as `reserved2`). Shape: 4 or 8 bytes. */
export const fcpRspInfo = codec('FCP_RSP_INFO', 'FCP-4, FCP_RSP_INFO field', {
  reserved1: reserved24,
  rspCode: named(u8, RspCode),
  reserved2: rest,
});
/** What `fcpRspInfo` decodes. */
export type FcpRspInfo = Infer<typeof fcpRspInfo>;

type Lengths = { flags: number; rspLengthBytes: number; senseLengthBytes: number };
const rspLength = (v: Lengths) => ((v.flags & RspFlags.RSP_LEN_VALID) === 0 ? 0 : v.rspLengthBytes);
const senseLength = (v: Lengths) =>
  (v.flags & RspFlags.SNS_LEN_VALID) === 0 ? 0 : v.senseLengthBytes;

/**
 * FCP_RSP information unit.
 *
 * Shape: 24 bytes, then response information, sense data and the residual of a bidirectional
 * read, each only if its flag is set (a length without its flag counts nothing). `encode` without
 * `flags` sets just those three.
 * Units: `residualCount` and `bidirectionalReadResidual` count data bytes.
 * Errors: `truncated` below 24 bytes; `bad-length` when a part runs past the end.
 */
export const fcpRsp = codec('FCP_RSP', 'FCP-4, FCP_RSP IU', {
  reserved1: reserved32,
  reserved2: reserved32,
  retryDelayTimer: withDefault(hex(u16), 0),
  flags: derived(
    flags(u8, RspFlags),
    (_v, sizeOf) =>
      (sizeOf('rspInfo') > 0 ? RspFlags.RSP_LEN_VALID : 0) |
      (sizeOf('senseData') > 0 ? RspFlags.SNS_LEN_VALID : 0) |
      (sizeOf('bidirectionalReadResidual') > 0 ? RspFlags.BIDI_RSP : 0),
  ),
  scsiStatus: withDefault(named(u8, ScsiStatus), ScsiStatus.GOOD),
  residualCount: withDefault(u32, 0),
  senseLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('senseData')),
  rspLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('rspInfo')),
  rspInfo: optional(
    when<Lengths>((v) => rspLength(v) > 0),
    sized(of<Lengths>(rspLength), embed(fcpRspInfo)),
  ),
  senseData: sized(of<Lengths>(senseLength), rest),
  bidirectionalReadResidual: optional(
    when<Lengths>((v) => (v.flags & RspFlags.BIDI_RSP) !== 0),
    fixedTail(u32),
  ),
});
/** What `fcpRsp` decodes. */
export type FcpRsp = Infer<typeof fcpRsp>;
/** What `fcpRsp` encodes. */
export type FcpRspInput = InferInput<typeof fcpRsp>;
