/**
 * The guests' I/O under way, and what its history says of the blocks: shared by the rules of I/O and
 * data, so that each I/O is followed once.
 *
 * Memory is bounded: an I/O is forgotten when it ends, but for a few words that let a violation
 * name its frames.
 */
import type { StampReading } from '../../codecs/stamp/index.ts';
import type {
  BlocksApplied,
  CommandDone,
  HistoryEntry,
  IoAttemptEnded,
  IoCompleted,
  IoSent,
  IoSubmitted,
  MediumRead,
  PlaceIndex,
} from '../../history/index.ts';
import { exchangeKey } from '../seen/exchange.ts';
import type { Exchanges } from '../seen/exchanges.ts';
import type { TimeNs } from '../verdict.ts';
import type { BlockReadings } from './block-readings.ts';
import type { BlockValue, HistoryOp } from './block-zones.ts';
import { type Anomaly, blockNumber, HistoryChecker } from './linearizability.ts';
import { type IoName, OpenIos } from './open-ios.ts';

/** I/Os whose exchange is remembered after their end. */
const ENDED_MAX = 50_000;
/** Exchanges that are remembered with the I/O they carried, per fabric. */
const SENT_MAX = 200_000;
/** Room for the versions of one writer in the number of a value. */
const VERSIONS = 2 ** 32;
/** What a block holds that was never written. */
export const BLANK = 0;
const UNIT_BLOCKS_LAST = 2 ** 40 - 1;

/** An attempt of an I/O as it went out. */
export interface SentIo {
  readonly at: TimeNs;
  readonly event: IoSent;
  /** Fabric of the host port it went out by. */
  readonly fabric: string;
}

/** An I/O of a guest. */
export interface IoRecord {
  readonly io: IoSubmitted;
  readonly at: TimeNs;
  readonly tag: number;
  readonly op: HistoryOp | undefined;
  /** The last attempt, as it went out and as its tag has it. */
  sent: SentIo | undefined;
  carried: CarriedIo | undefined;
  /** When something last happened to an attempt of it; `undefined` before the first. */
  touchedAt: TimeNs | undefined;
  /** The last attempt that reached the medium. */
  appliedAttempt: number;
}

/** An I/O, and the attempt of it that went out under a tag. */
export interface CarriedIo {
  readonly record: IoRecord;
  readonly attempt: number;
  /** The attempt has ended: a command of the host's own may have its tag now. */
  over: boolean;
  /** The attempt that had the tag before: its command may still come, late. */
  before: CarriedIo | undefined;
}

/** Commands that read blocks, over SCSI and over NFS. */
const READ = /^READ(?:\(\d+\))?$/;

/** True where a command, by what it says of itself, may be this attempt: its tag alone says little. */
function mayBe({ record: { io }, over }: CarriedIo, command: BlocksApplied | CommandDone): boolean {
  if (command.type === 'command-done')
    return !over && io.op === 'read' && READ.test(command.command);
  if (io.op === 'read' || io.op === 'synchronize') return false;
  const { lba, blocks } = command;
  return lba >= io.lba && lba + blocks <= io.lba + io.blocks;
}

function endAttempt({ carried }: IoRecord, { attempt }: IoAttemptEnded): void {
  if (carried?.attempt === attempt) carried.over = true;
}

/** The attempt itself or one before it that a command may be. */
function firstOf(
  carried: CarriedIo | undefined,
  command: BlocksApplied | CommandDone,
): CarriedIo | undefined {
  if (carried === undefined || mayBe(carried, command)) return carried;
  return firstOf(carried.before, command);
}

/** What a block of a history is, for people. */
export interface Finding {
  readonly anomaly: Anomaly;
  readonly luName: string;
  readonly lba: number;
  /** It was found when the medium was read after everything had ended. */
  readonly final: boolean;
}

/** Hears of a read that cannot be explained. */
export type FindingListener = (finding: Finding, frames: readonly number[]) => void;

/** How people name an I/O. */
export function nameOfIo({ vm, io }: IoName): string {
  return `I/O ${io} of ${vm}`;
}

