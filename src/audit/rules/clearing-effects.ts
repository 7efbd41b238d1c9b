/** I16: what the end of a login or an exchange ends with it. */
import { ElsCommand } from '../../codecs/els/index.ts';
import { RCtl } from '../../codecs/fc/index.ts';
import { formatFcId } from '../../codecs/layout/index.ts';
import {
  type CommandDone,
  type HistoryEntry,
  inMs,
  type NexusChanged,
  type NexusName,
  type PlaceIndex,
  type ReservationChanged,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { forgetsAll } from '../ledger/disturbances.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import { remember } from '../ledger/remember.ts';
import type { Rule } from '../rule.ts';
import { hex16, nameOfExchange, type SeenExchange } from '../seen/exchange.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';
import type { TimeNs } from '../verdict.ts';

/** Ends and logins remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 100_000;

interface Cleared {
  readonly at: TimeNs;
  readonly frame: number;
}

const keyOf = ({ initiator, target, epoch }: NexusName): string =>
  `${initiator} ${target} ${epoch}`;

/** I16: what ends a login or an exchange ends its tasks and what hangs on it. */
export class ClearingEffects implements Rule {
  readonly invariant = 'I16';
  readonly sentence =
    'The end of a login or an exchange ends its tasks, releases what belongs to it, and nothing else';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = [
    'frame',
    'nexus',
    'command-done',
    'reservation',
    'disturbance',
  ];
  readonly roles: readonly FrameRole[] = [
    'response',
    'data-in',
    'xfer-rdy',
    'ba',
    'els-request',
    'els-reply',
  ];
  readonly #places: PlaceIndex;
  readonly #findings = new Findings();
  /** Requests that end a login, until they are answered. */
  readonly #asked = new Map<string, number>();
  readonly #links = new Numbers();
  /** When a target answered that a login is over, by link and pair of ports. */
  readonly #clearedAt = new IdMap<Cleared>(REMEMBERED_MAX);
  /** Exchanges whose abort the target has confirmed, and those that ended with their login. */
  readonly #aborted = new WeakSet<SeenExchange>();
  readonly #endedNexuses = new Map<string, TimeNs>();
  readonly #reservations = new Map<string, ReservationChanged>();
  #aborts = 0;
  #clearings = 0;

  constructor({ places }: Pick<RuleContext, 'places'>) {
    this.#places = places;
  }

  observe(entry: HistoryEntry): void {
    const { at, event } = entry;
    switch (event.type) {
      case 'nexus':
        this.#nexus(at, event);
        return;
      case 'command-done':
        this.#commandDone(at, event);
        return;
      case 'reservation':
        this.#reservation(event);
        return;
      default:
        if (forgetsAll(entry)) this.#forget();
    }
  }

  see(frame: SeenFrame): void {
    if (frame.protocol !== 'fc' || frame.disturbed !== undefined) return;
    if (frame.role === 'els-request' || frame.role === 'els-reply') this.#els(frame);
    else if (frame.exchange !== undefined) this.#fcp(frame, frame.exchange);
  }

  #els(fc: FcFrame): void {
    const { link, header, payload, role } = fc;
    const key = `${link} ${fc.originator} ${header.oxId}`;
    const command = payload[0] ?? 0;
    if (role === 'els-request') {
      if (ENDS_LOGIN.has(command)) remember(this.#asked, key, command, REMEMBERED_MAX);
      return;
    }
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    if (asked === undefined || command !== ElsCommand.LS_ACC) return;
    this.#clearings++;
    const cleared = { at: fc.at, frame: fc.number };
    this.#clearedAt.set(this.#links.of(link), fc.originator, fc.responder, 0, cleared);
  }

  #fcp(fc: FcFrame, exchange: SeenExchange): void {
    if (exchange.disturbed) return;
    if (fc.role === 'ba') {
      if (fc.header.rCtl !== RCtl.BA_ACC) return;
      this.#clearings++;
      this.#aborted.add(exchange);
      this.#aborts++;
      return;
    }
    if (this.#aborts > 0 && this.#aborted.has(exchange)) {
      this.#findings.add(
        `${nameOfExchange(exchange)}: the target goes on after it has confirmed the abort`,
        [exchange.frame, fc.number],
      );
      return;
    }
    const link = this.#links.of(fc.link);
    const cleared = this.#clearedAt.get(link, exchange.originator, exchange.responder);
    if (cleared === undefined || exchange.at >= cleared.at) return;
    this.#findings.add(
      `${nameOfExchange(exchange)}: the target goes on after it has confirmed the end of the login`,
      [exchange.frame, cleared.frame, fc.number],
    );
  }

  #nexus(at: TimeNs, { state, nexus }: NexusChanged): void {
    if (state !== 'ended') return;
    this.#clearings++;
    remember(this.#endedNexuses, keyOf(nexus), at, REMEMBERED_MAX);
  }

  #commandDone(at: TimeNs, { nexus, tag }: CommandDone): void {
    if (this.#endedNexuses.size === 0) return;
    const endedAt = this.#endedNexuses.get(keyOf(nexus));
    if (endedAt === undefined) return;
    this.#findings.add(
      `the command with OX_ID ${hex16(tag)} of ${formatFcId(nexus.address)} ran to its end ${inMs(at - endedAt)} after its login had ended`,
    );
  }

  /** A login that ends takes its SPC-2 reservation along, and no persistent one. */
  #reservation(one: ReservationChanged): void {
    const before = this.#reservations.get(one.luName);
    this.#reservations.set(one.luName, one);
    const { spc2Holder } = one;
    if (spc2Holder !== undefined) {
      if (this.#endedNexuses.has(keyOf(spc2Holder))) {
        this.#findings.add(
          `an SPC-2 reservation of ${this.#places.unit(one.luName)} outlives its login`,
        );
      }
    }
    if (one.cause !== 'nexus-lost' || before === undefined) return;
    const lost =
      one.registrations.length !== before.registrations.length ||
      one.reservationType !== before.reservationType;
    if (lost) {
      this.#findings.add(
        `a login's end changed the persistent reservations of ${this.#places.unit(one.luName)}`,
      );
    }
  }

  #forget(): void {
    this.#asked.clear();
    this.#clearedAt.clear();
    this.#endedNexuses.clear();
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#clearings,
      `${this.#clearings} logins and exchanges were ended, and with them all they had`,
      'no login ended and no exchange was aborted',
    );
  }
}

/** Requests whose acceptance ends what ran under the login before. PRLI: a new image ends the old. */
const ENDS_LOGIN: ReadonlySet<number> = new Set<number>([
  ElsCommand.LOGO,
  ElsCommand.PRLO,
  ElsCommand.PLOGI,
]);
