/** The log of a server: lines for events, a line a second at most where one would bring many. */

import { performance } from 'node:perf_hooks';
import type { ArrayEvent } from '../array/storage-array.ts';
import { parseWwn } from '../codecs/layout/index.ts';
import type { FabricEvent } from '../history/fabric.ts';
import type { HistoryEntry } from '../history/index.ts';
import { fcTargetPort } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import { adapterPortsOf } from '../scenario/topology.ts';
import type { LiveEvent } from './links.ts';
import { type KnownNames, LogLimiter, type LogRecord, logOfArray, logOfFcf } from './log.ts';
import type { MaskWatch } from './mask-watch.ts';
import { arrayOf, ownersOf, type ServePlan } from './plan.ts';

const NS_PER_MS = 1e6;

/**
 * Turns what happens in a server into lines of its log.
 *
 * Limits: a line a second of each kind that may come with every frame; the next one says how many
 * were left out.
 */
export class ServeLog {
  /** How often a machine threw. */
  defects = 0;
  readonly #log: (record: LogRecord) => void;
  readonly #names: KnownNames;
  readonly #limiter = new LogLimiter();
  /** Says who has not seen what masks show now; once there is an array. */
  masks: MaskWatch | undefined;

  constructor(log: (record: LogRecord) => void, names: KnownNames) {
    this.#log = log;
    this.#names = names;
  }

  /** An event of a fabric's switch, or of the array when there is no fabric. */
  event(fabric: string | undefined, entry: HistoryEntry<LiveEvent>): void {
    const { at, event } = entry;
    const record =
      fabric === undefined
        ? logOfArray(event as ArrayEvent, this.#names)
        : logOfFcf(fabric, event as FabricEvent, this.#names.who);
    if (record !== undefined) this.#write(record, at);
    if (fabric !== undefined) return;
    for (const line of this.masks?.lines(entry as HistoryEntry<ArrayEvent>) ?? [])
      this.#write(line, at);
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

/** What the log of a server calls the ports that its plan knows. */
export function namesOf(plan: ServePlan): KnownNames {
  const owners = ownersOf(plan);
  const targets = adapterPortsOf(arrayOf(plan)).map(({ wwpn }) => fcTargetPort(parseWwn(wwpn)));
  return {
    who: (wwpn) => owners.get(wwpn),
    targetPort: (target) => {
      const index = targets.indexOf(target);
      return index < 0 ? undefined : index;
    },
  };
}
