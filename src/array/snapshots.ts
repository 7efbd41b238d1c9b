/**
 * Snapshots of an array's units: one cut over several of them, and what its management asks of them.
 *
 * A cut takes its time. From its beginning to its end the array runs no command; it flushes and cuts one unit
 * after the other, so that no write reaches one unit after its cut and another before.
 */
import type { BackupEvent } from '../history/backup.ts';
import type { Instant } from '../machine/machine.ts';
import type { ArrayAnswer, ArrayCommand } from '../scsi/management.ts';
import { applyMapPolicy } from '../scsi/medium/changed-blocks.ts';
import { SnapshotError, SnapshotMedium } from '../scsi/medium/snapshot.ts';
import { SnapshotView } from '../scsi/medium/snapshot-view.ts';
import type { LogicalUnit } from '../scsi/target/logical-unit.ts';
import type { ScsiTarget } from '../scsi/target/scsi-target.ts';

/** What snapshots need of their array. */
export interface SnapshotOwner {
  readonly device: ScsiTarget;
  readonly now: Instant;
  /** How long the cut of one unit takes. */
  readonly cutNs: Instant;
  after(delayNs: number, run: () => void): unknown;
  emit(event: BackupEvent): void;
}

/** What is asked of an array about its snapshots and maps. */
export type SnapshotCommand = Exclude<ArrayCommand, { command: 'grow-pool' }>;

type Reply = (answer: ArrayAnswer) => void;

interface Kept {
  readonly lu: LogicalUnit;
  readonly medium: SnapshotMedium;
}

interface Cut {
  readonly snapshot: string;
  readonly units: readonly Kept[];
  readonly reply: Reply;
  done: number;
}

const DONE: ArrayAnswer = { ok: true };

/** Cuts, deletes and goes back to snapshots. */
export class ArraySnapshots {
  readonly #owner: SnapshotOwner;
  /** The cut under way. */
  #cut: Cut | undefined;
  /** The array runs no command before. */
  standsUntil: Instant = 0;

  constructor(owner: SnapshotOwner) {
    this.#owner = owner;
  }

