/**
 * The queues of one direction of a link: frames by their priority, what of them PFC has paused, and control frames,
 * which go ahead of all and are never paused.
 */
import type { QueueConfiguration } from '../history/qos.ts';
import type { Instant } from '../machine/machine.ts';
import type { LaneFrame } from './fault-lane.ts';
import { GroupScheduler } from './group-scheduler.ts';
import { isPaused, PRIORITIES } from './qos-options.ts';

/** A frame that waits for the transmitter. */
export interface QueuedFrame {
  readonly sent: LaneFrame;
  readonly priority: number;
  readonly sinceNs: Instant;
  /** What it takes on the link, with what surrounds it. */
  readonly wireBytes: number;
  /** The port of the node's buffer that it came in by, where it fills one. */
  readonly cameBy?: number | undefined;
  /** Called when it has gone or is discarded: its place in the buffer is free. */
  readonly left?: (() => void) | undefined;
}

/** Whether a sender was told to pause a priority. */
interface PauseTold {
  /** When the PFC frame came that began it; `Infinity` while none is in force. */
  sinceNs: Instant;
  untilNs: Instant;
}

/** Frames of one direction by priority. */
export class PriorityQueues {
  /** Bytes that may wait of a priority. */
  readonly limitBytes: number;
  /** Of each priority what PFC frames told. */
  readonly told: readonly PauseTold[];
  /** Priorities of which nothing is begun. */
  pausedMask = 0;
  bytesMax = 0;
  #configuration: QueueConfiguration;
  readonly #scheduler: GroupScheduler;
  readonly #control: QueuedFrame[] = [];
  readonly #queues: QueuedFrame[][] = Array.from({ length: PRIORITIES }, () => []);
  readonly #bytes: number[] = new Array<number>(PRIORITIES).fill(0);
  readonly #heads: number[] = new Array<number>(PRIORITIES).fill(0);
  /** Of each group the priority that sent last: those of a group take turns. */
  readonly #last: number[] = new Array<number>(PRIORITIES).fill(0);

  constructor(configuration: QueueConfiguration, limitBytes: number) {
    this.#configuration = configuration;
    this.limitBytes = limitBytes;
    this.#scheduler = new GroupScheduler(configuration.bandwidth);
    this.told = Array.from({ length: PRIORITIES }, () => ({ sinceNs: Infinity, untilNs: 0 }));
  }

  /** How frames wait from now on. */
  get configuration(): QueueConfiguration {
    return this.#configuration;
  }

  set configuration(configuration: QueueConfiguration) {
    this.#configuration = configuration;
    this.#scheduler.bandwidth = configuration.bandwidth;
  }

  /** Frames that wait. */
  get length(): number {
    return this.#queues.reduce((sum, { length }) => sum + length, this.#control.length);
  }

  /** Frames of a priority that wait, oldest first. */
  of(priority: number): readonly QueuedFrame[] {
    return this.#queues[priority]!;
  }

  /** Whether a priority has room for so many bytes more. */
  hasRoom(priority: number, bytes: number): boolean {
    return this.#bytes[priority]! + bytes <= this.limitBytes;
  }

  /** A control frame: ahead of everything that is not being sent. */
  pushControl(frame: QueuedFrame): void {
    this.#control.push(frame);
  }

  push(frame: QueuedFrame): void {
    this.#queues[frame.priority]!.push(frame);
    this.#bytes[frame.priority]! += frame.sent.frame.length;
    const waiting = this.#bytes.reduce((sum, one) => sum + one, 0);
    this.bytesMax = Math.max(this.bytesMax, waiting);
  }

  /** Whether a group has something to send and may. */
  isBacklogged(group: number): boolean {
    return this.#nextOf(group) !== undefined;
  }

  /** Takes out the frame that is sent next; `undefined` where none may be. */
  take(): QueuedFrame | undefined {
    const control = this.#control.shift();
    if (control !== undefined) return control;
    for (let group = 0; group < PRIORITIES; group++) {
      const priority = this.#nextOf(group);
      this.#heads[group] =
        priority === undefined ? 0 : (this.#queues[priority]![0]?.wireBytes ?? 0);
    }
    const group = this.#scheduler.choose(this.#heads);
    if (group === undefined) return undefined;
    const priority = this.#nextOf(group)!;
    this.#last[group] = priority;
    return this.#shift(priority);
  }

  /** Takes out the oldest frame of a priority if it has waited since then or before. */
  takeOlder(priority: number, sinceNs: Instant): QueuedFrame | undefined {
    const first = this.#queues[priority]![0];
    return first !== undefined && first.sinceNs <= sinceNs ? this.#shift(priority) : undefined;
  }

  /** Since when the frame waits that has waited for the longest; `Infinity` where none does. */
  get oldestNs(): Instant {
    return this.#queues.reduce(
      (least, [first]) => Math.min(least, first?.sinceNs ?? Infinity),
      Infinity,
    );
  }

  /** The link went: nothing waits any more and nothing is paused. */
  clear(): QueuedFrame[] {
    const all = [...this.#control.splice(0), ...this.#queues.flatMap((one) => one.splice(0))];
    this.#bytes.fill(0);
    this.pausedMask = 0;
    for (const told of this.told) {
      told.sinceNs = Infinity;
      told.untilNs = 0;
    }
    return all;
  }

  #shift(priority: number): QueuedFrame {
    const frame = this.#queues[priority]!.shift()!;
    this.#bytes[priority]! -= frame.sent.frame.length;
    return frame;
  }

  /** The priority of a group that sends next. */
  #nextOf(group: number): number | undefined {
    const { groups } = this.#configuration;
    const last = this.#last[group]!;
    for (let i = 1; i <= PRIORITIES; i++) {
      const priority = (last + i) % PRIORITIES;
      if (groups[priority] !== group || this.#queues[priority]!.length === 0) continue;
      if (!isPaused(this.pausedMask, priority)) return priority;
    }
    return undefined;
  }
}
