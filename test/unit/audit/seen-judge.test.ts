/** Frames of taps, judged one by one or all at once. */
import { expect, test } from 'vitest';
import { CaptureJudge } from '../../../src/audit/capture-judge.ts';
import { judgeSeen, SeenJudge } from '../../../src/audit/seen-judge.ts';
import { openCapture } from '../../../src/capture/index.ts';

test('say what a capture of them says', async () => {
  const capture = await openCapture('fixtures/fabric-login.pcap');
  const judge = new CaptureJudge(capture.info);
  const seen = new SeenJudge();
  const kept: Parameters<SeenJudge['see']>[0][] = [];
  for await (const frames of capture.frames)
    for (const frame of frames) {
      judge.add(frame);
      const one = {
        tap: 'tap',
        at: Number(frame.timeNs - 1_700_000_000_000_000_000n),
        number: frame.index,
        bytes: frame.bytes,
      };
      seen.see(one);
      kept.push(one);
    }
  const { capture: _, ...told } = judge.finish();
  const report = seen.finish();
  expect(report.capture).toMatchObject({ file: 'run', frames: kept.length });
  expect(report.logins).toEqual(told.logins);
  expect(report.verdict.map(({ invariant, result }) => [invariant, result])).toEqual(
    told.verdict.map(({ invariant, result }) => [invariant, result]),
  );
  expect(judgeSeen(kept)).toEqual(report);
});
