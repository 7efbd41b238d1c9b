/** `sanmotion replay a.pcap b.pcap --together`: captures of one event, merged by time and judged as one. */
import { CaptureJudge } from '../audit/capture-judge.ts';
import { type ClockOffset, FrameTimes } from '../audit/seen/common-frames.ts';
import { type CaptureInfo, openCapture, readFrames, type TimedFrame } from '../capture/index.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { count, duration, UsageError } from './output.ts';

/** What was found of one of the captures that are judged together. */
export interface TogetherRow extends ClockOffset {
  readonly file: string;
  readonly frames: number;
  /** A tap of its own: it shows frames that another capture shows too. */
  readonly ownTap: boolean;
}

/** Interfaces of a capture; those of another are numbered from there on. */
const INTERFACES_PER_FILE = 0x1_0000;

/** Reads the captures once for their clocks and once, merged, for the judge. Errors: `CaptureError`. */
export async function judgeTogether(
  files: readonly string[],
): Promise<{ readonly judge: CaptureJudge; readonly rows: TogetherRow[] }> {
  if (files.length < 2) throw new UsageError('--together: name two captures or more');
  if (files.includes('-')) throw new UsageError('--together: name files: they are read twice');
  const rows = await clocksOf(files);
  const judge = new CaptureJudge(await infoOf(files));
  let index = 0;
  for await (const timed of merged(rows)) judge.add({ ...timed, index: ++index });
  return { judge, rows };
}

async function infoOf(files: readonly string[]): Promise<CaptureInfo> {
  const capture = await openCapture(files[0]!);
  await capture.close();
  return { ...capture.info, file: files.join(' + ') };
}

async function clocksOf(files: readonly string[]): Promise<TogetherRow[]> {
  const rows: TogetherRow[] = [];
  let first: FrameTimes | undefined;
  for (const file of files) {
    const times = new FrameTimes();
    for await (const timed of readFrames(file)) times.add(timed);
    const clock: ClockOffset =
      first === undefined ? { commonFrames: 0, offsetNs: 0n, spreadNs: 0n } : times.against(first);
    first ??= times;
    // What one wire shows in two files, in turns or a direction in each, is one tap's.
    rows.push({ file, frames: times.frames, ownTap: clock.commonFrames > 0, ...clock });
  }
  return rows;
}

/** The frames of all captures by time, on the clock of the first. */
async function* merged(rows: readonly TogetherRow[]): AsyncGenerator<TimedFrame> {
  const heads = await Promise.all(
    rows.map(async (row, i) => {
      const frames = onClock(row, i);
      return { frames, next: await frames.next() };
    }),
  );
  for (;;) {
    let least: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (least === undefined || head.next.value.timeNs < (least.next.value as TimedFrame).timeNs)
        least = head;
    }
    if (least === undefined) return;
    yield least.next.value as TimedFrame;
    least.next = await least.frames.next();
  }
}

async function* onClock(row: TogetherRow, number: number): AsyncGenerator<TimedFrame, undefined> {
  const shift = row.ownTap ? number * INTERFACES_PER_FILE : 0;
  for await (const timed of readFrames(row.file)) {
    const interfaceId = timed.interfaceId + shift;
    yield { ...timed, interfaceId, timeNs: timed.timeNs + row.offsetNs };
  }
}

/** Lines about how the captures were put together. */
export function togetherLines(rows: readonly TogetherRow[]): string[] {
  return rows.slice(1).map((row) => {
    const file = escapeText(row.file);
    const { commonFrames, offsetNs, spreadNs } = row;
    if (commonFrames === 0)
      return `together   ${file}: no frame is in both, its clock is taken as it is`;
    const common = `${count(commonFrames)} frames are in both`;
    if (offsetNs === 0n && spreadNs === 0n)
      return `together   ${file}: ${common}, at the same times`;
    const off = duration(Number(offsetNs < 0n ? -offsetNs : offsetNs));
    const way = offsetNs < 0n ? 'ahead' : 'behind';
    return `together   ${file}: ${common}, its clock is ${off} ${way} (within ${duration(Number(spreadNs))})`;
  });
}
