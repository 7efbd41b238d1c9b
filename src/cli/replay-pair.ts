/** `replay --pair`: what two servers with a leg each have told, judged as one. */
import pc from 'picocolors';
import {
  isAskedOfPair,
  type JointVerdict,
  judgePairHistories,
  type PairHistory,
} from '../audit/joint-history.ts';
import { HistoryError, parseHistoryLine } from '../audit/told-history.ts';
import { escapeText } from '../codecs/layout/index.ts';
import type { HistoryEntry } from '../history/index.ts';
import { readText } from './files.ts';
import { count, Exit, table, toJson, UsageError, verdictLines } from './output.ts';

/** How the verdict is printed. */
export interface ReplayPairOptions {
  readonly json?: boolean;
}

/** Judges them. Returns the exit status. Errors: `UsageError`, `HistoryError`. */
export function replayPairCommand(files: readonly string[], { json }: ReplayPairOptions): number {
  if (files.length < 2)
    throw new UsageError('--pair: name what serve --history wrote at both servers');
  const joint = judgePairHistories(files.map(readPairHistory));
  process.stdout.write(json === true ? `${toJson(joint)}\n` : textOf(joint));
  return joint.verdict.some(({ result }) => result === 'violated') ? Exit.violated : Exit.clean;
}

/** What is asked of a history. Errors: `HistoryError`, `UsageError`. */
export function readPairHistory(path: string): PairHistory {
  const text = readText({ said: 'history', path, advice: 'give what serve --history wrote' });
  // The last line of a server that was killed may be cut.
  const lines = text.split('\n').slice(0, -1);
  const start = parseHistoryLine(lines[0] ?? '', `${path}:1`);
  if (!('history' in start)) throw new HistoryError(`${path}:1: no history of sanmotion serve`);
  const entries: HistoryEntry[] = [];
  let lastAt = 0;
  let isWhole = false;
  for (let i = 1; i < lines.length; i++) {
    const where = `${path}:${i + 1}`;
    const line = parseHistoryLine(lines[i]!, where, 'as contents');
    if ('history' in line) throw new HistoryError(`${where}: a second beginning`);
    if ('end' in line) isWhole = true;
    if (!('entry' in line)) continue;
    const { entry } = line;
    if (entry.at < lastAt) throw new HistoryError(`${where}: it is earlier than the line before`);
    lastAt = entry.at;
    try {
      if (isAskedOfPair(entry)) entries.push(entry);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new HistoryError(`${where}: is not what a server writes: ${error.message}`);
    }
  }
  return { file: path, start, entries, lastAt, isWhole };
}

function textOf({ histories, oneClock, verdict }: JointVerdict): string {
  const rows = histories.map(({ array, file, generation, happenings, isWhole, state }) => [
    escapeText(file),
    escapeText(array),
    count(happenings),
    `${escapeText(state ?? 'never heard of the other')}${generation === undefined ? '' : `, generation ${escapeText(generation)}`}${isWhole ? '' : ', without its end'}`,
  ]);
  const clock = oneClock
    ? 'one clock: what came first is known'
    : pc.yellow('no clock in common: what came first is not known');
  return [
    table([['history', 'array', 'happenings', 'in the end'].map(pc.dim), ...rows], [2]),
    clock,
    '',
    ...verdictLines(verdict),
    '',
    '',
  ].join('\n');
}
