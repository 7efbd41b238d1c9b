/** I36: units with a leg at each of two arrays. */
import type {
  BlocksApplied,
  CommandDone,
  HistoryEntry,
  IoCompleted,
  IoSubmitted,
  LegRead,
  LegsDiffer,
  PairChanged,
  PairState,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { contentOf, Legs } from '../ledger/legs.ts';
import { OpenIos } from '../ledger/open-ios.ts';
import { SharedHolds } from '../ledger/shared-holds.ts';
import type { Rule } from '../rule.ts';

const BLOCK_BYTES = 512;
const GOOD = 0;
/** States in which an array may answer what hosts ask. */
const SERVING: ReadonlySet<PairState> = new Set<PairState>(['in-sync', 'detached', 'source']);
const CHANGING: ReadonlySet<string> = new Set(['write', 'compare-and-write', 'write-same']);

const isWrite = (command: string): boolean =>
  command.startsWith('WRITE') || command === 'COMPARE AND WRITE' || command === 'UNMAP';

/** A write of a guest that has not ended. */
interface OpenWrite {
  readonly io: IoSubmitted;
  /** The arrays were together when it began, and since. */
  isTogether: boolean;
  /** Blocks of it that reached each leg, by node. */
  readonly reached: Map<string, Set<number>>;
}

/** I36: legs are equal, or it is known where they are not; and only one side goes on. */
export class LegsAgree implements Rule {
  readonly invariant = 'I36';
  readonly sentence =
    'Both legs of a stretched unit are equal, or a declared set covers the difference; both arrays know its reservations; at most one side goes on alone';
  readonly needs: readonly Evidence[] = ['pair'];
  readonly hears: readonly Evidence[] = [
    'pair',
    'legs-differ',
    'leg',
    'apply',
    'command-done',
    'reservation',
    'io-submit',
    'io-complete',
  ];
  readonly #context: RuleContext;
  /** Without a unit with two legs nothing is followed. */
  readonly #active: boolean;
  readonly #findings = new Findings();
  readonly #split = new Findings();
  readonly #legs = new Legs();
  readonly #holds = new SharedHolds();
  readonly #states = new Map<string, PairState>();
  /** Blocks in which the legs may differ, by the array that says so and the unit. */
  readonly #declared = new Map<string, Set<number>>();
  readonly #open = new OpenIos<OpenWrite>();
  readonly #read = new Map<string, { readonly node: string; readonly event: LegRead }>();
  /** Who has changed blocks for hosts while it was alone, since both were together. */
  readonly #alone = new Set<string>();
  #writes = 0;
  #compared = 0;
  #shared = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#active = context.places.hasStretched;
  }

  observe({ event, node }: HistoryEntry): void {
    if (!this.#active) return;
    switch (event.type) {
      case 'pair':
        this.#changed(node, event);
        return;
      case 'legs-differ':
        this.#declare(node, event);
        return;
      case 'leg':
        this.#readLeg(node, event);
        return;
      case 'apply':
        this.#apply(node, event);
        return;
      case 'command-done':
        this.#done(node, event);
        return;
      case 'reservation':
        if (this.#context.places.isStretched(event.luName)) this.#holds.change(node, event);
        return;
      case 'io-submit':
        if (CHANGING.has(event.op)) this.#begin(event);
        return;
      case 'io-complete':
        this.#complete(event);
    }
  }

  get #areTogether(): boolean {
    return this.#states.size > 1 && [...this.#states.values()].every((one) => one === 'in-sync');
  }

  #changed(node: string, { state }: PairChanged): void {
    this.#states.set(node, state);
    if (state === 'in-sync') this.#joined(node);
    if (this.#areTogether) return;
    for (const write of this.#open) write.isTogether = false;
  }

  /** An array that is in sync has nothing that differs: what it said before must be equal by now. */
  #joined(node: string): void {
    this.#alone.clear();
    for (const [key, set] of this.#declared) {
      if (!key.startsWith(`${node} `)) continue;
      const before = [...set];
      set.clear();
      for (const lba of before) this.#checkForgotten(node, key.slice(node.length + 1), lba);
    }
  }

  #declare(node: string, { luName, runs, state }: LegsDiffer): void {
    const key = `${node} ${luName}`;
    const set = this.#declared.get(key) ?? new Set<number>();
    this.#declared.set(key, set);
    for (const { blocks, lba: first } of runs) {
      for (let lba = first; lba < first + blocks; lba++) {
        if (state === 'set') set.add(lba);
        else {
          set.delete(lba);
          this.#checkForgotten(node, luName, lba);
        }
      }
    }
  }

  /** A block is taken out of the set: it must be equal, but for a write that is on its way to the other leg. */
  #checkForgotten(node: string, luName: string, lba: number): void {
    this.#compared++;
    if (this.#legs.areEqual(luName, lba, [...this.#states.keys()])) return;
    if (this.#isUnderWay(luName, lba)) return;
    const { ios, places } = this.#context;
    this.#findings.add(
      `${node} takes LBA ${lba} of ${places.unit(luName)} for equal, but its legs differ: nothing will copy it`,
      ios.framesOfBlock(luName, lba),
      `LBA ${lba} of ${places.unitName(luName)}`,
    );
  }

  #isUnderWay(luName: string, lba: number): boolean {
    for (const { io } of this.#open)
      if (io.luName === luName && io.lba <= lba && lba < io.lba + io.blocks) return true;
    return false;
  }

  #isDeclared(luName: string, lba: number): boolean {
    for (const [key, set] of this.#declared) if (key.endsWith(luName) && set.has(lba)) return true;
    return false;
  }

  #apply(node: string, event: BlocksApplied): void {
    const { places } = this.#context;
    const luName = places.originalOf(event.luName);
    if (!places.isStretched(luName)) return;
    this.#legs.apply(luName, node, event);
    if (event.luName === luName) this.#writeOfHost(node, luName);
    for (const { io, reached } of this.#open) {
      if (io.luName !== luName) continue;
      const blocks = reached.get(node) ?? new Set<number>();
      reached.set(node, blocks);
      const end = Math.min(event.lba + event.blocks, io.lba + io.blocks);
      for (let lba = Math.max(event.lba, io.lba); lba < end; lba++) blocks.add(lba);
    }
  }

  /** Two arrays that both change blocks while each is alone: the data have two futures. */
  #writeOfHost(node: string, luName: string): void {
    if (this.#states.get(node) !== 'detached' || this.#alone.has(node)) return;
    this.#alone.add(node);
    if (this.#alone.size < 2) return;
    const { places } = this.#context;
    this.#split.add(
      `split brain: ${[...this.#alone].sort().join(' and ')} have both changed ${places.unit(luName)} while they did not reach each other`,
      [],
      places.unitName(luName),
    );
  }

  #done(node: string, event: CommandDone): void {
    const { command, luName, status } = event;
    const { places } = this.#context;
    if (status !== GOOD || luName === undefined || !places.isStretched(luName)) return;
    this.#doneUnderReservations(node, luName, event);
    const state = this.#states.get(node);
    if (state === undefined || SERVING.has(state) || !command.startsWith('READ(')) return;
    this.#findings.add(
      `${node} answered a ${command} of ${places.unit(luName)} from its own leg while it was ${state}`,
      [],
      places.unitName(luName),
    );
  }

  /** What is registered is known to both arrays before it is answered, and what a fence ended at one has ended at both. */
  #doneUnderReservations(node: string, luName: string, event: CommandDone): void {
    const { places } = this.#context;
    const unit = places.unit(luName);
    if (SharedHolds.isChange(event)) {
      this.#holds.answered(event);
      if (!this.#areTogether) return;
      this.#shared++;
      const other = this.#holds.without(node, luName, this.#states.keys());
      if (other === undefined) return;
      this.#findings.add(
        `${node} answered ${event.command} of ${unit} before ${other} had the same reservations, although the arrays were together`,
        [],
        places.unitName(luName),
      );
    } else if (isWrite(event.command) && this.#holds.isFenced(event)) {
      this.#findings.add(
        `${node} answered a ${event.command} of ${event.nexus.initiator} to ${unit} after PREEMPT AND ABORT had put that out`,
        [],
        places.unitName(luName),
      );
    }
  }

  #begin(io: IoSubmitted): void {
    if (!this.#context.places.isStretched(io.luName)) return;
    this.#open.begin(io, { io, isTogether: this.#areTogether, reached: new Map() });
  }

  #complete(event: IoCompleted): void {
    const open = this.#open.end(event);
    if (open === undefined || event.result !== 'good' || !open.isTogether) return;
    this.#writes++;
    const { io, reached } = open;
    const behind = [...this.#states.keys()].find(
      (node) => (reached.get(node)?.size ?? 0) < io.blocks,
    );
    if (behind === undefined) return;
    const { ios, places } = this.#context;
    this.#findings.add(
      `I/O ${io.io} of ${io.vm}, LBA ${io.lba} of ${places.unit(io.luName)}, was answered before it was on the leg at ${behind}, although the arrays were together`,
      ios.framesOfBlock(io.luName, io.lba),
      `LBA ${io.lba} of ${places.unitName(io.luName)}`,
    );
  }

  /** The driver reads both legs at one moment. */
  #readLeg(node: string, event: LegRead): void {
    const { luName } = event;
    const other = this.#read.get(luName);
    if (other === undefined || other.node === node) {
      this.#read.set(luName, { node, event });
      return;
    }
    this.#read.delete(luName);
    const { ios, places } = this.#context;
    for (let i = 0; i < event.blocks; i++) {
      const lba = event.lba + i;
      this.#compared++;
      const at = i * BLOCK_BYTES;
      if (contentOf(event.data, at) === contentOf(other.event.data, at)) continue;
      if (this.#isDeclared(luName, lba)) continue;
      this.#findings.add(
        `LBA ${lba} of ${places.unit(luName)} is not the same at ${other.node} and ${node}, and neither says so`,
        ios.framesOfBlock(luName, lba),
        `LBA ${lba} of ${places.unitName(luName)}`,
      );
    }
  }

  conclude() {
    const all = this.#split.copy();
    all.join(this.#findings);
    const told = all.concludeOf(
      this.#writes + this.#compared,
      `${this.#writes} writes on both legs before they were answered, ${this.#compared} blocks compared${this.#shared === 0 ? '' : `, ${this.#shared} changes of reservations at both`}`,
      'no unit has legs at two arrays',
    );
    return this.#split.count === 0 ? told : { ...told, breach: 'a split brain' };
  }
}
