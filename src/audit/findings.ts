/** What a rule has found so far, kept short. */
import type { Conclusion } from './rule.ts';
import type { Excused } from './verdict.ts';

const FINDINGS_MAX = 5;
const FRAMES_MAX = 64;

/** The first texts and frames of what broke a rule, and how often it was broken. */
export class Findings {
  readonly #texts: string[] = [];
  readonly #frames = new Set<number>();
  #subject: string | undefined;
  count = 0;

  /** The same findings apart, for a conclusion that adds what is still open and may be drawn again later. */
  copy(): Findings {
    const copy = new Findings();
    copy.count = this.count;
    copy.#subject = this.#subject;
    copy.#texts.push(...this.#texts);
    for (const frame of this.#frames) copy.#frames.add(frame);
    return copy;
  }

  /** Notes a violation and the frames that show it; `subject` is what it befell, for a headline. */
  add(text: string, frames: Iterable<number> = [], subject?: string): void {
    this.count++;
    this.#subject ??= subject;
    if (this.#texts.length < FINDINGS_MAX) this.#texts.push(text);
    for (const frame of frames) if (this.#frames.size < FRAMES_MAX) this.#frames.add(frame);
  }

  /** Others behind these. */
  join(others: Findings): void {
    const before = this.count + others.count;
    for (const text of others.#texts) this.add(text, others.#frames, others.#subject);
    this.count = before;
  }

  /**
   * The conclusion: `checked` says what was looked at when nothing was found, `excused` what would
   * have been found, had it not been somebody else's doing.
   */
  conclude(checked: string, excused?: Excused): Conclusion {
    if (this.count === 0) {
      const known = excused === undefined ? {} : { excused };
      return { result: 'holds', detail: checked, frames: [], ...known };
    }
    const more = this.count - this.#texts.length;
    const detail = this.#texts.join('; ') + (more > 0 ? `; and ${more} more` : '');
    return {
      result: 'violated',
      detail,
      frames: [...this.#frames].sort((a, b) => a - b),
      ...(this.#subject === undefined ? {} : { subject: this.#subject }),
    };
  }

  /** The conclusion where `count` cases were looked at; without one nothing is known. */
  concludeOf(count: number, checked: string, missing: string, excused?: Excused): Conclusion {
    if (this.count === 0 && count === 0) return notObservable(missing);
    return this.conclude(checked, excused);
  }
}

/** Nothing happened that could have shown the invariant broken. */
export function notObservable(why: string): Conclusion {
  return { result: 'not-observable', detail: why, frames: [] };
}

/** Where something happened, in a sentence: captures do not always tell which fabric is theirs. */
export function onFabric(fabric: string): string {
  return fabric === '' ? 'on the fabric' : `on fabric ${fabric}`;
}
