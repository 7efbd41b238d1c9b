/** What every rule of an invariant is to the auditor. */

import type { HistoryEntry } from '../history/index.ts';
import type { Evidence } from './evidence.ts';
import type { StampedFinding } from './ledger/stamped-blocks.ts';
import type { WrittenFinding } from './ledger/written-blocks.ts';
import type { FrameRole, SeenFrame } from './seen/frame.ts';
import type { SessionTold } from './seen/session.ts';
import type { Excused, Verdict } from './verdict.ts';

/** What a rule found out. `not-observable`: nothing happened that could show the invariant. */
export interface Conclusion {
  readonly result: Verdict['result'];
  readonly detail: string;
  readonly frames: readonly number[];
  readonly subject?: string;
  readonly breach?: string;
  readonly excused?: Excused;
}

/** Watches one invariant. */
export interface Rule {
  readonly invariant: string;
  readonly sentence: string;
  /** Evidence without which nothing can be said. */
  readonly needs: readonly Evidence[];
  /** What it is told of; `frame` stands for every frame of Fibre Channel, unless `roles` names some. */
  readonly hears: readonly Evidence[];
  /** The frames it is told of: those of these roles only. */
  readonly roles?: readonly FrameRole[];
  /** Something happened that it hears of. */
  observe?(entry: HistoryEntry): void;
  /** A tap saw a frame. */
  see?(frame: SeenFrame): void;
  /** Where evidence is missing: what frames alone show in its place, `undefined` for nothing. */
  fromFrames?(): Conclusion | undefined;
  /** What is known by now. Nothing changes by it: the rule may hear more, and be asked again. */
  conclude(): Conclusion;
}

/** What sessions tell, and what is found in the blocks that they wrote and read. */
export type SessionEvidence =
  | SessionTold
  | { readonly type: 'written'; readonly finding: WrittenFinding }
  | { readonly type: 'stamped'; readonly finding: StampedFinding };

/** Watches one invariant in what the sessions of a capture show: those of iSCSI and of NFS. */
export interface SessionRule {
  readonly invariant: string;
  /** The invariant as sessions mean it. */
  readonly sentence: string;
  /** No capture shows it: the rule says what there is to look into, and neither holds nor is violated. */
  readonly isNeverShown?: boolean;
  /** Something of a session was seen. */
  hear(told: SessionEvidence): void;
  /** Called once, at the end; `undefined` where nothing put it to the test. */
  conclude(): Conclusion | undefined;
}
