/** `replay --history`: a capture judged with what a server's switches and array told beside it. */
import {
  HistoryError,
  HistoryJudge,
  type HistoryLine,
  type HistoryStart,
  parseHistoryLine,
} from '../audit/told-history.ts';
import type { Verdict } from '../audit/verdict.ts';
import { readFrames } from '../capture/index.ts';
import { readText } from './files.ts';

/** Verdicts on the frames of a capture and the history of its run. Errors: `HistoryError`, `UsageError`, `CaptureError`. */
export async function judgeWithHistory(capture: string, path: string): Promise<Verdict[]> {
  const text = readText({ said: 'history', path, advice: 'give what serve --history wrote' });
  // The last line of a server that was killed may be cut.
  const lines = text.split('\n').slice(0, -1);
  const start = parseHistoryLine(lines[0] ?? '', `${path}:1`);
  if (!('history' in start)) throw new HistoryError(`${path}:1: no history of sanmotion serve`);
  const frames = readFrames(capture);
  try {
    return await judgeLines(start, lines, path, new TapFrames(frames, capture));
  } finally {
    await frames.return();
  }
}

/** The frames of the tap, each with its time on the clock of the history. */
class TapFrames {
  readonly #frames: ReturnType<typeof readFrames>;
  readonly #file: string;
  #offset: bigint | undefined;

  constructor(frames: ReturnType<typeof readFrames>, file: string) {
    this.#frames = frames;
    this.#file = file;
  }

  /** The next one. `firstAt`: when the first frame of all passed. Errors: `HistoryError`. */
  async next(where: string, firstAt: number | undefined) {
    const { done, value } = await this.#frames.next();
    if (done === true)
      throw new HistoryError(
        `${where}: tells of a frame that ${this.#file} does not have: are they of one run?`,
      );
    this.#offset ??= value.timeNs - BigInt(firstAt ?? 0);
    const { bytes, index: number, interfaceName: tap = '' } = value;
    return { tap, number, bytes, at: Number(value.timeNs - this.#offset) };
  }
}

async function judgeLines(
  start: HistoryStart,
  lines: readonly string[],
  path: string,
  frames: TapFrames,
): Promise<Verdict[]> {
  const judge = new HistoryJudge(start);
  for (let i = 1; i < lines.length; i++) {
    const where = `${path}:${i + 1}`;
    const line = parseHistoryLine(lines[i]!, where);
    if ('history' in line) throw new HistoryError(`${where}: a second beginning`);
    try {
      await take(judge, line, where, frames);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new HistoryError(`${where}: is not what a server writes: ${error.message}`);
    }
  }
  return judge.conclude();
}

async function take(
  judge: HistoryJudge,
  line: HistoryLine,
  where: string,
  frames: TapFrames,
): Promise<void> {
  if ('port' in line) {
    judge.port(line.port);
    return;
  }
  for (const way of line.ways)
    judge.see(await frames.next(where, line.firstAt), way === 'i' ? 'in' : 'out');
  if ('entry' in line) judge.observe(line.entry);
}
