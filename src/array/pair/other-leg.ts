/**
 * What an array changes on the other's legs: each change of a block that must be on both, the intent log of those that
 * are under way, the maps of what the other lacks, and the copying of that.
 *
 * Ownership: a mirror owns it, and it the maps and the log.
 */
import { cdb, ScsiStatus } from '../../codecs/scsi/index.ts';
import type { LegsDiffer } from '../../history/pair.ts';
import { BLOCK_BYTES, type Medium } from '../../scsi/medium/medium.ts';
import type { LogicalUnit } from '../../scsi/target/logical-unit.ts';
import { Difference } from './difference.ts';
import { groupNumberOf } from './group-mark.ts';
import type { BlockChange, MirroredMedium } from './mirrored-medium.ts';
import type { PeerAnswer, PeerCommand } from './peer-link.ts';
import type { PairStanding } from './standing.ts';
import type { WriteOrder } from './write-order.ts';

/** Blocks that are copied or zeroed by one command. */
const BLOCKS_AT_ONCE = 1024;

/** The LUN of a unit's leg, as the other array sees it. */
export const legLun = (unit: number): number => 1 + 2 * unit;

/** What is needed of the pair. */
export interface OtherLegOwner {
  readonly standing: Pick<PairStanding, 'state' | 'isJoined' | 'epoch' | 'lost' | 'copied'>;
  send(command: PeerCommand, done: (answer: PeerAnswer) => void): void;
  emit(event: LegsDiffer): void;
}

/** A unit with two legs. */
export interface MirroredUnit {
  /** As hosts see it. */
  readonly lu: LogicalUnit;
  readonly medium: MirroredMedium;
  readonly leg: Medium;
  readonly differs: Difference;
}

/** A change whose answer waits for the other array. */
interface Open {
  readonly unit: number;
  /** None for one that is not of blocks. */
  readonly changes: readonly BlockChange[];
  readonly finish: (answers: boolean) => void;
}

/** The other array's legs. */
export class OtherLeg {
  readonly #owner: OtherLegOwner;
  readonly units: MirroredUnit[] = [];
  /** The intent log: what may be at one array only, and has not been answered. */
  readonly open = new Set<Open>();
  /** Called when the last change under way has ended. */
  settled: () => void = () => {};
  #copying = false;

  constructor(owner: OtherLegOwner) {
    this.#owner = owner;
  }

  add(lu: LogicalUnit, medium: MirroredMedium, leg: Medium): void {
    this.units.push({ lu, medium, leg, differs: new Difference(medium.blocks) });
  }

  /** What stood on the medium of an array that has lost its power: an open change may be on one leg only. */
  resumeFrom(lost: OtherLeg): void {
    for (const [i, { differs }] of this.units.entries()) {
      for (const { blocks, lba } of lost.units[i]!.differs.runs()) differs.set(lba, blocks);
    }
    for (const { changes, unit } of lost.open) this.#mark(unit, changes);
  }

  /** Regions in which the legs may differ. */
  get differs(): number {
    const regions = this.units.reduce((sum, one) => sum + one.differs.size, 0);
    return regions + this.open.size;
  }

  // --- changes

