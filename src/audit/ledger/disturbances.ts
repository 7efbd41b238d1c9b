/**
 * What was done to the world from outside, and when: shared by rules that judge times.
 *
 * An outage lasts from a link's or a machine's fall to its return; a fault that hits one frame is
 * over at once. What a disturbance delays is not the machines' fault, as long as they recover.
 */
import {
  type Disturbance,
  type HistoryEntry,
  isDisturbance,
  type PairName,
  type PlaceIndex,
} from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';
import { DisturbanceNames } from './disturbance-names.ts';

/** What has been done to the world so far. */
export class Disturbances {
  /** Links and machines that are down. */
  readonly #down = new Set<string>();
  /** Virtual machines whose memory is gone, since when. */
  readonly #lost = new Map<string, TimeNs>();
  readonly #names: DisturbanceNames;
  #last: TimeNs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #crashes = 0;

  constructor(places: PlaceIndex) {
    this.#names = new DisturbanceNames(places);
  }

  observe({ at, node, event }: HistoryEntry): void {
    if (isDisturbance(event)) {
      this.#disturb(at, node, event);
      this.#names.disturb(at, node, event);
    } else if (event.type === 'guest' && event.state === 'lost') {
      this.#lost.set(event.vm, at);
      this.#last = at;
      this.#names.lose(at, event.vm);
    }
  }

  /** True when something was done after this moment, or an outage is still on. */
  since(at: TimeNs): boolean {
    return this.#down.size > 0 || this.#last >= at;
  }

  /** What `since` is true for, in words: `the link of h1 that was down`. `undefined` where it is not. */
  wordsSince(at: TimeNs): string | undefined {
    return this.since(at) ? this.#names.since(at) : undefined;
  }

  /** True when nothing was ever done. */
  get none(): boolean {
    return this.#count === 0;
  }

  /** Machines that fell. */
  get crashes(): number {
    return this.#crashes;
  }

  /** When the last one was; minus infinity without any. */
  get lastAt(): TimeNs {
    return this.#last;
  }

  /** When a virtual machine was lost with the host that held its memory, the last time. */
  lostAt(vm: string): TimeNs | undefined {
    return this.#lost.get(vm);
  }

  #disturb(at: TimeNs, node: string, event: Disturbance): void {
    this.#count++;
    this.#last = at;
    switch (event.type) {
      case 'link-down':
        this.#down.add(`link ${event.link}`);
        return;
      case 'link-up':
        this.#down.delete(`link ${event.link}`);
        return;
      case 'node-crashed':
        this.#crashes++;
        this.#down.add(node);
        return;
      case 'node-paused':
        this.#down.add(node);
        return;
      case 'node-started':
        this.#down.delete(node);
    }
  }
}

/** True when an array lost its power, and with it logins, tasks and what was only in its cache. */
export function isArrayPowerLoss({ node, event }: HistoryEntry, places: PlaceIndex): boolean {
  return event.type === 'node-crashed' && places.kindOf(node) === 'array';
}

/** True when a machine fell or came back: it knows nothing of what it knew before. */
export function forgetsAll({ event }: HistoryEntry): boolean {
  return event.type === 'node-crashed' || event.type === 'node-started';
}

/** The fabric of a switch that fell or came back; `undefined` for everything else. */
export function fabricForgotten({ node, event }: HistoryEntry, places: PlaceIndex) {
  const fell = event.type === 'node-crashed' || event.type === 'node-started';
  return fell && places.kindOf(node) === 'switch' ? places.fabricOf(node) : undefined;
}

/** Whether a target port stands at another node than this one, as far as that is known. */
export function elsewhere(places: PlaceIndex, node: string): (pair: PairName) => boolean {
  return ({ target }) => (places.placeOf(target)?.node ?? node) !== node;
}
