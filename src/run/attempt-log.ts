/** Attempts of I/O with their frames, and which of them a violation is about. */

import { BlockReadings } from '../audit/ledger/block-readings.ts';
import { type MoveStep, MoveSteps } from '../audit/ledger/move-steps.ts';
import { type ExchangeId, exchangeIn, exchangeKey } from '../audit/seen/exchange.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { formatFcId } from '../codecs/layout/index.ts';
import {
  type BlocksApplied,
  type FabricLogin,
  type FabricLogout,
  type HistoryEntry,
  type IoAttemptEnded,
  type IoCompleted,
  type IoSent,
  type IoSubmitted,
  PlaceIndex,
  type Places,
} from '../history/index.ts';
import type { FaultHit } from './adversary.ts';
import type { RunObserver } from './options.ts';
import { isSameFrame } from './same-frame.ts';

/** Writes over the same blocks that are shown beside the ones a violation is about. */
const RIVALS_MAX = 4;
/** Addresses from here on belong to the fabric. */
const WELL_KNOWN_FIRST = 0xff_fc00;

/** A happening that was kept, with its time and its node. */
export interface Kept<E> {
  readonly at: number;
  readonly node: string;
  readonly event: E;
}

/** An attempt of an I/O with its frames. */
export interface Attempt {
  readonly sent: Kept<IoSent>;
  readonly io: IoSubmitted | undefined;
  /** How it ended, and when. */
  end: Kept<IoAttemptEnded> | undefined;
  readonly applied: Kept<BlocksApplied>[];
  readonly frames: TappedFrame[];
}

/** Names an I/O, for a key. */
export const ioKey = (one: { readonly vm: string; readonly io: number }): string =>
  `${one.vm} ${one.io}`;

/** What a run left behind. */
export class AttemptLog implements RunObserver {
  readonly frames: TappedFrame[] = [];
  readonly attempts: Attempt[] = [];
  readonly completed = new Map<string, Kept<IoCompleted>>();
  readonly logins: Kept<FabricLogin | FabricLogout>[] = [];
  readonly moves = new MoveSteps<MoveStep>((step) => step);
  hits: readonly FaultHit[] = [];
  places = new PlaceIndex({ nodes: [], ports: [] });
  readonly #readings = new BlockReadings();
  readonly #submitted = new Map<string, IoSubmitted>();
  readonly #byExchange = new Map<number, Attempt[]>();
  readonly #attemptOf = new Map<TappedFrame, Attempt>();
  readonly #exchangeOf = new Map<TappedFrame, string>();
  readonly #concerned = new Set<Attempt>();
  readonly #exchanges = new Set<string>();
  /** Frames that come late, and those that are seen just before a fault holds or takes them. */
  readonly #held = new Map<TappedFrame, FaultHit>();
  readonly #leaving = new Map<TappedFrame, FaultHit>();

  begin(places: Places): void {
    this.places = new PlaceIndex(places);
  }

  see(frame: TappedFrame): void {
    this.frames.push(frame);
  }

  observe({ at, node, event }: HistoryEntry): void {
    switch (event.type) {
      case 'io-submit':
        this.#submitted.set(ioKey(event), event);
        return;
      case 'io-sent':
        this.#sent({ at, node, event });
        return;
      case 'io-attempt-end': {
        const attempt = this.attempts.findLast(
          ({ sent }) => ioKey(sent.event) === ioKey(event) && sent.event.attempt === event.attempt,
        );
        if (attempt !== undefined) attempt.end = { at, node, event };
        return;
      }
      case 'apply':
        this.#applied({ at, node, event });
        return;
      case 'io-complete':
        this.completed.set(ioKey(event), { at, node, event });
        return;
      case 'login':
      case 'logout':
        this.logins.push({ at, node, event });
        return;
      case 'move-step':
      case 'move-end':
        this.moves.take(at, event);
    }
  }

  /** When the move began. */
  get moveAt(): number {
    return this.moves.steps[0]?.atNs ?? 0;
  }

