/** I1, I2 and I3: every guest I/O ends once, by the word of its target, and none is lost in the move. */
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import {
  type GuestStands,
  type HistoryEntry,
  type IoCompleted,
  type IoSent,
  inMs,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable } from '../findings.ts';
import type { FailedIo } from '../ledger/failed-ios.ts';
import { type IoRecord, nameOfIo } from '../ledger/io-ledger.ts';
import { OpenIos } from '../ledger/open-ios.ts';
import type { Rule } from '../rule.ts';
import { exchangeKey } from '../seen/exchange.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';
import type { Excused, TimeNs } from '../verdict.ts';

/** Failures of one guest for one reason. */
interface Failures {
  readonly first: IoRecord;
  readonly at: TimeNs;
  readonly reason: string;
  readonly frames: readonly number[];
  count: number;
}

/** Excuses that are named in a headline, those of most I/Os. */
const EXCUSES_MAX = 2;

/** I1: exactly-once completion, within the deadline, and no failure that the move has made. */
export class ExactlyOnce implements Rule {
  readonly invariant = 'I1';
  readonly sentence =
    'Every guest I/O ends exactly once and in time, and fails only for a reason from outside';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-complete'];
  readonly hears: readonly Evidence[] = ['io-submit', 'io-complete'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  /** By guest and reason. */
  readonly #failures = new Map<string, Failures>();
  /** Failures that somebody else is the reason for, by whom. */
  readonly #excused = new Map<string, number>();
  #completed = 0;
  #slowestNs = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    context.failures.onFailure((failed) => this.#failed(failed));
  }

  #failed({ at, record, reason, excuse }: FailedIo): void {
    if (excuse !== undefined) {
      this.#excused.set(excuse, (this.#excused.get(excuse) ?? 0) + 1);
      return;
    }
    const key = `${record.io.vm} ${reason}`;
    const known = this.#failures.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const frames = this.#context.ios.framesOfLast(record);
    this.#failures.set(key, { first: record, at, reason, frames, count: 1 });
  }

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'io-submit') {
      const { open } = this.#context.ios;
      if (event.io <= open.highest(event.vm)) {
        this.#findings.add(`${nameOfIo(event)} was submitted twice`);
      }
    } else if (event.type === 'io-complete') this.#complete(at, event);
  }

  #complete(at: TimeNs, event: IoCompleted): void {
    const { bounds, disturbances, ios, stops } = this.#context;
    const record = ios.open.get(event);
    if (record === undefined) {
      const known = event.io <= ios.open.highest(event.vm);
      const what = known ? 'ended once more' : 'ended but was never submitted';
      this.#findings.add(`${nameOfIo(event)} ${what}`);
      return;
    }
    this.#completed++;
    const tookNs = at - record.at - stops.between(event.vm, record.at, at);
    this.#slowestNs = Math.max(this.#slowestNs, tookNs);
    // What an outage held up may end late; it still has to end.
    if (tookNs > bounds.guestTimeoutNs && !disturbances.since(record.at)) {
      this.#findings.add(`${nameOfIo(event)} took ${tookNs / 1e9} s`, ios.framesOfLast(record));
    }
  }

  conclude() {
    const findings = this.#findings.copy();
    const { disturbances, ios } = this.#context;
    let lost = 0;
    for (const record of ios.open) {
      if (isLost(record, disturbances.lostAt(record.io.vm))) lost++;
      else findings.add(`${nameOfIo(record.io)} never ended`, ios.framesOfLast(record));
    }
    for (const { at, reason, first, count, frames } of this.#failures.values()) {
      const rest = count === 1 ? 'failed' : `and ${count - 1} more after it failed`;
      findings.add(`${nameOfIo(first.io)} ${rest}: ${reason} (first at ${inMs(at)})`, frames);
    }
    const withHost = lost === 0 ? '' : `, ${lost} lost with the host that held the guest's memory`;
    const excused = [...this.#excused].map(([who, count]) => `, ${count} failed for ${who}`);
    return findings.conclude(
      `${this.#completed} I/Os, the slowest took ${inMs(this.#slowestNs, 1)}${withHost}${excused.join('')}`,
      this.#excuse(),
    );
  }

  #excuse(): Excused | undefined {
    const all = [...this.#excused].sort(([, a], [, b]) => b - a);
    if (all.length === 0) return undefined;
    const failed = all.reduce((sum, [, count]) => sum + count, 0);
    const named = all.slice(0, EXCUSES_MAX).map(([who]) => who);
    const more = all.length - named.length;
    const by = [...named, ...(more > 0 ? [`${more} more`] : [])].join(' and ');
    return { what: `${failed} I/Os failed`, by };
  }
}

/** An I/O that nobody is left to be told of: its guest's memory is gone. */
function isLost({ at }: IoRecord, lostAt: TimeNs | undefined): boolean {
  return lostAt !== undefined && at <= lostAt;
}

