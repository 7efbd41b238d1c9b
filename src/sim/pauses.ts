/** Pauses at who was told of them by PFC: when they begin, who waits for whom, and when they end. */
import { PAUSE_QUANTUM_BITS } from '../codecs/ethernet/mac-control.ts';
import type { QosEvent, QueueDropped } from '../history/qos.ts';
import type { LaneQos } from '../link/link-qos.ts';
import { isPaused, PRIORITIES } from '../link/qos-options.ts';
import { controlIn } from '../link/queue-frames.ts';
import type { Instant } from '../machine/machine.ts';
import type { Lane } from './link.ts';
import { type Clock, QueueWork } from './transit-parts.ts';

/** What pauses ask of the queues. */
export interface PauseWork {
  /** All lanes with queues. */
  readonly lanes: readonly Lane[];
  /** Lets the transmitter begin the next frame if it is free. */
  next(lane: Lane): void;
  at(lane: Lane, atNs: Instant, kind: number): void;
  tell(event: QosEvent): void;
}

/** The pauses of all lanes. */
export class Pauses {
  readonly #clock: Clock;
  readonly #work: PauseWork;

  constructor(clock: Clock, work: PauseWork) {
    this.#clock = clock;
    this.#work = work;
  }

  /** A control frame has come by a lane: it is about what goes the other way. */
  hear(lane: Lane, frame: Uint8Array): void {
    const said = controlIn(frame);
    if (said?.kind !== 'PFC') return;
    const back = backOf(lane);
    const { queues, responseNs } = qosOf(back);
    const now = this.#clock.nowNs;
    for (let priority = 0; priority < PRIORITIES; priority++) {
      const isMeant = isPaused(said.classEnableVector & queues.configuration.pfcEnabled, priority);
      if (!isMeant) continue;
      const told = queues.told[priority]!;
      const quanta = said.quanta[priority] ?? 0;
      if (quanta === 0) {
        this.resume(back, priority);
        continue;
      }
      told.untilNs = now + pauseNs(back, quanta);
      if (told.sinceNs === Infinity) {
        told.sinceNs = now;
        this.#work.at(back, now + responseNs, QueueWork.EFFECT);
      }
      this.#work.at(back, told.untilNs, QueueWork.EXPIRE);
    }
    this.#work.next(back);
  }

  /** Priorities that were told to pause long enough ago do. */
  takeEffect(lane: Lane): void {
    const { queues, responseNs, window } = qosOf(lane);
    const now = this.#clock.nowNs;
    for (let priority = 0; priority < PRIORITIES; priority++) {
      const { sinceNs, untilNs } = queues.told[priority]!;
      if (isPaused(queues.pausedMask, priority)) continue;
      if (sinceNs + responseNs > now || untilNs <= now) continue;
      queues.pausedMask |= 1 << priority;
      window.rest(queues.configuration.groups[priority]!);
      this.#work.tell({
        type: 'priority-pause',
        ...wayOf(lane),
        priority,
        state: 'paused',
        waitsFor: this.#waitsFor(lane, priority),
      });
    }
  }

  /** Where the frames wait that fill the buffer that a lane leads into. */
  #waitsFor(lane: Lane, priority: number): string[] {
    return this.#work.lanes.flatMap((one) => {
      const waits = () =>
        qosOf(one)
          .queues.of(priority)
          .some(({ cameBy }) => cameBy === lane.id);
      return one.fromNode === lane.toNode && waits() ? [`${one.link.name} ${one.direction}`] : [];
    });
  }

  /** Pauses that nobody has told again are over. */
  expire(lane: Lane): void {
    const { queues } = qosOf(lane);
    for (let priority = 0; priority < PRIORITIES; priority++) {
      if (queues.told[priority]!.untilNs <= this.#clock.nowNs) this.resume(lane, priority);
    }
    this.#work.next(lane);
  }

  /** A priority goes on. */
  resume(lane: Lane, priority: number): void {
    const { queues } = qosOf(lane);
    const told = queues.told[priority]!;
    told.sinceNs = Infinity;
    told.untilNs = 0;
    if (!isPaused(queues.pausedMask, priority)) return;
    queues.pausedMask &= ~(1 << priority);
    this.#work.tell({ type: 'priority-pause', ...wayOf(lane), priority, state: 'resumed' });
  }

  /** A frame begins: a pause that was told and not obeyed yet is told of. */
  watch(lane: Lane, priority: number): void {
    const { queues } = qosOf(lane);
    const { sinceNs, untilNs } = queues.told[priority]!;
    const now = this.#clock.nowNs;
    if (sinceNs === Infinity || now >= untilNs) return;
    this.#work.tell({ type: 'started-paused', ...wayOf(lane), priority, afterNs: now - sinceNs });
  }
}

/** How long a number of quanta is. */
export function pauseNs(lane: Lane, quanta: number): Instant {
  const { rateBitsPerSecond } = lane.link.parameters;
  return Math.floor((quanta * PAUSE_QUANTUM_BITS * 1e9) / rateBitsPerSecond);
}

/** A direction as it is told of. */
export function wayOf({ direction, link }: Lane): Pick<QueueDropped, 'link' | 'direction'> {
  return { link: link.name, direction };
}

/** The other direction of its link. */
export const backOf = (lane: Lane): Lane => lane.link.lanes[lane === lane.link.lanes[0] ? 1 : 0];

/** The queues of a lane of a link that has some. */
export const qosOf = (lane: Lane): LaneQos =>
  lane.link.qos!.lanes[lane === lane.link.lanes[0] ? 0 : 1];
