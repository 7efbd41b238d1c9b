/**
 * A guest that holds its writes for a cut, as VSS has its writers do: it submits nothing more, waits for what is
 * under way, and says so; then it waits to be told to go on, but never beyond its own bounds. It goes with the
 * guest: one that was frozen when it moved is frozen where it comes to.
 */
import type { GuestFroze } from '../history/backup.ts';
import type { Instant } from '../machine/machine.ts';

/** How long a guest holds its writes at most. */
export interface FreezeBounds {
  /** From the beginning: the window of the writers. */
  readonly writersNs: Instant;
  /** From the moment when nothing is under way: the hold on the volumes. */
  readonly holdNs: Instant;
}

/** What a freeze needs of the place where its guest is. */
export interface FreezeHost {
  readonly now: Instant;
  after(delayNs: number, run: () => void): unknown;
  emit(event: GuestFroze): void;
}

/** One guest's freeze, from its beginning to its thaw. */
export class GuestFreeze {
  readonly vm: string;
  readonly #bounds: FreezeBounds;
  readonly #untilNs: Instant;
  #holdUntilNs: Instant | undefined;
  /** Hears once whether the guest is frozen, or why it is not. */
  #asked: ((refusal: string | undefined) => void) | undefined;

  constructor(
    vm: string,
    bounds: FreezeBounds,
    now: Instant,
    asked: (refusal: string | undefined) => void,
  ) {
    this.vm = vm;
    this.#bounds = bounds;
    this.#untilNs = now + bounds.writersNs;
    this.#asked = asked;
  }

  /** Nothing is under way, and nothing will be. */
  get isFrozen(): boolean {
    return this.#holdUntilNs !== undefined;
  }

  /** The bound that has passed by now; `undefined` while none has. */
  expiredAt(now: Instant): GuestFroze['bound'] {
    if (this.#holdUntilNs !== undefined && now >= this.#holdUntilNs) return 'hold';
    return now >= this.#untilNs ? 'writers' : undefined;
  }

  /** The next moment at which a bound passes. */
  get deadline(): Instant {
    return Math.min(this.#untilNs, this.#holdUntilNs ?? this.#untilNs);
  }

  /** The last I/O of the guest has ended. */
  settle(host: FreezeHost): void {
    if (this.isFrozen) return;
    this.#holdUntilNs = host.now + this.#bounds.holdNs;
    host.emit({ type: 'freeze', vm: this.vm, state: 'frozen' });
    this.#answer(undefined);
  }

  /** The freeze is over before the guest was frozen. */
  refuse(reason: string): void {
    this.#answer(reason);
  }

  #answer(refusal: string | undefined): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.(refusal);
  }
}