/** I2: what the guest is told comes from the target's answer to this very attempt. */
export class NoInventedStatus implements Rule {
  readonly invariant = 'I2';
  readonly sentence = "A guest is told what its I/O's target answered, and nothing else";
  readonly needs: readonly Evidence[] = ['io-submit', 'io-sent', 'io-complete', 'frame'];
  readonly hears: readonly Evidence[] = ['io-sent', 'io-attempt-end', 'io-complete', 'frame'];
  readonly roles: readonly FrameRole[] = ['response'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  /** The attempt that an exchange carries, until its answer has come, by fabric. */
  readonly #carried = new Map<string, Map<number, Attempt>>();
  /** Last attempts. */
  readonly #open = new OpenIos<Attempt>();
  #count = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, node, event }: HistoryEntry): void {
    if (event.type === 'io-sent') {
      const fabric = this.#context.places.linkAt(node, event.port)?.fabric ?? '';
      const attempt: Attempt = { event, at, fabric, status: undefined };
      this.#open.begin(event, attempt);
      this.#carriedOn(fabric).set(exchangeKey(event.address, event.tag), attempt);
    } else if (event.type === 'io-attempt-end') this.#free(this.#open.get(event), event.attempt);
    else if (event.type === 'io-complete') this.#complete(event);
  }

  /** An attempt is over: whoever has its tag next is answered on its own account. */
  #free(attempt: Attempt | undefined, number?: number): void {
    if (attempt === undefined || attempt.event.attempt !== (number ?? attempt.event.attempt))
      return;
    const { address, tag } = attempt.event;
    const carried = this.#carriedOn(attempt.fabric);
    const key = exchangeKey(address, tag);
    if (carried.get(key) === attempt) carried.delete(key);
  }

  /** Answers count where the switch hands them to the host. */
  see(frame: SeenFrame): void {
    if (frame.protocol === 'fc') this.#answer(frame);
  }

  #answer(fc: FcFrame): void {
    const { fabric, originator, header, direction, exchange } = fc;
    if (direction === 'in' || exchange === undefined || !fc.crcGood) return;
    const carried = this.#carriedOn(fabric);
    const key = exchangeKey(originator, header.oxId);
    const attempt = carried.get(key);
    if (attempt === undefined || exchange.at < attempt.at) return;
    carried.delete(key);
    if (this.#open.get(attempt.event) === attempt) attempt.status = exchange.status;
  }

  #carriedOn(fabric: string): Map<number, Attempt> {
    let carried = this.#carried.get(fabric);
    if (carried === undefined) {
      carried = new Map();
      this.#carried.set(fabric, carried);
    }
    return carried;
  }

  #complete(event: IoCompleted): void {
    const attempt = this.#open.end(event);
    this.#count++;
    this.#free(attempt);
    const status = attempt?.status;
    if (event.result === 'failed') {
      const hasReason =
        event.reason !== undefined || (status ?? ScsiStatus.GOOD) !== ScsiStatus.GOOD;
      if (!hasReason) this.#findings.add(`${nameOfIo(event)} failed without a reason`);
      return;
    }
    if (status === ScsiStatus.GOOD) return;
    const answer = status === undefined ? 'nothing' : `status ${status.toString(16)}h`;
    this.#findings.add(
      `${nameOfIo(event)} ended well, and its target had answered ${answer}`,
      attempt === undefined ? [] : this.#framesOf(attempt),
    );
  }

  #framesOf({ fabric, event }: Attempt): readonly number[] {
    return this.#context.exchanges.framesOf(fabric, event.address, event.tag);
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} ends, each by its target's answer`);
  }
}

/** An attempt of an I/O, and the status that came for it. */
interface Attempt {
  readonly event: IoSent;
  readonly at: TimeNs;
  readonly fabric: string;
  status: number | undefined;
}

/** I3: what was under way when the guest was stunned is completed, sent again, or reported failed. */
export class NoSilentDrop implements Rule {
  readonly invariant = 'I3';
  readonly sentence = 'No I/O that was under way at the stun is dropped in silence';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-complete', 'guest'];
  readonly hears: readonly Evidence[] = ['io-requeue', 'io-complete', 'guest'];
  readonly #context: RuleContext;
  readonly #atStun = new OpenIos<{ readonly record: IoRecord; fate: 'none' | 'requeued' }>();
  readonly #findings = new Findings();
  #stunned = false;
  #counted = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ event }: HistoryEntry): void {
    switch (event.type) {
      case 'io-requeue': {
        const entry = this.#atStun.get(event);
        if (entry !== undefined) entry.fate = 'requeued';
        return;
      }
      case 'io-complete':
        this.#atStun.end(event);
        return;
      case 'guest':
        if (event.state === 'stunned') this.#stun(event);
    }
  }

  #stun({ vm }: GuestStands): void {
    this.#stunned = true;
    for (const record of this.#context.ios.open.of(vm)) {
      if (this.#atStun.get(record.io) !== undefined) continue;
      this.#counted++;
      this.#atStun.begin(record.io, { record, fate: 'none' });
    }
  }

  conclude() {
    const findings = this.#findings.copy();
    const { disturbances, ios } = this.#context;
    for (const { record, fate } of this.#atStun) {
      if (isLost(record, disturbances.lostAt(record.io.vm))) continue;
      const what = fate === 'requeued' ? 'was to be sent again and never ended' : 'was forgotten';
      findings.add(`${nameOfIo(record.io)} ${what}`, ios.framesOfLast(record));
    }
    if (!this.#stunned) return notObservable('no guest was stunned');
    return findings.conclude(`${this.#counted} I/Os under way at the stun, all accounted for`);
  }
}
