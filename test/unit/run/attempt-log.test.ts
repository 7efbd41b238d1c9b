import { describe, expect, it } from 'vitest';
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import type { HistoryEntry } from '../../../src/history/index.ts';
import type { FaultHit } from '../../../src/run/adversary.ts';
import { AttemptLog } from '../../../src/run/attempt-log.ts';
import { commentsOf, faultLines } from '../../../src/run/frame-comments.ts';
import {
  ARRAY,
  ARRAY_LINK,
  apply,
  complete,
  FABRIC,
  H1,
  H1_LINK,
  PLACES,
  sent,
  step,
  submit,
} from '../../helpers/audit-rig.ts';
import { command, dataOut } from '../../helpers/fc-frames.ts';

const frame = (number: number, at: number, bytes: Uint8Array, tap = H1_LINK): TappedFrame => ({
  at,
  number,
  tap,
  fabric: FABRIC,
  direction: tap === H1_LINK ? 'in' : 'out',
  bytes,
});
const entry = (at: number, node: string, event: HistoryEntry['event']) => ({ at, node, event });

/** Two writes of one block; a fault holds the data of the first back until the second is done. */
function log() {
  const all = new AttemptLog();
  all.begin(PLACES);
  all.observe(entry(0, 'mover', step('stun')));
  all.observe(entry(1000, H1, submit(1)));
  all.observe(entry(1000, H1, sent(1)));
  all.see(frame(1, 1100, command(1)));
  all.observe(entry(2000, H1, submit(2)));
  all.observe(entry(2000, H1, sent(2)));
  all.see(frame(2, 2100, command(2)));
  all.observe(entry(2500, ARRAY, apply(2)));
  all.observe(entry(3000, H1, complete(2)));
  all.see(frame(3, 9000, dataOut(1, 512), ARRAY_LINK));
  all.observe(entry(9100, ARRAY, apply(1)));
  all.see(frame(4, 9500, command(77)));
  return all;
}
const hit: FaultHit = {
  fault: { frame: 5, fault: 'delay', delayNs: 7000 },
  at: 1500,
  link: H1_LINK,
  direction: 'a-to-b',
  to: 'switch',
  ordinal: 2,
  frame: dataOut(1, 512),
};

describe('attempts and their frames', () => {
  it('are found again by the exchange, at the time they were sent', () => {
    const all = log();
    all.conclude([hit], [3]);
    const [first, second] = all.attempts;
    expect(first!.frames.map(({ number }) => number)).toEqual([1, 3]);
    expect(second!.frames.map(({ number }) => number)).toEqual([2]);
    expect(first!.applied).toHaveLength(1);
    expect(all.attemptOf(all.frames[3]!)).toBeUndefined();
  });

  it('concern a violation: its frames, what the fault held, and writes over the same blocks', () => {
    const all = log();
    all.conclude([hit], [3]);
    expect(all.frames.map((one) => all.concerns(one))).toEqual([true, true, true, false]);
    expect(all.isHeld(all.frames[2]!)).toBe(true);
    expect(all.addresses()).toEqual(['010101']);
    expect(all.comesFromSwitch(all.frames[0]!)).toBe(false);
  });

  it('are told in words', () => {
    const all = log();
    all.conclude([hit], [3]);
    const comments = commentsOf(all, all.frames);
    expect(comments.get(1)).toContain(
      'the WRITE of I/O 1 of LBA 0: attempt 1, sent by h1 at +0.001 ms',
    );
    expect(comments.get(3)).toContain('was held by the fault (delay 7 us)');
    expect(comments.get(3)).toContain('over the WRITE of I/O 2, which is newer');
    expect(faultLines(all)).toEqual([
      expect.stringMatching(/^delay 7 us at \+0.002 ms on h1 uplink, to the switch: /),
    ]);
  });
});