  /** Carries a command out; `reply` is called once. */
  handleCommand(command: SnapshotCommand, reply: Reply): void {
    try {
      switch (command.command) {
        case 'cut':
          this.#begin(command.snapshot, command.units, reply);
          return;
        case 'delete-snapshot':
          this.#delete(command.snapshot);
          reply(DONE);
          return;
        case 'revert':
          this.#revert(command.snapshot);
          reply(DONE);
          return;
        case 'present':
          this.#present(command.snapshot, command.units);
          reply(DONE);
          return;
        case 'changes':
          reply(this.#changes(command));
          return;
        case 'data-moved':
          for (const { medium } of this.#keptAt(command.units)) {
            if (medium.changed !== undefined) applyMapPolicy(medium.changed, command.maps);
          }
          reply(DONE);
      }
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      reply({ ok: false, reason: error.message });
    }
  }

  /** The array has lost power: a cut that was under way is none. */
  powerLost(lost: ArraySnapshots): void {
    const cut = lost.#cut;
    if (cut === undefined) return;
    lost.#cut = undefined;
    for (const { lu, medium } of cut.units.slice(0, cut.done)) this.#drop(lu, medium, cut.snapshot);
    cut.reply({ ok: false, reason: `${this.#owner.device.name} lost power while it cut` });
  }

  #begin(snapshot: string, places: readonly number[], reply: Reply): void {
    if (this.#cut !== undefined) throw new SnapshotError('another cut is under way');
    const units = this.#keptAt(places);
    if (units.some(({ medium }) => medium.snapshots.includes(snapshot))) {
      throw new SnapshotError(`there is a snapshot ${snapshot} already`);
    }
    const cut: Cut = { snapshot, units, reply, done: 0 };
    this.#cut = cut;
    // Behind the last unit's cut, which is in that very instant.
    this.standsUntil = this.#owner.now + units.length * this.#owner.cutNs + 1;
    this.#tell(cut, 'begin');
    this.#cutNext(cut);
  }

  /** The next unit, and so on to the last; nothing of it runs once the array has lost power. */
  #cutNext(cut: Cut): void {
    const next = cut.units[cut.done];
    if (next === undefined) {
      this.#cut = undefined;
      this.#tell(cut, 'end');
      cut.reply(DONE);
      return;
    }
    this.#owner.after(this.#owner.cutNs, () => {
      if (this.#cut !== cut) return;
      try {
        this.cutUnit(next.lu, next.medium, cut.snapshot);
      } catch (error) {
        if (!(error instanceof SnapshotError)) throw error;
        this.#cut = undefined;
        for (const { lu, medium } of cut.units.slice(0, cut.done)) {
          this.#drop(lu, medium, cut.snapshot);
        }
        this.#tell(cut, 'end');
        cut.reply({ ok: false, reason: error.message });
        return;
      }
      cut.done++;
      this.#cutNext(cut);
    });
  }

  /** One unit's part of a cut. Errors: `SnapshotError`. */
  cutUnit(lu: LogicalUnit, medium: SnapshotMedium, snapshot: string): void {
    this.#owner.device.flush([lu]);
    medium.cut(snapshot);
    medium.changed?.begin(snapshot);
    this.#owner.emit({ type: 'snapshot', state: 'cut', snapshot, luName: lu.luName });
  }

  #tell({ snapshot, units }: Cut, state: 'begin' | 'end'): void {
    const luNames = units.map(({ lu }) => lu.luName);
    this.#owner.emit({ type: 'cut', state, snapshot, luNames });
  }

  #drop(lu: LogicalUnit, medium: SnapshotMedium, snapshot: string): void {
    medium.delete(snapshot);
    this.#owner.emit({ type: 'snapshot', state: 'deleted', snapshot, luName: lu.luName });
  }

  #delete(snapshot: string): void {
    for (const { lu, medium } of this.#with(snapshot)) this.#drop(lu, medium, snapshot);
  }

  #revert(snapshot: string): void {
    for (const { lu, medium } of this.#with(snapshot)) {
      const changed = medium.revert(snapshot);
      const { luName } = lu;
      this.#owner.emit({ type: 'snapshot', state: 'reverted', snapshot, luName, changed });
    }
  }

  #present(snapshot: string, places: readonly number[]): void {
    for (const place of places) {
      const view = this.#owner.device.units[place]?.medium;
      if (!(view instanceof SnapshotView))
        throw new SnapshotError(`unit ${place} shows no snapshots`);
      view.show(snapshot);
    }
  }

  #changes({ since, unit, until }: Extract<ArrayCommand, { command: 'changes' }>): ArrayAnswer {
    const { lu, medium } = this.#keptAt([unit])[0]!;
    const changed = medium.changed?.since(since);
    const { luName } = lu;
    this.#owner.emit({ type: 'changed-blocks', keeper: 'array', luName, since, until, changed });
    return { ok: true, changed };
  }

  /** The units that have a snapshot. Errors: `SnapshotError` where none has. */
  #with(snapshot: string): Kept[] {
    if (this.#cut?.snapshot === snapshot) throw new SnapshotError(`${snapshot} is being cut`);
    const all = this.#owner.device.units.flatMap((lu) => keptOf(lu) ?? []);
    const those = all.filter(({ medium }) => medium.snapshots.includes(snapshot));
    if (those.length === 0) throw new SnapshotError(`there is no snapshot ${snapshot}`);
    return those;
  }

  /** Errors: `SnapshotError` for a unit that is not there, or of which none can be cut. */
  #keptAt(places: readonly number[]): Kept[] {
    return places.map((place) => {
      const lu = this.#owner.device.units[place];
      if (lu === undefined) throw new SnapshotError(`there is no unit ${place}`);
      const kept = keptOf(lu);
      if (kept === undefined) throw new SnapshotError(`unit ${place} keeps no snapshots`);
      return kept;
    });
  }
}

function keptOf(lu: LogicalUnit): Kept | undefined {
  const { medium } = lu;
  return medium instanceof SnapshotMedium ? { lu, medium } : undefined;
}
