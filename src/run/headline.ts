/** What a run came to, in one line that its reader can act on. */
import { explanationOf } from '../audit/explanations.ts';
import type { Verdict } from '../audit/verdict.ts';
import type { RunReport } from './options.ts';

/** Violations that are told with what they befell; of more, only the numbers. */
const TOLD_MAX = 2;

/**
 * Invariants whose breach makes others break: another unit than was meant, a name that two guests
 * claim, a reservation that keeps its own holder out. They are told first.
 */
const CAUSES: readonly string[] = ['I21', 'I14', 'I20'];

/** What is known of a run, in short. */
export interface Headline {
  /** `moved` alone is good. */
  readonly kind: 'moved' | 'unsafe' | 'failed';
  readonly text: string;
}

/**
 * The line for a run: `UNSAFE: I7, a ghost write on data, LBA 276; safe with --defences wait-r-a-tov`,
 * the reason of a move that did not come about, or how many invariants hold. `safeWith`: what was
 * tried and made the same run safe.
 */
export function headlineOf(
  { io, result, verdict }: Pick<RunReport, 'io' | 'result' | 'verdict'>,
  safeWith?: string,
): Headline {
  const broken = verdict.filter((one) => one.result === 'violated');
  const isCause = ({ invariant }: Verdict): boolean => CAUSES.includes(invariant);
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
  if (result.outcome !== 'moved') return { kind: 'failed', text: outcome[0]! };
  const lost = [
    ...(io.failed > 0 ? [`${io.failed} I/Os failed`] : []),
    ...(io.dropped > 0 ? [`${io.dropped} I/Os were dropped`] : []),
  ];
  const holding = verdict.filter((one) => one.result === 'holds').length;
  return {
    kind: io.dropped > 0 ? 'failed' : 'moved',
    text: `moved: ${[...lost, `${holding} invariants hold, none is violated`].join(', ')}`,
  };
}

function breachOf({ invariant, sentence, subject }: Verdict): string {
  const breach = explanationOf(invariant)?.breach ?? `violated: ${sentence}`;
  return `${invariant}, ${breach}${subject === undefined ? '' : ` on ${subject}`}`;
}
