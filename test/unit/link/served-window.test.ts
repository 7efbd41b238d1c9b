import { expect, it } from 'vitest';
import { ServedWindow, WINDOW_NS } from '../../../src/link/served-window.ts';

const BANDWIDTH = [50, 50, 'strict', 0, 0, 0, 0, 0] as const;

it('says what groups got that had something to send all along', () => {
  const window = new ServedWindow(8e9);
  window.turn(0, BANDWIDTH, (group) => group < 2);
  window.count(0, 300_000);
  window.count(1, 700_000);
  expect(window.isOver(WINDOW_NS - 1)).toBe(false);
  expect(window.isOver(WINDOW_NS)).toBe(true);
  const served = { fromNs: 0, capacityBytes: 1_000_000, bandwidth: 50 };
  expect(window.turn(WINDOW_NS, BANDWIDTH, () => false)).toEqual([
    { ...served, group: 0, bytes: 300_000 },
    { ...served, group: 1, bytes: 700_000 },
  ]);
});

it('says nothing of one that rested, nor of one that was alone', () => {
  const window = new ServedWindow(8e9);
  window.turn(0, BANDWIDTH, (group) => group < 2);
  window.count(0, 10);
  window.count(1, 10);
  window.rest(0);
  expect(
    window.turn(WINDOW_NS, BANDWIDTH, (group) => group === 0).map(({ group }) => group),
  ).toEqual([1]);
  window.count(0, 10);
  expect(window.turn(2 * WINDOW_NS, BANDWIDTH, () => true)).toEqual([]);
});

it('leaves to the others what strict groups did not take', () => {
  const window = new ServedWindow(8e9);
  window.turn(0, BANDWIDTH, (group) => group === 0 || group === 2);
  window.count(2, 400_000);
  window.count(0, 600_000);
  const [first, strict] = window.turn(WINDOW_NS, BANDWIDTH, () => false);
  expect([first?.capacityBytes, strict?.capacityBytes]).toEqual([600_000, 1_000_000]);
});
