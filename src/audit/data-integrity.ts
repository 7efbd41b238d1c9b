/** I6, I7 and I8: what a block holds, in the light of who wrote it and who was told. */
import { Findings } from './findings.ts';
import type { FrameIndex } from './frame-index.ts';
import type {
  Applied,
  IoCompleted,
  IoSent,
  IoSubmitted,
  Observation,
  ObservationKind,
} from './observation.ts';
import type { InvariantObserver } from './observer.ts';

const ioKey = (one: { readonly vm: string; readonly io: number }): string => `${one.vm} ${one.io}`;
const blockKey = (lu: string, lba: number): string => `${lu} ${lba}`;
const blockName = (lu: string, lba: number): string => `LBA ${lba} of ${lu.slice(-8)}`;

/**
 * What is known of each block, shared by the observers of this file.
 *
 * Writes of one guest to one block never overlap, so its versions are written in order; a block
 * that several guests write is judged for each writer by itself.
 */
export class BlockLedger {
  readonly submitted = new Map<string, IoSubmitted>();
  readonly sent = new Map<string, IoSent>();
  /** Highest acknowledged version, per block and writer. */
  readonly acknowledged = new Map<
    string,
    Map<number, { version: number; at: number; io: IoSubmitted }>
  >();
  /** Acknowledged versions at the time a read was submitted, per read. */
  readonly #floors = new Map<string, ReadonlyMap<number, number>[]>();
  readonly completed = new Set<string>();

  observe(one: Observation): void {
    if (one.kind === 'submit') {
      this.submitted.set(ioKey(one), one);
      if (one.op === 'read') this.#floors.set(ioKey(one), this.#floorsOf(one));
    } else if (one.kind === 'sent') this.sent.set(ioKey(one), one);
    else if (one.kind === 'complete') this.#complete(one);
  }

  #complete(one: IoCompleted): void {
    this.completed.add(ioKey(one));
    const io = this.submitted.get(ioKey(one));
    if (io === undefined || io.op !== 'write' || one.result !== 'good') return;
    for (let lba = io.lba; lba < io.lba + io.blocks; lba++) {
      const key = blockKey(io.lu, lba);
      let writers = this.acknowledged.get(key);
      if (writers === undefined) {
        writers = new Map();
        this.acknowledged.set(key, writers);
      }
      const last = writers.get(io.writerId);
      if (last === undefined || io.version > last.version) {
        writers.set(io.writerId, { version: io.version, at: one.at, io });
      }
    }
  }

  #floorsOf(read: IoSubmitted): ReadonlyMap<number, number>[] {
    const floors: Map<number, number>[] = [];
    for (let lba = read.lba; lba < read.lba + read.blocks; lba++) {
      const floor = new Map<number, number>();
      for (const [writer, { version }] of this.acknowledged.get(blockKey(read.lu, lba)) ?? []) {
        floor.set(writer, version);
      }
      floors.push(floor);
    }
    return floors;
  }

  /** Versions that had been acknowledged, block by block, when a read was submitted; forgotten then. */
  takeFloors(read: {
    readonly vm: string;
    readonly io: number;
  }): readonly ReadonlyMap<number, number>[] {
    const floors = this.#floors.get(ioKey(read)) ?? [];
    this.#floors.delete(ioKey(read));
    return floors;
  }
}

function framesOfIo(ledger: BlockLedger, index: FrameIndex, io: IoSubmitted): readonly number[] {
  const sent = ledger.sent.get(ioKey(io));
  return sent === undefined ? [] : index.framesOf(sent.sId, sent.oxId);
}

/** I6: after GOOD, the medium holds the write or something newer. */
export class NoLostWrite implements InvariantObserver {
  readonly invariant = 'I6';
  readonly sentence = 'No acknowledged write is lost';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete', 'final'];
  readonly #ledger: BlockLedger;
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  #checked = 0;

  constructor(ledger: BlockLedger, index: FrameIndex) {
    this.#ledger = ledger;
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind !== 'final') return;
    const writers = this.#ledger.acknowledged.get(blockKey(one.lu, one.lba));
    if (writers === undefined) return;
    this.#checked++;
    const { reading } = one;
    const newest = [...writers.values()].reduce((a, b) => (b.at > a.at ? b : a));
    const place = blockName(one.lu, one.lba);
    const frames = () => framesOfIo(this.#ledger, this.#index, newest.io);
    if (reading.found === 'wrong') this.#findings.add(`${place}: ${reading.why}`, frames());
    else if (reading.found === 'blank') {
      this.#findings.add(`${place} is blank, version ${newest.version} was acknowledged`, frames());
    } else {
      const own = writers.get(reading.writerId);
      if (own !== undefined && reading.version < own.version) {
        this.#findings.add(
          `${place} holds version ${reading.version}, ${own.version} was acknowledged`,
          frames(),
        );
      }
    }
  }

  conclude() {
    return this.#findings.conclude(`${this.#checked} written blocks read back from the medium`);
  }
}

