/** I29: the pause that a move makes in anybody's I/O is bounded. */
import {
  type GuestRuns,
  type GuestStands,
  type HistoryEntry,
  type IoCompleted,
  inMs,
  inSeconds,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { FailedIo } from '../ledger/failed-ios.ts';
import type { Rule } from '../rule.ts';
import type { Excused, TimeNs } from '../verdict.ts';

/** How one guest gets on. A guest that wants nothing has no pause. */
interface Progress {
  /** Since when it has wanted something, or stood still, without an I/O that ended well. */
  wantsSince: TimeNs | undefined;
  /** I/Os under way. */
  open: number;
  stands: boolean;
  lastFailed: TimeNs | undefined;
  /** Who is the reason for what failed in the pause under way, where that is somebody else. */
  excuse: string | undefined;
  anyGood: boolean;
  /** The longest pause that nobody else is the reason for. */
  ownNs: number;
  /** The longest one that somebody else is the reason for, and who that is. */
  excusedNs: number;
  excusedBy: string;
}

/** I29: the longest time without an I/O that ends well, of every guest, from the move's beginning on. */
export class BlackoutBound implements Rule {
  readonly invariant = 'I29';
  readonly sentence =
    "The pause in a guest's I/O is shorter than its time-out and the declared budget";
  readonly needs: readonly Evidence[] = ['io-complete', 'move'];
  readonly hears: readonly Evidence[] = ['io-submit', 'io-complete', 'guest', 'move'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #guests = new Map<string, Progress>();
  #moved = false;
  #began: TimeNs = 0;
  #now: TimeNs = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    context.failures.onFailure((failed) => this.#failed(failed));
  }

  observe({ at, event }: HistoryEntry): void {
    this.#now = at;
    switch (event.type) {
      case 'move-step':
      case 'move-end':
        if (!this.#moved) this.#began = at;
        this.#moved = true;
        return;
      case 'io-submit': {
        const guest = this.#guest(event.vm);
        guest.open++;
        guest.wantsSince ??= at;
        return;
      }
      case 'io-complete':
        this.#complete(at, event);
        return;
      case 'guest':
        this.#stand(at, event);
    }
  }

  #guest(vm: string): Progress {
    let guest = this.#guests.get(vm);
    if (guest === undefined) {
      guest = {
        wantsSince: undefined,
        open: 0,
        stands: false,
        lastFailed: undefined,
        excuse: undefined,
        anyGood: false,
        ownNs: 0,
        excusedNs: 0,
        excusedBy: '',
      };
      this.#guests.set(vm, guest);
    }
    return guest;
  }

  #stand(at: TimeNs, { vm, state }: GuestRuns | GuestStands): void {
    const guest = this.#guest(vm);
    guest.stands = state === 'stunned';
    if (state === 'stunned') guest.wantsSince ??= at;
    else if (state === 'lost') {
      guest.wantsSince = undefined;
      guest.open = 0;
    }
  }

  #complete(at: TimeNs, { vm, result }: IoCompleted): void {
    const guest = this.#guest(vm);
    guest.open = Math.max(0, guest.open - 1);
    if (result !== 'good') return;
    this.#pause(vm, guest, at);
    guest.anyGood = true;
    guest.excuse = undefined;
    guest.wantsSince = guest.open > 0 || guest.stands ? at : undefined;
  }

  #failed({ at, record, excuse }: FailedIo): void {
    const guest = this.#guest(record.io.vm);
    guest.lastFailed = at;
    guest.excuse ??= excuse;
  }

  /** The pause under way lasts until `at`. */
  #pause(vm: string, guest: Progress, at: TimeNs): void {
    const { wantsSince: since } = guest;
    if (!this.#moved || since === undefined) return;
    // A guest that its host stopped for want of space saw nothing of that time.
    const pauseNs = at - since - this.#context.stops.between(vm, since, at);
    if (pauseNs <= Math.min(guest.ownNs, guest.excusedNs)) return;
    const by = guest.excuse ?? this.#context.excuses.ofPause(since, at, this.#began);
    if (by === undefined) guest.ownNs = Math.max(guest.ownNs, pauseNs);
    else if (pauseNs > guest.excusedNs) {
      guest.excusedNs = pauseNs;
      guest.excusedBy = by;
    }
  }

  conclude() {
    const findings = this.#findings.copy();
    const { bounds, disturbances } = this.#context;
    const { blackoutBudgetNs, guestTimeoutNs } = bounds;
    const boundNs = Math.min(blackoutBudgetNs, guestTimeoutNs);
    const budget = `budget ${blackoutBudgetNs / 1e6} ms`;
    let [longestNs, ownNs] = [0, 0];
    let excused: ExcusedPause | undefined;
    for (const [vm, kept] of this.#guests) {
      const guest = { ...kept };
      const wasLost = disturbances.lostAt(vm) !== undefined;
      // A pause that has no end yet is a pause.
      const unended = guest.open > 0 || guest.stands ? this.#now : (guest.lastFailed ?? 0);
      if (!wasLost) this.#pause(vm, guest, unended);
      const wanted = guest.open > 0 || guest.lastFailed !== undefined;
      if (wanted && !guest.anyGood && guest.excuse === undefined && !wasLost) {
        findings.add(`no I/O of ${vm} succeeded at all`);
      }
      longestNs = Math.max(longestNs, guest.ownNs, guest.excusedNs);
      ownNs = Math.max(ownNs, guest.ownNs);
      if (guest.excusedNs > (excused?.ns ?? 0)) {
        excused = { vm, ns: guest.excusedNs, by: guest.excusedBy };
      }
      if (guest.ownNs < boundNs) continue;
      const timeout = `guest time-out ${guestTimeoutNs / 1e6} ms`;
      findings.add(
        `${vm}: ${inMs(guest.ownNs)} without an I/O that ended well; ${budget}, ${timeout}`,
      );
    }
    const isExcused = excused !== undefined && longestNs > ownNs;
    return findings.conclude(
      `longest pause ${inMs(longestNs)}${isExcused ? `, excused by ${excused!.by}` : ''}, ${budget}`,
      excused === undefined || excused.ns < boundNs ? undefined : this.#tell(excused),
    );
  }

  #tell({ by, ns, vm }: ExcusedPause): Excused {
    const whose = this.#guests.size > 1 ? ` of ${vm}` : '';
    return { what: `${inSeconds(ns, 3)} without I/O${whose}`, by };
  }
}

/** A pause of a guest that somebody else is the reason for. */
interface ExcusedPause {
  readonly vm: string;
  readonly ns: number;
  readonly by: string;
}
