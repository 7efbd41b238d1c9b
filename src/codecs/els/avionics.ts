/** Fast fabric initialization for avionics: FFI_DTM, FFI_RTM, FFI_PSS, FFI_MUR, FFI_RMUN, FFI_SMU, FFI_RMU. */
import {
  codec,
  derived,
  hex,
  type Infer,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  rest,
  sized,
  u8,
  u16,
  u32,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { commandCode, head, plainAccept, plainRequest } from './parts.ts';

const HEAD_BYTES = 12;
/**
 * A domain topology map.
 *
 * Shape: 12 bytes with the command, then `recordCount` link state records, which FC-SW-4 lays out
 * and which stay bytes here. Units: `payloadLengthBytes` counts the first word too.
 * Errors: `bad-length` when the records run past the payload.
 * Source: FC-LS rev 1.61, FFI_DTM.
 */
const topologyMap = (code: number) => ({
  command: commandCode(code),
  reserved1: reserved8,
  payloadLengthBytes: derived(u16, (_value, sizeOf) => HEAD_BYTES + sizeOf('records')),
  incarnationNumber: hex(u32),
  reserved2: reserved16,
  recordCount: u16,
  records: sized(
    of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes - HEAD_BYTES),
    rest,
  ),
});

/** Define the topology map of the principal switch. Shape: 12 bytes and records. Source: FC-LS rev 1.61, FFI_DTM. */
export const ffiDtm = codec(
  'FFI_DTM',
  'FC-LS, FFI_DTM',
  topologyMap(ElsCommand.FFI_DTM),
  'FFI_DTM',
);
/** What `ffiDtm` decodes. */
export type FfiDtm = Infer<typeof ffiDtm>;
/** Accept of FFI_DTM. Shape: 4 bytes. */
export const ffiDtmAccept = plainAccept('FFI_DTM', 'FC-LS');
/** Request the topology map. Shape: 4 bytes. Source: FC-LS rev 1.61, FFI_RTM. */
export const ffiRtm = plainRequest('FFI_RTM', 'FC-LS');
/** Accept of FFI_RTM: the map. Shape: 12 bytes and records. Source: FC-LS rev 1.61, FFI_RTM accept. */
export const ffiRtmAccept = codec(
  'LS_ACC to FFI_RTM',
  'FC-LS, FFI_RTM accept',
  topologyMap(ElsCommand.LS_ACC),
  'LS_ACC FFI_RTM',
);
/** What `ffiRtmAccept` decodes. */
export type FfiRtmAccept = Infer<typeof ffiRtmAccept>;
/** Become the principal switch. Shape: 4 bytes. Source: FC-LS rev 1.61, FFI_PSS. */
export const ffiPss = plainRequest('FFI_PSS', 'FC-LS');
/** Accept of FFI_PSS. Shape: 4 bytes. */
export const ffiPssAccept = plainAccept('FFI_PSS', 'FC-LS');

/** Whether a port wants to hear of map updates. Source: FC-LS rev 1.61, FFI_MUR registration function. */
export const FfiMurFunction = { FULL: 3, CLEAR: 255 } as const;
/** Map update registration. Shape: 8 bytes. Source: FC-LS rev 1.61, FFI_MUR. */
export const ffiMur = codec(
  'FFI_MUR',
  'FC-LS, FFI_MUR',
  {
    ...head(ElsCommand.FFI_MUR),
    reserved2: reserved24,
    registrationFunction: named(u8, FfiMurFunction),
  },
  'FFI_MUR',
);
/** What `ffiMur` decodes. */
export type FfiMur = Infer<typeof ffiMur>;
/** Accept of FFI_MUR. Shape: 4 bytes. */
export const ffiMurAccept = plainAccept('FFI_MUR', 'FC-LS');
/** Registered map update notification; it has no reply. Shape: 12 bytes and records. Source: FC-LS rev 1.61, FFI_RMUN. */
export const ffiRmun = codec(
  'FFI_RMUN',
  'FC-LS, FFI_RMUN',
  topologyMap(ElsCommand.FFI_RMUN),
  'FFI_RMUN',
);
/** What `ffiRmun` decodes. */
export type FfiRmun = Infer<typeof ffiRmun>;
/** Suspend map updates. Shape: 4 bytes. Source: FC-LS rev 1.61, FFI_SMU. */
export const ffiSmu = plainRequest('FFI_SMU', 'FC-LS');
/** Accept of FFI_SMU. Shape: 4 bytes. */
export const ffiSmuAccept = plainAccept('FFI_SMU', 'FC-LS');
/** Resume map updates. Shape: 4 bytes. Source: FC-LS rev 1.61, FFI_RMU. */
export const ffiRmu = plainRequest('FFI_RMU', 'FC-LS');
/** Accept of FFI_RMU. Shape: 4 bytes. */
export const ffiRmuAccept = plainAccept('FFI_RMU', 'FC-LS');
