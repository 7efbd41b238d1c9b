import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/machine/machine.ts';
import { RecentRequests } from '../../../src/machine/recent-requests.ts';

describe('RecentRequests', () => {
  it('know a copy for a second, and what is forgotten as new', () => {
    const recent = new RecentRequests();
    expect(recent.isRepeated('a 1', 0)).toBe(false);
    expect(recent.isRepeated('a 1', SECOND)).toBe(true);
    expect(recent.isRepeated('a 1', SECOND + 1)).toBe(false);
    recent.isRepeated('b 1', SECOND + 1);
    recent.forget('a ');
    expect(recent.isRepeated('a 1', SECOND + 2)).toBe(false);
    expect(recent.isRepeated('b 1', SECOND + 2)).toBe(true);
  });

  it('forget the oldest where there are more than they may keep', () => {
    const recent = new RecentRequests();
    for (let i = 0; i < 100_000; i++) recent.isRepeated(`request ${i}`, i);
    expect(recent.size).toBeLessThan(20_000);
    expect(recent.isRepeated('request 99999', 100_000)).toBe(true);
    expect(recent.isRepeated('request 5', 100_000)).toBe(false);
  });

  it('keep nothing of what is long over', () => {
    const recent = new RecentRequests();
    for (let i = 0; i < 10_000; i++) recent.isRepeated(`request ${i}`, i * SECOND);
    expect(recent.size).toBeLessThan(5);
  });
});
