/** I1, I2 and I3: every guest I/O ends once, by the word of its target, and none is lost in the move. */
import { ScsiStatus } from '../../codecs/fcp/index.ts';
import { Findings, notObservable } from '../findings.ts';
import type { Disturbances } from '../ledger/disturbances.ts';
import type {
  AuditBounds,
  IoCompleted,
  IoSent,
  IoSubmitted,
  Observation,
  ObservationKind,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import type { FrameIndex } from '../seen/frame-index.ts';

const nameOf = (one: { readonly vm: string; readonly io: number }): string =>
  `I/O ${one.io} of ${one.vm}`;

interface Book {
  readonly submitted: IoSubmitted;
  sent: IoSent | undefined;
}

/** The frames of an I/O's last attempt. */
function framesOf(index: FrameIndex, { sent }: Book): readonly number[] {
  return sent === undefined ? [] : index.framesOf(sent.fabric, sent.sId, sent.oxId);
}

/** I/Os that ended, to tell a second end from the end of what was never submitted. */
class Ended {
  readonly #highest = new Map<string, number>();

  add({ vm, io }: IoSubmitted): void {
    this.#highest.set(vm, Math.max(io, this.#highest.get(vm) ?? 0));
  }

  has({ vm, io }: { readonly vm: string; readonly io: number }): boolean {
    return io <= (this.#highest.get(vm) ?? 0);
  }
}

/** I1: exactly-once completion, within the deadline. */
export class ExactlyOnce implements InvariantObserver {
  readonly invariant = 'I1';
  readonly sentence = 'Every guest I/O ends exactly once, in time';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete'];
  readonly hears: readonly ObservationKind[] = ['submit', 'sent', 'complete'];
  readonly #bounds: AuditBounds;
  readonly #index: FrameIndex;
  readonly #disturbances: Disturbances;
  readonly #open = new Map<string, Book>();
  readonly #submitted = new Ended();
  readonly #findings = new Findings();
  #completed = 0;
  #slowestNs = 0;

  constructor(bounds: AuditBounds, index: FrameIndex, disturbances: Disturbances) {
    this.#bounds = bounds;
    this.#index = index;
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    if (one.kind === 'submit') {
      if (this.#submitted.has(one)) this.#findings.add(`${nameOf(one)} was submitted twice`);
      this.#submitted.add(one);
      this.#open.set(nameOf(one), { submitted: one, sent: undefined });
    } else if (one.kind === 'sent') {
      const book = this.#open.get(nameOf(one));
      if (book !== undefined) book.sent = one;
    } else if (one.kind === 'complete') this.#complete(one);
  }

  #complete(one: IoCompleted): void {
    const book = this.#open.get(nameOf(one));
    if (book === undefined) {
      const what = this.#submitted.has(one) ? 'ended once more' : 'ended but was never submitted';
      this.#findings.add(`${nameOf(one)} ${what}`);
      return;
    }
    this.#open.delete(nameOf(one));
    this.#completed++;
    const { at } = book.submitted;
    const tookNs = one.at - at;
    this.#slowestNs = Math.max(this.#slowestNs, tookNs);
    // What an outage held up may end late; it still has to end.
    if (tookNs > this.#bounds.guestTimeoutNs && !this.#disturbances.since(at)) {
      this.#findings.add(`${nameOf(one)} took ${tookNs / 1e9} s`, framesOf(this.#index, book));
    }
  }

  conclude() {
    let lost = 0;
    for (const book of this.#open.values()) {
      const { submitted } = book;
      const lostAt = this.#disturbances.lostAt(submitted.vm);
      if (lostAt !== undefined && submitted.at <= lostAt) lost++;
      else this.#findings.add(`${nameOf(submitted)} never ended`, framesOf(this.#index, book));
    }
    const withHost = lost === 0 ? '' : `, ${lost} lost with the host that held the guest's memory`;
    return this.#findings.conclude(
      `${this.#completed} I/Os, the slowest took ${(this.#slowestNs / 1e6).toFixed(1)} ms${withHost}`,
    );
  }
}

/** I2: what the guest is told comes from the target's answer to this very attempt. */
export class NoInventedStatus implements InvariantObserver {
  readonly invariant = 'I2';
  readonly sentence = "A guest is told what its I/O's target answered, and nothing else";
  readonly needs: readonly ObservationKind[] = ['submit', 'sent', 'complete', 'frame'];
  readonly hears: readonly ObservationKind[] = ['sent', 'complete', 'frame'];
  readonly roles: readonly FrameRole[] = ['response'];
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  /** The attempt that an exchange carries, until its answer has come. */
  readonly #carried = new Map<string, IoSent>();
  /** Status that came for an I/O's last attempt. */
  readonly #open = new Map<string, { sent: IoSent; status: number | undefined }>();
  #count = 0;

  constructor(index: FrameIndex) {
    this.#index = index;
  }

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'sent') {
      this.#open.set(nameOf(one), { sent: one, status: undefined });
      this.#carried.set(exchangeOf(one.fabric, one.sId, one.oxId), one);
    } else if (one.kind === 'complete') this.#complete(one);
    else if (fc !== undefined) this.#answer(fc);
  }

  /** Answers count where the switch hands them to the host. */
  #answer(fc: FcFrame): void {
    const { seen, originator, header, direction, exchange } = fc;
    if (direction === 'to-fcf' || exchange === undefined || !fc.crcGood) return;
    const key = exchangeOf(seen.fabric, originator, header.oxId);
    const sent = this.#carried.get(key);
    if (sent === undefined || exchange.at < sent.at) return;
    this.#carried.delete(key);
    const open = this.#open.get(nameOf(sent));
    if (open?.sent === sent) open.status = exchange.status;
  }

  #complete(one: IoCompleted): void {
    const open = this.#open.get(nameOf(one));
    this.#open.delete(nameOf(one));
    this.#count++;
    if (open !== undefined) {
      this.#carried.delete(exchangeOf(open.sent.fabric, open.sent.sId, open.sent.oxId));
    }
    const status = open?.status;
    if (one.result === 'failed') {
      const hasReason = one.reason !== undefined || (status ?? ScsiStatus.GOOD) !== ScsiStatus.GOOD;
      if (!hasReason) this.#findings.add(`${nameOf(one)} failed without a reason`);
      return;
    }
    if (status === ScsiStatus.GOOD) return;
    const answer = status === undefined ? 'nothing' : `status ${status.toString(16)}h`;
    this.#findings.add(
      `${nameOf(one)} ended well, and its target had answered ${answer}`,
      open === undefined
        ? []
        : this.#index.framesOf(open.sent.fabric, open.sent.sId, open.sent.oxId),
    );
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} ends, each by its target's answer`);
  }
}

