/** The invariants as the sessions of a capture show them, beside what its frames of Fibre Channel do. */
import { type SentWrites, StampedBlocks } from './ledger/stamped-blocks.ts';
import { WrittenBlocks } from './ledger/written-blocks.ts';
import type { SessionEvidence, SessionRule } from './rule.ts';
import { AccessOfSessions } from './rules/session-access.ts';
import { AttentionOfSessions } from './rules/session-attention.ts';
import { DroppedOfSessions } from './rules/session-ends.ts';
import { faultRules } from './rules/session-faults.ts';
import { RetrySafetyOfSessions } from './rules/session-retries.ts';
import { UnitsOfSessions } from './rules/session-units.ts';
import { VlansOfSessions } from './rules/session-vlans.ts';
import { NoGhostWriteOfSessions, NoStaleReadOfSessions } from './rules/session-writes.ts';
import type { SessionTold } from './seen/session.ts';
import type { Verdict } from './verdict.ts';

const WEIGHT = { violated: 2, holds: 1, 'not-observable': 0 } as const;

/** Rules of sessions, and the ledger that they share. */
export class SessionAudit {
  readonly #blocks = new WrittenBlocks();
  readonly #stamped: StampedBlocks | undefined;
  readonly #rules = sessionRules(this.#blocks);

  /**
   * `sent`: what is heard is one tap's of several. It may lack writers that others show, so only what it shows by itself
   * is judged: writes that arrive late.
   */
  constructor(sent?: SentWrites) {
    this.#stamped = sent === undefined ? undefined : new StampedBlocks(sent);
  }

  /** Something of a session was seen. */
  hear(told: SessionTold): void {
    if (this.#stamped !== undefined) {
      const finding = told.type === 'task-ended' ? this.#stamped.end(told.task) : undefined;
      if (finding !== undefined) this.#tell({ type: 'stamped', finding });
      return;
    }
    this.#tell(told);
    if (told.type === 'task-began') this.#blocks.begin(told.task);
    else if (told.type === 'blind') this.#blocks.blind(told.server);
    else if (told.type === 'task-ended') {
      const finding = this.#blocks.end(told.task);
      if (finding !== undefined) this.#tell({ type: 'written', finding });
    }
  }

  #tell(evidence: SessionEvidence): void {
    for (const rule of this.#rules) rule.hear(evidence);
  }

  /** Verdicts with what sessions add to them. Call it once, at the end. */
  join(verdicts: readonly Verdict[]): Verdict[] {
    const shown = new Map(this.#rules.map((rule) => [rule.invariant, shownBy(rule)]));
    return verdicts.map((one) => {
      const added = shown.get(one.invariant);
      return added === undefined ? one : joined(one, added);
    });
  }
}

/** The invariants that sessions show, and their sentences as sessions mean them. */
export function sessionInvariants(): readonly Pick<SessionRule, 'invariant' | 'sentence'>[] {
  return sessionRules(new WrittenBlocks()).filter(({ isNeverShown }) => isNeverShown !== true);
}

const sessionRules = (blocks: WrittenBlocks): SessionRule[] => [
  ...faultRules(),
  new RetrySafetyOfSessions(),
  new NoGhostWriteOfSessions(blocks),
  new NoStaleReadOfSessions(blocks),
  new AccessOfSessions(),
  new AttentionOfSessions(),
  new DroppedOfSessions(),
  new UnitsOfSessions(),
  new VlansOfSessions(),
];

function shownBy(rule: SessionRule): Verdict | undefined {
  const conclusion = rule.conclude();
  if (conclusion === undefined) return undefined;
  const { invariant, sentence } = rule;
  return { invariant, sentence, ...conclusion };
}

/** The graver of two; both where they are alike. */
function joined(frames: Verdict, sessions: Verdict): Verdict {
  const weight = WEIGHT[sessions.result] - WEIGHT[frames.result];
  if (weight !== 0) return weight > 0 ? sessions : frames;
  return {
    ...frames,
    detail: `${frames.detail}; ${sessions.detail}`,
    frames: [...new Set([...frames.frames, ...sessions.frames])].sort((a, b) => a - b),
  };
}
