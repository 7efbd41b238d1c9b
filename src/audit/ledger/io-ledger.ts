/**
 * The guests' I/O under way, and what its history says of the blocks: shared by the observers of
 * data integrity, so that each I/O is followed once.
 *
 * Memory is bounded: an I/O is forgotten when it ends, but for a few words that let a violation
 * name its frames.
 */
import type { StampReading } from '../../codecs/stamp/index.ts';
import type {
  CacheLost,
  FinalBlock,
  IoCompleted,
  IoSent,
  IoSubmitted,
  Observation,
} from '../observation.ts';
import type { FrameIndex } from '../seen/frame-index.ts';
import {
  type Anomaly,
  type BlockValue,
  blockNumber,
  HistoryChecker,
  type HistoryOp,
} from './linearizability.ts';

/** I/Os whose exchange is remembered after their end. */
const ENDED_MAX = 50_000;
/** Exchanges that are remembered with the I/O they carried. */
const SENT_MAX = 200_000;
/** Room for the versions of one writer in the number of a value. */
const VERSIONS = 2 ** 32;
/** What a block holds that was never written. */
const BLANK = 0;
const UNIT_BLOCKS_LAST = 2 ** 40 - 1;

/** An I/O of a guest. */
export interface IoRecord {
  readonly io: IoSubmitted;
  readonly tag: number;
  readonly op: HistoryOp | undefined;
  sent: IoSent | undefined;
  /** The last attempt that reached the medium. */
  appliedAttempt: number;
}

/** What a block of a history is, for people. */
export interface Finding {
  readonly anomaly: Anomaly;
  readonly lu: string;
  readonly lba: number;
  /** It was found when the medium was read after everything had ended. */
  readonly final: boolean;
}

const ioKey = (one: { readonly vm: string; readonly io: number }): string => `${one.vm} ${one.io}`;
const exchangeKey = (fabric: string, sId: number, oxId: number): string =>
  `${fabric} ${sId * 0x1_0000 + oxId}`;

/** The value of a stamped block; `undefined` for one that holds no stamp of its place. */
function readingValue(reading: StampReading): BlockValue | undefined {
  if (reading.found === 'blank') return BLANK;
  return reading.found === 'stamp' ? stampValue(reading) : undefined;
}

/** The number of a writer's version. */
export function stampValue(stamp: { readonly writerId: number; readonly version: number }): number {
  return stamp.writerId * VERSIONS + stamp.version;
}

/** The version in a value, in words. */
export function describeValue(value: BlockValue | undefined): string {
  if (value === undefined) return 'nothing known';
  if (value === BLANK) return 'blank';
  const number = Number(value);
  return `version ${number % VERSIONS} of writer ${Math.floor(number / VERSIONS)}`;
}

export class IoLedger {
  readonly #index: FrameIndex;
  readonly #history: HistoryChecker;
  readonly #units: string[] = [];
  readonly #unitNumbers = new Map<string, number>();
  readonly #open = new Map<string, IoRecord>();
  /** Open writes by the value that they write. */
  readonly #byValue = new Map<number, IoRecord>();
  readonly #sent = new Map<string, { readonly record: IoRecord; readonly attempt: number }>();
  readonly #tags = new Map<number, IoRecord>();
  /** Highest version that each writer has begun. */
  readonly #begun = new Map<number, number>();
  #nextTag = 1;
  #final = false;
  /** Told of every read that cannot be explained. */
  onFinding: (finding: Finding) => void = () => {};

  constructor(index: FrameIndex) {
    this.#index = index;
    this.#history = new HistoryChecker((anomaly) => this.#found(anomaly), { initial: BLANK });
  }

  /** Blocks read and judged so far. */
  get judged(): number {
    return this.#history.judged;
  }

  observe(one: Observation): void {
    switch (one.kind) {
      case 'submit':
        this.#submit(one);
        return;
      case 'sent':
        this.#noteSent(one);
        return;
      case 'complete':
        this.#complete(one);
        return;
      case 'final':
        this.#readMedium(one);
        return;
      case 'cache-lost':
        this.#forgetUnit(one);
    }
  }

  /** The open I/O that writes this value. */
  writing(value: number): IoRecord | undefined {
    return this.#byValue.get(value);
  }

