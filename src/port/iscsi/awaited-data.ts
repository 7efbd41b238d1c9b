/**
 * Data that a target has asked for, and whose tasks are aborted since: task management is answered when they have come.
 *
 * Not without end: Linux sends none once it has asked for a reset (open-iscsi's FastAbort), whatever was agreed on.
 * Source: RFC 7143, 4.2.3.3.
 */
import { SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';

/** The answer is given after so long also where data are still missing. */
export const AWAITED_DATA_NS = 2 * SECOND;

interface Wait {
  /** Target transfer tags whose data have not ended. */
  readonly tags: Set<number>;
  readonly answer: () => void;
  readonly timer: Timer;
}

/** What the requests of one session wait for. */
export class AwaitedData {
  readonly #waits = new Set<Wait>();

  /** Answers once the data under all these tags have ended; at once where there is none. */
  answerAfter(
    tags: readonly number[],
    after: (delayNs: number, run: () => void) => Timer,
    answer: () => void,
  ): void {
    if (tags.length === 0) {
      answer();
      return;
    }
    const timer = after(AWAITED_DATA_NS, () => this.#end(wait));
    const wait: Wait = { tags: new Set(tags), answer, timer };
    this.#waits.add(wait);
  }

  /** Data of a task that is no more. `ends`: they are the last under their tag. True if they were waited for. */
  arrived(tag: number, ends: boolean): boolean {
    const all = [...this.#waits].filter(({ tags }) => tags.has(tag));
    if (ends)
      for (const wait of all) {
        wait.tags.delete(tag);
        if (wait.tags.size === 0) this.#end(wait);
      }
    return all.length > 0;
  }

  /** Nobody is to be answered any more. */
  clear(): void {
    for (const { timer } of this.#waits) timer.cancel();
    this.#waits.clear();
  }

  #end(wait: Wait): void {
    wait.timer.cancel();
    this.#waits.delete(wait);
    wait.answer();
  }
}
