/** The fast checker of histories agrees with the one that tries every order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryOp } from '../../../../src/audit/ledger/block-zones.ts';
import { type Anomaly, HistoryChecker } from '../../../../src/audit/ledger/linearizability.ts';
import { type BlockOp, isLinearizable } from '../../../helpers/brute-force.ts';

const INITIAL = 0;

/**
 * A step of a history of one block: begin an operation, or end the one that has been under way
 * longest (`pick` 0) or less long. `sees` chooses what a read returns among the values begun so
 * far; a write with `lost` never ends.
 */
const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), lost: fc.boolean() }),
  fc.record({ do: fc.constant('read' as const) }),
  fc.record({ do: fc.constant('end' as const), pick: fc.nat(3), sees: fc.nat(40) }),
  fc.record({ do: fc.constant('end' as const), pick: fc.nat(3), sees: fc.nat(40) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** `sees` below the first returns what was acknowledged last, below the second the newest value. */
const ACKNOWLEDGED_BELOW = 9;
const NEWEST_BELOW = 13;

interface Played {
  readonly ops: BlockOp[];
  readonly anomalies: Anomaly[];
  readonly values: number;
}

/** Plays steps to the fast checker, and writes them down for the slow one. */
function play(steps: readonly Step[], begin = 0): Played {
  const anomalies: Anomaly[] = [];
  const checker = new HistoryChecker((one) => anomalies.push(one), { initial: INITIAL });
  const ops: BlockOp[] = [];
  const open: { op: HistoryOp; start: number }[] = [];
  let time = begin;
  let values = 0;
  let acknowledged = INITIAL;
  const end = (at: number, sees: number): void => {
    const [ending] = open.splice(at, 1);
    if (ending === undefined) return;
    const { op, start } = ending;
    time++;
    if (op.kind === 'write') {
      checker.acknowledge(op);
      acknowledged = op.value as number;
      ops.push({ kind: 'write', start, end: time, value: op.value as number });
      return;
    }
    const newest = sees < NEWEST_BELOW ? values : sees % (values + 1);
    const value = sees < ACKNOWLEDGED_BELOW ? acknowledged : newest;
    checker.returned(op, [value]);
    ops.push({ kind: 'read', start, end: time, value });
  };
  for (const one of steps) {
    if (one.do === 'end') end(one.pick % Math.max(1, open.length), one.sees);
    else {
      time++;
      if (one.do === 'read') open.push({ op: checker.read(7, 1), start: time });
      else {
        const op = checker.write(7, 1, ++values);
        if (one.lost) ops.push({ kind: 'write', start: time, end: Infinity, value: values });
        else open.push({ op, start: time });
      }
    }
  }
  while (open.length > 0) end(0, 0);
  return { ops, anomalies, values };
}

describe('one block', () => {
  test('both checkers agree on 20,000 random histories', () => {
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 22 }), (steps) => {
        const { ops, anomalies } = play(steps);
        fc.pre(ops.length <= 11);
        const good = isLinearizable(ops, INITIAL);
        seen[good ? 'good' : 'bad']++;
        expect(anomalies.length === 0, JSON.stringify(ops)).toBe(good);
      }),
      { seed: 5, numRuns: 20_000 },
    );

    expect(seen.good).toBeGreaterThan(3000);
    expect(seen.bad).toBeGreaterThan(3000);
  });

  test('values that nobody may read any more are forgotten', () => {
    const anomalies: Anomaly[] = [];
    const checker = new HistoryChecker((one) => anomalies.push(one), { initial: INITIAL });
    for (let value = 1; value <= 10_000; value++) {
      checker.acknowledge(checker.write(3, 4, value));
      checker.returned(checker.read(3, 4), [value, value, value, value]);
    }
    expect(anomalies).toEqual([]);
    expect(checker.size).toEqual({ blocks: 4, values: 4 });
  });
});

describe('ranges and atomic writes', () => {
  const check = (atomicBlocks: number) => {
    const anomalies: Anomaly[] = [];
    const checker = new HistoryChecker((one) => anomalies.push(one), { initial: 0, atomicBlocks });
    checker.acknowledge(checker.write(0, 2, 1));
    const under = checker.write(0, 2, 2);
    checker.returned(checker.read(0, 2), [2, 1]);
    checker.acknowledge(under);
    return anomalies.map((one) => one.kind);
  };

  test('half of a write shows only where writes are atomic', () => {
    expect(check(1)).toEqual([]);
    expect(check(2)).toEqual(['torn']);
  });

  test('overlapping writes are judged block by block', () => {
    const anomalies: Anomaly[] = [];
    const checker = new HistoryChecker((one) => anomalies.push(one), { initial: 0 });
    checker.acknowledge(checker.write(10, 4, 1));
    checker.acknowledge(checker.write(12, 4, 2));
    checker.returned(checker.read(10, 6), [1, 1, 2, 2, 2, 2]);
    expect(anomalies).toEqual([]);
    checker.returned(checker.read(12, 1, 99), [1]);
    expect(anomalies).toMatchObject([{ kind: 'stale', block: 12, value: 1, newer: 2, read: 99 }]);
  });
});

describe('what is not known', () => {
  test('without an initial value the first one read is taken for it, and only before a write', () => {
    const anomalies: Anomaly[] = [];
    const checker = new HistoryChecker((one) => anomalies.push(one));
    checker.returned(checker.read(0, 1), ['old']);
    checker.acknowledge(checker.write(0, 1, 'new'));
    checker.returned(checker.read(0, 1), ['somebody else']);
    expect(anomalies).toEqual([]);
    checker.returned(checker.read(0, 1), ['old']);
    expect(anomalies).toMatchObject([{ kind: 'stale', value: 'old', newer: 'new' }]);
  });

  test('a write without an end may take effect late, or never', () => {
    const anomalies: Anomaly[] = [];
    const checker = new HistoryChecker((one) => anomalies.push(one), { initial: 0 });
    checker.write(0, 1, 1);
    checker.acknowledge(checker.write(0, 1, 2));
    checker.returned(checker.read(0, 1), [2]);
    checker.returned(checker.read(0, 1), [1]);
    expect(anomalies).toEqual([]);
    checker.returned(checker.read(0, 1), [2]);
    expect(anomalies).toMatchObject([{ kind: 'stale', value: 2, newer: 1 }]);
  });
});
