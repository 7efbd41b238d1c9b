/** What sessions show by themselves: I1, I2, I5, I6, I12 to I16 and I19, as iSCSI and NFS mean them. */
import { Findings } from '../findings.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import { type FaultKind, nameOfSession } from '../seen/session.ts';

/** An invariant, the faults that break it, and what was looked at when there are none. */
interface Watched {
  readonly invariant: string;
  readonly sentence: string;
  readonly kind: FaultKind;
  /** Where this holds the invariant was put to the test. */
  readonly tested: FaultKind;
  holds(count: number): string;
}

const WATCHED: readonly Watched[] = [
  {
    invariant: 'I1',
    sentence: 'Every task is answered exactly once',
    kind: 'twice',
    tested: 'twice',
    holds: (count) => `${count} tasks of sessions were answered, none twice`,
  },
  {
    invariant: 'I2',
    sentence: 'No answer comes that no task asked for',
    kind: 'invented',
    tested: 'twice',
    holds: (count) => `${count} answers of sessions, each to a task`,
  },
  {
    invariant: 'I5',
    sentence: 'The residual count of a response equals what is missing of the data',
    kind: 'residual',
    tested: 'residual',
    holds: (count) => `${count} reads of sessions, each with the data that its response tells of`,
  },
  {
    invariant: 'I6',
    sentence: 'No acknowledged write is lost',
    kind: 'forgotten',
    tested: 'forgotten',
    holds: (count) =>
      `${count} times a server said that it may have forgotten unstable data, which were sent again`,
  },
  {
    invariant: 'I12',
    sentence: 'No task tag is used again while its task lives',
    kind: 'tag',
    tested: 'tag',
    holds: (count) => `${count} commands of sessions, each under a tag that was free`,
  },
  {
    invariant: 'I13',
    sentence: 'Nothing of a session that was reinstated or closed is taken any more',
    kind: 'dead',
    tested: 'dead',
    holds: (count) => `${count} sessions ended, and nothing sent for them later was answered`,
  },
  {
    invariant: 'I14',
    sentence: 'At most one session has an initiator name and ISID at a portal group',
    kind: 'dead',
    tested: 'dead',
    holds: (count) => `${count} sessions gave way or were closed, none lived on beside another`,
  },
  {
    invariant: 'I15',
    sentence: 'No command outside the full feature phase of its session',
    kind: 'phase',
    tested: 'phase',
    holds: (count) => `${count} commands of sessions, all between login and logout`,
  },
  {
    invariant: 'I16',
    sentence: 'No task is answered after its abort was confirmed',
    kind: 'aborted',
    tested: 'aborted',
    holds: (count) => `${count} tasks of sessions were aborted, none answered afterwards`,
  },
  {
    invariant: 'I19',
    sentence: 'Numbers, ranges and lengths of PDUs keep the rules',
    kind: 'numbering',
    tested: 'numbering',
    holds: (count) => `${count} PDUs of sessions in their order and within their ranges`,
  },
];

/** One of them. */
class FaultsOfSessions implements SessionRule {
  readonly invariant: string;
  readonly sentence: string;
  readonly #watched: Watched;
  readonly #findings = new Findings();
  #checked = 0;

  constructor(watched: Watched) {
    this.invariant = watched.invariant;
    this.sentence = watched.sentence;
    this.#watched = watched;
  }

  hear(told: SessionEvidence): void {
    const { kind, tested, invariant } = this.#watched;
    if (told.type === 'checked' && told.kind === tested) this.#checked += told.count;
    if (told.type !== 'fault' || told.fault.kind !== kind) return;
    const { session, what, frames } = told.fault;
    // Two sessions of one name are there only where another has taken the place of the one that lives on.
    if (invariant === 'I14' && session.ended?.by === undefined) return;
    this.#findings.add(`${nameOfSession(session)}: ${what}`, frames);
  }

  conclude(): Conclusion | undefined {
    if (this.#findings.count === 0 && this.#checked === 0) return undefined;
    return this.#findings.conclude(this.#watched.holds(this.#checked));
  }
}

/** A rule for each. */
export const faultRules = (): SessionRule[] => WATCHED.map((one) => new FaultsOfSessions(one));
