/** What comes off a stream: frames behind their lengths. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRAME_BYTES_MAX,
  FrameSplitter,
  putFrame,
  withPrefix,
} from '../../../src/live/frame-splitter.ts';

describe('FrameSplitter', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 });

  it('frames come out whole, however the bytes are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 })), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(withPrefix));
        const splitter = new FrameSplitter();
        const out: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          // A copy each: a socket's chunks are memory of their own.
          out.push(...splitter.push(new Uint8Array(bytes.subarray(at, at + cut))));
          at += cut;
        }
        expect(out).toEqual(sent);
        expect(splitter.atBoundary).toBe(true);
      }),
      { seed: 20_261_122 },
    );
  });

  it('frames are no Buffers, whose slice would not copy', () => {
    const [frame] = new FrameSplitter().push(Buffer.from(withPrefix(Uint8Array.of(1, 2))));
    expect(Buffer.isBuffer(frame)).toBe(false);
    const copy = frame!.slice();
    copy[0] = 9;
    expect(frame![0]).toBe(1);
  });

  it.each([0, FRAME_BYTES_MAX + 1, 0xffff_ffff])(
    'a frame of %d bytes ends the stream',
    (length) => {
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(length);
      expect(() => new FrameSplitter().push(prefix)).toThrow(
        `says its next frame has ${length} bytes`,
      );
    },
  );

  it('knows what it lacks', () => {
    const splitter = new FrameSplitter();
    expect(splitter.push(Uint8Array.of(0, 0, 0, 9, 1, 2))).toEqual([]);
    expect(splitter.atBoundary).toBe(false);
    expect(splitter.pending).toEqual({ bytes: 2, of: 9 });
  });
});

it('frames are put one behind the other, each behind its length', () => {
  const bytes = new Uint8Array(12).fill(0xa5);
  const behind = putFrame(bytes, 1, Uint8Array.of(1, 2));
  expect(behind).toBe(7);
  expect(putFrame(bytes, behind, Uint8Array.of(3))).toBe(12);
  expect([...bytes]).toEqual([0xa5, 0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3]);
});
