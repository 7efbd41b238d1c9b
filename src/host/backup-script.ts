/**
 * What a backup agent does for one backup, step by step: have the guest hold its writes, have the array cut,
 * let the guest go on; ask what has changed, read that, keep it; restore all that is kept, and compare.
 */
import type { BackupStepped, BlockRun, Consistency, MapKeeper } from '../history/backup.ts';
import type { ArrayAnswer, ArrayCommand } from '../scsi/management.ts';
import { BLOCK_BYTES } from '../scsi/medium/medium.ts';
import type { HostAnswer, HostCommand } from './control.ts';
import type { FreezeBounds } from './guest-freeze.ts';

/** Blocks of one read or write. */
const STRIDE_BLOCKS = 64;
/** A guest that cannot do what it is asked, for it moves or stands still, is asked again after this long. */
const ASK_AGAIN_NS = 20_000_000;
/** So often: a minute. */
const ASKS_MAX = 3000;
/** What an array that did not answer is asked once more, so often: it was without power. */
const ARRAY_ASKS_MAX = 3;
/** Increments of one chain: behind them comes a full backup. */
const INCREMENTS_MAX = 30;
/** Cuts that are made for one backup, each for one that did not hold. */
const CUTS_MAX = 3;

/** A logical unit in the array's list, by its identity. */
export interface UnitAt {
  readonly luName: string;
  /** Its place in the list. */
  readonly unit: number;
}

/** A unit that is backed up: where it is, where its snapshots are shown, and where it is restored to. */
export interface BackupUnit extends UnitAt {
  readonly blocks: number;
  readonly view: UnitAt;
  readonly restore: UnitAt;
}

/** How backups are made. */
export interface BackupPlan {
  /** The virtual machine whose units are backed up. */
  readonly vm: string;
  readonly units: readonly BackupUnit[];
  /** Whether the guest holds its writes for a cut. */
  readonly quiesce: 'guest' | 'none';
  readonly bounds: FreezeBounds;
  /** Who is asked for what has changed; `none`: every backup is a full one. */
  readonly map: MapKeeper | 'none';
}

/** What one backup keeps. */
export interface Backup {
  readonly snapshot: string;
  readonly kind: 'full' | 'incremental';
  readonly consistency: Consistency;
  /** By unit and address. */
  readonly blocks: ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;
}

/** What a script needs next, and is given: an answer, data, or nothing. */
export type Need =
  | { readonly need: 'ask-guest'; readonly command: HostCommand }
  | { readonly need: 'ask-array'; readonly command: ArrayCommand }
  | { readonly need: 'wait'; readonly delayNs: number }
  | {
      readonly need: 'read';
      readonly luName: string;
      readonly lba: number;
      readonly blocks: number;
    }
  | {
      readonly need: 'write';
      readonly luName: string;
      readonly lba: number;
      readonly data: Uint8Array;
    }
  | { readonly need: 'tell'; readonly event: BackupStepped };

/** What it is given: `undefined` for silence, and for a command of its disks that failed. */
export type Given = HostAnswer | ArrayAnswer | Uint8Array | undefined;

/** A part of a script that ends in a value. */
export type Steps<T> = Generator<Need, T, Given>;

/** Why a backup came to nothing. */
class BackupFailed extends Error {
  override readonly name = 'BackupFailed';
}

/** Makes backups, one after the other. */
export class BackupScript {
  readonly plan: BackupPlan;
  /** A full backup, and the increments behind it. */
  readonly chain: Backup[] = [];
  /** Snapshots that the array may have. */
  readonly #cuts = new Set<string>();
  #count = 0;

  constructor(plan: BackupPlan) {
    this.plan = plan;
  }

  /** One backup, restored and compared. */
  *run(): Steps<void> {
    let snapshot = this.#nextName();
    try {
      yield* this.#tell('began', snapshot, `of ${this.plan.units.length} units`);
      let consistency: Consistency | undefined;
      for (let cuts = 1; consistency === undefined; cuts++) {
        if (cuts > CUTS_MAX)
          throw new BackupFailed('no cut was made within the bounds of the guest');
        if (cuts > 1) snapshot = this.#nextName();
        consistency = yield* this.#cut(snapshot);
      }
      yield* this.#keep(snapshot, consistency);
      yield* this.#verify(snapshot);
    } catch (error) {
      if (!(error instanceof BackupFailed)) throw error;
      const { quiesce, vm } = this.plan;
      if (quiesce === 'guest') yield { need: 'ask-guest', command: { command: 'thaw', vm } };
      yield* this.#giveUp(snapshot);
      yield* this.#tell('failed', snapshot, error.message);
    }
  }

