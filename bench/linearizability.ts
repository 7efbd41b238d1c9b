/**
 * How fast histories are checked: operations a second, and what is remembered, for one guest and
 * for many hosts that share blocks.
 *
 * Run: `npx tsx bench/linearizability.ts [operations]`
 */
import type { HistoryOp } from '../src/audit/ledger/block-zones.ts';
import { HistoryChecker } from '../src/audit/ledger/linearizability.ts';
import { stopwatch } from './stopwatch.mjs';

const OPERATIONS = Number(process.argv[2] ?? 2_000_000);
/** Blocks of one operation, and operations under way at once. */
const BLOCKS_PER_OPERATION = 8;

/** A small generator of its own: the same numbers in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** A history that is in order: every read returns what was written last when it ends. */
function play(range: number, depth: number): void {
  const next = numbers(7);
  let anomalies = 0;
  const checker = new HistoryChecker(() => anomalies++, { initial: 0 });
  const medium = new Float64Array(range);
  const open: HistoryOp[] = [];
  let values = 0;
  const took = stopwatch();
  for (let i = 0; i < OPERATIONS; i++) {
    if (open.length >= depth) end(next(open.length));
    const first = next(range - BLOCKS_PER_OPERATION);
    open.push(
      next(2) === 0
        ? checker.read(first, BLOCKS_PER_OPERATION)
        : checker.write(first, BLOCKS_PER_OPERATION, ++values),
    );
  }
  while (open.length > 0) end(0);
  const seconds = took().cpuNs / 1e9;
  const { blocks, values: kept } = checker.size;
  console.log(
    [
      `${range} blocks, ${depth} under way`.padEnd(34),
      `${Math.round(OPERATIONS / seconds)
        .toLocaleString('en-US')
        .padStart(11)} operations/s of CPU time`,
      `${Math.round(checker.judged / seconds)
        .toLocaleString('en-US')
        .padStart(12)} blocks read/s`,
      `${anomalies} anomalies, ${kept} values of ${blocks} blocks kept, ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MiB`,
    ].join('  '),
  );

  function end(at: number): void {
    const [op] = open.splice(at, 1);
    if (op === undefined) return;
    if (op.kind === 'write') {
      medium.fill(op.value as number, op.first, op.first + op.blocks);
      checker.acknowledge(op);
    } else checker.returned(op, [...medium.subarray(op.first, op.first + op.blocks)]);
  }
}

console.log(`${OPERATIONS.toLocaleString('en-US')} operations of ${BLOCKS_PER_OPERATION} blocks`);
for (const [range, depth] of [
  [1_000_000, 8],
  [10_000, 64],
  [1_000, 256],
] as const) {
  play(range, depth);
}
