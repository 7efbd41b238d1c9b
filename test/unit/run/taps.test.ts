/** Taps at the second end of cables. */
import { expect, test } from 'vitest';
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import { memorySink, PcapngWriter, readFrames } from '../../../src/capture/index.ts';
import { Taps } from '../../../src/run/taps.ts';
import type { Cable } from '../../../src/scenario/topology.ts';
import { pair, tagged } from '../../helpers/sim-machines.ts';

const CABLE = { name: 'wire', fabric: 'A' } as Cable;

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('frames are numbered, with the direction as the second end sees it', () => {
  const { left, right, sendAt, simulator } = pair();
  const seen: TappedFrame[] = [];
  const taps = new Taps(simulator, [CABLE], { see: (frame) => seen.push(frame) });
  sendAt(0, [1, 2]);
  simulator.call(100_000, () => {
    right.outputs.push({ port: 0, send: tagged(3), given: false });
    simulator.act('right', () => {});
  });
  simulator.run();
  expect(left.tags).toEqual([3]);
  expect(seen.map((one) => [one.number, one.direction, one.bytes[0]])).toEqual([
    [1, 'in', 1],
    [2, 'in', 2],
    [3, 'out', 3],
  ]);
  expect(seen[0]).toMatchObject({ tap: 'wire', fabric: 'A' });
  expect(taps.frames).toBe(3);
});

test('cards see frames when they leave, and when they have come', () => {
  const { right, sendAt, simulator } = pair();
  const ends = [
    { node: 'left', port: 0 },
    { node: 'right', port: 0 },
  ] as const;
  const cable = { ...CABLE, ends } as Cable;
  const [seen, atCard]: [TappedFrame[], TappedFrame[]] = [[], []];
  const cards = { of: new Set(['left']), see: (frame: TappedFrame) => atCard.push(frame) };
  const taps = new Taps(simulator, [cable], { see: (frame) => seen.push(frame), cards });
  sendAt(0, [1]);
  simulator.call(100_000, () => {
    right.outputs.push({ port: 0, send: tagged(2), given: false });
    simulator.act('right', () => {});
  });
  simulator.run();
  expect(atCard.map((one) => [one.tap, one.number, one.direction, one.bytes[0]])).toEqual([
    ['left', 1, 'in', 1],
    ['left', 2, 'out', 2],
  ]);
  // It left before it was at the other end, and what came was there before.
  expect(atCard[0]!.at).toBeLessThan(seen[0]!.at);
  expect(atCard[1]!.at).toBeGreaterThan(seen[1]!.at);
  expect(taps.frames).toBe(2);
  const others = new Taps(simulator, [cable], {
    see: () => {},
    cards: { ...cards, of: new Set() },
  });
  expect(others.frames).toBe(0);
});

test('comments are on the next frame of the capture, none is lost, and on no other', async () => {
  const { sendAt, simulator } = pair();
  const sink = memorySink();
  const capture = new PcapngWriter(sink);
  const taps = new Taps(simulator, [CABLE], { see: () => {}, capture });
  taps.comment('move: stun');
  taps.comment('move: drain');
  sendAt(0, [1, 2]);
  simulator.run();
  await capture.close();
  const frames = [];
  for await (const frame of readFrames(chunks(sink.bytes()))) frames.push(frame);
  expect(frames).toHaveLength(2);
  expect(new TextDecoder().decode(sink.bytes()).match(/move: stun; move: drain/g)).toHaveLength(1);
});

test('a capture stops at its bound and says so; comments stand on their frames', async () => {
  const { sendAt, simulator } = pair();
  const sink = memorySink();
  const capture = new PcapngWriter(sink);
  const seen: number[] = [];
  const taps = new Taps(simulator, [CABLE], {
    see: ({ number }) => seen.push(number),
    capture,
    captureBytesMax: 2 * tagged(1).length,
    comments: new Map([[1, 'held']]),
  });
  taps.comment('move: stun');
  sendAt(0, [1, 2, 3, 4]);
  simulator.run();
  await capture.close();
  const frames = [];
  for await (const frame of readFrames(chunks(sink.bytes()))) frames.push(frame);
  expect(frames).toHaveLength(2);
  expect([taps.frames, taps.captured, seen.length]).toEqual([4, 2, 4]);
  const text = new TextDecoder().decode(sink.bytes());
  expect(text).toContain('move: stun; held');
  expect(text).toContain('the capture has come to its bound');
});
