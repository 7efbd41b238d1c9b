/** What a capture file shows, as `replay` judges it. */
import { CaptureJudge, type CaptureReport } from '../../src/audit/capture-judge.ts';
import { openCapture } from '../../src/capture/index.ts';

/** The report of a file. */
export async function judgedFile(path: string): Promise<CaptureReport> {
  const capture = await openCapture(path);
  const judge = new CaptureJudge(capture.info);
  await capture.visitAll((place) => judge.visit(place));
  return judge.finish();
}
