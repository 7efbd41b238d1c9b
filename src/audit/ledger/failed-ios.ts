/** I/Os that ended badly for their guest: told once, to every rule that charges a failure to the move. */
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import type { HistoryEntry, IoAttemptEnded, IoCompleted } from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';
import type { Excuses } from './excuses.ts';
import type { IoRecord } from './io-ledger.ts';
import { OpenIos } from './open-ios.ts';

/** An I/O that failed. */
export interface FailedIo {
  readonly at: TimeNs;
  readonly record: IoRecord;
  readonly reason: string;
  /** `ScsiStatus` of the last attempt that was answered. */
  readonly status: number | undefined;
  /** Whose doing it was, in words; `undefined` where it is the machines' own. */
  readonly excuse: string | undefined;
}

/** Hears of every I/O that failed. */
export type FailureListener = (failed: FailedIo) => void;

/** A COMPARE AND WRITE that found something else: an answer to what was asked, and I4's matter. */
const MISCOMPARE = 'miscompare';

/** Follows how attempts were answered. It is told before the rules, and tells them of what failed. */
export class FailedIos {
  readonly #excuses: Excuses;
  readonly #statuses = new OpenIos<number>();
  readonly #listeners: FailureListener[] = [];

  constructor(excuses: Excuses) {
    this.#excuses = excuses;
  }

  /** `listener` is told of every I/O that failed, before its end is told to the rules. */
  onFailure(listener: FailureListener): void {
    this.#listeners.push(listener);
  }

  /** To be told of everything; `record`: the I/O of an end, while it is still known. */
  observe({ at, event }: HistoryEntry, record: IoRecord | undefined): void {
    if (event.type === 'io-attempt-end') this.#attemptEnd(event);
    else if (event.type === 'io-complete') this.#complete(at, event, record);
  }

  #attemptEnd(event: IoAttemptEnded): void {
    if (event.status === undefined || event.status === ScsiStatus.GOOD) return;
    this.#statuses.begin(event, event.status);
  }

  #complete(at: TimeNs, event: IoCompleted, record: IoRecord | undefined): void {
    const status = this.#statuses.end(event);
    if (event.result === 'good' || record === undefined || event.reason === MISCOMPARE) return;
    // The guest does not hear of what its host does to copy a disk.
    if (record.io.ofHost === true) return;
    const reason = event.reason ?? 'no reason told';
    const excuse = this.#excuses.ofFailure(record, status);
    const failed: FailedIo = { at, record, reason, status, excuse };
    for (const listener of this.#listeners) listener(failed);
  }
}
