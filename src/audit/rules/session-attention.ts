/** I17 of sessions in a capture: a unit attention that is owed to a session comes before anything is answered well, and once. */
import { SenseCode, SenseKey } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import { remember } from '../ledger/remember.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import {
  isSurelyBefore,
  nameOfSession,
  type SeenMoment,
  type SeenSession,
  type SeenTask,
} from '../seen/session.ts';

/** Commands that pass a pending unit attention by. Source: SPC-5. */
const PASSING: ReadonlySet<string> = new Set(['INQUIRY', 'REPORT LUNS', 'REQUEST SENSE']);
const SESSIONS_MAX = 10_000;
/** Resets that a session is owed a word of. */
const OWED_MAX = 64;
/** The first byte of the additional sense of every reset. */
const RESETS = 0x29;

/** What one reset owes a session, for each unit until it was told. */
interface Owed {
  /** Left out: all units of the target. */
  readonly unit: string | undefined;
  readonly at: SeenMoment;
  readonly by: SeenSession;
  readonly settled: Set<string>;
}

/** A command that ended well in spite of it, and those that may still have told of it. */
interface Suspicion {
  readonly task: SeenTask;
  readonly owed: Owed;
  readonly others: Set<SeenTask>;
}

interface Nexus {
  readonly session: SeenSession;
  owed: Owed[];
  readonly open: Set<SeenTask>;
  suspicions: Suspicion[];
  /** Units that have told of the loss of this nexus: there is one. */
  readonly lost: Map<string, SeenMoment>;
}

/** I17 as sessions show it: what another session has reset, and the loss of the nexus, which is told once. */
export class AttentionOfSessions implements SessionRule {
  readonly invariant = 'I17';
  readonly sentence =
    'A session hears of what another one has reset before anything is answered well there, and once of the loss of its nexus';
  readonly #nexuses = new Map<SeenSession, Nexus>();
  readonly #findings = new Findings();
  #told = 0;

  hear(told: SessionEvidence): void {
    if (told.type === 'began') {
      const { session } = told;
      if (session.carrier !== 'iSCSI') return;
      const none = { owed: [], open: new Set<SeenTask>(), suspicions: [] };
      remember(this.#nexuses, session, { session, ...none, lost: new Map() }, SESSIONS_MAX);
    } else if (told.type === 'ended') this.#nexuses.delete(told.session);
    else if (told.type === 'reset') this.#reset(told.session, told.unit, told.at);
    else if (told.type === 'managed' && told.what.startsWith('I_T NEXUS RESET'))
      this.#nexuses.get(told.session)?.lost.clear();
    else if (told.type === 'blind') this.#forget();
    else if (told.type === 'task-began') this.#nexuses.get(told.task.session)?.open.add(told.task);
    else if (told.type === 'task-ended') this.#ended(told.task);
  }

  /** What was told may be among the frames that are missing. */
  #forget(): void {
    for (const nexus of this.#nexuses.values()) {
      nexus.owed = [];
      nexus.suspicions = [];
      nexus.open.clear();
      nexus.lost.clear();
    }
  }

  #reset(by: SeenSession, unit: string | undefined, at: SeenMoment): void {
    for (const { session, owed } of this.#nexuses.values()) {
      if (session === by || session.target !== by.target || session.server !== by.server) continue;
      if (session.began === undefined || !isSurelyBefore(session.began, at)) continue;
      if (owed.length < OWED_MAX) owed.push({ unit, at, by, settled: new Set() });
    }
  }

  #ended(task: SeenTask): void {
    const nexus = this.#nexuses.get(task.session);
    if (nexus === undefined) return;
    nexus.open.delete(task);
    const { sense = 0, unit, status } = task;
    const isAttention = sense >>> 16 === SenseKey.UNIT_ATTENTION;
    // Nobody knows what an answer was that is not whole.
    if (task.isPartial || (isAttention && ((sense >>> 8) & 0xff) === RESETS)) {
      if (isAttention) this.#heard(nexus, task, sense & 0xffff);
      for (const owed of owedOf(nexus, unit)) {
        if (isAttention) this.#told++;
        owed.settled.add(unit);
      }
      nexus.suspicions = nexus.suspicions.filter((one) => one.task.unit !== unit);
    } else if (status === 0 && !PASSING.has(task.command)) this.#suspect(nexus, task);
    this.#decide(nexus, task);
  }

  #heard({ lost, session }: Nexus, task: SeenTask, code: number): void {
    if (code !== SenseCode.I_T_NEXUS_LOSS_OCCURRED) return;
    const before = lost.get(task.unit);
    lost.set(task.unit, task.ended!);
    if (before === undefined) this.#told++;
    else
      this.#findings.add(
        `${nameOfSession(session)}: the loss of its nexus (29/07) was told in frame ${before.frame}, and once more in frame ${task.ended!.frame}`,
        [before.frame, ...task.frames],
      );
  }

  #suspect(nexus: Nexus, task: SeenTask): void {
    for (const owed of owedOf(nexus, task.unit)) {
      if (!isSurelyBefore(owed.at, task)) continue;
      owed.settled.add(task.unit);
      // Answers may overtake one another: any command that was under way may have been told.
      const others = new Set([...nexus.open].filter(({ unit }) => unit === task.unit));
      nexus.suspicions.push({ task, owed, others });
    }
  }

  #decide(nexus: Nexus, ended: SeenTask): void {
    nexus.suspicions = nexus.suspicions.filter(({ others, owed, task }) => {
      others.delete(ended);
      if (others.size > 0) return true;
      this.#findings.add(
        `${nameOfSession(nexus.session)}: ${task.command} of frame ${task.frame} ended well, and nothing had told of the reset by ${nameOfSession(owed.by)} in frame ${owed.at.frame}`,
        [owed.at.frame, ...task.frames],
      );
      return false;
    });
  }

  conclude(): Conclusion | undefined {
    if (this.#findings.count === 0 && this.#told === 0) return undefined;
    return this.#findings.conclude(
      `${this.#told} unit attentions that were owed to sessions, each told once and in time`,
    );
  }
}

const owedOf = ({ owed }: Nexus, unit: string): Owed[] =>
  owed.filter((one) => (one.unit ?? unit) === unit && !one.settled.has(unit));
