/**
 * The event queue beside heap-js and SimPy: how many events a second each takes and replaces
 * ("hold") with many pending. Contenders take turns, so that the ratio means something.
 */
import { spawnSync } from 'node:child_process';
import { Heap } from 'heap-js';
import { streams } from '../src/machine/random.ts';
import { EventQueue } from '../src/sim/event-queue.ts';
import { median } from './median.ts';
import { stopwatch } from './stopwatch.mjs';

const HOLDS = 1_000_000;
const DELAYS = 1 << 16;

export interface QueueReport {
  readonly name: string;
  readonly eventsPerCpuSecond: number;
  /** Our speed as a multiple of this one's; of others only. */
  readonly ratio?: number;
}

const random = streams(1).stream('delays');
/** Timers within two seconds. */
const delaysNs = Float64Array.from({ length: DELAYS }, () => random.below(2e9));

/** A queue of events with `hold`: takes the first event, puts another, so many times. */
interface Contender {
  readonly name: string;
  make(pending: number): (count: number) => number;
}

const ours: Contender = {
  name: 'event queue',
  make(pending) {
    const queue = new EventQueue();
    const event = { timeNs: 0, kind: 0, a: 0, b: 0 };
    for (let i = 0; i < pending; i++) queue.schedule(delaysNs[i % DELAYS]! + i, 1, i, 0);
    return (count) => {
      for (let i = 0; i < count; i++) {
        queue.popInto(event);
        queue.schedule(event.timeNs + delaysNs[i % DELAYS]!, 1, i, 0);
      }
      return event.timeNs;
    };
  },
};

interface HeapEvent {
  readonly timeNs: number;
  readonly sequence: number;
  readonly a: number;
}

const heapJs: Contender = {
  name: 'heap-js',
  make(pending) {
    const heap = new Heap<HeapEvent>((a, b) => a.timeNs - b.timeNs || a.sequence - b.sequence);
    let sequence = 0;
    for (let i = 0; i < pending; i++)
      heap.push({ timeNs: delaysNs[i % DELAYS]! + i, sequence: sequence++, a: i });
    return (count) => {
      let timeNs = 0;
      for (let i = 0; i < count; i++) {
        timeNs = heap.pop()!.timeNs;
        heap.push({ timeNs: timeNs + delaysNs[i % DELAYS]!, sequence: sequence++, a: i });
      }
      return timeNs;
    };
  },
};

/** Debian's SimPy; `undefined` where it is not installed. */
function simPySeconds(pending: number): number | undefined {
  const args = ['bench/contenders/simpy-queue.py', String(pending), String(HOLDS), '1'];
  const done = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
  return done.status === 0 ? (JSON.parse(done.stdout) as number[])[0] : undefined;
}

/** Measures all in turn. Needs `python3-simpy3` for SimPy, and leaves it out without. */
export function measureQueues(pending: number, rounds: number): QueueReport[] {
  const seconds = new Map<string, number[]>();
  const keep = (name: string, value: number): void => {
    seconds.set(name, [...(seconds.get(name) ?? []), value]);
  };
  const reached = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, make } of [ours, heapJs]) {
      const hold = make(pending);
      // The first turn brings the queue to its steady state and is not counted.
      hold(HOLDS);
      const took = stopwatch();
      reached.add(hold(HOLDS));
      keep(name, took().cpuNs / 1e9);
    }
    const python = simPySeconds(pending);
    if (python !== undefined) keep('SimPy', python);
  }
  // Both must have come to the same time in every round.
  if (reached.size !== 1) throw new Error('the contenders disagree');
  const own = median(seconds.get(ours.name)!);
  return [...seconds].map(([name, all]) => {
    const eventsPerCpuSecond = HOLDS / median(all);
    if (name === ours.name) return { name, eventsPerCpuSecond };
    return { name, eventsPerCpuSecond, ratio: median(all) / own };
  });
}

/** Prints a line for each. */
export function printQueues(queues: readonly QueueReport[], pending: number): void {
  const events = pending.toLocaleString('en-US');
  console.log(`event queue, ${events} pending, events taken and replaced:`);
  for (const { name, eventsPerCpuSecond, ratio } of queues) {
    const beside = ratio === undefined ? '' : `, ours is ${ratio.toFixed(1)} times as fast`;
    console.log(`  ${name.padEnd(12)} ${(eventsPerCpuSecond / 1e6).toFixed(2)} M/s${beside}`);
  }
}