const exchangeOf = (fabric: string, sId: number, oxId: number): string =>
  `${fabric} ${sId * 0x1_0000 + oxId}`;

/** I3: what was under way when the guest was stunned is completed, sent again, or reported failed. */
export class NoSilentDrop implements InvariantObserver {
  readonly invariant = 'I3';
  readonly sentence = 'No I/O that was under way at the stun is dropped in silence';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete', 'guest'];
  readonly hears: readonly ObservationKind[] = ['submit', 'sent', 'requeue', 'complete', 'guest'];
  readonly #index: FrameIndex;
  readonly #disturbances: Disturbances;
  readonly #open = new Map<string, Book>();
  readonly #atStun = new Map<string, { readonly book: Book; fate: 'none' | 'requeued' }>();
  readonly #findings = new Findings();
  #stunned = false;
  #counted = 0;

  constructor(index: FrameIndex, disturbances: Disturbances) {
    this.#index = index;
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    switch (one.kind) {
      case 'submit':
        this.#open.set(nameOf(one), { submitted: one, sent: undefined });
        return;
      case 'sent': {
        const book = this.#open.get(nameOf(one));
        if (book !== undefined) book.sent = one;
        return;
      }
      case 'requeue': {
        const entry = this.#atStun.get(nameOf(one));
        if (entry !== undefined) entry.fate = 'requeued';
        return;
      }
      case 'complete':
        this.#open.delete(nameOf(one));
        this.#atStun.delete(nameOf(one));
        return;
      case 'guest':
        if (one.state !== 'stunned') return;
        this.#stunned = true;
        for (const [name, book] of this.#open) {
          if (book.submitted.vm !== one.vm || this.#atStun.has(name)) continue;
          this.#counted++;
          this.#atStun.set(name, { book, fate: 'none' });
        }
    }
  }

  conclude() {
    for (const [name, { book, fate }] of this.#atStun) {
      const lostAt = this.#disturbances.lostAt(book.submitted.vm);
      if (lostAt !== undefined && book.submitted.at <= lostAt) continue;
      const what = fate === 'requeued' ? 'was to be sent again and never ended' : 'was forgotten';
      this.#findings.add(`${name} ${what}`, framesOf(this.#index, book));
    }
    if (!this.#stunned) return notObservable('no guest was stunned');
    return this.#findings.conclude(
      `${this.#counted} I/Os under way at the stun, all accounted for`,
    );
  }
}
