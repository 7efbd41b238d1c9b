/** I25 in sessions: a frame that has left the VLAN of its connection. */
import { expect, it } from 'vitest';
import { IscsiScript } from '../../../helpers/iscsi-script.ts';
import {
  invariantsThat,
  judgeTap,
  SessionTap,
  type TapFrame,
  verdictOf,
} from '../../../helpers/session-tap.ts';

/** The frame with a tag. */
function tagged({ at, bytes }: TapFrame, vid: number): TapFrame {
  const out = new Uint8Array(bytes.length + 4);
  out.set(bytes.subarray(0, 12));
  out.set([0x81, 0x00, vid >> 8, vid & 0xff], 12);
  out.set(bytes.subarray(12), 16);
  return { at, bytes: out };
}

function frames(): TapFrame[] {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  for (let i = 0; i < 4; i++) script.good(script.testUnitReady());
  return tap.frames;
}

it('catches a frame in another VLAN than those of its connection', () => {
  const report = judgeTap(frames().map((one, i) => tagged(one, i === 6 ? 20 : 10)));
  expect(invariantsThat('violated', report)).toEqual(['I25']);
  const { detail, frames: shown } = verdictOf(report, 'I25');
  expect(detail).toBe(
    'frame 7 is in VLAN 20, the frames of its connection between the same MAC addresses are in VLAN 10',
  );
  expect(shown).toEqual([7]);
});

it('holds where all are in one, and says nothing where none has a tag', () => {
  const report = judgeTap(frames().map((one) => tagged(one, 10)));
  expect(verdictOf(report, 'I25').result).toBe('holds');
  expect(verdictOf(judgeTap(frames()), 'I25').result).toBe('not-observable');
});

it('accuses nobody where a tap sees both sides of a device that changes tags', () => {
  const both = frames().flatMap((one) => [
    tagged(one, 10),
    tagged({ ...one, at: one.at + 1000 }, 20),
  ]);
  expect(invariantsThat('violated', judgeTap(both))).toEqual([]);
  const swapped = frames().flatMap((one, i) => {
    const pair = [tagged(one, 10), tagged({ ...one, at: one.at + 1000 }, 20)];
    return i % 2 === 0 || i < 4 ? pair : [pair[1]!, pair[0]!];
  });
  expect(invariantsThat('violated', judgeTap(swapped))).toEqual([]);
});

it('takes frames without a tag for those of the same connection at a port that takes it away', () => {
  const report = judgeTap(frames().map((one, i) => (i % 2 === 0 ? one : tagged(one, 10))));
  expect(invariantsThat('violated', report)).toEqual([]);
});
