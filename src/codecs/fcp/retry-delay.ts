/** The retry delay timer of an FCP_RSP: when to come back. Source: SAM-5, status qualifier. */
import { ScsiStatus } from '../scsi/status.ts';

/** SCOPE (upper 2 bits): whom the delay is for. */
export const RetryDelayScope = {
  I_T_L_NEXUS: 0,
  I_T_NEXUS: 1,
  LOGICAL_UNIT: 2,
  TARGET_PORT: 3,
} as const;

/** What a retry delay timer says. */
export type RetryDelay =
  | { readonly kind: 'none' }
  /** Wait that long. */
  | { readonly kind: 'wait'; readonly scope: number; readonly delayMs: number }
  /** Do not send this logical unit commands through this nexus. */
  | { readonly kind: 'stop'; readonly scope: number }
  /** The logical unit serves too many others. */
  | { readonly kind: 'crowded'; readonly scope: number }
  | { readonly kind: 'reserved'; readonly scope: number };

const QUALIFIER_MASK = 0x3fff;
/** Largest delay, in units of 100 ms. */
export const RETRY_DELAY_100_MS_MAX = 0x3fef;
const STOP = 0x3ffe;
const CROWDED = 0x3fff;

/** Reads the timer of a response; with other statuses than BUSY and TASK SET FULL it says nothing. */
export function retryDelayOf(response: {
  readonly scsiStatus: number;
  readonly retryDelayTimer: number;
}): RetryDelay {
  const { scsiStatus, retryDelayTimer } = response;
  const busy = scsiStatus === ScsiStatus.BUSY;
  if (!busy && scsiStatus !== ScsiStatus.TASK_SET_FULL) return { kind: 'none' };
  const qualifier = retryDelayTimer & QUALIFIER_MASK;
  const scope = retryDelayTimer >>> 14;
  if (qualifier === 0) return { kind: 'none' };
  if (qualifier <= RETRY_DELAY_100_MS_MAX) return { kind: 'wait', scope, delayMs: qualifier * 100 };
  if (busy && qualifier === STOP) return { kind: 'stop', scope };
  if (busy && qualifier === CROWDED) return { kind: 'crowded', scope };
  return { kind: 'reserved', scope };
}
