/** The books of a run: the steps of the move, the guests' I/O, the pause between old and new ports. */
import type { HostEvent } from '../host/host.ts';
import type { Instant } from '../machine/machine.ts';
import type { MovePlan } from '../mobility/plan.ts';

/** Books of the guests' I/O. `dropped` = submitted - completed - failed, after everything ended. */
export interface IoAccount {
  submitted: number;
  completed: number;
  failed: number;
  requeued: number;
  dropped: number;
}

/** A step of the move with what happened during it. */
export interface TimelineEntry {
  readonly phase: string;
  detail: string;
  readonly atNs: Instant;
  /** Until the next entry. */
  durationNs: number;
  frames: number;
  completed: number;
}

export class RunBooks {
  readonly timeline: TimelineEntry[] = [];
  readonly io: IoAccount = { submitted: 0, completed: 0, failed: 0, requeued: 0, dropped: 0 };
  readonly #plan: MovePlan;
  readonly #open = new Map<string, Set<number>>();
  #lastIo = new Map<string, number>();
  #lastOnSource: Instant | undefined;
  #firstOnDestination: Instant | undefined;

  constructor(plan: MovePlan) {
    this.#plan = plan;
  }

  /** I/Os that have not ended. */
  get openIos(): number {
    let open = 0;
    for (const ios of this.#open.values()) open += ios.size;
    return open;
  }

  /** Between the last I/O that ended on the source and the first on the destination. */
  get blackoutNs(): number {
    const from = this.#lastOnSource;
    const to = this.#firstOnDestination;
    return from === undefined || to === undefined ? 0 : to - from;
  }

  /** The number of the next I/O of a virtual machine. */
  nextIo(vm: string): number {
    return (this.#lastIo.get(vm) ?? 0) + 1;
  }

  frame(): void {
    const entry = this.timeline.at(-1);
    if (entry !== undefined) entry.frames++;
  }

  /** A step begins, or the one that is under way gets another detail. True for a new one. */
  phase(atNs: Instant, phase: string, detail: string): boolean {
    const last = this.timeline.at(-1);
    if (last?.phase === phase) {
      last.detail = detail;
      return false;
    }
    this.close(atNs);
    this.timeline.push({ phase, detail, atNs, durationNs: 0, frames: 0, completed: 0 });
    return true;
  }

  /** The step under way ends. */
  close(atNs: Instant): void {
    const last = this.timeline.at(-1);
    if (last !== undefined) last.durationNs = atNs - last.atNs;
  }

  event(timeNs: Instant, node: string, event: HostEvent): void {
    const { io } = this;
    if (event.type === 'io-submit') {
      io.submitted++;
      this.#lastIo.set(event.vm, Math.max(event.io, this.#lastIo.get(event.vm) ?? 0));
      const open = this.#open.get(event.vm) ?? new Set();
      this.#open.set(event.vm, open.add(event.io));
    } else if (event.type === 'io-requeue') io.requeued++;
    else if (event.type === 'io-complete') {
      this.#open.get(event.vm)?.delete(event.io);
      if (event.result === 'good') io.completed++;
      else io.failed++;
      const entry = this.timeline.at(-1);
      if (entry !== undefined) entry.completed++;
      const { from, to, vm } = this.#plan;
      if (event.vm !== vm || event.result !== 'good') return;
      if (node === from && this.#firstOnDestination === undefined) this.#lastOnSource = timeNs;
      else if (node === to) this.#firstOnDestination ??= timeNs;
    }
  }

  /** A guest died with its host: what it waited for has failed, and nobody is left to be told. */
  lost(vm: string): void {
    const open = this.#open.get(vm);
    this.io.failed += open?.size ?? 0;
    open?.clear();
  }
}
