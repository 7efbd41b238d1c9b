/** I29 and I30: the pause that a move makes is bounded, and everything goes on. */
import { formatWwn } from '../../codecs/layout/index.ts';
import { Findings } from '../findings.ts';
import type { Disturbances } from '../ledger/disturbances.ts';
import type {
  AuditBounds,
  IoCompleted,
  LoginRejected,
  LoginSeen,
  Observation,
  ObservationKind,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import { ENDED } from './reservations.ts';

/** Refusals in a row, and attempts of one I/O, after which something goes round in circles. */
const REFUSALS_MAX = 12;
const ATTEMPTS_MAX = 50;

const ms = (ns: number): string => `${(ns / 1e6).toFixed(3)} ms`;

/** I29: last I/O on the old path to first on the new. */
export class BlackoutBound implements InvariantObserver {
  readonly invariant = 'I29';
  readonly sentence =
    "The pause in the guest's I/O is shorter than its time-out and the declared budget";
  readonly needs: readonly ObservationKind[] = ['complete', 'move'];
  readonly hears: readonly ObservationKind[] = ['complete', 'move'];
  readonly #bounds: AuditBounds;
  readonly #disturbances: Disturbances;
  readonly #findings = new Findings();
  #vm: string | undefined;
  #began: TimeNs = 0;
  #ended = false;
  #lastGood: TimeNs | undefined;
  #pauseNs = 0;
  /** The longest pause in which nothing was done to the world. */
  #ownPauseNs = 0;

  constructor(bounds: AuditBounds, disturbances: Disturbances) {
    this.#bounds = bounds;
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    if (one.kind === 'move') {
      if (this.#vm === undefined) this.#began = one.at;
      this.#vm = one.vm;
      this.#ended ||= ENDED.has(one.phase);
    } else if (one.kind === 'complete') this.#complete(one);
  }

  #complete(one: IoCompleted): void {
    if (one.result !== 'good') return;
    if (this.#vm !== undefined && one.vm !== this.#vm) return;
    // The longest time between two I/Os from the move's beginning on is its blackout.
    if (this.#vm !== undefined && this.#lastGood !== undefined) {
      const pauseNs = one.at - this.#lastGood;
      this.#pauseNs = Math.max(this.#pauseNs, pauseNs);
      const own = !this.#disturbances.since(this.#lastGood) && this.#quiet(one.at);
      if (own) this.#ownPauseNs = Math.max(this.#ownPauseNs, pauseNs);
    }
    this.#lastGood = one.at;
  }

  /** Nothing was done since the move began, or what was done is long over. */
  #quiet(at: TimeNs): boolean {
    const { lastAt } = this.#disturbances;
    return lastAt < this.#began || at - lastAt > this.#bounds.guestTimeoutNs;
  }

  conclude() {
    const { blackoutBudgetNs, guestTimeoutNs } = this.#bounds;
    const wasLost = this.#vm !== undefined && this.#disturbances.lostAt(this.#vm) !== undefined;
    if (this.#lastGood === undefined && !wasLost) this.#findings.add('no I/O succeeded at all');
    if (this.#ownPauseNs >= Math.min(blackoutBudgetNs, guestTimeoutNs)) {
      this.#findings.add(
        `${ms(this.#ownPauseNs)} without an I/O; budget ${blackoutBudgetNs / 1e6} ms, guest time-out ${guestTimeoutNs / 1e6} ms`,
      );
    }
    const disturbed = this.#pauseNs === this.#ownPauseNs ? '' : ', in part by what was done to it';
    return this.#findings.conclude(
      `longest pause ${ms(this.#pauseNs)}${disturbed}, budget ${blackoutBudgetNs / 1e6} ms`,
    );
  }
}

/** I30: no I/O stands still for good, and nobody asks for the same thing for ever. */
export class Progress implements InvariantObserver {
  readonly invariant = 'I30';
  readonly sentence = 'No I/O and no login is tried again and again without getting on';
  readonly needs: readonly ObservationKind[] = ['submit', 'sent', 'complete'];
  readonly hears: readonly ObservationKind[] = [
    'sent',
    'attempt-end',
    'requeue',
    'complete',
    'login',
    'login-rejected',
    'disturbance',
  ];
  readonly #bounds: AuditBounds;
  readonly #disturbances: Disturbances;
  readonly #findings = new Findings();
  readonly #refusals = new Map<string, number>();
  readonly #told = new Set<string>();
  /** When something last happened to an I/O under way. */
  readonly #open = new Map<string, { vm: string; io: number; at: TimeNs }>();
  #now: TimeNs = 0;
  #ended = 0;

  constructor(bounds: AuditBounds, disturbances: Disturbances) {
    this.#bounds = bounds;
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    this.#now = one.at;
    switch (one.kind) {
      case 'sent':
        this.#touch(one);
        if (one.attempt > ATTEMPTS_MAX) this.#tell(`I/O ${one.io} of ${one.vm}`, one.attempt);
        return;
      case 'attempt-end':
      case 'requeue':
        this.#touch(one);
        return;
      case 'complete':
        this.#ended++;
        this.#open.delete(`${one.vm} ${one.io}`);
        return;
      case 'login':
        this.#refusals.delete(nameOf(one));
        return;
      case 'login-rejected':
        this.#refuse(one);
        return;
      default:
        this.#refusals.clear();
    }
  }

  #touch({ vm, io, at }: { readonly vm: string; readonly io: number; readonly at: TimeNs }): void {
    const open = this.#open.get(`${vm} ${io}`);
    if (open === undefined) this.#open.set(`${vm} ${io}`, { vm, io, at });
    else open.at = at;
  }

  #refuse(one: LoginRejected): void {
    const count = (this.#refusals.get(nameOf(one)) ?? 0) + 1;
    this.#refusals.set(nameOf(one), count);
    if (count > REFUSALS_MAX) this.#tell(`the login of ${formatWwn(one.wwpn)}`, count);
  }

  #tell(what: string, count: number): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#findings.add(`${what} was tried ${count} times`);
  }

  conclude() {
    for (const { vm, io, at } of this.#open.values()) {
      const stillNs = this.#now - at;
      if (stillNs <= this.#bounds.guestTimeoutNs || this.#disturbances.since(at)) continue;
      if (this.#disturbances.lostAt(vm) !== undefined) continue;
      this.#findings.add(
        `nothing happened to I/O ${io} of ${vm} for ${(stillNs / 1e9).toFixed(1)} s`,
      );
    }
    return this.#findings.conclude(`${this.#ended} I/Os went on to their end`);
  }
}

const nameOf = (one: LoginSeen | LoginRejected): string => `${one.fabric} ${one.wwpn}`;