  /** True when the writer began this version once, whatever became of it. */
  wasBegun(stamp: { readonly writerId: number; readonly version: number }): boolean {
    return stamp.version <= (this.#begun.get(stamp.writerId) ?? 0);
  }

  /** The I/O that an exchange carries, and which attempt of it. */
  carriedBy(fabric: string, sId: number, oxId: number) {
    return this.#sent.get(exchangeKey(fabric, sId, oxId));
  }

  /** Frames of the writes that a block may hold. */
  framesOfBlock(lu: string, lba: number): number[] {
    return this.framesOf(this.#history.writesOf(blockNumber(this.#unitOf(lu), lba)));
  }

  /** Frames of the I/Os with these tags. */
  framesOf(tags: readonly (number | undefined)[]): number[] {
    return tags.flatMap((tag) => {
      const sent = tag === undefined ? undefined : this.#tags.get(tag)?.sent;
      return sent === undefined ? [] : [...this.#index.framesOf(sent.fabric, sent.sId, sent.oxId)];
    });
  }

  #submit(io: IoSubmitted): void {
    const tag = this.#nextTag++;
    const first = blockNumber(this.#unitOf(io.lu), io.lba);
    let op: HistoryOp | undefined;
    if (io.op === 'read') op = this.#history.read(first, io.blocks, tag);
    else if (io.op === 'unmap') this.#history.forget(first, first + io.blocks - 1);
    else if (io.op === 'other') op = undefined;
    else {
      op = this.#history.write(first, io.blocks, stampValue(io), tag);
      const begun = this.#begun.get(io.writerId) ?? 0;
      this.#begun.set(io.writerId, Math.max(begun, io.version));
    }
    const record: IoRecord = { io, tag, op, sent: undefined, appliedAttempt: 0 };
    this.#open.set(ioKey(io), record);
    if (op?.kind === 'write') this.#byValue.set(stampValue(io), record);
    this.#tags.set(tag, record);
    if (this.#tags.size > ENDED_MAX) this.#tags.delete(this.#tags.keys().next().value!);
  }

  #noteSent(one: IoSent): void {
    const record = this.#open.get(ioKey(one));
    if (record === undefined) return;
    record.sent = one;
    const key = exchangeKey(one.fabric, one.sId, one.oxId);
    this.#sent.delete(key);
    this.#sent.set(key, { record, attempt: one.attempt });
    if (this.#sent.size > SENT_MAX) this.#sent.delete(this.#sent.keys().next().value!);
  }

  #complete(one: IoCompleted): void {
    const record = this.#open.get(ioKey(one));
    if (record === undefined) return;
    this.#open.delete(ioKey(one));
    const { io, op } = record;
    if (op?.kind === 'write') this.#byValue.delete(stampValue(io));
    if (op === undefined) {
      const first = blockNumber(this.#unitOf(io.lu), io.lba);
      if (io.op === 'unmap' && one.result === 'good') {
        this.#history.replace(first, io.blocks, BLANK);
      } else if (io.blocks > 0) this.#history.forget(first, first + io.blocks - 1);
    } else if (one.result !== 'good') this.#history.giveUp(op);
    else if (op.kind === 'write') this.#history.acknowledge(op);
    else this.#history.returned(op, (one.readings ?? []).map(readingValue));
  }

  #readMedium({ lu, lba, reading }: FinalBlock): void {
    this.#final = true;
    const op = this.#history.read(blockNumber(this.#unitOf(lu), lba), 1);
    this.#history.returned(op, [readingValue(reading)]);
    this.#final = false;
  }

  #forgetUnit({ lu }: CacheLost): void {
    const unit = this.#unitOf(lu);
    this.#history.forget(blockNumber(unit, 0), blockNumber(unit, UNIT_BLOCKS_LAST));
  }

  #unitOf(lu: string): number {
    let unit = this.#unitNumbers.get(lu);
    if (unit === undefined) {
      unit = this.#units.length;
      this.#units.push(lu);
      this.#unitNumbers.set(lu, unit);
    }
    return unit;
  }

  #found(anomaly: Anomaly): void {
    const unit = Math.floor(anomaly.block / (UNIT_BLOCKS_LAST + 1));
    const lba = anomaly.block - blockNumber(unit, 0);
    this.onFinding({ anomaly, lu: this.#units[unit] ?? '', lba, final: this.#final });
  }
}
