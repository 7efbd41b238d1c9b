/** Exchange recovery and timers: REC, RRQ, RTV. */
import {
  codec,
  fcId,
  flags,
  hex,
  type Infer,
  reserved8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, head, plainAccept, plainRequest } from './parts.ts';

const exchangeIds = {
  reserved2: reserved8,
  originatorId: fcId,
  oxId: hex(u16),
  rxId: hex(u16),
} as const;

/** Read exchange concise: how far is this exchange? Shape: 12 bytes. Source: FC-LS-3, REC. */
export const rec = codec('REC', 'FC-LS-3, REC', { ...head(ElsCommand.REC), ...exchangeIds }, 'REC');
/** What `rec` decodes. */
export type Rec = Infer<typeof rec>;

/** State of an exchange; the error policy takes bits 25-24. Source: FC-FS-3, exchange status block. */
export const ExchangeStatus = {
  RESPONDER: 0x8000_0000,
  SEQUENCE_INITIATIVE: 0x4000_0000,
  COMPLETED: 0x2000_0000,
  ENDED_ABNORMALLY: 0x1000_0000,
  RECOVERY_QUALIFIER_ACTIVE: 0x0400_0000,
  OX_ID_INVALID: 0x0080_0000,
  RX_ID_INVALID: 0x0040_0000,
} as const;

/**
 * Accept of REC.
 *
 * Shape: 24 bytes. `fc4Value` is for FCP the number of bytes transferred.
 * Source: FC-LS-3, REC accept.
 */
export const recAccept = codec(
  'LS_ACC to REC',
  'FC-LS-3, REC accept',
  {
    ...acceptHead,
    oxId: hex(u16),
    rxId: hex(u16),
    reserved2: reserved8,
    originatorId: fcId,
    reserved3: reserved8,
    responderId: fcId,
    fc4Value: u32,
    eStat: flags(u32, ExchangeStatus),
  },
  'LS_ACC REC',
);
/** What `recAccept` decodes. */
export type RecAccept = Infer<typeof recAccept>;

/** Reinstate recovery qualifier: these exchange ids may be used again. Shape: 12 bytes. Source: FC-LS-3, RRQ. */
export const rrq = codec('RRQ', 'FC-LS-3, RRQ', { ...head(ElsCommand.RRQ), ...exchangeIds }, 'RRQ');
/** What `rrq` decodes. */
export type Rrq = Infer<typeof rrq>;
/** Accept of RRQ. Shape: 4 bytes. Source: FC-LS-3, RRQ. */
export const rrqAccept = plainAccept('RRQ');
/** What `rrqAccept` decodes. */
export type RrqAccept = Infer<typeof rrqAccept>;

/** Read time-out values. Shape: 4 bytes. Source: FC-LS-3, RTV. */
export const rtv = plainRequest('RTV');
/** What `rtv` decodes. */
export type Rtv = Infer<typeof rtv>;

/** Units of the timers of an RTV accept. Source: FC-LS-3, RTV time-out qualifier. */
export const TimeoutQualifier = {
  E_D_TOV_IN_NS: 0x0400_0000,
  R_T_TOV_100_US: 0x0008_0000,
} as const;

/**
 * Accept of RTV.
 *
 * Shape: 16 bytes. Units: `rATovMs` milliseconds; `eDTov` milliseconds, or nanoseconds when
 * `qualifier` has `E_D_TOV_IN_NS`.
 * Source: FC-LS-3, RTV accept.
 */
export const rtvAccept = codec(
  'LS_ACC to RTV',
  'FC-LS-3, RTV accept',
  {
    ...acceptHead,
    rATovMs: u32,
    eDTov: u32,
    qualifier: withDefault(flags(u32, TimeoutQualifier), 0),
  },
  'LS_ACC RTV',
);
/** What `rtvAccept` decodes. */
export type RtvAccept = Infer<typeof rtvAccept>;
