/** What has happened in a server, for a program that waits for something. */
import type { HistoryEntry } from '../history/index.ts';
import type { LiveEvent } from './links.ts';

/** Happenings that are kept; of more the oldest are forgotten. */
const KEPT_MAX = 100_000;
const WITHIN_MS = 10_000;

/** Something did not happen in time. */
export class NotSeenError extends Error {
  override readonly name = 'NotSeenError';
}

/** The happening of a type. */
export type LiveEventOf<T extends LiveEvent['type']> = Extract<LiveEvent, { readonly type: T }>;

/** How long to wait for something, and from when on it counts. */
export interface WaitOptions {
  /** Default: 10 s. */
  readonly withinMs?: number;
  /** Only what came behind this happening counts; by default all that is kept. */
  readonly after?: HistoryEntry<LiveEvent> | undefined;
}

/** Keeps happenings in their order, and tells who waits for one. */
export class Happenings {
  #kept: HistoryEntry<LiveEvent>[] = [];
  readonly #waiting = new Set<(entry: HistoryEntry<LiveEvent>) => void>();

  /** Those that are kept, oldest first. */
  get all(): readonly HistoryEntry<LiveEvent>[] {
    return this.#kept;
  }

  /** The next one. */
  add(entry: HistoryEntry<LiveEvent>): void {
    if (this.#kept.length >= KEPT_MAX) this.#kept = this.#kept.slice(KEPT_MAX / 2);
    this.#kept.push(entry);
    for (const look of this.#waiting) look(entry);
  }

  /** The first one of a type that passes the test, past or to come. Errors: `NotSeenError`. */
  until<T extends LiveEvent['type']>(
    type: T,
    test: (event: LiveEventOf<T>) => boolean = () => true,
    { withinMs = WITHIN_MS, after }: WaitOptions = {},
  ): Promise<HistoryEntry<LiveEventOf<T>>> {
    const fits = (entry: HistoryEntry<LiveEvent>): entry is HistoryEntry<LiveEventOf<T>> =>
      entry.event.type === type && test(entry.event as LiveEventOf<T>);
    const from = after === undefined ? 0 : this.#kept.lastIndexOf(after) + 1;
    const found = this.#kept.slice(from).find(fits);
    if (found !== undefined) return Promise.resolve(found as HistoryEntry<LiveEventOf<T>>);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = (entry: HistoryEntry<LiveEvent>): void => {
        if (!fits(entry)) return;
        end();
        resolve(entry);
      };
      const timer = setTimeout(() => {
        end();
        reject(new NotSeenError(`${type}: not within ${withinMs / 1000} s; ${this.#told()}`));
      }, withinMs);
      this.#waiting.add(look);
    });
  }

  /** How often what has happened, for a person who waited in vain. */
  #told(): string {
    const counts = new Map<string, number>();
    for (const { event } of this.#kept) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    const words = [...counts].map(([type, count]) => `${type} ${count}`);
    return words.length === 0 ? 'nothing has happened' : `there was ${words.join(', ')}`;
  }
}
