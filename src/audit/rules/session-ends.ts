/** I3 of sessions in a capture: what was under way when a session ended, and whether it came again. No capture tells more. */
import { notObservable } from '../findings.ts';
import { remember } from '../ledger/remember.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import type { SeenTask } from '../seen/session.ts';

/** Tasks under way, and those whose sessions are over, that are remembered. */
const TASKS_MAX = 10_000;

/**
 * A task that was dropped and one whose failure its guest was told of look alike on the wire, so that this never holds and
 * is never violated: it says what there is to look into.
 */
export class DroppedOfSessions implements SessionRule {
  readonly invariant = 'I3';
  readonly sentence = 'No task that was under way when its session ended is dropped in silence';
  readonly isNeverShown = true;
  readonly #open = new Map<SeenTask, true>();
  /** Of sessions that are over, by what they were about. */
  readonly #left = new Map<string, SeenTask>();
  #count = 0;
  #again = 0;

  hear(told: SessionEvidence): void {
    if (told.type === 'task-began') {
      if (this.#left.delete(keyOf(told.task))) this.#again++;
      remember(this.#open, told.task, true, TASKS_MAX);
    } else if (told.type === 'task-ended') this.#open.delete(told.task);
    else if (told.type === 'ended')
      for (const task of this.#open.keys()) {
        if (task.session !== told.session) continue;
        this.#open.delete(task);
        if (task.aborted !== undefined || task.isPartial) continue;
        this.#count++;
        remember(this.#left, keyOf(task), task, TASKS_MAX);
      }
  }

  conclude(): Conclusion | undefined {
    if (this.#count === 0) return undefined;
    return notObservable(
      `of ${this.#count} tasks that were under way when their sessions ended ${this.#again} were sent again; what was said of the others to who had asked for them no capture shows`,
    );
  }
}

const keyOf = ({ blocks, command, session, unit }: SeenTask): string =>
  `${session.device} ${unit} ${command} ${blocks?.first} ${blocks?.count}`;
