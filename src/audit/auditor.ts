/** Feeds evidence to the rules of all invariants, and collects their verdicts. */

import { type HistoryEntry, isDisturbance, type Places } from '../history/index.ts';
import { newContext, type RuleContext } from './context.ts';
import { type Evidence, evidenceOf, MEANING } from './evidence.ts';
import type { UnitIdentities } from './ledger/unit-identities.ts';
import type { Rule } from './rule.ts';
import { rulesOf } from './rules/index.ts';
import { FRAME_ROLES, type FrameRole, NOT_FC, type SeenFrame } from './seen/frame.ts';
import { seeFrame } from './seen/see-frame.ts';
import type { TappedFrame } from './seen/tapped-frame.ts';
import type { AuditBounds, Verdict } from './verdict.ts';

/** How an auditor is made. */
export interface AuditorOptions {
  /** Where things are; nowhere when left out, as in a capture. */
  readonly places?: Places;
  /** What happened before the first evidence is not known, as in a capture. */
  readonly partial?: boolean;
}

const NOWHERE: Places = { nodes: [], ports: [] };

/** One run or one capture is judged by one auditor. */
export class Auditor {
  readonly #bounds: AuditBounds;
  readonly #places: Places;
  /** Ports that were added. */
  readonly #ports: Places['ports'][number][] = [];
  #partial: boolean;
  #context: RuleContext;
  #rules: readonly Rule[] = [];
  /** Who hears what. */
  readonly #byEvidence = new Map<Evidence, readonly Rule[]>();
  readonly #byRole = new Map<FrameRole, readonly Rule[]>();
  readonly #seen = new Set<Evidence>();
  #sawFrames = false;
  /** What was said of the time before frames went missing, and exchanges forgotten in it. */
  #earlier: readonly Verdict[] = [];
  #forgotten = 0;

  constructor(bounds: AuditBounds, { places = NOWHERE, partial = false }: AuditorOptions = {}) {
    this.#bounds = bounds;
    this.#places = places;
    this.#partial = partial;
    this.#context = newContext(bounds, places, partial);
    this.#hear();
  }

