/** What a capture tells besides the verdict: answers, refusals, loops, reservations, events. */
import { ethernet } from '../../codecs/ethernet/index.ts';
import { fcHeader } from '../../codecs/fc/index.ts';
import {
  type Frame,
  layerValue,
  type Reject,
  rejectOf,
  type Unread,
} from '../../codecs/frame/index.ts';
import { formatFcId } from '../../codecs/layout/index.ts';
import type { UnitIdentities } from '../ledger/unit-identities.ts';
import type { ExchangeRow } from '../seen/exchange-row.ts';
import type { SeenFrame } from '../seen/frame.ts';
import type { LoginChange } from '../seen/login-watch.ts';
import type { SeenTask } from '../seen/session.ts';
import { UnitLooks } from '../seen/unit-looks.ts';
import { Answers, type LatencyRow, type StatusRow } from './answers.ts';
import { type EventKind, type EventPlace, type EventRow, Events } from './events.ts';
import { type IdentityRow, identityRows, type UnitEnds } from './identities.ts';
import { type LoginLoopRow, LoginLoops } from './login-loops.ts';
import { type OtherRow, OtherTraffic } from './other-traffic.ts';
import { PortNames } from './port-names.ts';
import {
  CapturedReservations,
  type ReservationAction,
  type ReservationState,
} from './reservations.ts';
import { answeredBy } from './session-rows.ts';

/** Different refusals that are listed. */
const REJECTS_MAX = 10_000;

/** A refusal, and how often it was met between two ports. */
export interface RejectRow extends Reject {
  readonly fabric: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
}

/** A type or port that nothing here reads, and how many frames had it. */
export interface UnreadRow {
  readonly what: Unread['what'];
  readonly code: number;
  readonly frames: number;
}

/** What `replay --json` tells besides verdict, logins and exchanges. */
export interface ToldReport {
  readonly statuses: readonly StatusRow[];
  readonly rejects: readonly RejectRow[];
  readonly latencies: readonly LatencyRow[];
  /** Answers that are in none of them, for there were too many initiators, targets and units. */
  readonly latenciesLeft: number;
  readonly loginLoops: readonly LoginLoopRow[];
  readonly reservations: {
    readonly actions: readonly ReservationAction[];
    readonly units: readonly ReservationState[];
  };
  /** Which unit each LUN of each login was, and what was done behind a warning that it is another. */
  readonly identities: readonly IdentityRow[];
  /** Looks and commands whose unit is in none of them, for there were too many. */
  readonly identitiesLeft: number;
  readonly unread: readonly UnreadRow[];
  /** Frames in which nothing is that this judges, by what they carry. */
  readonly otherTraffic: readonly OtherRow[];
  /** How many events of each kind there are; `--events` lists them. */
  readonly eventCounts: Partial<Record<EventKind, number>>;
}

/** Hears what passes in a capture. */
export class CaptureTold {
  readonly #names = new PortNames();
  readonly #answers = new Answers(this.#names);
  readonly #events = new Events();
  readonly #loops = new LoginLoops();
  readonly #reservations = new CapturedReservations(this.#names, (row) =>
    this.#identities.nameOf(row),
  );
  readonly #rejects = new Map<string, RejectRow & { count: number; lastFrame: number }>();
  readonly #unread = new Map<string, UnreadRow & { frames: number }>();
  readonly #others = new OtherTraffic();
  readonly #looks = new UnitLooks();
  readonly #identities: UnitIdentities;
  /** The ports of each of its units. */
  readonly #unitEnds: UnitEnds[] = [];

  /** `identities`: what it learns of logical units. */
  constructor(identities: UnitIdentities) {
    this.#identities = identities;
  }

  /** A frame that was decoded; plain reads and writes need not be. */
  frame(frame: Frame, seen: SeenFrame, place: EventPlace, fabric: string): void {
    this.#names.take(frame, fabric);
    this.#events.take(frame, seen, place, fabric);
    this.#loops.take(frame, place, fabric, layerValue(frame, ethernet)?.source ?? '');
    this.#reservations.take(frame, fabric);
    this.#looks.take(frame, fabric);
    this.#reject(frame, place.index, fabric);
    const { unread } = frame;
    if (unread === undefined) return;
    const key = `${unread.what} ${unread.code}`;
    const known = this.#unread.get(key);
    if (known === undefined) this.#unread.set(key, { ...unread, frames: 1 });
    else known.frames++;
  }

  /** A frame of no stream that is followed, and without Fibre Channel. */
  other(frame: Frame): void {
    this.#others.take(frame);
  }

  /** Data of a plain frame. */
  data(seen: SeenFrame, place: EventPlace, fabric: string): void {
    this.#events.data(seen, place, fabric);
  }

  /** An exchange has ended. */
  exchange(row: ExchangeRow): void {
    this.#answers.take(row);
    this.#events.exchange(row);
    this.#reservations.exchange(row);
    this.#identities.take(row, this.#looks.of(row));
    this.#nameUnits();
  }

  /** A task of a session has ended. */
  task(task: SeenTask): void {
    const answered = answeredBy(task);
    if (answered === undefined) return;
    const { initiator, target, client, server } = task.session;
    this.#answers.answer(answered, {
      initiator: this.#names.named(initiator === '' ? client : initiator),
      target: this.#names.named(target === '' ? server : target),
    });
  }

  /** Addresses are given to others later. */
  #nameUnits(): void {
    const { units } = this.#identities;
    for (let i = this.#unitEnds.length; i < units.length; i++) {
      const { fabric, initiator, target } = units[i]!;
      const port = (nPortId: number) => this.#names.of(fabric, nPortId);
      this.#unitEnds.push({ initiator: port(initiator), target: port(target) });
    }
  }

  /** A fabric login was made or ended. */
  login({ event }: LoginChange, fabric: string): void {
    if (event.type === 'login') this.#names.learn(fabric, event.nPortId, event.wwpn);
  }

  #reject(frame: Frame, number: number, fabric: string): void {
    const reject = rejectOf(frame);
    const header = layerValue(frame, fcHeader);
    if (reject === undefined || header === undefined) return;
    const from = formatFcId(header.sId);
    const to = formatFcId(header.dId);
    const { by, command, reason, explanation } = reject;
    const key = [fabric, from, to, by, command, reason, explanation].join('|');
    const known = this.#rejects.get(key);
    if (known !== undefined) {
      known.count++;
      known.lastFrame = number;
    } else if (this.#rejects.size < REJECTS_MAX)
      this.#rejects.set(key, {
        ...reject,
        fabric,
        from,
        to,
        count: 1,
        firstFrame: number,
        lastFrame: number,
      });
  }

  /** All events, and how many more there were than are kept. */
  events(): { readonly rows: readonly EventRow[]; readonly left: number } {
    return { rows: this.#events.rows(), left: this.#events.left };
  }

  /** The tables. */
  report(): ToldReport {
    return {
      statuses: this.#answers.statuses(),
      rejects: [...this.#rejects.values()],
      latencies: this.#answers.latencies(),
      latenciesLeft: this.#answers.latenciesLeft,
      loginLoops: this.#loops.rows(),
      reservations: {
        actions: this.#reservations.actions(),
        units: this.#reservations.states(),
      },
      identities: identityRows(this.#identities, this.#unitEnds),
      identitiesLeft: this.#identities.left,
      unread: [...this.#unread.values()],
      otherTraffic: this.#others.rows(),
      eventCounts: this.#events.counts(),
    };
  }
}
