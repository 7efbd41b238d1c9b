/** What a run left behind, and which of it a violation is about. */
import type { LoginSeen, Observation } from '../audit/observation.ts';
import { FCTL_EXCHANGE_CONTEXT, fcHeader } from '../codecs/fc/index.ts';
import { locateFc } from '../codecs/fcoe/index.ts';
import { CodecError, formatFcId } from '../codecs/layout/index.ts';
import type { FaultHit } from './adversary.ts';

type Of<K extends Observation['kind']> = Extract<Observation, { kind: K }>;
export type Seen = Of<'frame'>;
export type Sent = Of<'sent'>;
export type Submitted = Of<'submit'>;
export type Applied = Of<'apply'>;

/** Writes over the same blocks that are shown beside the ones a violation is about. */
const RIVALS_MAX = 4;
/** Addresses from here on belong to the fabric. */
const WELL_KNOWN_FIRST = 0xff_fc00;

/** An attempt of an I/O with its frames. */
export interface Attempt {
  readonly sent: Sent;
  readonly io: Submitted | undefined;
  /** How it ended, and when. */
  end: Of<'attempt-end'> | undefined;
  readonly applied: Applied[];
  readonly frames: Seen[];
}

const ioKey = (one: { readonly vm: string; readonly io: number }): string => `${one.vm} ${one.io}`;

export class Trail {
  readonly frames: Seen[] = [];
  readonly attempts: Attempt[] = [];
  readonly completed = new Map<string, Of<'complete'>>();
  readonly logins: LoginSeen[] = [];
  readonly moves: Of<'move'>[] = [];
  hits: readonly FaultHit[] = [];
  readonly #submitted = new Map<string, Submitted>();
  readonly #byExchange = new Map<string, Attempt[]>();
  readonly #attemptOf = new Map<number, Attempt>();
  readonly #exchangeOf = new Map<number, string>();
  readonly #concerned = new Set<Attempt>();
  readonly #exchanges = new Set<string>();
  /** Frames that come late, and those that are seen just before a fault holds or takes them. */
  readonly #held = new Map<number, FaultHit>();
  readonly #leaving = new Map<number, FaultHit>();

  observe(one: Observation): void {
    switch (one.kind) {
      case 'frame':
        this.frames.push(one);
        return;
      case 'submit':
        this.#submitted.set(ioKey(one), one);
        return;
      case 'sent':
        this.#sent(one);
        return;
      case 'attempt-end': {
        const attempt = this.attempts.findLast(
          ({ sent }) => ioKey(sent) === ioKey(one) && sent.attempt === one.attempt,
        );
        if (attempt !== undefined) attempt.end = one;
        return;
      }
      case 'apply':
        this.#applied(one);
        return;
      case 'complete':
        this.completed.set(ioKey(one), one);
        return;
      case 'login':
      case 'logout':
        this.logins.push(one);
        return;
      case 'move':
        this.moves.push(one);
    }
  }

  /** When the move began. */
  get moveAt(): number {
    return this.moves[0]?.at ?? 0;
  }