  /** The other leg is changed as this one was; `finish` is called once: with true when that is where it must be. */
  replicate(
    unit: number,
    changes: readonly BlockChange[],
    finish: (answers: boolean) => void,
  ): void {
    if (changes.length === 0) {
      finish(true);
      return;
    }
    const { differs } = this.units[unit]!;
    const isBehind = changes.some(({ blocks, lba }) => differs.meets(lba, blocks));
    if (!this.#owner.standing.isJoined || isBehind) {
      this.#mark(unit, changes);
      finish(true);
      return;
    }
    let waiting = changes.length;
    const end = this.await(unit, changes, 'it did not confirm a change of its leg', finish);
    for (const change of changes) {
      this.#changeLeg(unit, change, (done) => {
        waiting--;
        if (!done || waiting === 0) end(done);
      });
    }
  }

  /**
   * Something waits for the other array to confirm it: what is returned hears whether it did. `finish` is called once,
   * also where the arrays part; with false where nothing is to be answered then.
   */
  await(
    unit: number,
    changes: readonly BlockChange[],
    why: string,
    finish: (answers: boolean) => void,
  ): (confirmed: boolean) => void {
    const open: Open = { unit, changes, finish };
    this.open.add(open);
    return (confirmed) => {
      if (!this.open.has(open)) return;
      if (!confirmed) {
        this.#owner.standing.lost(why);
        return;
      }
      this.open.delete(open);
      finish(true);
      if (this.open.size === 0) this.settled();
    };
  }

  /** Changes the other leg; `done` hears whether that was confirmed. */
  #changeLeg(unit: number, change: BlockChange, done: (confirmed: boolean) => void): void {
    const { blocks, data, lba } = change;
    const count = Math.min(blocks, BLOCKS_AT_ONCE);
    const groupNumber = groupNumberOf(this.#owner.standing.epoch);
    const part = data?.subarray(0, count * BLOCK_BYTES) ?? new Uint8Array(count * BLOCK_BYTES);
    const bytes = cdb.encode({
      kind: 'WRITE(16)',
      lba: BigInt(lba),
      transferLengthBlocks: count,
      groupNumber,
    });
    this.#owner.send({ lun: legLun(unit), cdb: bytes, dataOut: part }, (answer) => {
      if (answer.end !== 'answered' || answer.status !== ScsiStatus.GOOD) done(false);
      else if (count === blocks) done(true);
      else {
        const rest = data?.subarray(count * BLOCK_BYTES);
        this.#changeLeg(unit, { lba: lba + count, blocks: blocks - count, data: rest }, done);
      }
    });
  }

  /** The other leg of every unit may lack anything. */
  markAll(): void {
    for (const [unit, { leg }] of this.units.entries())
      this.#mark(unit, [{ lba: 0, blocks: leg.blocks, data: undefined }]);
  }

  /** Blocks that the other leg may lack. */
  #mark(unit: number, changes: readonly BlockChange[]): void {
    if (changes.length === 0) return;
    const { differs, lu } = this.units[unit]!;
    for (const { blocks, lba } of changes) differs.set(lba, blocks);
    const runs = changes.map(({ blocks, lba }) => ({ lba, blocks }));
    this.#owner.emit({ type: 'legs-differ', state: 'set', luName: lu.luName, runs });
  }

  /** What waits for the other array waits no more: it is noted, and answered where this one goes on. */
  closeOpen(answers: boolean): void {
    const all = [...this.open];
    this.open.clear();
    for (const { changes, finish, unit } of all) {
      this.#mark(unit, changes);
      finish(answers);
    }
  }

  /** Both legs are equal. */
  clearAll(): void {
    for (const { differs, lu } of this.units) {
      const runs = differs.runs();
      if (runs.length === 0) continue;
      differs.clearAll();
      this.#owner.emit({ type: 'legs-differ', state: 'clear', luName: lu.luName, runs });
    }
  }

  // --- what the other leg lacks

  /** The maps of all units, one behind the other, as the other array asks for them. */
  maps(): Uint8Array {
    const maps = this.units.map(({ differs }) => differs.encode());
    const all = new Uint8Array(maps.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const map of maps) {
      all.set(map, at);
      at += map.length;
    }
    return all;
  }

  /** What the other array knows to differ is missing there as well. */
  joinMaps(bytes: Uint8Array): void {
    let at = 0;
    for (const { differs, lu } of this.units) {
      differs.join(bytes.subarray(at, at + differs.bytes));
      at += differs.bytes;
      const runs = differs.runs();
      if (runs.length > 0)
        this.#owner.emit({ type: 'legs-differ', state: 'set', luName: lu.luName, runs });
    }
  }

  /** Copies what the other leg lacks, region by region and in the order of commands, as long as the other is there. */
  copy(order: WriteOrder): void {
    if (this.#copying || this.#owner.standing.state !== 'source') return;
    const unit = this.units.findIndex(({ differs }) => differs.size > 0);
    if (unit < 0) {
      this.#owner.standing.copied();
      return;
    }
    this.#copying = true;
    const { differs, leg } = this.units[unit]!;
    const region = differs.first!;
    const { blocks, lba } = differs.runOf(region);
    order.enter({ unit, lba, blocks, changes: true }, (release) => {
      const change = { lba, blocks, data: leg.read(lba, blocks) };
      this.#changeLeg(unit, change, (confirmed) => {
        this.#copying = false;
        if (confirmed && this.#owner.standing.state === 'source') this.#copiedRegion(unit, region);
        release();
        if (confirmed) this.copy(order);
        else this.#owner.standing.lost('it did not confirm what was copied');
      });
    });
  }

  /** A region is equal on both legs. */
  #copiedRegion(unit: number, region: number): void {
    const { differs, lu } = this.units[unit]!;
    const runs = [differs.runOf(region)];
    differs.clear(region);
    this.#owner.emit({ type: 'legs-differ', state: 'clear', luName: lu.luName, runs });
  }
}
