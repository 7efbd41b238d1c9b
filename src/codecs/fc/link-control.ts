/**
 * Link control frames: acknowledgement, busy and reject. They have no payload; their Parameter
 * (and, for F_BSY, their TYPE) says why.
 * Source: FC-FS, link control; Linux uapi/scsi/fc/fc_fs.h for reject reasons.
 */
import {
  codec,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reserved16,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';

/** Action code of P_RJT and F_RJT. */
export const RejectAction = { Retryable: 0x01, 'Non-retryable': 0x02 } as const;

/** Reason code of P_RJT and F_RJT. */
export const RejectReason = {
  'Invalid D_ID': 0x01,
  'Invalid S_ID': 0x02,
  'Nx_Port not available, temporary': 0x03,
  'Nx_Port not available, permanent': 0x04,
  'Class not supported': 0x05,
  'Delimiter usage error': 0x06,
  'TYPE not supported': 0x07,
  'Invalid Link_Control': 0x08,
  'Invalid R_CTL': 0x09,
  'Invalid F_CTL': 0x0a,
  'Invalid OX_ID': 0x0b,
  'Invalid RX_ID': 0x0c,
  'Invalid SEQ_ID': 0x0d,
  'Invalid DF_CTL': 0x0e,
  'Invalid SEQ_CNT': 0x0f,
  'Invalid Parameter': 0x10,
  'Exchange error': 0x11,
  'Protocol error': 0x12,
  'Incorrect length': 0x13,
  'Unexpected ACK': 0x14,
  'Class not supported by entity at FFFFFEh': 0x15,
  'Login required': 0x16,
  'Excessive Sequences attempted': 0x17,
  'Unable to establish Exchange': 0x18,
  'Fabric path not available': 0x1a,
  'Invalid VC_ID': 0x1b,
  'Invalid CS_CTL': 0x1c,
  'Insufficient resources for VC': 0x1d,
  'Invalid class of service': 0x1f,
  'Preemption request rejected': 0x20,
  'Preemption not enabled': 0x21,
  'Multicast error': 0x22,
  'Multicast error terminate': 0x23,
  'Process login required': 0x24,
  'Invalid attachment': 0x25,
  'Vendor specific': 0xff,
} as const;

/** The Parameter of P_RJT and F_RJT. Shape: the header's last 4 bytes. */
export const rejectParameter = codec('P_RJT or F_RJT Parameter', 'FC-FS, P_RJT and F_RJT', {
  action: named(u8, RejectAction),
  reason: named(u8, RejectReason),
  reserved: reserved8,
  vendor: withDefault(hex(u8), 0),
});
/** What `rejectParameter` decodes. */
export type RejectParameter = Infer<typeof rejectParameter>;
/** What `rejectParameter` encodes. */
export type RejectParameterInput = InferInput<typeof rejectParameter>;

/** Action code of P_BSY: the whole sequence is to be sent again, or one class 2 frame. */
export const BusyAction = { 'Sequence terminated': 0x01, 'Class 2 frame': 0x02 } as const;

/** Reason code of P_BSY. */
export const BusyReason = {
  'Physical Nx_Port busy': 0x01,
  'Nx_Port resource busy': 0x03,
  'Partial multicast busy': 0x07,
  'Vendor specific': 0xff,
} as const;

/** The Parameter of P_BSY. Shape: the header's last 4 bytes. */
export const busyParameter = codec('P_BSY Parameter', 'FC-FS, P_BSY', {
  action: named(u8, BusyAction),
  reason: named(u8, BusyReason),
  reserved: reserved8,
  vendor: withDefault(hex(u8), 0),
});
/** What `busyParameter` decodes. */
export type BusyParameter = Infer<typeof busyParameter>;
/** What `busyParameter` encodes. */
export type BusyParameterInput = InferInput<typeof busyParameter>;

/** Reason of F_BSY: the upper 4 bits of TYPE; the lower 4 repeat the busy frame's R_CTL. */
export const FabricBusyReason = { 'Fabric busy': 0x10, 'Nx_Port busy': 0x30 } as const;

/** The Parameter of ACK_1 and ACK_0: how many frames are acknowledged. Shape: 4 bytes. */
export const ackParameter = codec('ACK Parameter', 'FC-FS, ACK', {
  reserved: reserved16,
  count: withDefault(u16, 1),
});
/** What `ackParameter` decodes. */
export type AckParameter = Infer<typeof ackParameter>;
/** What `ackParameter` encodes. */
export type AckParameterInput = InferInput<typeof ackParameter>;