  #sent(sent: Kept<IoSent>): void {
    const { address, tag } = sent.event;
    const io = this.#submitted.get(ioKey(sent.event));
    const attempt: Attempt = { sent, io, end: undefined, applied: [], frames: [] };
    this.attempts.push(attempt);
    const key = exchangeKey(address, tag);
    const list = this.#byExchange.get(key) ?? [];
    list.push(attempt);
    this.#byExchange.set(key, list);
  }

  /** The attempt of this exchange whose data was applied: the one that wrote this version. */
  #applied(applied: Kept<BlocksApplied>): void {
    const { nexus, tag } = applied.event;
    const attempts = this.#byExchange.get(exchangeKey(nexus.address, tag)) ?? [];
    const versions = this.#readings
      .of(applied.event)
      .map((one) => (one.found === 'stamp' ? one.version : -1));
    const attempt =
      attempts.findLast(({ io }) => io !== undefined && versions.includes(io.version)) ??
      attempts.at(-1);
    attempt?.applied.push(applied);
  }

  /** Everything is there: sorts frames to attempts and finds out what the violation is about. */
  conclude(hits: readonly FaultHit[], named: readonly number[]): void {
    this.hits = hits;
    this.place(this.frames);
    const byNumber = new Set(named);
    for (const frame of this.frames) {
      if (byNumber.has(frame.number) || this.#held.has(frame)) this.#concern(frame);
    }
    for (const { frame, at } of hits) this.#concernKey(frame, at);
    for (const attempt of [...this.#concerned]) this.#concernIo(attempt);
  }

  /** Sorts frames of another tap to attempts, once everything is there. */
  place(frames: Iterable<TappedFrame>): void {
    for (const frame of frames) this.#place(frame);
  }

  #place(frame: TappedFrame): void {
    const exchange = exchangeIn(frame.bytes);
    if (exchange === undefined) return;
    this.#exchangeOf.set(frame, textOf(exchange));
    const hit = this.hits.find((one) => isLate(one, frame));
    if (hit !== undefined) this.#held.set(frame, hit);
    const leaves = this.hits.find((one) => isLeaving(one, frame));
    if (leaves !== undefined) this.#leaving.set(frame, leaves);
    const sentBy = hit?.at ?? frame.at;
    const attempt = this.#byExchange
      .get(exchangeKey(exchange.originator, exchange.oxId))
      ?.findLast(({ sent }) => sent.at <= sentBy);
    if (attempt === undefined) return;
    attempt.frames.push(frame);
    this.#attemptOf.set(frame, attempt);
  }

  #concern(frame: TappedFrame): void {
    const attempt = this.#attemptOf.get(frame);
    if (attempt !== undefined) this.#concerned.add(attempt);
    else {
      const key = this.#exchangeOf.get(frame);
      if (key !== undefined) this.#exchanges.add(key);
    }
  }

  /** A frame that a fault took may never have come to a tap: its exchange is concerned all the same. */
  #concernKey(bytes: Uint8Array, at: number): void {
    const exchange = exchangeIn(bytes);
    if (exchange === undefined) return;
    const attempt = this.#byExchange
      .get(exchangeKey(exchange.originator, exchange.oxId))
      ?.findLast(({ sent }) => sent.at <= at);
    if (attempt !== undefined) this.#concerned.add(attempt);
    else this.#exchanges.add(textOf(exchange));
  }

  /** Other attempts of the same I/O, and writes over its blocks while it was under way. */
  #concernIo(attempt: Attempt): void {
    const { io } = attempt;
    if (io === undefined) return;
    const until = Math.max(attempt.sent.at, ...attempt.applied.map(({ at }) => at));
    const rivals = this.attempts.filter(
      (other) =>
        other.io !== undefined &&
        (ioKey(other.io) === ioKey(io) ||
          (other.io.op !== 'read' &&
            other.io.luName === io.luName &&
            other.sent.at > attempt.sent.at &&
            other.sent.at <= until &&
            other.io.lba < io.lba + io.blocks &&
            io.lba < other.io.lba + other.io.blocks)),
    );
    for (const rival of rivals.slice(-RIVALS_MAX)) this.#concerned.add(rival);
  }

  /** Whether the violation is about this frame. */
  concerns(frame: TappedFrame): boolean {
    const attempt = this.#attemptOf.get(frame);
    if (attempt !== undefined) return this.#concerned.has(attempt);
    const key = this.#exchangeOf.get(frame);
    return key !== undefined && this.#exchanges.has(key);
  }

  /** The attempts it is about. */
  get concernedAttempts(): readonly Attempt[] {
    return this.attempts.filter((one) => this.#concerned.has(one));
  }

  /** Whether a fault held the frame back before it came here. */
  isHeld(frame: TappedFrame): boolean {
    return this.#held.has(frame);
  }

  heldBy(frame: TappedFrame): FaultHit | undefined {
    return this.#held.get(frame);
  }

  /** The fault that meets the frame behind this tap, on its way out of the switch. */
  leavesInto(frame: TappedFrame): FaultHit | undefined {
    return this.#leaving.get(frame);
  }

  attemptOf(frame: TappedFrame): Attempt | undefined {
    return this.#attemptOf.get(frame);
  }

  /** Whether the switch itself sent the frame: no other tap has seen it come. */
  comesFromSwitch(frame: TappedFrame): boolean {
    const exchange = exchangeIn(frame.bytes);
    return exchange === undefined || exchange.header.sId >= WELL_KNOWN_FIRST;
  }

  /** N_Port_IDs of the initiators concerned, as lines of frames have them. */
  addresses(): string[] {
    const ids = new Set(this.concernedAttempts.map(({ sent }) => sent.event.address));
    return [...ids].map(formatFcId);
  }
}

const textOf = ({ originator, responder, oxId }: ExchangeId): string =>
  `${originator} ${responder} ${oxId}`;

/** Whether this is the late copy of a frame that a fault delayed or doubled. */
function isLate({ fault, at, link, direction, frame }: FaultHit, seen: TappedFrame): boolean {
  const { fault: kind } = fault;
  if (kind !== 'delay' && kind !== 'hold' && kind !== 'duplicate') return false;
  const wholeWay = direction === 'a-to-b' ? seen.direction === 'in' : false;
  const behind = seen.direction === 'out' && seen.tap !== link;
  if (!((wholeWay && seen.tap === link) || behind)) return false;
  const heldNs = fault.delayNs ?? 0;
  return seen.at >= at + heldNs && isSameFrame(seen.bytes, frame);
}

/** Whether the tap sees the frame at the very moment at which a fault meets it behind the tap. */
function isLeaving({ at, link, direction, frame }: FaultHit, seen: TappedFrame): boolean {
  if (direction !== 'b-to-a' || seen.at !== at || seen.tap !== link) return false;
  return isSameFrame(seen.bytes, frame);
}
