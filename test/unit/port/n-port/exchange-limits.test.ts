import { describe, expect, it } from 'vitest';
import { FCTL_END_SEQUENCE, type FcHeader } from '../../../../src/codecs/fc/index.ts';
import { SequenceCollector } from '../../../../src/port/n-port/sequence-collector.ts';

const header = (seqCnt: number, last = false): FcHeader =>
  ({ seqCnt, fCtl: last ? FCTL_END_SEQUENCE : 0 }) as FcHeader;

describe('SequenceCollector', () => {
  it('joins the frames of a sequence in their order', () => {
    const collector = new SequenceCollector();
    expect(collector.add(header(7), Uint8Array.of(1, 2))).toBeUndefined();
    expect(collector.add(header(8), Uint8Array.of(3))).toBeUndefined();
    expect(collector.add(header(9, true), Uint8Array.of(4))).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it('begins anew after a gap', () => {
    const collector = new SequenceCollector();
    collector.add(header(0), Uint8Array.of(1));
    expect(collector.add(header(2, true), Uint8Array.of(2))).toBeUndefined();
    expect(collector.add(header(5, true), Uint8Array.of(3))).toEqual(Uint8Array.of(3));
  });

  it.each([
    ['empty', 0, 5_000],
    ['large', 2_112, 600],
  ])('gives up a sequence of %s frames without end', (_what, bytes, frames) => {
    const collector = new SequenceCollector();
    let most = 0;
    for (let i = 0; i < frames; i++) {
      expect(collector.add(header(i), new Uint8Array(bytes))).toBeUndefined();
      most = Math.max(most, collector.size);
    }
    expect(most).toBeLessThanOrEqual(4_096);
    expect(most * bytes).toBeLessThanOrEqual(2 ** 20);
    expect(most).toBeGreaterThan(100);
  });
});
