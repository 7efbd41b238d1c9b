/** I1 and I3: every guest I/O ends exactly once, and none is lost in the move. */
import { Findings } from './findings.ts';
import type { FrameIndex } from './frame-index.ts';
import type {
  AuditBounds,
  IoSent,
  IoSubmitted,
  Observation,
  ObservationKind,
} from './observation.ts';
import type { InvariantObserver } from './observer.ts';

const nameOf = (one: { readonly vm: string; readonly io: number }): string =>
  `I/O ${one.io} of ${one.vm}`;

interface Book {
  readonly submitted: IoSubmitted;
  ends: number;
  sent: IoSent | undefined;
}

/** The frames of an I/O's last attempt. */
function framesOf(index: FrameIndex, book: Book): readonly number[] {
  return book.sent === undefined ? [] : index.framesOf(book.sent.sId, book.sent.oxId);
}

/** I1: exactly-once completion, within the deadline. */
export class ExactlyOnce implements InvariantObserver {
  readonly invariant = 'I1';
  readonly sentence = 'Every guest I/O ends exactly once, in time';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete'];
  readonly #bounds: AuditBounds;
  readonly #index: FrameIndex;
  readonly #books = new Map<string, Book>();
  readonly #findings = new Findings();
  #completed = 0;
  #slowestNs = 0;

  constructor(bounds: AuditBounds, index: FrameIndex) {
    this.#bounds = bounds;
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind === 'submit') {
      const known = this.#books.has(nameOf(one));
      if (known) this.#findings.add(`${nameOf(one)} was submitted twice`);
      this.#books.set(nameOf(one), { submitted: one, ends: 0, sent: undefined });
    } else if (one.kind === 'sent') {
      const book = this.#books.get(nameOf(one));
      if (book !== undefined) book.sent = one;
    } else if (one.kind === 'complete') this.#complete(one);
  }

  #complete(one: Extract<Observation, { kind: 'complete' }>): void {
    const book = this.#books.get(nameOf(one));
    if (book === undefined) {
      this.#findings.add(`${nameOf(one)} ended but was never submitted`);
      return;
    }
    book.ends++;
    if (book.ends > 1) {
      this.#findings.add(`${nameOf(one)} ended ${book.ends} times`, framesOf(this.#index, book));
      return;
    }
    this.#completed++;
    const tookNs = one.at - book.submitted.at;
    this.#slowestNs = Math.max(this.#slowestNs, tookNs);
    if (tookNs > this.#bounds.guestTimeoutNs) {
      this.#findings.add(`${nameOf(one)} took ${tookNs / 1e9} s`, framesOf(this.#index, book));
    }
  }

  conclude() {
    for (const book of this.#books.values()) {
      if (book.ends === 0) {
        this.#findings.add(`${nameOf(book.submitted)} never ended`, framesOf(this.#index, book));
      }
    }
    return this.#findings.conclude(
      `${this.#completed} I/Os, the slowest took ${(this.#slowestNs / 1e6).toFixed(1)} ms`,
    );
  }
}

/** I3: what was under way when the guest was stunned is completed, sent again, or reported failed. */
export class NoSilentDrop implements InvariantObserver {
  readonly invariant = 'I3';
  readonly sentence = 'No I/O that was under way at the stun is dropped in silence';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete', 'guest'];
  readonly #index: FrameIndex;
  readonly #open = new Map<string, Book>();
  readonly #atStun = new Map<
    string,
    { readonly book: Book; fate: 'none' | 'requeued' | 'ended' }
  >();
  readonly #findings = new Findings();
  #stunned = false;

  constructor(index: FrameIndex) {
    this.#index = index;
  }

  observe(one: Observation): void {
    switch (one.kind) {
      case 'submit':
        this.#open.set(nameOf(one), { submitted: one, ends: 0, sent: undefined });
        return;
      case 'sent': {
        const book = this.#open.get(nameOf(one));
        if (book !== undefined) book.sent = one;
        return;
      }
      case 'requeue': {
        const entry = this.#atStun.get(nameOf(one));
        if (entry !== undefined && entry.fate === 'none') entry.fate = 'requeued';
        return;
      }
      case 'complete': {
        this.#open.delete(nameOf(one));
        const entry = this.#atStun.get(nameOf(one));
        if (entry !== undefined) entry.fate = 'ended';
        return;
      }
      case 'guest':
        if (one.state !== 'stunned') return;
        this.#stunned = true;
        for (const [name, book] of this.#open) {
          if (book.submitted.vm === one.vm) this.#atStun.set(name, { book, fate: 'none' });
        }
    }
  }

  conclude() {
    for (const [name, { book, fate }] of this.#atStun) {
      if (fate === 'ended') continue;
      const what = fate === 'requeued' ? 'was to be sent again and never ended' : 'was forgotten';
      this.#findings.add(`${name} ${what}`, framesOf(this.#index, book));
    }
    if (!this.#stunned) return this.#findings.conclude('no guest was stunned');
    return this.#findings.conclude(
      `${this.#atStun.size} I/Os under way at the stun, all accounted for`,
    );
  }
}
