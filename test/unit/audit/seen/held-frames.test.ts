/** Frames that are held: their bytes stay, and their memory is used again. */
import { describe, expect, it } from 'vitest';
import { type HeldFrame, HeldFrames } from '../../../../src/audit/seen/held-frames.ts';
import { FramePlace } from '../../../../src/capture/index.ts';

const bytesOf = ({ bytes, at, end }: HeldFrame): Uint8Array => bytes.slice(at, end);

/** A place whose frame is so many bytes of one value, behind three others. */
function placeOf(length: number, value: number): FramePlace {
  const place = new FramePlace();
  place.bytes = new Uint8Array(length + 3).fill(value);
  place.at = 3;
  place.end = length + 3;
  place.index = value;
  place.setTime(value, 7);
  return place;
}

describe('HeldFrames', () => {
  it('keeps what it holds while frames come and go', () => {
    const frames = new HeldFrames();
    const held: HeldFrame[] = [];
    const memory = new Set<Uint8Array>();
    for (let i = 0; i < 4000; i++) {
      const length = i % 1000 === 0 ? 300_000 : 64 + ((i * 37) % 2000);
      const one = frames.hold(placeOf(length, i & 0xff), i);
      if (length < 3000) memory.add(one.bytes);
      held.push(one);
      if (held.length <= 50) continue;
      const [oldest] = held.splice(i % 3, 1) as [HeldFrame];
      const number = oldest.atNs;
      expect(oldest.index).toBe(number & 0xff);
      expect(oldest.timeNs).toBe(BigInt(number & 0xff) * 1_000_000_000n + 7n);
      expect(bytesOf(oldest).every((byte) => byte === (number & 0xff))).toBe(true);
      frames.giveBack(oldest);
    }
    expect(memory.size).toBeLessThan(8);
  });

  it('takes a frame back once', () => {
    const frames = new HeldFrames();
    const first = frames.hold(placeOf(10, 1), 0);
    frames.giveBack(first);
    frames.giveBack(first);
    const [a, b] = [frames.hold(placeOf(10, 2), 0), frames.hold(placeOf(10, 3), 0)];
    expect(a).not.toBe(b);
    expect([...bytesOf(a), ...bytesOf(b)]).toEqual([...Array(10).fill(2), ...Array(10).fill(3)]);
  });
});