  #sent(sent: Sent): void {
    const io = this.#submitted.get(ioKey(sent));
    const attempt: Attempt = { sent, io, end: undefined, applied: [], frames: [] };
    this.attempts.push(attempt);
    const key = `${sent.sId} ${sent.oxId}`;
    const list = this.#byExchange.get(key) ?? [];
    list.push(attempt);
    this.#byExchange.set(key, list);
  }

  /** The attempt of this exchange whose data was applied: the one that wrote this version. */
  #applied(applied: Applied): void {
    const attempts = this.#byExchange.get(`${applied.nexus.sId} ${applied.oxId}`) ?? [];
    const versions = applied.readings.map((one) => (one.found === 'stamp' ? one.version : -1));
    const attempt =
      attempts.findLast(({ io }) => io !== undefined && versions.includes(io.version)) ??
      attempts.at(-1);
    attempt?.applied.push(applied);
  }

  /** Everything is there: sorts frames to attempts and finds out what the violation is about. */
  conclude(hits: readonly FaultHit[], named: readonly number[]): void {
    this.hits = hits;
    for (const frame of this.frames) this.#place(frame);
    const byNumber = new Set(named);
    for (const frame of this.frames) {
      if (byNumber.has(frame.frame) || this.#held.has(frame.frame)) this.#concern(frame);
    }
    for (const { frame, at } of hits) this.#concernKey(frame, at);
    for (const attempt of [...this.#concerned]) this.#concernIo(attempt);
  }

  #place(frame: Seen): void {
    const exchange = exchangeOf(frame.bytes);
    if (exchange === undefined) return;
    this.#exchangeOf.set(frame.frame, exchange.key);
    const hit = this.hits.find((one) => isLate(one, frame));
    if (hit !== undefined) this.#held.set(frame.frame, hit);
    const leaves = this.hits.find((one) => isLeaving(one, frame));
    if (leaves !== undefined) this.#leaving.set(frame.frame, leaves);
    const sentBy = hit?.at ?? frame.at;
    const attempt = this.#byExchange
      .get(`${exchange.originator} ${exchange.oxId}`)
      ?.findLast(({ sent }) => sent.at <= sentBy);
    if (attempt === undefined) return;
    attempt.frames.push(frame);
    this.#attemptOf.set(frame.frame, attempt);
  }

  #concern(frame: Seen): void {
    const attempt = this.#attemptOf.get(frame.frame);
    if (attempt !== undefined) this.#concerned.add(attempt);
    else {
      const key = this.#exchangeOf.get(frame.frame);
      if (key !== undefined) this.#exchanges.add(key);
    }
  }

  /** A frame that a fault took may never have come to a tap: its exchange is concerned all the same. */
  #concernKey(bytes: Uint8Array, at: number): void {
    const exchange = exchangeOf(bytes);
    if (exchange === undefined) return;
    const attempt = this.#byExchange
      .get(`${exchange.originator} ${exchange.oxId}`)
      ?.findLast(({ sent }) => sent.at <= at);
    if (attempt !== undefined) this.#concerned.add(attempt);
    else this.#exchanges.add(exchange.key);
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
            other.io.lu === io.lu &&
            other.sent.at > attempt.sent.at &&
            other.sent.at <= until &&
            other.io.lba < io.lba + io.blocks &&
            io.lba < other.io.lba + other.io.blocks)),
    );
    for (const rival of rivals.slice(-RIVALS_MAX)) this.#concerned.add(rival);
  }

  /** Whether the violation is about this frame. */
  concerns(frame: Seen): boolean {
    const attempt = this.#attemptOf.get(frame.frame);
    if (attempt !== undefined) return this.#concerned.has(attempt);
    const key = this.#exchangeOf.get(frame.frame);
    return key !== undefined && this.#exchanges.has(key);
  }

  /** The attempts it is about. */
  get concernedAttempts(): readonly Attempt[] {
    return this.attempts.filter((one) => this.#concerned.has(one));
  }

  /** Whether a fault held the frame back before it came here. */
  isHeld(frame: Seen): boolean {
    return this.#held.has(frame.frame);
  }

  heldBy(frame: Seen): FaultHit | undefined {
    return this.#held.get(frame.frame);
  }

  /** The fault that meets the frame behind this tap, on its way out of the switch. */
  leavesInto(frame: Seen): FaultHit | undefined {
    return this.#leaving.get(frame.frame);
  }

  attemptOf(frame: Seen): Attempt | undefined {
    return this.#attemptOf.get(frame.frame);
  }

  /** Whether the switch itself sent the frame: no other tap has seen it come. */
  comesFromSwitch(frame: Seen): boolean {
    const exchange = exchangeOf(frame.bytes);
    return exchange === undefined || exchange.sId >= WELL_KNOWN_FIRST;
  }

  /** N_Port_IDs of the initiators concerned, as lines of frames have them. */
  addresses(): string[] {
    const ids = new Set(this.concernedAttempts.map(({ sent }) => sent.sId));
    return [...ids].map(formatFcId);
  }
}

/** A frame's exchange: who began it, its OX_ID, and both as a key. */
function exchangeOf(
  bytes: Uint8Array,
): { originator: number; oxId: number; sId: number; key: string } | undefined {
  const place = locateFc(bytes);
  if (place instanceof CodecError) return undefined;
  const header = fcHeader.view(bytes, place.fcAt);
  const { sId, dId, oxId } = header;
  const reply = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
  const [originator, responder] = reply ? [dId, sId] : [sId, dId];
  return { originator, oxId, sId, key: `${originator} ${responder} ${oxId}` };
}

/** Whether this is the late copy of a frame that a fault delayed or doubled. */
function isLate({ fault, at, link, direction, frame }: FaultHit, seen: Seen): boolean {
  const { fault: kind } = fault;
  if (kind !== 'delay' && kind !== 'hold' && kind !== 'duplicate') return false;
  const wholeWay = direction === 'a-to-b' ? seen.direction === 'to-fcf' : false;
  const behind = seen.direction === 'from-fcf' && seen.tap !== link;
  if (!((wholeWay && seen.tap === link) || behind)) return false;
  const heldNs = fault.delayNs ?? 0;
  return seen.at >= at + heldNs && sameFc(seen.bytes, frame);
}

/** Whether the tap sees the frame at the very moment at which a fault meets it behind the tap. */
function isLeaving({ at, link, direction, frame }: FaultHit, seen: Seen): boolean {
  if (direction !== 'b-to-a' || seen.at !== at || seen.tap !== link) return false;
  return sameFc(seen.bytes, frame);
}

/** The same FC frame, whatever the Ethernet addresses of its hop. */
function sameFc(a: Uint8Array, b: Uint8Array): boolean {
  const [x, y] = [locateFc(a), locateFc(b)];
  if (x instanceof CodecError || y instanceof CodecError) return false;
  const [p, q] = [a.subarray(x.fcAt), b.subarray(y.fcAt)];
  return p.length === q.length && p.every((byte, i) => byte === q[i]);
}
