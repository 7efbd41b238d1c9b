/** Verdicts for a person. */
import pc from 'picocolors';
import type { Verdict } from '../audit/verdict.ts';
import { escapeText } from '../codecs/layout/text.ts';
import { plain, terminalColumns, wrap } from './columns.ts';

/** How much is said. */
export interface VerdictTextOptions {
  /** What holds and what cannot be seen comes as one line of numbers each. */
  readonly folded?: boolean;
  /** Captures of their own that show a violation, by its invariant. */
  readonly captures?: ReadonlyMap<string, string>;
}

/** Where details begin. */
const INDENT = 16;

/** A verdict's result in its colour. */
function paintResult(result: Verdict['result']): string {
  if (result === 'holds') return pc.green('holds');
  return result === 'violated' ? pc.red('violated') : pc.yellow('not observable');
}

/**
 * A verdict as a person reads it: each invariant's sentence, and below it what was found, what is
 * violated first. What cannot be seen comes last, a line each.
 */
export function verdictLines(
  verdict: readonly Verdict[],
  { captures, folded = false }: VerdictTextOptions = {},
): string[] {
  const of = (result: Verdict['result']) => verdict.filter((one) => one.result === result);
  const unseen = of('not-observable');
  const violated = of('violated');
  if (folded) {
    // What was somebody else's doing was suffered all the same.
    const told = [...violated, ...verdict.filter(({ excused }) => excused !== undefined)];
    return [
      ...told.flatMap((one) => judgedLines(one, captures)),
      ...(told.length > 0 ? [''] : []),
      ...foldedLine('holds', pc.green, of('holds')),
      ...foldedLine('not observable', pc.yellow, unseen),
      pc.dim('--all shows what each found, sanmotion explain I1 what it means'),
    ];
  }
  return [
    ...[...violated, ...of('holds')].flatMap((one) => judgedLines(one, captures)),
    ...(unseen.length > 0 && unseen.length < verdict.length ? [''] : []),
    ...unseen.map(({ invariant, result, detail }) =>
      lines(
        `${invariant.padEnd(4)}  ${paintResult(result)}  ${pc.dim(escapeText(detail))}`,
        INDENT + 6,
      ),
    ),
  ];
}

const lines = (text: string, indent: number): string => wrap(text, terminalColumns(), indent);

function foldedLine(
  name: string,
  paint: (text: string) => string,
  verdict: readonly Verdict[],
): string[] {
  if (verdict.length === 0) return [];
  const names = verdict.map(({ invariant }) => invariant).join(' ');
  return [lines(`${paint(name.padEnd(INDENT - 2))}  ${names}`, INDENT)];
}

function judgedLines(one: Verdict, captures?: ReadonlyMap<string, string>): string[] {
  const { invariant, result, sentence, detail, frames, excused } = one;
  const room = ' '.repeat('violated'.length - plain(paintResult(result)).length);
  const below = (text: string): string => lines(`${' '.repeat(INDENT)}${text}`, INDENT);
  const capture = captures?.get(invariant);
  const elsewhere = capture === undefined ? 'none at a tap' : `those of ${escapeText(capture)}`;
  const shown = [`frames ${frames.join(' ') || elsewhere}`];
  return [
    lines(`${invariant.padEnd(4)}  ${paintResult(result)}${room}  ${sentence}`, INDENT),
    pc.dim(below(escapeText(detail))),
    ...(excused === undefined || detail.includes(excused.by)
      ? []
      : [pc.yellow(below(escapeText(`${excused.what}, excused by ${excused.by}`)))]),
    ...(result === 'violated' ? shown.map((text) => pc.red(below(text))) : []),
  ];
}
