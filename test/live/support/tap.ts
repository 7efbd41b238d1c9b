/** What has to be true of every tap: read back byte for byte by us, and nothing malformed to tshark. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../../src/audit/capture-judge.ts';
import { openCapture } from '../../../src/capture/index.ts';

const TSHARK_LIMIT_MS = 60_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** What `replay` finds in a tap. */
export async function judgedTap(path: string): Promise<CaptureReport> {
  const capture = await openCapture(path);
  const judge = new CaptureJudge(capture.info);
  for await (const batch of capture.frames) for (const frame of batch) judge.add(frame);
  return judge.finish();
}

/** Numbers of the invariants that a tap shows broken. */
export const violatedIn = ({ verdict }: CaptureReport): readonly string[] =>
  verdict.flatMap(({ invariant, result }) => (result === 'violated' ? [invariant] : []));

/** tshark takes SCSI data that an allocation length cut for malformed, once it knows the command, as in iSCSI. */
const MALFORMED = '_ws.malformed && !(iscsi.opcode == 0x25)';

/**
 * Replays a tap: every frame decodes and encodes to its own bytes, and tshark finds no fault. What TCP ports that are
 * not the usual ones carry is told by `decodeAs`, such as `tcp.port==3270,iscsi`.
 */
export async function expectCleanTap(
  path: string,
  decodeAs: readonly string[] = [],
): Promise<void> {
  const report = await judgedTap(path);
  expect(report.capture.frames, `frames in ${path}`).toBeGreaterThan(0);
  expect(report.codec, path).toMatchObject({ identical: report.capture.frames, malformed: [] });
  expect(
    tshark(path, [...decodeAs.flatMap((one) => ['-d', one]), '-Y', MALFORMED]),
    `malformed to tshark in ${path}`,
  ).toBe('');
}

/** Standard output of tshark on a capture. */
export function tshark(path: string, options: readonly string[]): string {
  return execFileSync('tshark', ['-r', path, ...options], {
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
    timeout: TSHARK_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Lengths of the frames at one interface of a tap, such as `port 1`. */
export async function frameLengths(path: string, name: string): Promise<number[]> {
  const capture = await openCapture(path);
  const lengths: number[] = [];
  for await (const batch of capture.frames) {
    for (const frame of batch) if (frame.interfaceName === name) lengths.push(frame.bytes.length);
  }
  return lengths;
}
