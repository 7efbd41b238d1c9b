import { describe, expect, it } from 'vitest';
import { newContext } from '../../../../src/audit/context.ts';
import { describeValue, nameOfIo, stampValue } from '../../../../src/audit/ledger/io-ledger.ts';
import type { Happening } from '../../../../src/history/index.ts';
import {
  apply,
  attemptEnd,
  BOUNDS,
  complete,
  done,
  FABRIC,
  H1,
  LU_NAME,
  medium,
  PLACES,
  sent,
  stamped,
  submit,
} from '../../../helpers/audit-rig.ts';

function told(...events: Happening[]) {
  const { ios } = newContext(BOUNDS, PLACES, false);
  const found: string[] = [];
  ios.onFinding(({ anomaly, final, lba }) => found.push(`${anomaly.kind} ${lba} ${final}`));
  for (const [at, event] of events.entries()) ios.observe({ at, node: H1, event });
  return { ios, found };
}

describe('the I/O under way', () => {
  it('knows its last attempt, and when something last happened to it', () => {
    const { ios } = told(submit(1), sent(1), sent(1, { attempt: 2, tag: 7 }));
    const record = ios.open.get({ vm: 'vm1', io: 1 })!;
    expect(record).toMatchObject({
      at: 0,
      touchedAt: 2,
      sent: { fabric: FABRIC, event: { tag: 7 } },
    });
    expect(ios.carriedBy(FABRIC, apply(7))).toMatchObject({ attempt: 2 });
    expect(ios.carriedBy(FABRIC, apply(1))).toMatchObject({ attempt: 1 });
    expect(ios.carriedBy('B', apply(1))).toBeUndefined();
  });

  it('is carried by commands of its kind for its blocks alone, and read by none when it is over', () => {
    const { ios } = told(
      submit(1, { lba: 4, blocks: 2 }),
      sent(1),
      submit(2, { op: 'read' }),
      sent(2),
    );
    expect(ios.carriedBy(FABRIC, apply(1, { lba: 5 }))).toMatchObject({ attempt: 1 });
    expect(ios.carriedBy(FABRIC, apply(1, { lba: 5, blocks: 2 }))).toBeUndefined();
    expect(ios.carriedBy(FABRIC, apply(2))).toBeUndefined();
    const reads = ['READ(10)', 'READ', 'READ CAPACITY(10)', 'INQUIRY'];
    const carried = () => reads.map((command) => ios.carriedBy(FABRIC, done(2, { command })));
    expect(carried().map((one) => one !== undefined)).toEqual([true, true, false, false]);
    ios.observe({ at: 9, node: H1, event: attemptEnd(2, 0) });
    expect(carried()).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is found under a tag that another I/O has had since', () => {
    const { ios } = told(submit(1), sent(1), submit(2), sent(2, { tag: 1 }), submit(3), sent(3));
    const of = (io: number) => ios.attemptOf(FABRIC, apply(1), ({ io: one }) => one.io === io);
    expect([of(2)?.attempt, of(1)?.attempt, of(3)]).toEqual([1, 1, undefined]);
  });

  it('is found by the version that it writes, until it ends', () => {
    const value = stampValue({ writerId: 1, version: 1 });
    expect(told(submit(1)).ios.writing(value)?.io.io).toBe(1);
    const { ios } = told(submit(1), complete(1));
    expect(ios.writing(value)).toBeUndefined();
    expect([1, 2].map((version) => ios.wasBegun({ writerId: 1, version }))).toEqual([true, false]);
  });
});

describe('the history of blocks', () => {
  it('tells of a stale read, and of an older version in the end', () => {
    const read = complete(3, { readings: [{ found: 'stamp', writerId: 1, version: 1 }] });
    const writes = [submit(1), complete(1), submit(2), complete(2)];
    expect(told(...writes, submit(3, { op: 'read' }), read).found).toEqual(['stale 0 false']);
    expect(told(...writes, medium(stamped(1))).found).toEqual(['stale 0 true']);
    expect(told(...writes, medium(stamped(2))).found).toEqual([]);
  });

  it('is forgotten with the cache, and blank where it was unmapped', () => {
    const lost: Happening = { type: 'cache-lost', luName: LU_NAME, blocks: 1 };
    expect(
      told(submit(1), complete(1), submit(2), complete(2), lost, medium(stamped(1))).found,
    ).toEqual([]);
    const unmapped = [submit(1), complete(1), submit(2, { op: 'unmap' }), complete(2)];
    expect(told(...unmapped, medium(new Uint8Array(512))).found).toEqual([]);
    expect(told(...unmapped, medium(stamped(1))).found).toHaveLength(1);
  });
});

it('values and I/Os have names', () => {
  expect(describeValue(stampValue({ writerId: 2, version: 5 }))).toBe('version 5 of writer 2');
  expect([describeValue(0), describeValue(undefined)]).toEqual(['blank', 'nothing known']);
  expect(nameOfIo({ vm: 'vm1', io: 3 })).toBe('I/O 3 of vm1');
});
