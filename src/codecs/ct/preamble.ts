/** The common transport preamble, with which every generic service request and answer begins. */
import {
  codec,
  type FixedField,
  fcId,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  rest,
  struct,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';

/** Which generic service is meant. Source: FC-GS-7, GS_Type. */
export const GsType = {
  VENDOR: 0xe0,
  KEY_DISTRIBUTION: 0xf7,
  ALIAS: 0xf8,
  MANAGEMENT: 0xfa,
  TIME: 0xfb,
  DIRECTORY: 0xfc,
  FABRIC_CONTROLLER: 0xfd,
} as const;

/** Servers of the directory service. Source: FC-GS-7, GS_Subtype. */
export const DirectorySubtype = { NAME_SERVER: 0x02, IP_ADDRESS_SERVER: 0x03 } as const;

/** Servers of the management service. Source: FC-GS-7, GS_Subtype. */
export const ManagementSubtype = {
  FABRIC_CONFIGURATION: 0x01,
  UNZONED_NAME_SERVER: 0x02,
  FABRIC_ZONE: 0x03,
  LOCK: 0x04,
  PERFORMANCE: 0x05,
  SECURITY_POLICY: 0x06,
  SECURITY_INFORMATION: 0x07,
  FDMI: 0x10,
  MIB: 0x11,
  APPLICATION: 0x20,
} as const;

/** Command codes of answers; below 8000h the code is a request's. Source: FC-GS-7, CT_IU. */
export const CtResponse = { CT_RJT: 0x8001, CT_ACC: 0x8002 } as const;

/** Preamble options. Source: FC-GS-7, CT_IU preamble. */
export const CtOptions = { EXCHANGE_MAPPING: 0x80, PARTIAL_RESPONSE: 0x40 } as const;

/** Why a request was refused. Source: FC-GS-7, reject CT_IU reason codes. */
export const CtReason = {
  INVALID_COMMAND_CODE: 0x01,
  INVALID_VERSION_LEVEL: 0x02,
  LOGICAL_ERROR: 0x03,
  INVALID_CT_IU_SIZE: 0x04,
  LOGICAL_BUSY: 0x05,
  PROTOCOL_ERROR: 0x07,
  UNABLE_TO_PERFORM: 0x09,
  COMMAND_NOT_SUPPORTED: 0x0b,
  SERVER_NOT_AVAILABLE: 0x0d,
  SESSION_COULD_NOT_BE_ESTABLISHED: 0x0e,
  VENDOR_SPECIFIC: 0xff,
} as const;

const REVISION = 1;

/**
 * CT_IU preamble.
 *
 * Shape: 16 bytes. Units: `maxResidualSizeWords` counts 32-bit words: the most that the answer
 * may have (0: no limit) in a request, what did not fit in an answer.
 * Source: FC-GS-7, CT_IU preamble.
 */
export const ctPreamble = codec('CT_IU preamble', 'FC-GS-7, CT_IU preamble', {
  revision: withDefault(u8, REVISION),
  inId: withDefault(fcId, 0),
  gsType: named(u8, GsType),
  gsSubtype: hex(u8),
  options: withDefault(flags(u8, CtOptions), 0),
  reserved1: reserved8,
  command: named(u16, CtResponse),
  maxResidualSizeWords: withDefault(u16, 0),
  reserved2: reserved8,
  reason: withDefault(u8, 0),
  explanation: withDefault(u8, 0),
  vendorSpecific: withDefault(u8, 0),
});
/** What `ctPreamble` decodes. */
export interface CtPreamble extends Infer<typeof ctPreamble> {}
/** What `ctPreamble` encodes. */
export interface CtPreambleInput extends InferInput<typeof ctPreamble> {}
/** `CtPreamble` as a field. */
export type CtPreambleField = FixedField<CtPreamble, true, CtPreambleInput>;
/** Bytes of the CT_IU preamble. */
export const PREAMBLE_BYTES = 16;

/** The server that a CT_IU is for. */
export interface CtServer {
  readonly gsType: number;
  readonly gsSubtype: number;
}

/** A preamble with all that is not given at its default (revision 1, the rest zero). */
export function ctPreambleFor({
  revision = REVISION,
  inId = 0,
  gsType,
  gsSubtype,
  options = 0,
  reserved1 = 0,
  command,
  maxResidualSizeWords = 0,
  reserved2 = 0,
  reason = 0,
  explanation = 0,
  vendorSpecific = 0,
}: InferInput<typeof ctPreamble>): CtPreamble {
  return {
    revision,
    inId,
    gsType,
    gsSubtype,
    options,
    reserved1,
    command,
    maxResidualSizeWords,
    reserved2,
    reason,
    explanation,
    vendorSpecific,
  };
}

/** A refusal. Shape: 16 bytes; reason and explanation are in the preamble. Source: FC-GS-7, reject CT_IU. */
export const ctReject = codec(
  'reject CT_IU',
  'FC-GS-7, reject CT_IU',
  { preamble: struct(ctPreamble) },
  'CT_RJT',
);
/** What `ctReject` decodes. */
export type CtReject = Infer<typeof ctReject>;

/** The refusal of a request, addressed as the request's preamble says. */
export function ctRejectFor(request: CtPreamble, reason: number, explanation: number): CtReject {
  const { gsType, gsSubtype, inId } = request;
  const command = CtResponse.CT_RJT;
  return {
    kind: 'CT_RJT',
    preamble: ctPreambleFor({ inId, gsType, gsSubtype, command, reason, explanation }),
  };
}

/** An accept whose request is not known. Shape: 16 bytes and what follows. Source: FC-GS-7, accept CT_IU. */
export const ctAcc = codec(
  'accept CT_IU',
  'FC-GS-7, accept CT_IU',
  { preamble: struct(ctPreamble), body: rest },
  'CT_ACC',
);
/** What `ctAcc` decodes. */
export type CtAcc = Infer<typeof ctAcc>;
