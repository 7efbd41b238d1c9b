/** What a run's guests asked for and got, and the steps of its move with what happened in each. */
import { type MoveStep, MoveSteps } from '../audit/ledger/move-steps.ts';
import { OpenIos } from '../audit/ledger/open-ios.ts';
import type { GuestOp, HistoryEntry, IoSubmitted, MoveEvent } from '../history/index.ts';
import type { MovePlan } from '../mobility/plan.ts';
import type { LanStep } from './lan-account.ts';

/** The guests' I/O in figures. `dropped` = submitted - completed - failed, after everything ended. */
export interface IoAccount {
  submitted: number;
  completed: number;
  failed: number;
  requeued: number;
  dropped: number;
}

/** I/Os of a guest that failed for the same reason. */
export interface IoFailure {
  readonly vm: string;
  /** NAA identifier of the logical unit in hex. */
  readonly luName: string;
  readonly op: GuestOp;
  readonly reason: string;
  count: number;
  readonly firstAtNs: number;
  lastAtNs: number;
}

/** Different failures that are told apart; more are counted in `io.failed` alone. */
const FAILURES_MAX = 100;

/** A step of the move with what happened during it. */
export interface TimelineEntry extends MoveStep {
  /** Until the next entry of the same guest; after the end of a move, until any. */
  durationNs: number;
  frames: number;
  completed: number;
  /** Where there is a LAN: its half. */
  readonly lan?: LanStep;
}

/** Keeps the account of a run's I/O: the blackout of the guest that moves, too. */
export class IoAccountant {
  readonly io: IoAccount = { submitted: 0, completed: 0, failed: 0, requeued: 0, dropped: 0 };
  readonly #steps = new MoveSteps<TimelineEntry>((step) => ({
    ...step,
    durationNs: 0,
    frames: 0,
    completed: 0,
  }));
  readonly #failures = new Map<string, IoFailure>();
  readonly #plan: MovePlan;
  readonly #open = new OpenIos<IoSubmitted>();
  #lastOnSource: number | undefined;
  #firstOnDestination: number | undefined;

  constructor(plan: MovePlan) {
    this.#plan = plan;
  }

  /** The I/Os that failed, in the order of the first of each kind. */
  get failures(): readonly IoFailure[] {
    return [...this.#failures.values()];
  }

  /** The steps of the move so far. */
  get timeline(): readonly TimelineEntry[] {
    return this.#steps.steps;
  }

  /** Between the last I/O that ended on the source and the first on the destination. */
  get blackoutNs(): number {
    const from = this.#lastOnSource;
    const to = this.#firstOnDestination;
    return from === undefined || to === undefined ? 0 : to - from;
  }

  /** The number of the next I/O of a virtual machine. */
  nextIo(vm: string): number {
    return this.#open.highest(vm) + 1;
  }

  /** A tap saw a frame. */
  frame(): void {
    for (const step of this.#steps.underWay) step.frames++;
  }

  /** A step of the move begins, or the one under way has more to say. True for a new one. */
  step(atNs: number, event: MoveEvent): boolean {
    const over = this.#steps.take(atNs, event);
    for (const step of over ?? []) step.durationNs = atNs - step.atNs;
    return over !== undefined;
  }

  /** The steps under way end. */
  close(atNs: number): void {
    for (const step of this.#steps.underWay) step.durationNs = atNs - step.atNs;
  }

  observe({ at, node, event }: HistoryEntry): void {
    const { io } = this;
    if (event.type === 'io-submit') {
      io.submitted++;
      this.#open.begin(event, event);
    } else if (event.type === 'io-requeue') io.requeued++;
    else if (event.type === 'io-complete') {
      const submitted = this.#open.end(event);
      // A copy that fails is not the guest's I/O.
      if (event.result === 'good' || submitted?.ofHost === true) io.completed++;
      else {
        io.failed++;
        this.#failed(at, event.reason ?? 'no reason was given', submitted);
      }
      for (const step of this.#steps.underWay) step.completed++;
      const { from, to, vm } = this.#plan;
      if (event.vm !== vm || event.result !== 'good' || submitted?.ofHost === true) return;
      if (node === from && this.#firstOnDestination === undefined) this.#lastOnSource = at;
      else if (node === to) this.#firstOnDestination ??= at;
    }
  }

  /** A guest died with its host: what it waited for has failed, and nobody is left to be told. */
  lost(vm: string): void {
    this.io.failed += this.#open.lose(vm);
  }

  #failed(at: number, reason: string, submitted: IoSubmitted | undefined): void {
    if (submitted === undefined) return;
    const { luName, op, vm } = submitted;
    const key = `${vm} ${luName} ${op} ${reason}`;
    const known = this.#failures.get(key);
    if (known !== undefined) {
      known.count++;
      known.lastAtNs = at;
    } else if (this.#failures.size < FAILURES_MAX) {
      const failure = { vm, luName, op, reason, count: 1, firstAtNs: at, lastAtNs: at };
      this.#failures.set(key, failure);
    }
  }
}
