/** I/O of logins that were lost: it waits for their coming back before it takes another path (`fast_io_fail_tmo`). */
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { Multipath, Path } from '../scsi/initiator/multipath.ts';

interface Blocked {
  readonly luName: string;
  readonly path: Path;
  readonly timer: Timer;
  readonly release: () => void;
}

/** What waits for lost logins of one guest. */
export class BlockedIo {
  readonly #waitNs: Instant;
  readonly #after: (delayNs: number, run: () => void) => Timer;
  readonly #waiting = new Set<Blocked>();

  constructor(waitNs: Instant, after: (delayNs: number, run: () => void) => Timer) {
    this.#waitNs = waitNs;
    this.#after = after;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** An I/O for a logical unit has lost its path: `release` is called once, at once where nothing is waited for. */
  add(luName: string, path: Path, release: () => void): void {
    if (this.#waitNs === 0) {
      release();
      return;
    }
    const timer = this.#after(this.#waitNs, () => this.#release(blocked));
    const blocked: Blocked = { luName, path, timer, release };
    this.#waiting.add(blocked);
  }

  /** Paths may have come back: what waited for one of them goes on. */
  releaseReady(multipath: Multipath): void {
    for (const blocked of this.#waiting) {
      const { initiatorPort, targetPort } = blocked.path.nexus;
      const isBack = multipath
        .servingPathsTo(blocked.luName)
        .some(
          ({ nexus }) => nexus.initiatorPort === initiatorPort && nexus.targetPort === targetPort,
        );
      if (isBack) this.#release(blocked);
    }
  }

  /** The guest stands still: nothing of it waits any longer. */
  releaseAll(): void {
    for (const blocked of this.#waiting) this.#release(blocked);
  }

  #release(blocked: Blocked): void {
    if (!this.#waiting.delete(blocked)) return;
    blocked.timer.cancel();
    blocked.release();
  }
}