/** The value of a stamped block; `undefined` for one that holds no stamp of its place. */
export function readingValue(reading: StampReading): BlockValue | undefined {
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

/** What a block was found to hold, in words. */
export function describeReading(reading: StampReading | undefined): string {
  return reading?.found === 'wrong' ? reading.why : describeValue(reading && readingValue(reading));
}

/** Follows the guests' I/O. It is told after the rules that ask it. */
export class IoLedger {
  readonly #exchanges: Exchanges;
  readonly #places: PlaceIndex;
  readonly #readings: BlockReadings;
  readonly #history: HistoryChecker;
  readonly #units: string[] = [];
  readonly #unitNumbers = new Map<string, number>();
  /** I/Os under way. */
  readonly open = new OpenIos<IoRecord>();
  /** Open writes by the value that they write. */
  readonly #byValue = new Map<number, IoRecord>();
  readonly #sent = new Map<string, Map<number, CarriedIo>>();
  readonly #tags = new Map<number, IoRecord>();
  /** Highest version that each writer has begun. */
  readonly #begun = new Map<number, number>();
  #nextTag = 1;
  #final = false;
  readonly #listeners: FindingListener[] = [];

  constructor(exchanges: Exchanges, places: PlaceIndex, readings: BlockReadings) {
    this.#exchanges = exchanges;
    this.#places = places;
    this.#readings = readings;
    this.#history = new HistoryChecker((anomaly) => this.#found(anomaly), { initial: BLANK });
  }

  /** `listener` is told of every read that cannot be explained, and of the frames that show it. */
  onFinding(listener: FindingListener): void {
    this.#listeners.push(listener);
  }

  /** Blocks read and judged so far. */
  get judged(): number {
    return this.#history.judged;
  }

  observe({ at, node, event }: HistoryEntry): void {
    switch (event.type) {
      case 'io-submit':
        this.#submit(at, event);
        return;
      case 'io-sent':
        this.#noteSent(at, node, event);
        return;
      case 'io-attempt-end':
      case 'io-requeue': {
        const record = this.open.get(event);
        if (record === undefined) return;
        record.touchedAt = at;
        if (event.type === 'io-attempt-end') endAttempt(record, event);
        return;
      }
      case 'io-complete':
        this.#complete(event);
        return;
      case 'medium':
        this.#readMedium(event);
        return;
      case 'cache-lost':
        this.#forgetUnit(event.luName);
        return;
      case 'snapshot':
        if (event.state === 'reverted') this.#forgetUnit(event.luName);
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

  /**
   * The I/O that a command carries, and which attempt of it: the last one under its tag that is a command of
   * that kind for these blocks. Of reads, whose blocks no target tells, only one that is under way.
   */
  carriedBy(fabric: string, command: BlocksApplied | CommandDone): CarriedIo | undefined {
    const key = exchangeKey(command.nexus.address, command.tag);
    return firstOf(this.#sent.get(fabric)?.get(key), command);
  }

  /** The attempt under a command's tag that is one of such an I/O, or of those that had the tag before. */
  attemptOf(
    fabric: string,
    command: BlocksApplied | CommandDone,
    isIt: (record: IoRecord) => boolean,
  ): CarriedIo | undefined {
    let carried = this.carriedBy(fabric, command);
    while (carried !== undefined && !isIt(carried.record))
      carried = firstOf(carried.before, command);
    return carried;
  }

  /** Frames of an I/O's last attempt. */
  framesOfLast({ sent }: IoRecord): readonly number[] {
    if (sent === undefined) return [];
    return this.#exchanges.framesOf(sent.fabric, sent.event.address, sent.event.tag);
  }

  /** Frames of the writes that a block may hold. */
  framesOfBlock(luName: string, lba: number): number[] {
    return this.framesOf(this.#history.writesOf(blockNumber(this.#unitOf(luName), lba)));
  }

  /** Frames of the I/Os with these tags. */
  framesOf(tags: readonly (number | undefined)[]): number[] {
    return tags.flatMap((tag) => {
      const record = tag === undefined ? undefined : this.#tags.get(tag);
      return record === undefined ? [] : [...this.framesOfLast(record)];
    });
  }

  #submit(at: TimeNs, io: IoSubmitted): void {
    const tag = this.#nextTag++;
    const first = blockNumber(this.#unitOf(io.luName), io.lba);
    let op: HistoryOp | undefined;
    if (io.op === 'read') op = this.#history.read(first, io.blocks, tag);
    else if (io.op === 'unmap') this.#history.forget(first, first + io.blocks - 1);
    else if (io.op === 'synchronize') op = undefined;
    else {
      op = this.#history.write(first, io.blocks, stampValue(io), tag);
      const begun = this.#begun.get(io.writerId) ?? 0;
      this.#begun.set(io.writerId, Math.max(begun, io.version));
    }
    const record: IoRecord = {
      io,
      at,
      tag,
      op,
      sent: undefined,
      carried: undefined,
      touchedAt: undefined,
      appliedAttempt: 0,
    };
    this.open.begin(io, record);
    if (op?.kind === 'write') this.#byValue.set(stampValue(io), record);
    this.#tags.set(tag, record);
    if (this.#tags.size > ENDED_MAX) this.#tags.delete(this.#tags.keys().next().value!);
  }

  #noteSent(at: TimeNs, node: string, event: IoSent): void {
    const record = this.open.get(event);
    if (record === undefined) return;
    const fabric = this.#places.linkAt(node, event.port)?.fabric ?? '';
    record.sent = { at, event, fabric };
    record.touchedAt = at;
    let ofFabric = this.#sent.get(fabric);
    if (ofFabric === undefined) {
      ofFabric = new Map();
      this.#sent.set(fabric, ofFabric);
    }
    const key = exchangeKey(event.address, event.tag);
    const before = ofFabric.get(key);
    if (before !== undefined) before.before = undefined;
    ofFabric.delete(key);
    const carried = { record, attempt: event.attempt, over: false, before };
    record.carried = carried;
    ofFabric.set(key, carried);
    if (ofFabric.size > SENT_MAX) ofFabric.delete(ofFabric.keys().next().value!);
  }

  #complete(event: IoCompleted): void {
    const record = this.open.end(event);
    if (record === undefined) return;
    if (record.carried !== undefined) record.carried.over = true;
    const { io, op } = record;
    if (op?.kind === 'write') this.#byValue.delete(stampValue(io));
    if (op === undefined) {
      const first = blockNumber(this.#unitOf(io.luName), io.lba);
      if (io.op === 'unmap' && event.result === 'good') {
        this.#history.replace(first, io.blocks, BLANK);
      } else if (io.blocks > 0) this.#history.forget(first, first + io.blocks - 1);
    } else if (event.result !== 'good') this.#history.giveUp(op);
    else if (op.kind === 'write') this.#history.acknowledge(op);
    else this.#history.returned(op, (event.readings ?? []).map(readingValue));
  }

  #readMedium(event: MediumRead): void {
    this.#final = true;
    const first = blockNumber(this.#unitOf(event.luName), event.lba);
    for (const [i, reading] of this.#readings.of(event).entries()) {
      this.#history.returned(this.#history.read(first + i, 1), [readingValue(reading)]);
    }
    this.#final = false;
  }

  #forgetUnit(luName: string): void {
    const unit = this.#unitOf(luName);
    this.#history.forget(blockNumber(unit, 0), blockNumber(unit, UNIT_BLOCKS_LAST));
  }

  #unitOf(luName: string): number {
    let unit = this.#unitNumbers.get(luName);
    if (unit === undefined) {
      unit = this.#units.length;
      this.#units.push(luName);
      this.#unitNumbers.set(luName, unit);
    }
    return unit;
  }

  #found(anomaly: Anomaly): void {
    const unit = Math.floor(anomaly.block / (UNIT_BLOCKS_LAST + 1));
    const lba = anomaly.block - blockNumber(unit, 0);
    const finding = { anomaly, luName: this.#units[unit] ?? '', lba, final: this.#final };
    const frames = this.framesOf([anomaly.newerWrite, anomaly.write, anomaly.read]);
    for (const listener of this.#listeners) listener(finding, frames);
  }
}
