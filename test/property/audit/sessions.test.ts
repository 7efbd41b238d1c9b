/** What a capture lacks, doubles or confuses accuses nobody: neither in a sound conversation nor in recordings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/capture/index.ts';
import { invariantsThat, judgeTap, type TapFrame } from '../../helpers/session-tap.ts';
import { soundSession } from '../../helpers/sound-session.ts';

const RUNS = { numRuns: 150, seed: 14 };

async function framesOf(name: string): Promise<TapFrame[]> {
  const frames: TapFrame[] = [];
  const capture = await openCapture(`fixtures/${name}.pcap`);
  let startNs: bigint | undefined;
  for await (const batch of capture.frames)
    for (const { bytes, timeNs, originalLength } of batch) {
      startNs ??= timeNs;
      frames.push({ at: Number(timeNs - startNs), bytes: bytes.slice(), originalLength });
    }
  return frames;
}

/** What a tap may do to frames. `order`: for each the places that it may be put back by. */
interface Doing {
  readonly from: number;
  readonly to: number;
  readonly lost: readonly boolean[];
  readonly doubled: readonly boolean[];
  readonly back: readonly number[];
  readonly snap: number;
}

const doings = (count: number): fc.Arbitrary<Doing> => {
  const rarely = fc.array(
    fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
    {
      minLength: count,
      maxLength: count,
    },
  );
  const never = fc.constant(new Array<boolean>(count).fill(false));
  return fc.record({
    from: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: count - 1 })),
    to: fc.oneof(fc.constant(count), fc.integer({ min: 1, max: count })),
    lost: fc.oneof(never, rarely),
    doubled: fc.oneof(never, rarely),
    back: fc.oneof(
      fc.constant(new Array<number>(count).fill(0)),
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: count, maxLength: count }),
    ),
    snap: fc.oneof(fc.constant(1e6), fc.integer({ min: 54, max: 400 })),
  });
};

/** Frames as such a tap has them; they change places within 6 ms, and stamps stay where they were. */
function done(frames: readonly TapFrame[], doing: Doing): TapFrame[] {
  const { back, doubled, from, lost, snap, to } = doing;
  const kept = frames.flatMap((frame, i) => {
    if (i < from || i >= to || lost[i] === true) return [];
    const bytes = frame.bytes.subarray(0, snap);
    const cut = { ...frame, bytes, originalLength: frame.originalLength ?? frame.bytes.length };
    const place = frame.at + back[i]! * 1e6;
    const one = { cut, place };
    return doubled[i] === true ? [one, { cut, place: place + 2e6 }] : [one];
  });
  const stamps = kept.map(({ place }) => place).sort((a, b) => a - b);
  return kept
    .map((one, i) => ({ ...one, i }))
    .sort((a, b) => a.place - b.place || a.i - b.i)
    .map(({ cut }, i) => ({ ...cut, at: stamps[i]! }));
}

describe('a sound conversation', () => {
  const whole = soundSession();
  const report = judgeTap(whole);

  it('holds, and nothing in it is violated', () => {
    expect(invariantsThat('violated', report)).toEqual([]);
    expect(invariantsThat('holds', report)).toEqual([
      ...['I1', 'I2', 'I5', 'I7', 'I8', 'I12', 'I13', 'I14', 'I15', 'I16', 'I17', 'I19'],
    ]);
    expect(report.sessions.map(({ ended }) => ended)).toEqual(['reinstated', 'logged out']);
  });

  it('is never accused of what a tap did to it, and no more holds of it than of the whole', () => {
    const holding = new Set(invariantsThat('holds', report));
    fc.assert(
      fc.property(doings(whole.length), (doing) => {
        const seen = judgeTap(done(whole, doing));
        expect(seen.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
        expect(invariantsThat('holds', seen).filter((one) => !holding.has(one))).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('recordings', () => {
  it.each([
    'iscsi/iscsi-test-cu-tgt',
    'iscsi/ipxe-login-read-tgt',
    'iscsi/late-data-out-two-sessions-tgt',
    'iscsi/qemu-reconnect-random-isid-tgt',
    'iscsi/reinstatement-serve',
    'iscsi/reinstatement-tgt',
    'iscsi/late-data-out-other-isid-tgt',
    'nfs/libnfs',
    'nfs/linux-4.1',
  ])('%s shows nothing more when it is cut, doubled or confused', async (name) => {
    const whole = await framesOf(name);
    const accused = new Set(invariantsThat('violated', judgeTap(whole)));
    fc.assert(
      fc.property(doings(whole.length), (doing) => {
        const seen = judgeTap(done(whole, doing));
        const more = seen.verdict.filter(
          ({ result, invariant }) => result === 'violated' && !accused.has(invariant),
        );
        expect(more).toEqual([]);
      }),
      { ...RUNS, numRuns: 25 },
    );
  });
});
