/** The log of a server: lines for events, a line a second at most where one would bring many. */
import { performance } from 'node:perf_hooks';
import type { Wwn } from '../codecs/layout/index.ts';
import type { FcfEvent } from '../fabric/fc/events.ts';
import type { Instant } from '../machine/machine.ts';
import type { ArrayEvent } from '../scsi/target/events.ts';
import type { LiveEvent } from './links.ts';
import { LogLimiter, type LogRecord, logOfArray, logOfFcf } from './log.ts';

const NS_PER_MS = 1e6;

export class Report {
  defects = 0;
  readonly #log: (record: LogRecord) => void;
  readonly #who: (wwpn: Wwn) => string | undefined;
  readonly #limiter = new LogLimiter();

  constructor(log: (record: LogRecord) => void, who: (wwpn: Wwn) => string | undefined) {
    this.#log = log;
    this.#who = who;
  }

  /** An event of a fabric's switch, or of the array when there is no fabric. */
  event(fabric: string | undefined, event: LiveEvent, now: Instant): void {
    const record =
      fabric === undefined
        ? logOfArray(event as ArrayEvent, this.#who)
        : logOfFcf(fabric, event as FcfEvent, this.#who);
    if (record !== undefined) this.#write(record, now);
  }

  /** A file behind a logical unit could not be read or written; the initiator is told by sense. */
  mediumFailed(unit: string, what: string): void {
    this.#write(
      {
        level: 'error',
        event: 'lun-failed',
        text: `logical unit ${unit}: ${what}`,
        fields: { unit, what },
        limitKey: `lun-failed ${unit}`,
      },
      performance.now() * NS_PER_MS,
    );
  }

  /** A machine threw. */
  defect(node: string, error: unknown, now: Instant): void {
    this.defects++;
    const { message, stack } = error as Error;
    this.#write(
      {
        level: 'error',
        event: 'defect',
        text: `defect in ${node}, a frame is lost: ${message}`,
        fields: { node, stack },
        limitKey: `defect ${message}`,
      },
      now,
    );
  }

  #write(record: LogRecord, now: Instant): void {
    const { limitKey, text, fields } = record;
    const left = limitKey === undefined ? 0 : this.#limiter.pass(limitKey, now / NS_PER_MS);
    if (left === undefined) return;
    this.#log(
      left === 0
        ? record
        : {
            ...record,
            text: `${text} (and ${left} more like it)`,
            fields: { ...fields, more: left },
          },
    );
  }
}
