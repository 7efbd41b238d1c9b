/** A sequence of several frames, put together. */
import { describe, expect, it } from 'vitest';
import type { FcHeader } from '../../../../src/codecs/fc/index.ts';
import { SequenceCollector } from '../../../../src/port/n-port/sequence-collector.ts';

const header = (seqCnt: number, last: boolean) =>
  ({ seqCnt, fCtl: last ? 0x99_0000 : 0x80_0000 }) as FcHeader;
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('a sequence', () => {
  it('of one frame is its payload, not a copy', () => {
    const payload = bytes(1, 2);
    expect(new SequenceCollector().add(header(7, true), payload)).toBe(payload);
  });

  it('of several is joined when the last is there, wherever SEQ_CNT begins', () => {
    const collector = new SequenceCollector();
    expect(collector.add(header(0xffff, false), bytes(1, 2))).toBeUndefined();
    expect(collector.add(header(0, false), bytes(3))).toBeUndefined();
    expect(collector.add(header(1, true), bytes(4, 5))).toEqual(bytes(1, 2, 3, 4, 5));
  });

  it.each([
    ['a gap', 2],
    ['a frame twice', 0],
  ])('with %s is given up, and the next one is whole', (_, seqCnt) => {
    const collector = new SequenceCollector();
    collector.add(header(0, false), bytes(1));
    expect(collector.add(header(seqCnt, true), bytes(9))).toBeUndefined();
    collector.add(header(0, false), bytes(1));
    expect(collector.add(header(1, true), bytes(2))).toEqual(bytes(1, 2));
  });

  it('has 1 MiB at most', () => {
    const collector = new SequenceCollector();
    const half = new Uint8Array(1 << 19);
    collector.add(header(0, false), half);
    expect(collector.add(header(1, true), half)).toHaveLength(1 << 20);
    const tooMuch = new SequenceCollector();
    tooMuch.add(header(0, false), half);
    tooMuch.add(header(1, false), half);
    expect(tooMuch.add(header(2, true), bytes(1))).toBeUndefined();
  });
});
