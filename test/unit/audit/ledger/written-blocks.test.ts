/** The past of blocks; what the rules make of it is in test/unit/audit/rules/session-writes.test.ts. */
import { expect, test } from 'vitest';
import { WrittenBlocks } from '../../../../src/audit/ledger/written-blocks.ts';
import type { SeenSession, SeenTask } from '../../../../src/audit/seen/session.ts';

const session = { number: 1, device: 'd', carrier: 'iSCSI' } as SeenSession;
let frame = 0;

function task(
  kind: SeenTask['kind'],
  lba: number,
  digest: number | undefined,
  unit = 'a u',
): SeenTask {
  const moment = { at: ++frame * 1e9, frame };
  const blocks = { unit, blockBytes: 512, first: lba, count: 1, digests: [digest] };
  const done = { sent: moment, ended: { ...moment, at: moment.at + 1 }, status: 0 };
  return { ...moment, session, kind, unit, blocks, ...done, isPartial: false } as SeenTask;
}

function run(blocks: WrittenBlocks, ...tasks: readonly SeenTask[]) {
  let last: ReturnType<WrittenBlocks['end']>;
  for (const one of tasks) {
    blocks.begin(one);
    last = blocks.end(one);
  }
  return last;
}

test('a read of what was replaced is told with both writes', () => {
  const [older, newer, read] = [task('write', 8, 1), task('write', 8, 2), task('read', 8, 1)];
  expect(run(new WrittenBlocks(), older, newer, read)).toMatchObject({
    kind: 'stale',
    lba: 8,
    older,
    newer,
    read,
  });
});

test.each<[string, readonly SeenTask[]]>([
  ['another block', [task('write', 9, 1), task('write', 8, 2), task('read', 8, 1)]],
  ['another unit', [task('write', 8, 1, 'a v'), task('write', 8, 2), task('read', 8, 1)]],
  [
    'a write whose data are not known',
    [task('write', 8, 1), task('write', 8, 2), task('write', 8, undefined), task('read', 8, 1)],
  ],
  [
    'written once more',
    [task('write', 8, 1), task('write', 8, 2), task('write', 8, 1), task('read', 8, 1)],
  ],
])('nothing is told of: %s', (_name, tasks) => {
  expect(run(new WrittenBlocks(), ...tasks)).toBeUndefined();
});

test('a server to which writes may be missing has no past', () => {
  const blocks = new WrittenBlocks();
  run(blocks, task('write', 8, 1), task('write', 8, 2));
  blocks.blind('b');
  blocks.blind('a');
  expect(run(blocks, task('read', 8, 1))).toBeUndefined();
  expect(blocks.compared).toBe(0);
});
