/**
 * When hosts stopped their guests because a thin unit had no space for a write. For the guest that is no time: its I/O
 * is neither late nor lost, once it goes on. A stop without an end excuses nothing.
 */
import type { HistoryEntry } from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';

interface Stop {
  readonly from: TimeNs;
  readonly to: TimeNs;
}

/** Stops that are remembered of a guest; of more the oldest is forgotten. */
const STOPS_MAX = 4096;

/** The stops of each guest. */
export class GuestStops {
  readonly #over = new Map<string, Stop[]>();
  readonly #open = new Map<string, TimeNs>();

  observe({ at, event }: HistoryEntry): void {
    if (event.type !== 'space') return;
    const { vm } = event;
    if (event.state === 'out') {
      if (!this.#open.has(vm)) this.#open.set(vm, at);
      return;
    }
    const from = this.#open.get(vm);
    if (from === undefined) return;
    this.#open.delete(vm);
    const stops = this.#over.get(vm) ?? [];
    stops.push({ from, to: at });
    if (stops.length > STOPS_MAX) stops.shift();
    this.#over.set(vm, stops);
  }

  /** True while a guest is stopped. */
  isStopped(vm: string): boolean {
    return this.#open.has(vm);
  }

  /** How long a guest was stopped between two moments, by stops that are over. */
  between(vm: string, from: TimeNs, to: TimeNs): TimeNs {
    const stops = this.#over.get(vm);
    if (stops === undefined) return 0;
    return stops.reduce(
      (sum, stop) => sum + Math.max(0, Math.min(to, stop.to) - Math.max(from, stop.from)),
      0,
    );
  }
}
