/** Feeds observations to the observers of all invariants, and collects their verdicts. */

import { Disturbances } from './ledger/disturbances.ts';
import { IoLedger } from './ledger/io-ledger.ts';
import type { AuditBounds, Observation, ObservationKind, Verdict } from './observation.ts';
import type { InvariantObserver } from './observer.ts';
import { MasksAreKept, VlanIsVsan, ZonesAreKept } from './rules/access.ts';
import { AttentionIsTold } from './rules/attention.ts';
import {
  DataIsIntact,
  NoGhostWrite,
  NoLostWrite,
  NoStaleRead,
  NoTornWrite,
  routeFindings,
} from './rules/data-integrity.ts';
import { ClearingEffects, OxIdRests, ResidualIsTrue } from './rules/exchange-rules.ts';
import { VirtualLinksLive } from './rules/fip-liveness.ts';
import { AttributionIsTrue, NoForeignIdentity, SameUnits } from './rules/identity.ts';
import { ExactlyOnce, NoInventedStatus, NoSilentDrop } from './rules/io-completeness.ts';
import { NoFrameWithoutLogin, OneLoginPerWwpn } from './rules/logins.ts';
import { notBuilt } from './rules/not-built.ts';
import { NoCommandBeforePrli } from './rules/process-login.ts';
import { OneOwner, RollbackIsWhole } from './rules/recovery.ts';
import { ReservationHandOver } from './rules/reservations.ts';
import { RetrySafety } from './rules/retries.ts';
import { SequenceRules } from './rules/sequences.ts';
import { OrderIsKept } from './rules/task-order.ts';
import { BlackoutBound, Progress } from './rules/time-bounds.ts';
import { type FcFrame, FRAME_ROLES, type FrameRole, fcFrameOf } from './seen/fc-frame.ts';
import { Wire } from './seen/fcp-exchanges.ts';
import { FrameIndex } from './seen/frame-index.ts';

/** What a kind of observation tells, in the words of a reader who misses it. */
export const MEANING: Readonly<Record<ObservationKind, string>> = {
  frame: 'frames',
  login: "the switch's logins",
  logout: "the switch's logouts",
  'login-rejected': 'the logins that the switch refused',
  zones: 'the zones in force',
  mask: "the array's masks",
  nexus: "the target's logins",
  reservation: 'a reservation',
  attention: 'the unit attentions owed',
  'command-end': 'how the array ended commands',
  'cache-lost': "the loss of the array's cache",
  flushed: "what the array's cache has written out",
  identities: "the guest's names",
  view: 'what the guest sees of its disks',
  submit: 'what the guest asked for',
  sent: 'which exchange carried which I/O',
  'attempt-end': 'how attempts ended',
  requeue: 'what was sent again',
  complete: 'what the guest was told',
  apply: 'what reached the medium',
  final: 'what the medium holds',
  guest: 'when the guest stood still',
  move: 'the steps of the move',
  disturbance: 'a fall of a machine',
};

export interface AuditorOptions {
  /** What happened before the first observation is not known, as in a capture. */
  readonly partial?: boolean;
}

/** One run or one capture is judged by one auditor. */
export class Auditor {
  readonly #ledger: IoLedger;
  readonly #index = new FrameIndex();
  readonly #wire = new Wire();
  readonly #disturbances = new Disturbances();
  readonly #observers: readonly InvariantObserver[];
  /** Who hears what. */
  readonly #byKind = new Map<ObservationKind, readonly InvariantObserver[]>();
  readonly #byRole = new Map<FrameRole, readonly InvariantObserver[]>();
  readonly #seen = new Set<ObservationKind>();

