/**
 * What guests ask of their volumes and find there: whose data a block of a unit has, and whether a read of a volume is
 * older than it may be.
 */
import type { StampReading } from '../../codecs/stamp/index.ts';
import type { BlocksCopied, VolumeFilled, VolumeIo, VolumePart } from '../../history/index.ts';
import type { BlockValue, HistoryOp } from './block-zones.ts';
import { BLANK, stampValue } from './io-ledger.ts';
import { type Anomaly, blockNumber, HistoryChecker } from './linearizability.ts';

/** Parts of writes that are remembered, to know whose data a block has. */
const PARTS_MAX = 500_000;
const UNIT_BLOCKS_LAST = 2 ** 40 - 1;

/** A part of a write of a volume. */
export interface KnownPart {
  readonly vm: string;
  readonly volume: string;
  readonly io: number;
  readonly part: VolumePart;
}

/** Blocks that a host has copied: what each had is a part of a write, blank, or not known. */
interface CopiedPart {
  readonly vm: string;
  readonly volume: string;
  readonly part: VolumePart;
  readonly origins: readonly Origin[];
}

/** Where the data of a block come from. */
export type Origin = KnownPart | 'blank' | undefined;

/** A read of a volume that cannot be explained. */
export interface VolumeFinding {
  readonly vm: string;
  readonly volume: string;
  readonly lba: number;
  readonly anomaly: Anomaly;
}

/** Follows I/Os on volumes. */
export class VolumeHistory {
  readonly #history: HistoryChecker;
  readonly #names: (readonly [vm: string, volume: string])[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #open = new Map<string, HistoryOp>();
  readonly #parts = new Map<number, KnownPart>();
  readonly #copies = new Map<number, CopiedPart>();
  readonly #listeners: ((finding: VolumeFinding) => void)[] = [];
  /** Parts were forgotten: of some data it is not known whose they are. */
  hasForgotten = false;

  constructor() {
    this.#history = new HistoryChecker((anomaly) => this.#found(anomaly), { initial: BLANK });
  }

  /** Blocks of volumes that were read and judged. */
  get judged(): number {
    return this.#history.judged;
  }

  /** `listener` is told of every read that cannot be explained. */
  onFinding(listener: (finding: VolumeFinding) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * The write whose part left this value in a block of a unit, also where a host has copied it there; `blank` where what was
   * copied had never been written.
   */
  originOf(value: number, lba: number): Origin {
    const copy = this.#copies.get(value);
    return copy === undefined ? this.#parts.get(value) : copy.origins[lba - copy.part.lba];
  }

  /** A host copies blocks to another unit, and what they held has its write's number there. */
  copied({ part, readings, vm, volume, writerId }: BlocksCopied): void {
    const origins = readings.map((one, i): Origin => {
      if (one.found === 'blank') return 'blank';
      return one.found === 'wrong' ? undefined : this.originOf(stampValue(one), part.volumeLba + i);
    });
    this.#copies.set(stampValue({ writerId, version: part.io }), { vm, volume, part, origins });
    if (this.#copies.size <= PARTS_MAX) return;
    this.#copies.delete(this.#copies.keys().next().value!);
    this.hasForgotten = true;
  }

  observe(event: VolumeIo): void {
    const { io, vm } = event;
    const key = `${vm} ${io}`;
    if (event.state === 'begun') {
      this.#remember(event);
      this.#open.set(key, this.#begin(event));
      return;
    }
    const op = this.#open.get(key);
    if (op === undefined) return;
    this.#open.delete(key);
    if (event.state === 'failed') this.#history.giveUp(op);
    else if (op.kind === 'write') this.#history.acknowledge(op);
    else
      this.#history.returned(
        op,
        (event.readings ?? []).map((one, i) => this.#valueOf(one, event.lba + i)),
      );
  }

  /** Data of a write are somewhere else, too, under another version. */
  filled({ part, version, vm, volume, writerId }: VolumeFilled): void {
    const known = this.#parts.get(stampValue({ writerId, version }));
    if (known !== undefined) this.#keep(writerId, { vm, volume, io: known.io, part });
  }

  /** What volumes hold is not known any more. */
  forget(): void {
    this.#history.forget(0, Number.MAX_SAFE_INTEGER);
  }

  #begin({ blocks, io, lba, op, vm, volume, writerId }: VolumeIo): HistoryOp {
    const first = blockNumber(this.#numberOf(vm, volume), lba);
    if (op === 'read') return this.#history.read(first, blocks);
    return this.#history.write(first, blocks, stampValue({ writerId, version: io }));
  }

  #remember({ io, op, parts, vm, volume, writerId }: VolumeIo): void {
    if (op !== 'write') return;
    for (const part of parts) this.#keep(writerId, { vm, volume, io, part });
  }

  #keep(writerId: number, known: KnownPart): void {
    this.#parts.set(stampValue({ writerId, version: known.part.io }), known);
    if (this.#parts.size <= PARTS_MAX) return;
    this.#parts.delete(this.#parts.keys().next().value!);
    this.hasForgotten = true;
  }

  /** The write of the volume that left a stamp; `undefined` where that is not known. */
  #valueOf(reading: StampReading, lba: number): BlockValue | undefined {
    if (reading.found === 'blank') return BLANK;
    if (reading.found === 'wrong') return undefined;
    const known = this.originOf(stampValue(reading), lba);
    if (known === 'blank') return BLANK;
    return known && stampValue({ writerId: reading.writerId, version: known.io });
  }

  #numberOf(vm: string, volume: string): number {
    const key = `${vm} ${volume}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#names.length;
      this.#names.push([vm, volume]);
      this.#numbers.set(key, number);
    }
    return number;
  }

  #found(anomaly: Anomaly): void {
    const unit = Math.floor(anomaly.block / (UNIT_BLOCKS_LAST + 1));
    const [vm, volume] = this.#names[unit] ?? ['', ''];
    const lba = anomaly.block - blockNumber(unit, 0);
    for (const listener of this.#listeners) listener({ vm, volume, lba, anomaly });
  }
}
