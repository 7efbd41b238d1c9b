/** What frames of a violation mean, in words. */
import { expect, test } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import type { FaultHit } from '../../../src/run/adversary.ts';
import { AttemptLog } from '../../../src/run/attempt-log.ts';
import { commentsOf, faultLines } from '../../../src/run/frame-comments.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../helpers/audit-rig.ts';
import { command } from '../../helpers/fc-frames.ts';
import { entry, io, PLACES, seen, step } from '../../helpers/run-record.ts';

const MS = 1e6;
const bytes = command(7);
const hit: FaultHit = {
  fault: { frame: 1, fault: 'hold', delayNs: 9 * MS },
  at: 2 * MS,
  link: 'right',
  direction: 'b-to-a',
  to: 'gamma',
  ordinal: 1,
  frame: bytes,
};

function logOf() {
  const log = new AttemptLog();
  log.begin(PLACES);
  log.observe(entry(MS, 'mover', step('preflight')));
  log.observe(entry(MS, 'alpha', io.submit(4)));
  const sent = { vm: 'vm', io: 4, attempt: 2, tag: 7, address: ADDRESS };
  log.observe(
    entry(MS, 'alpha', {
      ...sent,
      type: 'io-sent',
      targetAddress: TARGET_ADDRESS,
    } as unknown as Happening),
  );
  const end = { type: 'io-attempt-end', vm: 'vm', io: 4, attempt: 2, end: 'aborted' } as const;
  log.observe(entry(4 * MS, 'alpha', end));
  const frames = [
    seen(1, { at: MS, bytes }),
    seen(2, { at: 2 * MS, tap: 'right', direction: 'out', bytes }),
  ];
  for (const frame of frames) log.see(frame);
  log.conclude([hit], [1]);
  return { log, frames };
}

test('an attempt is told with its blocks, its host and its end; the move with its steps', () => {
  const { frames, log } = logOf();
  const comments = commentsOf(log, frames);
  expect(comments.get(1)).toBe(
    'the move at +0.000 ms: preflight; the WRITE of I/O 4 of LBA 8 to 9: attempt 2, sent by alpha at +0.000 ms',
  );
  expect(comments.get(2)).toContain('alpha takes this attempt for over at +3.000 ms: aborted');
});

test('a frame that is held is told where it leaves, and where it will come', () => {
  const { frames, log } = logOf();
  expect(commentsOf(log, frames).get(2)).toContain(
    'leaves the switch at +1.000 ms, is held by the fault (hold 9 ms) and comes to gamma at +10.000 ms',
  );
});

test('every fault has a line', () => {
  const [line, ...more] = faultLines(logOf().log);
  expect(more).toEqual([]);
  expect(line).toMatch(/^hold 9 ms at \+1\.000 ms on right, from the switch: /);
});
