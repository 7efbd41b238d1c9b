/** I29 and I30: the pause that a move makes is bounded, and everything goes on. */
import { formatWwn } from '../../codecs/layout/index.ts';
import {
  type HistoryEntry,
  type IoCompleted,
  inMs,
  inSeconds,
  type LoginRejected,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { nameOfIo } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** Refusals in a row, and attempts of one I/O, after which something goes round in circles. */
const REFUSALS_MAX = 12;
const ATTEMPTS_MAX = 50;

/** I29: last I/O on the old path to first on the new. */
export class BlackoutBound implements Rule {
  readonly invariant = 'I29';
  readonly sentence =
    "The pause in the guest's I/O is shorter than its time-out and the declared budget";
  readonly needs: readonly Evidence[] = ['io-complete', 'move'];
  readonly hears: readonly Evidence[] = ['io-complete', 'move'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  #vm: string | undefined;
  #began: TimeNs = 0;
  #lastGood: TimeNs | undefined;
  #pauseNs = 0;
  /** The longest pause in which nothing was done to the world. */
  #ownPauseNs = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'move-step' || event.type === 'move-end') {
      if (this.#vm === undefined) this.#began = at;
      this.#vm = event.vm;
    } else if (event.type === 'io-complete') this.#complete(at, event);
  }

  #complete(at: TimeNs, one: IoCompleted): void {
    if (one.result !== 'good') return;
    if (this.#vm !== undefined && one.vm !== this.#vm) return;
    // The longest time between two I/Os from the move's beginning on is its blackout.
    if (this.#vm !== undefined && this.#lastGood !== undefined) {
      const pauseNs = at - this.#lastGood;
      this.#pauseNs = Math.max(this.#pauseNs, pauseNs);
      const own = !this.#context.disturbances.since(this.#lastGood) && this.#quiet(at);
      if (own) this.#ownPauseNs = Math.max(this.#ownPauseNs, pauseNs);
    }
    this.#lastGood = at;
  }

  /** Nothing was done since the move began, or what was done is long over. */
  #quiet(at: TimeNs): boolean {
    const { bounds, disturbances } = this.#context;
    const { lastAt } = disturbances;
    return lastAt < this.#began || at - lastAt > bounds.guestTimeoutNs;
  }

  conclude() {
    const { bounds, disturbances } = this.#context;
    const { blackoutBudgetNs, guestTimeoutNs } = bounds;
    const wasLost = this.#vm !== undefined && disturbances.lostAt(this.#vm) !== undefined;
    if (this.#lastGood === undefined && !wasLost) this.#findings.add('no I/O succeeded at all');
    if (this.#ownPauseNs >= Math.min(blackoutBudgetNs, guestTimeoutNs)) {
      this.#findings.add(
        `${inMs(this.#ownPauseNs)} without an I/O; budget ${blackoutBudgetNs / 1e6} ms, guest time-out ${guestTimeoutNs / 1e6} ms`,
      );
    }
    const disturbed = this.#pauseNs === this.#ownPauseNs ? '' : ', in part by what was done to it';
    return this.#findings.conclude(
      `longest pause ${inMs(this.#pauseNs)}${disturbed}, budget ${blackoutBudgetNs / 1e6} ms`,
    );
  }
}

/** I30: no I/O stands still for good, and nobody asks for the same thing for ever. */
export class Progress implements Rule {
  readonly invariant = 'I30';
  readonly sentence = 'No I/O and no login is tried again and again without getting on';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-sent', 'io-complete'];
  readonly hears: readonly Evidence[] = [
    'io-sent',
    'io-attempt-end',
    'io-requeue',
    'io-complete',
    'login',
    'login-rejected',
    'disturbance',
  ];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #refusals = new Map<string, number>();
  readonly #told = new Set<string>();
  #now: TimeNs = 0;
  #ended = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, node, event }: HistoryEntry): void {
    this.#now = at;
    switch (event.type) {
      case 'io-sent':
        if (event.attempt > ATTEMPTS_MAX) this.#tell(nameOfIo(event), event.attempt);
        return;
      case 'io-attempt-end':
      case 'io-requeue':
        return;
      case 'io-complete':
        this.#ended++;
        return;
      case 'login':
        this.#refusals.delete(this.#nameOf(node, event));
        return;
      case 'login-rejected':
        this.#refuse(node, event);
        return;
      default:
        this.#refusals.clear();
    }
  }

  #nameOf(node: string, { port, wwpn }: Pick<LoginRejected, 'port' | 'wwpn'>): string {
    return `${this.#context.logins.placeOf(node, port).fabric} ${wwpn}`;
  }

  #refuse(node: string, event: LoginRejected): void {
    const name = this.#nameOf(node, event);
    const count = (this.#refusals.get(name) ?? 0) + 1;
    this.#refusals.set(name, count);
    if (count > REFUSALS_MAX) this.#tell(`the login of ${formatWwn(event.wwpn)}`, count);
  }

  #tell(what: string, count: number): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#findings.add(`${what} was tried ${count} times`);
  }

  conclude() {
    const { bounds, disturbances, ios } = this.#context;
    for (const { io, touchedAt } of ios.open) {
      if (touchedAt === undefined) continue;
      const stillNs = this.#now - touchedAt;
      if (stillNs <= bounds.guestTimeoutNs || disturbances.since(touchedAt)) continue;
      if (disturbances.lostAt(io.vm) !== undefined) continue;
      this.#findings.add(`nothing happened to ${nameOfIo(io)} for ${inSeconds(stillNs)}`);
    }
    return this.#findings.conclude(`${this.#ended} I/Os went on to their end`);
  }
}
