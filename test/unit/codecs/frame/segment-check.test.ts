/** Which wrong checksums of TCP a capture's receiver has seen. */
import { expect, test } from 'vitest';
import { SegmentCheck } from '../../../../src/codecs/frame/segment-check.ts';
import { type End, summed, tcpFrame } from '../../../helpers/tcp-frames.ts';

const A: End = [1, 50_000];
const B: End = [2, 3260];
const frameOf = (bytes: number) =>
  tcpFrame({ from: A, to: B, seq: 1, payload: new Uint8Array(bytes).fill(7) });
const right = (bytes = 8): Uint8Array => summed(frameOf(bytes));
const wrong = (bytes = 8): Uint8Array => {
  const frame = right(bytes);
  frame[frame.length - 1]! ^= 1;
  return frame;
};

const segment = (frame: Uint8Array) => ({
  source: frame.subarray(26, 30),
  destination: frame.subarray(30, 34),
  headerAt: 34,
  at: 54,
  end: frame.length,
  lengthBytes: frame.length - 54,
});

/** What is said of the last of these frames. */
function said(...frames: Uint8Array[]): boolean | undefined {
  const check = new SegmentCheck();
  return frames.map((frame) => check.isDamaged(segment(frame), frame)).at(-1);
}

test('one among right ones is damaged, of an odd length as well', () => {
  expect([said(right()), said(right(), wrong()), said(right(9), wrong(9))]).toEqual([
    false,
    true,
    true,
  ]);
});

test('a card that computes them behind the tap damages nothing', () => {
  // No right one was seen: all of them may be like this.
  expect(said(wrong())).toBe(false);
  expect(said(right(), summed(frameOf(8), 'left to the card'))).toBe(false);
  // None computed at all.
  expect(said(right(), frameOf(8))).toBe(false);
});

test('segments that a card has put together have none that is right', () => {
  expect([said(right(), wrong(1460)), said(right(), wrong(9000))]).toEqual([true, false]);
  expect(said(right(9000), wrong(9000))).toBe(true);
});

test('of one that a snap length cut nothing is said', () => {
  const check = new SegmentCheck();
  const frame = right(40);
  check.isDamaged(segment(frame), frame);
  expect(check.isDamaged({ ...segment(frame), end: frame.length - 20 }, frame)).toBe(false);
});