/** I7: nothing reaches the medium after it has been given up, overtaken, or its login has ended. */
export class NoGhostWrite implements InvariantObserver {
  readonly invariant = 'I7';
  readonly sentence =
    'No write is applied late: after its end, after a newer one, or after its login ended';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete', 'apply'];
  readonly #ledger: BlockLedger;
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  readonly #applied = new Map<string, Map<number, number>>();
  readonly #nexuses = new Map<string, { epoch: number; live: boolean }>();
  #count = 0;

  constructor(ledger: BlockLedger, index: FrameIndex) {
    this.#ledger = ledger;
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind === 'nexus') {
      const { wwpn, port, epoch } = one.nexus;
      this.#nexuses.set(`${wwpn} ${port}`, { epoch, live: one.state === 'began' });
    } else if (one.kind === 'apply') this.#apply(one);
  }

  #apply(one: Applied): void {
    this.#count++;
    const frames = this.#index.framesOf(one.nexus.sId, one.oxId);
    const login = this.#nexuses.get(`${one.nexus.wwpn} ${one.nexus.port}`);
    if (login !== undefined && (login.epoch > one.nexus.epoch || !login.live)) {
      this.#findings.add(
        `a write at LBA ${one.lba} was applied after its login (epoch ${one.nexus.epoch}) had ended`,
        frames,
      );
    }
    for (const [i, reading] of one.readings.entries()) {
      if (reading.found !== 'stamp') continue;
      const lba = one.lba + i;
      this.#applyBlock(one.lu, lba, reading.writerId, reading.version, frames);
    }
  }

  #applyBlock(
    lu: string,
    lba: number,
    writer: number,
    version: number,
    frames: readonly number[],
  ): void {
    const key = blockKey(lu, lba);
    let writers = this.#applied.get(key);
    if (writers === undefined) {
      writers = new Map();
      this.#applied.set(key, writers);
    }
    const newest = writers.get(writer) ?? 0;
    const acknowledged = this.#ledger.acknowledged.get(key)?.get(writer)?.version ?? 0;
    if (version < newest) {
      this.#findings.add(
        `${blockName(lu, lba)}: version ${version} was applied over version ${newest}`,
        frames,
      );
    } else if (version <= acknowledged) {
      this.#findings.add(
        `${blockName(lu, lba)}: version ${version} was applied after the guest had been told it was done`,
        frames,
      );
    }
    writers.set(writer, Math.max(newest, version));
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} writes reached the medium, each in its time`);
  }
}

/** I8: a read never returns what was overwritten before it was asked for. */
export class NoStaleRead implements InvariantObserver {
  readonly invariant = 'I8';
  readonly sentence = 'No read returns older data than was acknowledged before it began';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete'];
  readonly #ledger: BlockLedger;
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  #blocks = 0;

  constructor(ledger: BlockLedger, index: FrameIndex) {
    this.#ledger = ledger;
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind !== 'complete' || one.readings === undefined) return;
    const io = this.#ledger.submitted.get(ioKey(one));
    if (io === undefined || io.op !== 'read') return;
    const floors = this.#ledger.takeFloors(one);
    for (const [i, reading] of one.readings.entries()) {
      this.#blocks++;
      const floor = floors[i] ?? new Map<number, number>();
      const place = blockName(io.lu, io.lba + i);
      const frames = () => framesOfIo(this.#ledger, this.#index, io);
      if (reading.found === 'wrong') this.#findings.add(`${place}: ${reading.why}`, frames());
      else if (reading.found === 'blank') {
        if (floor.size > 0) {
          this.#findings.add(
            `${place} read as blank, version ${Math.max(...floor.values())} was acknowledged`,
            frames(),
          );
        }
      } else if (reading.version < (floor.get(reading.writerId) ?? 0)) {
        this.#findings.add(
          `${place} read as version ${reading.version}, ${floor.get(reading.writerId)} was acknowledged before`,
          frames(),
        );
      }
    }
  }

  conclude() {
    return this.#findings.conclude(`${this.#blocks} blocks read, none older than allowed`);
  }
}