  #hear(): void {
    this.#rules = rulesOf(this.#context);
    for (const kind of Object.keys(MEANING) as Evidence[]) {
      this.#byEvidence.set(
        kind,
        this.#rules.filter((one) => one.hears.includes(kind)),
      );
    }
    for (const role of FRAME_ROLES) {
      const sees = ({ hears, roles }: Rule) =>
        hears.includes('frame') && (roles?.includes(role) ?? !NOT_FC.has(role));
      this.#byRole.set(role, this.#rules.filter(sees));
    }
  }

  /**
   * Frames are missing from here on: what was under way and who was logged in is not known any more.
   * What was judged before stays; the rest is judged as a capture that begins here.
   */
  lose(): void {
    this.#earlier = this.#merged(this.#verdicts(false));
    const { identities, exchanges } = this.#context;
    this.#forgotten += exchanges.forgotten;
    identities.forget();
    this.#partial = true;
    this.#context = newContext(this.#bounds, this.#places, this.#partial, identities);
    for (const port of this.#ports) this.#context.places.add(port);
    this.#hear();
  }

  /** What is known by now; more may follow. What frames alone show of units is said at the end only. */
  soFar(): Verdict[] {
    return this.#merged(this.#verdicts(false));
  }

  #merged(verdicts: readonly Verdict[]): Verdict[] {
    return verdicts.map((one, i) => {
      const before = this.#earlier[i];
      return before === undefined ? one : joined(before, one);
    });
  }

  /** A port of a switch whose link a capture shows: logins there are told of it. */
  addPort(port: Places['ports'][number]): void {
    this.#ports.push(port);
    this.#context.places.add(port);
  }

  /** Takes the next happening; frames and happenings come in the order in which things happened. */
  observe(entry: HistoryEntry): void {
    const { event } = entry;
    const evidence = evidenceOf(event);
    if (evidence === undefined) return;
    this.#seen.add(evidence);
    const { disturbances, exchanges, excuses, failures, ios, logins, names, reservations } =
      this.#context;
    if (isDisturbance(event)) exchanges.disturb(event);
    disturbances.observe(entry);
    this.#context.stops.observe(entry);
    if (event.type === 'volume-io') this.#context.volumes.observe(event);
    else if (event.type === 'volume-filled') this.#context.volumes.filled(event);
    else if (event.type === 'blocks-copied') this.#context.volumes.copied(event);
    logins.observe(entry);
    names.observe(entry);
    reservations.observe(entry);
    excuses.observe(entry);
    failures.observe(entry, event.type === 'io-complete' ? ios.open.get(event) : undefined);
    if (event.type === 'guest' && event.state === 'running') {
      this.#seen.add('view');
      for (const rule of this.#byEvidence.get('view')!) rule.observe?.(entry);
    }
    for (const rule of this.#byEvidence.get(evidence)!) rule.observe?.(entry);
    ios.observe(entry);
  }

  /** Takes the next frame of a tap. A caller that has read it already passes what it says on. */
  see(tapped: TappedFrame, frame: SeenFrame = seeFrame(tapped)): void {
    if (!this.#sawFrames) this.#seen.add('frame');
    this.#sawFrames = true;
    if (frame.protocol === 'fc') this.#context.exchanges.add(frame);
    else if (frame.protocol === 'cut') this.#context.exchanges.cut(frame);
    for (const rule of this.#byRole.get(frame.role)!) rule.see?.(frame);
  }

  /** Exchanges that were forgotten while they were open: what came of them is not judged. */
  get forgotten(): number {
    return this.#forgotten + this.#context.exchanges.forgotten;
  }

  /** What frames tell of logical units; who reads the frames of a capture fills it. */
  get identities(): UnitIdentities {
    return this.#context.identities;
  }

  /** The verdicts, in the order of the invariants' numbers. Call it once, at the end. */
  conclude(): Verdict[] {
    return this.#merged(this.#verdicts(true));
  }

  /** What frames alone show of units is said once, at the end. */
  #verdicts(isEnd: boolean): Verdict[] {
    return this.#rules.map((rule) => {
      const { invariant, sentence, needs } = rule;
      const missing = needs.filter((kind) => !this.#seen.has(kind));
      if (missing.length > 0) {
        const shown = isEnd ? rule.fromFrames?.() : undefined;
        if (shown !== undefined) return { invariant, sentence, ...shown };
        const detail = `nothing here shows ${missing.map((kind) => MEANING[kind]).join(', ')}`;
        return { invariant, sentence, result: 'not-observable', detail, frames: [] };
      }
      return { invariant, sentence, ...rule.conclude() };
    });
  }
}

/** Longest text of several parts of a capture. */
const DETAIL_MAX = 500;
const WEIGHT = { violated: 2, holds: 1, 'not-observable': 0 } as const;

/** What two parts of a capture show together: the graver, or both where they are alike. */
function joined(before: Verdict, after: Verdict): Verdict {
  const weight = WEIGHT[after.result] - WEIGHT[before.result];
  if (weight !== 0) return weight > 0 ? after : before;
  const isNew = before.detail !== after.detail && before.detail.length < DETAIL_MAX;
  if (before.result === 'not-observable' || !isNew) return before;
  return {
    ...before,
    detail: `${before.detail}; behind damage of the file: ${after.detail}`,
    frames: [...before.frames, ...after.frames],
  };
}

/** The invariants in the order of their numbers, and what each needs: for readers and for the docs. */
export function invariants(): readonly Pick<
  Rule,
  'invariant' | 'sentence' | 'needs' | 'hears' | 'fromFrames'
>[] {
  const bounds = { guestTimeoutNs: 0, blackoutBudgetNs: 0, rATovNs: 0 };
  return rulesOf(newContext(bounds, NOWHERE, false));
}
