/** Logins with fabric and ports: FLOGI, FDISC, PLOGI, PDISC, and their accepts. */
import {
  bytes,
  codec,
  embed,
  type FixedField,
  type Infer,
  type InferInput,
  struct,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, head, whereBytesRemain } from './parts.ts';
import {
  type ClassParameters,
  type ClassParametersInput,
  classParameters,
  type FlogiAcceptServiceParameters,
  type FlogiAcceptServiceParametersInput,
  type FlogiServiceParameters,
  type FlogiServiceParametersInput,
  flogiAcceptServiceParameters,
  flogiServiceParameters,
  loginExtension,
  noClass,
  type PlogiServiceParameters,
  type PlogiServiceParametersInput,
  plogiServiceParameters,
} from './service-parameters.ts';

const EXTENSION_BYTES = 140;

const classes: FixedField<ClassParameters, true, ClassParametersInput> = withDefault(
  struct(classParameters),
  noClass,
);
const flogiCommon: FixedField<FlogiServiceParameters, false, FlogiServiceParametersInput> =
  struct(flogiServiceParameters);
const flogiAcceptCommon: FixedField<
  FlogiAcceptServiceParameters,
  false,
  FlogiAcceptServiceParametersInput
> = struct(flogiAcceptServiceParameters);
const plogiCommon: FixedField<PlogiServiceParameters, false, PlogiServiceParametersInput> =
  struct(plogiServiceParameters);

/** Everything behind the common service parameters: names, classes, version, long form. */
const namesAndClasses = {
  portName: wwn,
  nodeName: wwn,
  class1: classes,
  class2: classes,
  class3: classes,
  class4: classes,
  vendorVersion: withDefault(bytes(16), new Uint8Array(16)),
  extension: whereBytesRemain(EXTENSION_BYTES, embed(loginExtension)),
} as const;

const flogiBody = { common: flogiCommon, ...namesAndClasses } as const;
const flogiAcceptBody = {
  common: flogiAcceptCommon,
  ...namesAndClasses,
} as const;
const plogiBody = { common: plogiCommon, ...namesAndClasses } as const;

/**
 * Fabric login.
 *
 * Shape: 116 bytes, 256 in the long form (`PAYLOAD_256_BYTES`).
 * Source: FC-LS-3, FLOGI.
 */
export const flogi = codec(
  'FLOGI',
  'FC-LS-3, FLOGI',
  { ...head(ElsCommand.FLOGI), ...flogiBody },
  'FLOGI',
);
/** What `flogi` decodes. */
export type Flogi = Infer<typeof flogi>;
/** What `flogi` encodes. */
export type FlogiInput = InferInput<typeof flogi>;

/**
 * Accept of FLOGI: the fabric's parameters; the granted address is the frame's D_ID.
 *
 * Shape: 116 bytes, 256 in the long form.
 * Source: FC-LS-3, FLOGI.
 */
export const flogiAccept = codec(
  'LS_ACC to FLOGI',
  'FC-LS-3, FLOGI accept',
  { ...acceptHead, ...flogiAcceptBody },
  'LS_ACC FLOGI',
);
/** What `flogiAccept` decodes. */
export type FlogiAccept = Infer<typeof flogiAccept>;

/**
 * Request for one more N_Port_ID (NPIV), or discovery of the fabric's parameters.
 *
 * Shape: 116 bytes, 256 in the long form.
 * Source: FC-LS-3, FDISC.
 */
export const fdisc = codec(
  'FDISC',
  'FC-LS-3, FDISC',
  { ...head(ElsCommand.FDISC), ...flogiBody },
  'FDISC',
);
/** What `fdisc` decodes. */
export type Fdisc = Infer<typeof fdisc>;

/** Accept of FDISC. Shape: 116 bytes, 256 in the long form. Source: FC-LS-3, FDISC. */
export const fdiscAccept = codec(
  'LS_ACC to FDISC',
  'FC-LS-3, FDISC accept',
  { ...acceptHead, ...flogiAcceptBody },
  'LS_ACC FDISC',
);
/** What `fdiscAccept` decodes. */
export type FdiscAccept = Infer<typeof fdiscAccept>;

/**
 * N_Port login.
 *
 * Shape: 116 bytes, 256 in the long form.
 * Source: FC-LS-3, PLOGI.
 */
export const plogi = codec(
  'PLOGI',
  'FC-LS-3, PLOGI',
  { ...head(ElsCommand.PLOGI), ...plogiBody },
  'PLOGI',
);
/** What `plogi` decodes. */
export type Plogi = Infer<typeof plogi>;

/** Accept of PLOGI. Shape: 116 bytes, 256 in the long form. Source: FC-LS-3, PLOGI. */
export const plogiAccept = codec(
  'LS_ACC to PLOGI',
  'FC-LS-3, PLOGI accept',
  { ...acceptHead, ...plogiBody },
  'LS_ACC PLOGI',
);
/** What `plogiAccept` decodes. */
export type PlogiAccept = Infer<typeof plogiAccept>;

/**
 * Discovery of N_Port service parameters without a new login.
 *
 * Shape: 116 bytes, 256 in the long form.
 * Source: FC-LS-3, PDISC.
 */
export const pdisc = codec(
  'PDISC',
  'FC-LS-3, PDISC',
  { ...head(ElsCommand.PDISC), ...plogiBody },
  'PDISC',
);
/** What `pdisc` decodes. */
export type Pdisc = Infer<typeof pdisc>;

/** Accept of PDISC. Shape: 116 bytes, 256 in the long form. Source: FC-LS-3, PDISC. */
export const pdiscAccept = codec(
  'LS_ACC to PDISC',
  'FC-LS-3, PDISC accept',
  { ...acceptHead, ...plogiBody },
  'LS_ACC PDISC',
);
/** What `pdiscAccept` decodes. */
export type PdiscAccept = Infer<typeof pdiscAccept>;
