/** Writes of stamped blocks; what two taps show of them is in test/unit/audit/tap-sessions.test.ts. */
import { expect, test } from 'vitest';
import { SentWrites, StampedBlocks } from '../../../../src/audit/ledger/stamped-blocks.ts';
import type { SeenSession, SeenTask } from '../../../../src/audit/seen/session.ts';

const [first, second] = [1, 2].map(
  (number) => ({ number, carrier: 'NFS', client: `c${number}:1`, server: 's:1' }) as SeenSession,
) as [SeenSession, SeenSession];

interface Written {
  readonly session: SeenSession;
  /** Seconds: when it was sent, and when its answer came. */
  readonly from: number;
  readonly to: number;
  readonly digest?: number;
  readonly unit?: number;
  readonly kind?: 'read' | 'write';
  readonly again?: string;
}

let tags = 0;
function task({
  digest = 1,
  from,
  kind = 'write',
  session,
  again,
  to,
  unit = 3,
}: Written): SeenTask {
  const blocks = {
    unit: 'u',
    blockBytes: 512,
    first: 8,
    count: 1,
    digests: [digest],
    stamps: new Map([[0, { writerId: 1, version: digest, unit }]]),
  };
  const sent = { at: from * 1e9, frame: from };
  return {
    ...sent,
    session,
    kind,
    blocks,
    sent,
    tag: ++tags,
    ...(again === undefined ? {} : { again }),
    ended: { at: to * 1e9, frame: to },
    status: 0,
    isPartial: false,
  } as SeenTask;
}

/** The write of the first session as all taps show it: sent early; at the last tap it arrives as it is given. */
function found(late: SeenTask, sentS: number, ...others: readonly SeenTask[]) {
  const sent = new SentWrites();
  const early = { at: sentS * 1e9, frame: sentS };
  sent.end({ ...late, ...early, sent: early });
  const blocks = new StampedBlocks(sent);
  let last: ReturnType<StampedBlocks['end']>;
  for (const one of [...others, late].sort((a, b) => a.ended!.at - b.ended!.at))
    last = blocks.end(one);
  return last;
}

const done = task({ session: second, from: 2, to: 3 });

test('a write that came behind its repetition is told with it', () => {
  const late = task({ session: first, from: 5, to: 6 });
  expect(found(late, 1, done)).toMatchObject({ kind: 'ghost', late, done, lba: 8 });
});

test.each<[string, SeenTask, number, SeenTask]>([
  ['was sent behind it', task({ session: first, from: 5, to: 6 }), 4, done],
  ['came in front of it', task({ session: first, from: 1, to: 6 }), 1, done],
  ['is another', task({ session: first, from: 5, to: 6, digest: 2 }), 1, done],
  ['is of the same session', task({ session: second, from: 5, to: 6 }), 1, done],
  [
    'is the same call',
    task({ session: first, from: 5, to: 6, again: 'a 0 1' }),
    1,
    task({ session: second, from: 2, to: 3, again: 'a 0 1' }),
  ],
])('nothing is told where the late write %s', (_why, late, sentS, other) => {
  expect(found(late, sentS, other)).toBeUndefined();
});

test('calls of two slots are two calls, whatever their numbers', () => {
  const late = task({ session: first, from: 5, to: 6, again: 'a 0 1' });
  const other = { ...task({ session: second, from: 2, to: 3, again: 'b 0 1' }), tag: late.tag };
  expect(found(late, 1, other)?.kind).toBe('ghost');
});

test('a read behind it is told where a newer write of the same unit had replaced it', () => {
  const late = task({ session: first, from: 5, to: 6 });
  const sent = new SentWrites();
  const early = { at: 1e9, frame: 1 };
  sent.end({ ...late, ...early, sent: early });
  const readAfter = (newer: SeenTask) => {
    const blocks = new StampedBlocks(sent);
    const read = task({ session: second, from: 7, to: 8, kind: 'read' });
    for (const one of [done, newer, late]) blocks.end(one);
    return { read, told: blocks.end(read) };
  };
  const newer = task({ session: second, from: 4, to: 5, digest: 2 });
  const { read, told } = readAfter(newer);
  expect(told).toMatchObject({ kind: 'outdated', read, late, newer });
  const elsewhere = task({ session: second, from: 4, to: 5, digest: 2, unit: 4 });
  expect(readAfter(elsewhere).told).toBeUndefined();
});
