/**
 * The event queue against a binary heap of objects: how many events a second each takes and
 * replaces ("hold") with a million pending. Both run in turn, several rounds in one process, so
 * that the ratio means something on a noisy machine.
 *
 * Run: `npx tsx bench/sim-queue.ts [pending] [rounds]`
 */
import { EventQueue } from '../src/sim/event-queue.ts';
import { streams } from '../src/sim/random.ts';

const pending = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 5);
const holds = 1_000_000;

/** Delays of both kinds a fabric has: frames within microseconds, timers within seconds. */
const random = streams(1).stream('delays');
const delays = {
  'timers (uniform, 0..2 s)': Float64Array.from({ length: 1 << 16 }, () => random.below(2e9)),
  'half frames (1..5 us), half timers (0..2 s)': Float64Array.from({ length: 1 << 16 }, () =>
    random.chance(0.5) ? random.range(1_000, 5_000) : random.below(2e9),
  ),
};

interface Contender {
  fill(delaysNs: Float64Array): void;
  hold(count: number, delaysNs: Float64Array): number;
  empty(): number;
}

function ours(): Contender {
  const queue = new EventQueue();
  const event = { timeNs: 0, kind: 0, a: 0, b: 0 };
  return {
    fill(delaysNs) {
      for (let i = 0; i < pending; i++) queue.schedule(delaysNs[i & 0xffff]! + i, 1, i, 0);
    },
    hold(count, delaysNs) {
      for (let i = 0; i < count; i++) {
        queue.popInto(event);
        queue.schedule(event.timeNs + delaysNs[i & 0xffff]!, 1, i, 0);
      }
      return event.timeNs;
    },
    empty() {
      let count = 0;
      while (queue.popInto(event)) count++;
      return count;
    },
  };
}

interface HeapEvent {
  readonly timeNs: number;
  readonly sequence: number;
  readonly kind: number;
  readonly a: number;
}

function heapOfObjects(): Contender {
  const heap: HeapEvent[] = [];
  let sequence = 0;
  const before = (x: HeapEvent, y: HeapEvent) =>
    x.timeNs < y.timeNs || (x.timeNs === y.timeNs && x.sequence < y.sequence);
  const push = (event: HeapEvent) => {
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (before(heap[parent]!, event)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = event;
  };
  const pop = (): HeapEvent | undefined => {
    const root = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return root;
    let hole = 0;
    for (;;) {
      let child = hole * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (before(last, heap[child]!)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return root;
  };
  return {
    fill(delaysNs) {
      for (let i = 0; i < pending; i++) {
        push({ timeNs: delaysNs[i & 0xffff]! + i, sequence: sequence++, kind: 1, a: i });
      }
    },
    hold(count, delaysNs) {
      let timeNs = 0;
      for (let i = 0; i < count; i++) {
        timeNs = pop()!.timeNs;
        push({ timeNs: timeNs + delaysNs[i & 0xffff]!, sequence: sequence++, kind: 1, a: i });
      }
      return timeNs;
    },
    empty() {
      let count = 0;
      while (pop() !== undefined) count++;
      return count;
    },
  };
}

/** Seconds that `work` takes. */
function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const median = (values: number[]) => values.sort((x, y) => x - y)[values.length >> 1]!;
const millions = (count: number, s: number) => (count / s / 1e6).toFixed(2).padStart(7);

for (const [name, delaysNs] of Object.entries(delays)) {
  const times: Record<string, { fill: number[]; hold: number[]; empty: number[] }> = {};
  const reached = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    for (const make of [ours, heapOfObjects]) {
      times[make.name] ??= { fill: [], hold: [], empty: [] };
      const into = times[make.name]!;
      const contender = make();
      into.fill.push(seconds(() => contender.fill(delaysNs)));
      // The first turn brings the queue to its steady state and is not counted.
      contender.hold(holds, delaysNs);
      into.hold.push(seconds(() => reached.add(contender.hold(holds, delaysNs))));
      into.empty.push(seconds(() => reached.add(-contender.empty())));
    }
  }
  // Both contenders must have come to the same time and count, in every round.
  if (reached.size !== 2) throw new Error('the contenders disagree');
  console.log(`${name}, ${pending} pending, M events/s, median of ${rounds} rounds`);
  for (const part of ['fill', 'hold', 'empty'] as const) {
    const count = part === 'hold' ? holds : pending;
    const mine = median(times.ours![part]);
    const theirs = median(times.heapOfObjects![part]);
    console.log(
      `  ${part.padEnd(5)} event queue ${millions(count, mine)}  heap of objects ` +
        `${millions(count, theirs)}  ratio ${(theirs / mine).toFixed(2)}`,
    );
  }
}