  constructor(bounds: AuditBounds, { partial = false }: AuditorOptions = {}) {
    this.#ledger = new IoLedger(this.#index);
    this.#observers = observersOf(bounds, partial, {
      ledger: this.#ledger,
      index: this.#index,
      wire: this.#wire,
      disturbances: this.#disturbances,
    });
    for (const kind of Object.keys(MEANING) as ObservationKind[]) {
      this.#byKind.set(
        kind,
        this.#observers.filter((one) => kind !== 'frame' && one.hears.includes(kind)),
      );
    }
    for (const role of FRAME_ROLES) {
      const hears = ({ hears, roles }: InvariantObserver) =>
        hears.includes('frame') && (roles?.includes(role) ?? role !== 'fip');
      this.#byRole.set(role, this.#observers.filter(hears));
    }
  }

  /**
   * Takes the next observation; they come in the order in which things happened. A caller that
   * has decoded a frame already passes its FC frame on.
   */
  observe(
    observation: Observation,
    fc: FcFrame | undefined = observation.kind === 'frame' ? fcFrameOf(observation) : undefined,
  ): void {
    const { kind } = observation;
    this.#seen.add(kind);
    if (kind === 'frame') {
      if (fc !== undefined) {
        this.#index.add(fc);
        this.#wire.add(fc);
      }
      for (const observer of this.#byRole.get(fc?.role ?? 'fip')!)
        observer.observe(observation, fc);
      return;
    }
    if (kind === 'disturbance') this.#wire.disturb(observation);
    this.#disturbances.observe(observation);
    for (const observer of this.#byKind.get(kind)!) observer.observe(observation, undefined);
    this.#ledger.observe(observation);
  }

  /** The verdicts, in the order of the invariants' numbers. Call it once, at the end. */
  conclude(): Verdict[] {
    return this.#observers.map((observer) => {
      const { invariant, sentence, needs } = observer;
      const missing = needs.filter((kind) => !this.#seen.has(kind));
      if (missing.length > 0) {
        const detail = `nothing here shows ${missing.map((kind) => MEANING[kind]).join(', ')}`;
        return { invariant, sentence, result: 'not-observable', detail, frames: [] };
      }
      return { invariant, sentence, ...observer.conclude() };
    });
  }
}

/** The invariants in the order of their numbers, and what each needs: for readers and for the docs. */
export function invariants(): readonly Pick<
  InvariantObserver,
  'invariant' | 'sentence' | 'needs' | 'hears'
>[] {
  const index = new FrameIndex();
  return observersOf({ guestTimeoutNs: 0, blackoutBudgetNs: 0, rATovNs: 0 }, false, {
    ledger: new IoLedger(index),
    index,
    wire: new Wire(),
    disturbances: new Disturbances(),
  });
}

interface Shared {
  readonly ledger: IoLedger;
  readonly index: FrameIndex;
  readonly wire: Wire;
  readonly disturbances: Disturbances;
}

function observersOf(
  bounds: AuditBounds,
  partial: boolean,
  { ledger, index, wire, disturbances }: Shared,
): InvariantObserver[] {
  const lost = new NoLostWrite();
  const stale = new NoStaleRead();
  routeFindings(ledger, lost, stale);
  const observers: InvariantObserver[] = [
    new ExactlyOnce(bounds, index, disturbances),
    new NoInventedStatus(index),
    new NoSilentDrop(index, disturbances),
    new RetrySafety(index),
    new ResidualIsTrue(),
    lost,
    new NoGhostWrite(ledger, index),
    stale,
    new NoTornWrite(ledger, index),
    new OrderIsKept(),
    new DataIsIntact(),
    new OxIdRests(bounds),
    new NoFrameWithoutLogin(bounds, partial),
    new OneLoginPerWwpn(),
    new NoCommandBeforePrli(bounds),
    new ClearingEffects(),
    new AttentionIsTold(wire),
    new VirtualLinksLive(bounds, partial),
    new SequenceRules(),
    new ReservationHandOver(index),
    new MasksAreKept(index),
    new ZonesAreKept(),
    new SameUnits(disturbances),
    new NoForeignIdentity(index),
    new VlanIsVsan(),
    new AttributionIsTrue(),
    new BlackoutBound(bounds, disturbances),
    new Progress(bounds, disturbances),
    new RollbackIsWhole(bounds, disturbances),
    new OneOwner(disturbances),
    ...notBuilt(),
  ];
  const numberOf = (one: InvariantObserver) => Number(one.invariant.slice(1));
  return observers.sort((a, b) => numberOf(a) - numberOf(b));
}
