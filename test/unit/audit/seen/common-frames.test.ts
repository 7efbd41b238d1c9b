import { describe, expect, it } from 'vitest';
import { FrameTimes } from '../../../../src/audit/seen/common-frames.ts';
import { readFrames, type TimedFrame } from '../../../../src/capture/index.ts';

async function timesOf(from: number, to: number, change: (one: TimedFrame) => TimedFrame) {
  const times = new FrameTimes();
  for await (const timed of readFrames('fixtures/fabric-move-same.pcap'))
    if (timed.index >= from && timed.index <= to) times.add(change(timed));
  return times;
}

const same = (one: TimedFrame): TimedFrame => one;
const late = (one: TimedFrame): TimedFrame => ({ ...one, timeNs: one.timeNs + 1_500_000_000n });

describe('frames that two captures have', () => {
  it('tell how their clocks differ', async () => {
    const [a, b] = [await timesOf(1, 700, same), await timesOf(600, 1290, late)];
    const found = b.against(a);
    expect(found.offsetNs).toBe(-1_500_000_000n);
    expect(found.commonFrames).toBeGreaterThan(50);
    expect(found.spreadNs).toBeLessThan(5_000_000n);
    expect([b.frames, b.lastNs! - b.firstNs! > 0n]).toEqual([691, true]);
  });

  it('are found when addresses differ and one was cut', async () => {
    const elsewhere = ({ bytes, ...one }: TimedFrame): TimedFrame => {
      const changed = bytes.slice(0, 96);
      changed.fill(7, 0, 12);
      return { ...one, bytes: changed };
    };
    const [a, b] = [await timesOf(1, 700, same), await timesOf(1, 700, elsewhere)];
    expect(b.against(a)).toMatchObject({ offsetNs: 0n });
    expect(b.against(a).commonFrames).toBeGreaterThan(300);
  });

  it('are none in captures of different times', async () => {
    const [a, b] = [await timesOf(1, 300, same), await timesOf(900, 1290, same)];
    expect(b.against(a).commonFrames).toBe(0);
  });
});
