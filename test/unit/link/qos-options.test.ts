import { describe, expect, it } from 'vitest';
import {
  checkQueues,
  etherTypeOf,
  GROUPS_DEFAULT,
  isPaused,
  priorityOf,
} from '../../../src/link/qos-options.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(`${'00'.repeat(12)}${hex}`, 'hex'));

describe('a frame', () => {
  it.each([
    ['8100 63ea 8906', 3, 0x8906, 16],
    ['88a8 e001 8100', 7, 0x8100, 16],
    ['8906 0000', 0, 0x8906, 12],
    ['8808 0101', 0, 0x8808, 12],
    ['', 0, 0, 12],
    ['8100', 0, 0, 16],
  ])('%s has priority %d', (hex, priority, etherType, at) => {
    const frame = bytes(hex.replaceAll(' ', ''));
    expect(priorityOf(frame)).toBe(priority);
    expect(etherTypeOf(frame)).toEqual({ at, etherType });
  });
});

describe('queues', () => {
  const queues = { ...GROUPS_DEFAULT, pfcEnabled: 8 };
  it('that are eight groups, eight bandwidths and a mask are some', () => {
    expect(() => checkQueues(queues)).not.toThrow();
    expect(isPaused(queues.pfcEnabled, 3)).toBe(true);
    expect(isPaused(queues.pfcEnabled, 2)).toBe(false);
  });

  it.each([
    { groups: [0, 1] },
    { groups: [0, 0, 0, 8, 0, 0, 0, 0] },
    { pfcEnabled: -1 },
    { bandwidth: [50, 51, 0, 0, 0, 0, 0, 0] },
    { bandwidth: [Number.NaN, 0, 0, 0, 0, 0, 0, 0] },
  ])('%o are none', (wrong) => {
    expect(() => checkQueues({ ...queues, ...wrong })).toThrow(RangeError);
  });
});
