/** What a rule has found so far, kept short. */
import type { Conclusion } from './rule.ts';
import type { Excused } from './verdict.ts';

const FINDINGS_MAX = 5;
const FRAMES_MAX = 64;

/** What was found, and how often the like of it. */
interface Told {
  readonly text: string;
  readonly kind: string;
  times: number;
}

/** The first texts and frames of what broke a rule, and how often it was broken. What is of one kind is told once. */
export class Findings {
  readonly #told: Told[] = [];
  readonly #frames = new Set<number>();
  #subject: string | undefined;
  count = 0;

  /** The same findings apart, for a conclusion that adds what is still open and may be drawn again later. */
  copy(): Findings {
    const copy = new Findings();
    copy.count = this.count;
    copy.#subject = this.#subject;
    copy.#told.push(...this.#told.map((one) => ({ ...one })));
    for (const frame of this.#frames) copy.#frames.add(frame);
    return copy;
  }

  /**
   * Notes a violation and the frames that show it; `subject` is what it befell, for a headline. Of a `kind` the first is
   * told, with how many there were; where none is said, each text is a kind.
   */
  add(text: string, frames: Iterable<number> = [], subject?: string, kind = text): void {
    this.count++;
    this.#subject ??= subject;
    const like = this.#told.find((one) => one.kind === kind);
    if (like !== undefined) like.times++;
    else if (this.#told.length < FINDINGS_MAX) this.#told.push({ text, kind, times: 1 });
    for (const frame of frames) if (this.#frames.size < FRAMES_MAX) this.#frames.add(frame);
  }

  /** Others behind these. */
  join(others: Findings): void {
    const before = this.count + others.count;
    for (const { kind, text, times } of others.#told) {
      this.add(text, others.#frames, others.#subject, kind);
      const told = this.#told.find((one) => one.kind === kind);
      if (told !== undefined) told.times += times - 1;
    }
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
    const texts = this.#told.map(({ text, times }) =>
      times === 1 ? text : `${text}, and ${times - 1} more like it`,
    );
    const more = this.count - this.#told.reduce((sum, { times }) => sum + times, 0);
    const detail = texts.join('; ') + (more > 0 ? `; and ${more} more` : '');
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
