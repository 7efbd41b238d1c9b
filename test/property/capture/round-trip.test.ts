import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureError, memorySink, PcapngWriter } from '../../../src/capture/index.ts';
import { chunked, pcapFile, readAll } from '../../helpers/capture.ts';

const SEED = 20260101;
const u32 = fc.nat(0xffff_ffff);
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((s) => !s.endsWith('\0'));
const bytes = fc.uint8Array({ maxLength: 300 });
const chunkBytes = fc.integer({ min: 1, max: 2000 });

const tap = fc.record({ name: text, linkType: fc.nat(0xffff) });
const taps = fc.array(tap, { minLength: 1, maxLength: 4 });
const frame = fc.record(
  {
    tap: fc.nat(3),
    timeNs: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    bytes,
    originalLength: u32,
    comment: text,
  },
  { requiredKeys: ['tap', 'timeNs', 'bytes'] },
);
type FrameInput = typeof frame extends fc.Arbitrary<infer T> ? T : never;

const record = fc.record({ seconds: u32, subseconds: fc.nat(999_999), bytes, originalLength: u32 });
const pcapOptions = fc.record({ littleEndian: fc.boolean(), nanoseconds: fc.boolean() });

/** Each tap is declared when its first frame comes. */
async function write(
  taps: readonly { name: string; linkType: number }[],
  frames: readonly FrameInput[],
): Promise<{ bytes: Uint8Array; ids: number[] }> {
  const sink = memorySink();
  const writer = new PcapngWriter(sink);
  const idOf = new Map<number, number>();
  const ids = frames.map(({ tap, timeNs, bytes, comment, originalLength }) => {
    const number = tap % taps.length;
    const id = idOf.get(number) ?? writer.addInterface(taps[number]!);
    idOf.set(number, id);
    writer.writeFrame(id, timeNs, bytes, {
      ...(comment === undefined ? {} : { comment }),
      ...(originalLength === undefined ? {} : { originalLength }),
    });
    return id;
  });
  await writer.close();
  return { bytes: sink.bytes(), ids };
}

describe('capture round trip', () => {
  it('reads back every frame, tap and comment that was written', async () => {
    await fc.assert(
      fc.asyncProperty(taps, fc.array(frame), chunkBytes, async (taps, frames, size) => {
        const { bytes, ids } = await write(taps, frames);
        const { frames: read, error } = await readAll(chunked(bytes, size));
        expect(error).toBeUndefined();
        expect(read).toEqual(
          frames.map(({ tap, timeNs, bytes, comment, originalLength }, i) => ({
            index: i + 1,
            timeNs,
            interfaceId: ids[i],
            interfaceName: taps[tap % taps.length]!.name,
            linkType: taps[tap % taps.length]!.linkType,
            bytes,
            originalLength: originalLength ?? bytes.length,
            ...(comment === undefined ? {} : { comment }),
          })),
        );
      }),
      { seed: SEED },
    );
  });

  it('gives the same bytes for the same calls', async () => {
    await fc.assert(
      fc.asyncProperty(taps, fc.array(frame), async (taps, frames) => {
        expect((await write(taps, frames)).bytes).toEqual((await write(taps, frames)).bytes);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });

  it('reads every classic pcap file in any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record),
        pcapOptions,
        chunkBytes,
        async (records, options, size) => {
          const { frames, error } = await readAll(chunked(pcapFile(records, options), size));
          expect(error).toBeUndefined();
          const unitNs = options.nanoseconds ? 1n : 1000n;
          expect(frames).toEqual(
            records.map(({ seconds, subseconds, bytes, originalLength }, i) => ({
              index: i + 1,
              timeNs: BigInt(seconds) * 1_000_000_000n + BigInt(subseconds) * unitNs,
              interfaceId: 0,
              interfaceName: undefined,
              linkType: 1,
              bytes,
              originalLength,
            })),
          );
        },
      ),
      { seed: SEED },
    );
  });
});

describe('damaged captures', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const damaged = (whole: Uint8Array, changes: readonly (readonly [number, number])[]) => {
    const copy = whole.slice();
    for (const [at, value] of changes) copy[at % copy.length] = value;
    return copy;
  };

  it('give frames and at most a CaptureError', async () => {
    const files = fc
      .tuple(fc.array(record, { maxLength: 5 }), pcapOptions)
      .map((args) => pcapFile(...args));
    await fc.assert(
      fc.asyncProperty(files, damage, async (whole, changes) => {
        const { error } = await readAll(damaged(whole, changes));
        if (error !== undefined) expect(error).toBeInstanceOf(CaptureError);
      }),
      { seed: SEED, numRuns: 500 },
    );
    await fc.assert(
      fc.asyncProperty(
        taps,
        fc.array(frame, { maxLength: 5 }),
        damage,
        async (taps, frames, changes) => {
          const { error } = await readAll(damaged((await write(taps, frames)).bytes, changes));
          if (error !== undefined) expect(error).toBeInstanceOf(CaptureError);
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});
