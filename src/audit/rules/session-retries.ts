/** I4 of sessions in a capture: what must not run twice and was sent again on another session is not believed unseen. */
import { ScsiStatus, SenseKey } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import { remember } from '../ledger/remember.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import type { OnceCommand } from '../seen/once.ts';
import { isSurelyBefore, nameOfSession, type SeenTask } from '../seen/session.ts';

/** Commands that got no answer, and answers that nobody has looked into, that are remembered. */
const REMEMBERED_MAX = 10_000;

/** An answer to a repetition that may be about the first execution. */
interface Suspicion {
  readonly first: SeenTask;
  readonly again: SeenTask & { readonly once: OnceCommand };
  readonly answer: string;
  /** Its initiator has gone on at the unit. */
  wentOn: boolean;
}

type Once = Suspicion['again'];

/**
 * A COMPARE AND WRITE that ran, and whose answer was lost with its session, miscompares when it is sent again in the
 * next one; a PREEMPT conflicts. Whoever repeats it has to read the block, or the keys, before it goes on.
 */
export class RetrySafetyOfSessions implements SessionRule {
  readonly invariant = 'I4';
  readonly sentence =
    'A command that must not run twice is not repeated, or the second answer is not believed unseen';
  /** The last of its kind without an answer, by device, unit and content. */
  readonly #unanswered = new Map<string, SeenTask>();
  readonly #retries = new Map<SeenTask, SeenTask>();
  #suspicions: Suspicion[] = [];
  /** Calls of NFS that ran twice although their server should have known them. */
  readonly #again: Extract<SessionEvidence, { type: 'ran-again' }>[] = [];
  #count = 0;

  hear(told: SessionEvidence): void {
    if (told.type === 'task-began') this.#began(told.task);
    else if (told.type === 'task-ended') this.#ended(told.task);
    else if (told.type === 'checked' && told.kind === 'repeated') this.#count += told.count;
    else if (told.type === 'ran-again' && told.task.kind === 'other') this.#again.push(told);
    // A look, or an answer, may be what is missing.
    else if (told.type === 'blind') {
      this.#unanswered.clear();
      this.#retries.clear();
      this.#suspicions = [];
    }
  }

  #began(task: SeenTask): void {
    if (this.#suspicions.length > 0) this.#look(task);
    if (!isOnce(task)) return;
    this.#count++;
    const key = keyOf(task);
    const first = this.#unanswered.get(key);
    if (first !== undefined && isRepeated(first, task))
      remember(this.#retries, task, first, REMEMBERED_MAX);
    remember(this.#unanswered, key, task, REMEMBERED_MAX);
  }

  #look(task: SeenTask): void {
    this.#suspicions = this.#suspicions.filter((one) => !looksInto(task, one));
    for (const one of this.#suspicions) one.wentOn ||= isOf(task, one);
  }

  #ended(task: SeenTask): void {
    if (!isOnce(task)) return;
    const key = keyOf(task);
    if (this.#unanswered.get(key) === task) this.#unanswered.delete(key);
    const first = this.#retries.get(task);
    this.#retries.delete(task);
    if (first === undefined || first.ended !== undefined || task.isPartial) return;
    const answer = answerOf(task);
    if (answer === undefined || this.#suspicions.length >= REMEMBERED_MAX) return;
    this.#suspicions.push({ first, again: task, answer, wentOn: false });
  }

  conclude(): Conclusion | undefined {
    if (this.#count === 0 && this.#again.length === 0) return undefined;
    const findings = new Findings();
    for (const { task, why, frames } of this.#again)
      findings.add(
        `${task.command} of frame ${task.frame} of ${nameOfSession(task.session)} was carried out twice: ${why}`,
        [...task.frames, ...frames],
      );
    for (const { again, answer, first, wentOn } of this.#suspicions) {
      if (!wentOn) continue;
      findings.add(
        `${again.command} of frame ${first.frame} was sent again by ${nameOfSession(again.session)} without knowing what had become of it, and the ${answer} that came was believed`,
        [...first.frames, ...again.frames],
      );
    }
    return findings.conclude(
      `${this.#count} commands of sessions that must not run twice, none repeated blindly`,
    );
  }
}

const isOnce = (task: SeenTask): task is Once => task.once !== undefined;
const keyOf = ({ once, session, unit }: Once): string => `${session.device} ${unit} ${once.key}`;

/** True where a command was sent again: on a session that began behind it, or when its abort was confirmed. */
function isRepeated(first: SeenTask, again: SeenTask): boolean {
  if (first.ended !== undefined || first.isPartial || again.session.device === '') return false;
  if (first.session === again.session) return first.aborted !== undefined;
  const { began } = again.session;
  return began !== undefined && isSurelyBefore(first, began);
}

/** What may be about the first execution; `undefined` for any other answer. */
function answerOf({ sense, status }: SeenTask): string | undefined {
  if (status === ScsiStatus.RESERVATION_CONFLICT) return 'RESERVATION CONFLICT';
  const isMiscompare = (sense ?? 0) >>> 16 === SenseKey.MISCOMPARE;
  return status === ScsiStatus.CHECK_CONDITION && isMiscompare ? 'MISCOMPARE' : undefined;
}

const isOf = ({ session, unit }: SeenTask, { again }: Suspicion): boolean =>
  session.device === again.session.device && unit === again.unit;

/** True for a command that reads what a doubtful one was about. */
function looksInto(task: SeenTask, one: Suspicion): boolean {
  if (!isOf(task, one)) return false;
  const { lba } = one.again.once;
  if (lba === undefined) return task.command.startsWith('PERSISTENT RESERVE IN');
  const { blocks, kind } = task;
  if (kind !== 'read' || blocks === undefined) return false;
  return blocks.first <= Number(lba) && Number(lba) < blocks.first + blocks.count;
}
