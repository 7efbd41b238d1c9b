/** What a run came to, in one line that its reader can act on. */
import { CAUSES, explanationOf } from '../audit/explanations.ts';
import type { Verdict } from '../audit/verdict.ts';
import type { RunReport } from './options.ts';

/** Violations that are told with what they befell; of more, only the numbers. */
const TOLD_MAX = 2;

/** What is known of a run, in short. */
export interface Headline {
  /** `moved` alone is good. */
  readonly kind: 'moved' | 'unsafe' | 'failed';
  readonly text: string;
}

/**
 * The line for a run: `UNSAFE: I7, a ghost write on data, LBA 276; safe with --defences wait-r-a-tov`,
 * the reason of a move that did not come about, or how many invariants hold; where nothing is
 * violated, also what the guests suffered by somebody else's doing. `safeWith`: what was tried and
 * made the same run safe.
 */
export function headlineOf(
  { io, result, verdict }: Pick<RunReport, 'io' | 'result' | 'verdict'>,
  safeWith?: string,
): Headline {
  const broken = verdict.filter((one) => one.result === 'violated');
  const isCause = ({ invariant }: Verdict): boolean => CAUSES.has(invariant);
  const violated = [...broken.filter(isCause), ...broken.filter((one) => !isCause(one))];
  const outcome = result.outcome === 'moved' ? [] : [`${result.outcome}: ${result.reason}`];
  const remedy = safeWith === undefined ? [] : [`safe with ${safeWith}`];
  if (violated.length > 0) {
    const told = violated.slice(0, TOLD_MAX).map(breachOf);
    const others = violated.slice(TOLD_MAX).map(({ invariant }) => invariant);
    const more = others.length === 0 ? [] : [`also ${others.join(' ')}`];
    const text = [...outcome, `UNSAFE: ${[...told, ...more].join('; ')}`, ...remedy].join('; ');
    return { kind: 'unsafe', text };
  }
  const excuses = verdict.flatMap(({ excused }) => (excused === undefined ? [] : [excused]));
  const excused = excuses.map(({ by, what }) => `${what}, excused by ${by}`);
  if (result.outcome !== 'moved') {
    return { kind: 'failed', text: [...outcome, ...excused].join('; ') };
  }
  const failed = `${io.failed} I/Os failed`;
  const isTold = io.failed === 0 || excuses.some(({ what }) => what === failed);
  const lost = [
    ...(isTold ? [] : [failed]),
    ...(io.dropped > 0 ? [`${io.dropped} I/Os were dropped`] : []),
  ];
  const holding = verdict.filter((one) => one.result === 'holds').length;
  const rest = [...lost, `${holding} invariants hold, none is violated`].join(', ');
  return {
    kind: io.dropped > 0 ? 'failed' : 'moved',
    text: excused.length === 0 ? `moved: ${rest}` : ['moved', ...excused, rest].join('; '),
  };
}

function breachOf({ breach: own, invariant, sentence, subject }: Verdict): string {
  const breach = own ?? explanationOf(invariant)?.breach ?? `violated: ${sentence}`;
  return `${invariant}, ${breach}${(subject ?? '') === '' ? '' : ` on ${subject}`}`;
}