  #nextName(): string {
    return `backup-${++this.#count}`;
  }

  /** `undefined` for a cut that does not hold: the guest went on before it was over. */
  *#cut(snapshot: string): Steps<Consistency | undefined> {
    const { bounds, map, quiesce, units, vm } = this.plan;
    if (quiesce === 'guest') {
      yield* this.#askGuest({ command: 'freeze', vm, ...bounds });
      yield* this.#tell('freeze', snapshot, `${vm} holds its writes`);
    }
    // Before the cut: what is changed between the two is named once too often, which harms nobody.
    if (map === 'host') yield* this.#askGuest({ command: 'track', vm, reference: snapshot });
    this.#cuts.add(snapshot);
    const places = units.map(({ unit }) => unit);
    const answer = yield* this.#askArray({ command: 'cut', snapshot, units: places });
    const cut = answer ?? { ok: false, reason: 'the array did not answer to cut' };
    yield* this.#tell('cut', snapshot, cut.ok ? 'done' : cut.reason);
    if (quiesce === 'guest') {
      const thawed = yield* this.#askGuest({ command: 'thaw', vm });
      const held = thawed.ok && thawed.command === 'thaw' && thawed.held;
      const went = held ? `${vm} goes on` : `${vm} had gone on by itself: it is cut again`;
      yield* this.#tell('thaw', snapshot, went);
      if (!held) {
        yield* this.#giveUp(snapshot);
        return undefined;
      }
    }
    if (!cut.ok) throw new BackupFailed(cut.reason);
    return quiesce === 'guest' ? 'application' : 'crash';
  }

  /** Reads what has changed since the last backup, or everything. */
  *#keep(snapshot: string, consistency: Consistency): Steps<void> {
    const { units } = this.plan;
    const changes = yield* this.#changes(snapshot);
    const kind = changes === undefined ? 'full' : 'incremental';
    yield* this.#present(snapshot);
    const kept = new Map<string, ReadonlyMap<number, Uint8Array>>();
    let count = 0;
    for (const unit of units) {
      const runs = changes?.get(unit.luName) ?? [{ lba: 0, blocks: unit.blocks }];
      const blocks = yield* this.#read(unit, runs);
      kept.set(unit.luName, blocks);
      count += blocks.size;
    }
    yield* this.#tell('read', snapshot, `${kind}, ${count} blocks`);
    if (kind === 'full') this.chain.length = 0;
    this.chain.push({ snapshot, kind, consistency, blocks: kept });
    yield { need: 'tell', event: { ...this.#step('kept', snapshot, kind), consistency } };
  }

  /** Has the snapshot shown. What the views show otherwise is an older one, which nothing that is read of them tells. */
  *#present(snapshot: string): Steps<void> {
    const units = this.plan.units.map(({ view }) => view.unit);
    let answer: ArrayAnswer | undefined;
    for (let asks = 0; answer === undefined && asks < ARRAY_ASKS_MAX; asks++)
      answer = yield* this.#askArray({ command: 'present', snapshot, units });
    if (answer === undefined) throw new BackupFailed(`${snapshot} is not shown: no answer`);
    if (!answer.ok) throw new BackupFailed(`${snapshot} is not shown: ${answer.reason}`);
  }

  /** What has changed in each unit since the last backup; `undefined` where that is not known. */
  *#changes(until: string): Steps<ReadonlyMap<string, readonly BlockRun[]> | undefined> {
    const { map, units, vm } = this.plan;
    const since = this.chain.at(-1)?.snapshot;
    if (map === 'none' || since === undefined || this.chain.length > INCREMENTS_MAX) {
      return undefined;
    }
    const changes = new Map<string, readonly BlockRun[]>();
    for (const { luName, unit } of units) {
      const answer =
        map === 'host'
          ? yield* this.#askGuest({ command: 'changes', vm, luName, since, until })
          : yield* this.#askArray({ command: 'changes', unit, since, until });
      const changed = answer?.ok && 'changed' in answer ? answer.changed : undefined;
      if (changed === undefined) {
        const detail = `the ${map}'s map does not know what has changed since ${since}: everything is read`;
        yield* this.#tell('map', until, detail);
        return undefined;
      }
      changes.set(luName, changed);
    }
    yield* this.#tell('map', until, `the ${map}'s map knows what has changed since ${since}`);
    return changes;
  }

  *#read(unit: BackupUnit, runs: readonly BlockRun[]): Steps<Map<number, Uint8Array>> {
    const kept = new Map<number, Uint8Array>();
    for (const run of runs) {
      // A map of another's making may go past the end.
      const end = Math.min(run.lba + run.blocks, unit.blocks);
      for (let lba = run.lba; lba < end; lba += STRIDE_BLOCKS) {
        const blocks = Math.min(STRIDE_BLOCKS, end - lba);
        const data = yield* this.#readBlocks(unit.view.luName, lba, blocks);
        for (let i = 0; i < blocks; i++) {
          kept.set(lba + i, data.slice(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES));
        }
      }
    }
    return kept;
  }

  /** Restores what is kept, and compares it with the snapshot. A chain that does not give it back is begun anew. */
  *#verify(snapshot: string): Steps<void> {
    for (const backup of this.inOrder()) {
      for (const unit of this.plan.units) yield* this.#restore(unit, backup);
    }
    yield* this.#tell('restore', snapshot, `${this.chain.length} backups`);
    const difference = yield* this.#compare();
    yield* this.#tell('compared', snapshot, difference ?? 'identical');
    if (difference !== undefined) this.chain.length = 0;
    // Nobody reads older ones any more.
    for (const older of this.#cuts) if (older !== snapshot) yield* this.#giveUp(older);
  }

  *#giveUp(snapshot: string): Steps<void> {
    const answer = yield* this.#askArray({ command: 'delete-snapshot', snapshot });
    // An array that did not answer may have it still: it is asked behind the next backup.
    if (answer !== undefined) this.#cuts.delete(snapshot);
  }

  /** The backups in the order in which they are restored. */
  inOrder(): readonly Backup[] {
    return this.chain;
  }

  /** What of a backup is written to its unit. */
  restored({ blocks }: Backup, luName: string): Iterable<readonly [number, Uint8Array]> {
    return blocks.get(luName) ?? [];
  }

  *#restore({ luName, restore }: BackupUnit, backup: Backup): Steps<void> {
    for (const { data, lba } of runsOf(this.restored(backup, luName))) {
      const done = yield { need: 'write', luName: restore.luName, lba, data };
      if (done === undefined) throw new BackupFailed(`LBA ${lba} could not be restored`);
    }
  }

  *#compare(): Steps<string | undefined> {
    for (const { blocks, luName, restore, view } of this.plan.units) {
      for (let lba = 0; lba < blocks; lba += STRIDE_BLOCKS) {
        const count = Math.min(STRIDE_BLOCKS, blocks - lba);
        const there = yield* this.#readBlocks(view.luName, lba, count);
        const here = yield* this.#readBlocks(restore.luName, lba, count);
        const at = there.findIndex((byte, i) => byte !== here[i]);
        if (at >= 0) return `LBA ${lba + Math.floor(at / BLOCK_BYTES)} of ${luName} differs`;
      }
    }
    return undefined;
  }

  *#readBlocks(luName: string, lba: number, blocks: number): Steps<Uint8Array> {
    const data = yield { need: 'read', luName, lba, blocks };
    if (!(data instanceof Uint8Array)) throw new BackupFailed(`LBA ${lba} could not be read`);
    return data;
  }

  /** Asks the guest until it can answer: it may be between two hosts, or stand still. */
  *#askGuest(command: HostCommand): Steps<HostAnswer> {
    let answer: Given;
    for (let asks = 0; asks < ASKS_MAX; asks++) {
      if (asks > 0) yield { need: 'wait', delayNs: ASK_AGAIN_NS };
      answer = yield { need: 'ask-guest', command };
      if (isAnswer(answer) && answer.ok) return answer as HostAnswer;
    }
    const why = isAnswer(answer) && !answer.ok ? answer.reason : 'no answer';
    throw new BackupFailed(`${this.plan.vm} could not be asked to ${command.command}: ${why}`);
  }

  /** `undefined` where the array did not answer. */
  *#askArray(command: ArrayCommand): Steps<ArrayAnswer | undefined> {
    const answer = yield { need: 'ask-array', command };
    return isAnswer(answer) ? (answer as ArrayAnswer) : undefined;
  }

  #step(step: BackupStepped['step'], snapshot: string, detail: string): BackupStepped {
    return { type: 'backup', step, vm: this.plan.vm, snapshot, detail };
  }

  *#tell(step: BackupStepped['step'], snapshot: string, detail: string): Steps<void> {
    yield { need: 'tell', event: this.#step(step, snapshot, detail) };
  }
}

const isAnswer = (given: Given): given is HostAnswer | ArrayAnswer =>
  given !== undefined && !(given instanceof Uint8Array);

/** Blocks as runs that one write each takes. */
function* runsOf(
  blocks: Iterable<readonly [number, Uint8Array]>,
): Iterable<{ readonly lba: number; readonly data: Uint8Array }> {
  let first = 0;
  let run: Uint8Array[] = [];
  const joined = (): Uint8Array => {
    const data = new Uint8Array(run.length * BLOCK_BYTES);
    for (const [i, block] of run.entries()) data.set(block, i * BLOCK_BYTES);
    return data;
  };
  for (const [lba, block] of blocks) {
    if (run.length > 0 && (lba !== first + run.length || run.length >= STRIDE_BLOCKS)) {
      yield { lba: first, data: joined() };
      run = [];
    }
    if (run.length === 0) first = lba;
    run.push(block);
  }
  if (run.length > 0) yield { lba: first, data: joined() };
}
