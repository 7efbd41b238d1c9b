/** What a port takes for link services, and when it reports bit errors: RPBC, SBRP. */
import {
  bit,
  codec,
  fcId,
  flags,
  type Infer,
  reserved8,
  reservedBits,
  struct,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, head } from './parts.ts';

/**
 * What the sender's port takes for link services.
 *
 * Shape: 4 bytes. Units: `receiveDataFieldSizeBytes` bytes, a multiple of four from 128 to 2112.
 * Source: FC-LS rev 1.61, ELS buffer parameters.
 */
export const elsBufferParameters = codec('ELS buffer parameters', 'FC-LS, RPBC', {
  multiFrameSequences: withDefault(bit(1), 0),
  reserved1: reservedBits(19),
  receiveDataFieldSizeBytes: bit(12),
});
/** What `elsBufferParameters` decodes. */
export type ElsBufferParameters = Infer<typeof elsBufferParameters>;

const buffers = { buffers: struct(elsBufferParameters) } as const;

/** Report port buffer conditions. Shape: 12 bytes; `originatorId` is obsolete. Source: FC-LS rev 1.61, RPBC. */
export const rpbc = codec(
  'RPBC',
  'FC-LS, RPBC',
  {
    ...head(ElsCommand.RPBC),
    ...buffers,
    reserved2: reserved8,
    originatorId: withDefault(fcId, 0),
  },
  'RPBC',
);
/** What `rpbc` decodes. */
export type Rpbc = Infer<typeof rpbc>;
/** Accept of RPBC: those of the port that was asked. Shape: 8 bytes. Source: FC-LS rev 1.61, RPBC accept. */
export const rpbcAccept = codec(
  'LS_ACC to RPBC',
  'FC-LS, RPBC accept',
  { ...acceptHead, ...buffers },
  'LS_ACC RPBC',
);
/** What `rpbcAccept` decodes. */
export type RpbcAccept = Infer<typeof rpbcAccept>;

/** What SBRP is to do; one bit of them. Source: FC-LS rev 1.61, SBRP error flags. */
export const SbrpFlags = { SET: 0x1, REPORT: 0x2 } as const;
/** How SBRP ended. Source: FC-LS rev 1.61, SBRP accept. */
export const SbrpAcceptFlags = { NOT_ACCEPTED: 0x8000_0000 } as const;

/**
 * When bit errors are reported: `errorThreshold` intervals with errors in one window.
 *
 * Shape: 8 bytes. Units: window and interval in seconds, each times ten to the minus its exponent
 * (see `errorSeconds`).
 * Source: FC-LS rev 1.61, SBRP.
 */
const errorReporting = {
  errorWindowExponent: withDefault(bit(4), 0),
  errorWindow: bit(12),
  errorIntervalExponent: withDefault(bit(4), 0),
  errorInterval: bit(12),
  errorThreshold: u32,
} as const;

/** Seconds of an error window or interval: 15 with the exponent 1 are 1.5. */
export function errorSeconds(value: number, exponent: number): number {
  return value / 10 ** exponent;
}

/** Set bit-error reporting parameters of a port, or of all ports of a domain. Shape: 16 bytes. Source: FC-LS rev 1.61, SBRP. */
export const sbrp = codec(
  'SBRP',
  'FC-LS, SBRP',
  { ...head(ElsCommand.SBRP), errorFlags: flags(u32, SbrpFlags), ...errorReporting },
  'SBRP',
);
/** What `sbrp` decodes. */
export type Sbrp = Infer<typeof sbrp>;
/**
 * Accept of SBRP: the parameters in force, or those of the request that would do, others zero.
 *
 * Shape: 16 bytes.
 * Source: FC-LS rev 1.61, SBRP accept.
 */
export const sbrpAccept = codec(
  'LS_ACC to SBRP',
  'FC-LS, SBRP accept',
  {
    ...acceptHead,
    acceptFlags: withDefault(flags(u32, SbrpAcceptFlags), 0),
    ...errorReporting,
  },
  'LS_ACC SBRP',
);
/** What `sbrpAccept` decodes. */
export type SbrpAccept = Infer<typeof sbrpAccept>;
