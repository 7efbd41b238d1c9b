/** Captures whose frames are doubled, out of order, of two fabrics or of two taps: nobody is accused for that. */
import { describe, expect, it } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../../src/audit/capture-judge.ts';
import { openCapture, type TimedFrame } from '../../../src/capture/index.ts';
import { decodeFrame, fcHeader, layerValue } from '../../../src/codecs/index.ts';
import { streams } from '../../../src/machine/random.ts';

async function framesOf(file: string) {
  const { info, frames } = await openCapture(`fixtures/${file}`);
  const all: TimedFrame[] = [];
  for await (const batch of frames) all.push(...batch);
  return { info, all };
}

type Capture = Awaited<ReturnType<typeof framesOf>>;

function judged({ info }: Capture, frames: readonly TimedFrame[]): CaptureReport {
  const judge = new CaptureJudge(info);
  frames.forEach((frame, i) => {
    judge.add({ ...frame, index: i + 1 });
  });
  return judge.finish();
}

const judgeFile = async (file: string): Promise<CaptureReport> => {
  const capture = await framesOf(file);
  return judged(capture, capture.all);
};

const violated = ({ verdict }: CaptureReport): string[] =>
  verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);

describe('field captures', () => {
  it('21: a mirror port shows every frame twice: one exchange each', async () => {
    const report = await judgeFile('field/21-span-duplicates.pcap');
    expect(report.capture).toMatchObject({ frames: 80, copies: 40, sorted: 0, late: 0 });
    expect(report.exchanges.fcp).toMatchObject({ opened: 10, completed: 10, unanswered: 0 });
    expect(violated(report)).toEqual([]);
  });

  it('24: a file slightly out of order: its frames are put in the order of their stamps', async () => {
    const report = await judgeFile('field/24-out-of-order-file.pcap');
    expect(report.capture).toMatchObject({ frames: 32, copies: 0, sorted: 8, late: 0 });
    expect(report.exchanges.fcp).toMatchObject({ opened: 8, completed: 8, unanswered: 0 });
    expect(violated(report)).toEqual([]);
  });

  it('26: two fabrics on one trunk with the same addresses: each has its logins and exchanges', async () => {
    const report = await judgeFile('field/26-login-two-vsans.pcap');
    expect(report.exchanges.fcp).toMatchObject({ opened: 74, completed: 74, unanswered: 0 });
    expect(report.exchanges.ct).toMatchObject({ opened: 16, completed: 16 });
    expect(report.logins.map(({ by, frame, result }) => [by, frame, result])).toEqual([
      ['FLOGI', 7, 'accepted'],
      ['FLOGI', 8, 'accepted'],
      ['PLOGI', 11, 'accepted'],
      ['PLOGI', 12, 'accepted'],
      ['PLOGI', 61, 'rejected'],
      ['PLOGI', 62, 'rejected'],
      ['PLOGI', 63, 'accepted'],
      ['PLOGI', 64, 'accepted'],
    ]);
    expect(report.moves).toEqual([]);
    expect(violated(report)).toEqual([]);
  });

  it('43: two taps that are both called eth0: an exchange that both saw is one', async () => {
    const report = await judgeFile('field/43-merged-same-if-name.pcapng');
    expect(report.exchanges.fcp).toMatchObject({ opened: 37, completed: 37, unanswered: 0 });
    expect(report.capture.copies).toBe(0);
    expect(violated(report)).toEqual([]);
  });
});

describe('the move of fabric-move-same.pcap, captured otherwise', () => {
  const file = 'fabric-move-same.pcap';
  const results = ({ verdict }: CaptureReport) =>
    verdict.map(({ invariant, result }) => [invariant, result]);

  it('doubled', async () => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const doubled = capture.all.flatMap((frame) => [
      frame,
      { ...frame, timeNs: frame.timeNs + 2_000n },
    ]);
    const report = judged(capture, doubled);
    expect(whole.capture.copies).toBe(0);
    // Of FIP those with an ELS inside.
    const withFc = capture.all.filter(({ bytes }) => layerValue(decodeFrame(bytes), fcHeader));
    expect(report.capture.copies).toBe(withFc.length);
    expect(results(report)).toEqual(results(whole));
    expect(report.exchanges).toEqual(whole.exchanges);
    expect(report.moves.map(({ from, to }) => [from.wwpn, from.enodeMac, to.enodeMac])).toEqual(
      whole.moves.map(({ from, to }) => [from.wwpn, from.enodeMac, to.enodeMac]),
    );
    expect(whole.moves).toHaveLength(1);
  });

  it.each([1, 2, 3])('shuffled within 5 ms, seed %i', async (seed) => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const random = streams(seed).stream('shuffle');
    const shuffled = capture.all
      .map((frame) => ({ frame, place: Number(frame.timeNs / 1000n) + random.below(5_000) }))
      .sort((a, b) => a.place - b.place)
      .map(({ frame }) => frame);
    expect(shuffled).not.toEqual(capture.all);
    const report = judged(capture, shuffled);
    expect(report.capture.late).toBe(0);
    expect(results(report)).toEqual(results(whole));
    expect(report.exchanges).toEqual(whole.exchanges);
    expect(report.moves).toHaveLength(whole.moves.length);
  });

  it('a clock that is set back is said, and the rest is judged in the order of the file', async () => {
    const capture = await framesOf(file);
    const half = capture.all.length >> 1;
    const report = judged(
      capture,
      capture.all.map((frame, i) =>
        i < half ? frame : { ...frame, timeNs: frame.timeNs - 3_600_000_000_000n },
      ),
    );
    expect(report.capture.late).toBe(1);
    expect(report.exchanges).toEqual(judged(capture, capture.all).exchanges);
  });
});
