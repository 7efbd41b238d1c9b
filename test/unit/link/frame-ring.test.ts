import { expect, it } from 'vitest';
import { FrameRing } from '../../../src/link/frame-ring.ts';

it('gives frames back in the order they came, with their numbers, through any growth', () => {
  const ring = new FrameRing();
  const fate = { drop: true, delayNs: 0, copyAfterNs: undefined };
  let pushed = 0;
  let taken = 0;
  expect([ring.length, ring.shift()]).toEqual([0, undefined]);
  const push = () => {
    const n = ++pushed;
    ring.push(Uint8Array.of(n), n % 2 === 0, n * 10, n, n % 3 === 0 ? fate : undefined, n * 100);
  };
  const take = () => {
    const n = ++taken;
    expect([ring.headOrdinal, ring.headBytes, ring.headDueNs]).toEqual([n, n * 10, n * 100]);
    expect(ring.headGiven).toBe(n % 2 === 0);
    expect(ring.headFate).toBe(n % 3 === 0 ? fate : undefined);
    expect(ring.shift()).toEqual(Uint8Array.of(n & 0xff));
  };
  // Fuller and fuller, so that it grows with its oldest frame at every place.
  for (let round = 1; round < 30; round++) {
    for (let i = 0; i < round; i++) push();
    for (let i = 0; i < round - 1; i++) take();
    expect(ring.length).toBe(pushed - taken);
  }
  while (ring.length > 0) take();
  expect(taken).toBe(pushed);
});
