/** How commands of a capture were answered: statuses other than GOOD, and how long answers took. */
import { formatLun } from '../../codecs/fcp/index.ts';
import { formatSense } from '../../codecs/scsi/index.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import type { ExchangeRow } from '../seen/exchange-row.ts';
import { Percentiles } from './percentiles.ts';
import { type NamedPort, namedPort, type PortHolder, type PortNames } from './port-names.ts';

/** Rows kept of each kind; answers that would need more are counted as left out. */
const ROWS_MAX = 10_000;

/** What is common to the rows of an initiator, a target and a unit. */
export interface NexusRow {
  /** Empty where neither VLAN nor VF_ID tells one. */
  readonly fabric: string;
  readonly initiator: NamedPort;
  readonly target: NamedPort;
  /** As people write it; `undefined` for what is no SCSI command. */
  readonly lun: string | undefined;
}

/** A status other than GOOD that a unit gave an initiator. */
export interface StatusRow extends NexusRow {
  readonly status: string;
  /** Sense key and additional sense code in words; `undefined` without sense data. */
  readonly sense: string | undefined;
  readonly count: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
}

/** How long an initiator waited for a unit's answers, in nanoseconds; exact within 1 in 32. */
export interface LatencyRow extends NexusRow {
  readonly what: 'reads' | 'writes' | 'others';
  readonly count: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

const KINDS = ['reads', 'writes', 'others'] as const;
const READ = /^((NVMe )?READ(\(|$)|NFS READ$)/;
const WRITE = /^(NVMe |NFS )?WRITE/;

const kindOf = (command: string): number => (READ.test(command) ? 0 : WRITE.test(command) ? 1 : 2);
const isGood = (status: string): boolean =>
  status === 'GOOD' || status === 'SUCCESS' || status === 'NFS3_OK';

/** The ends of an exchange, as they were when it ended. */
export interface Ends {
  readonly initiator: PortHolder;
  readonly target: PortHolder;
}

/** What was asked and how it was answered. */
export interface Answered {
  readonly fabric: string;
  readonly lun: bigint | undefined;
  readonly command: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly status: string | undefined;
  readonly sense: ExchangeRow['sense'];
}

type Counted = Ends & {
  row: Answered;
  sense: string | undefined;
  count: number;
  lastFrame: number;
};
type Timed = Ends & { row: Answered; kind: number; times: Percentiles };

/** Keeps the books of answers. */
export class Answers {
  readonly #names: PortNames;
  readonly #statuses = new Map<string, Counted>();
  readonly #latencies = new IdMap<Timed>(ROWS_MAX);
  readonly #luns = new Numbers<bigint>();
  #left = 0;
  /** Kinds of commands by name: there are few. */
  readonly #kinds = new Map<string, number>();

  constructor(names: PortNames) {
    this.#names = names;
  }

  /** An exchange has ended. */
  take(row: ExchangeRow): void {
    const { kind, end } = row;
    if (end !== 'completed' || (kind !== 'fcp' && kind !== 'nvme')) return;
    this.answer(row, {
      initiator: this.#names.of(row.fabric, row.originator),
      target: this.#names.of(row.fabric, row.responder),
    });
  }

  /** Something was answered between these two. */
  answer(row: Answered, ends: Ends): void {
    const { status } = row;
    this.#time(row, ends);
    if (status !== undefined && !isGood(status)) this.#status(row, status, ends);
  }

  #time(row: Answered, { initiator, target }: Ends): void {
    const { command, startNs, endNs } = row;
    let kind = this.#kinds.get(command);
    if (kind === undefined) {
      kind = kindOf(command);
      this.#kinds.set(command, kind);
    }
    const unit = this.#luns.of(row.lun ?? -1n) * KINDS.length + kind;
    let found = this.#latencies.get(initiator.number, target.number, unit);
    if (found === undefined && this.#latencies.size >= ROWS_MAX) {
      this.#left++;
      return;
    }
    if (found === undefined) {
      found = { row, initiator, target, kind, times: new Percentiles() };
      this.#latencies.set(initiator.number, target.number, unit, 0, found);
    }
    found.times.add(Number(endNs - startNs));
  }

  #status(row: Answered, status: string, { initiator, target }: Ends): void {
    const { lun } = row;
    const sense = row.sense === undefined ? undefined : formatSense(row.sense);
    const key = `${initiator.number} ${target.number} ${lun} ${status} ${sense}`;
    const known = this.#statuses.get(key);
    if (known !== undefined) {
      known.count++;
      known.lastFrame = row.lastFrame;
    } else if (this.#statuses.size < ROWS_MAX)
      this.#statuses.set(key, {
        row,
        initiator,
        target,
        sense,
        count: 1,
        lastFrame: row.lastFrame,
      });
  }

  /** Statuses other than GOOD, the most frequent first. */
  statuses(): StatusRow[] {
    return [...this.#statuses.values()]
      .sort((a, b) => b.count - a.count || a.row.lastFrame - b.row.lastFrame)
      .map(({ row, initiator, target, sense, count, lastFrame }) => ({
        ...nexusOf(row, initiator, target),
        status: row.status!.replaceAll('_', ' '),
        sense,
        count,
        firstFrame: row.lastFrame,
        lastFrame,
      }));
  }

  /** Answers whose latency is in no row, for there were too many rows. */
  get latenciesLeft(): number {
    return this.#left;
  }

  /** Latencies, the most frequent first. */
  latencies(): LatencyRow[] {
    return [...this.#latencies.values()]
      .sort((a, b) => b.times.count - a.times.count || a.row.firstFrame - b.row.firstFrame)
      .map(({ row, initiator, target, kind, times }) => ({
        ...nexusOf(row, initiator, target),
        what: KINDS[kind]!,
        count: times.count,
        p50Ns: times.at(0.5),
        p95Ns: times.at(0.95),
        p99Ns: times.at(0.99),
        maxNs: times.maxNs,
      }));
  }
}

function nexusOf({ fabric, lun }: Answered, initiator: PortHolder, target: PortHolder): NexusRow {
  return {
    fabric,
    initiator: namedPort(initiator),
    target: namedPort(target),
    lun: lun === undefined ? undefined : formatLun(lun),
  };
}
