/**
 * The ledger of the way that I/Os take: for each I/O of a guest on a volume the frames and bytes that crossed from one
 * site to another, and its time, split into waiting, links and array. All of it is read from frames at taps and from
 * what hosts tell: nothing is modelled. Frames of Fibre Channel are told apart by their exchange, segments of iSCSI and NFS
 * by the task or call that their bytes are of: one that has bytes of several is counted in shares. Writes by which one
 * array keeps the leg of another equal are of the host's write to the same blocks.
 */

import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import type { HistoryEntry, IoSent, Places, TargetPort } from '../history/index.ts';
import { protocolOf } from '../history/port-name.ts';
import { exchangeIn, legSpanIn, spanOf } from './exchange-in.ts';
import type { RunObserver } from './options.ts';
import { segmentIn } from './segment-in.ts';
import { StreamOwners } from './stream-owners.ts';

/** I/Os of hosts that are followed at once. */
const OPEN_MAX = 100_000;
const CONNECTIONS_MAX = 4096;

/** What an I/O took. */
export interface WayOfIo {
  readonly op: 'read' | 'write';
  readonly tookNs: number;
  /** From being asked for to being sent. */
  readonly waitedNs: number;
  /** Between what the array was sent last and what came from it next. */
  readonly arrayNs: number;
  /** The rest: on links and in switches. */
  readonly linksNs: number;
  /** No unit was asked: the host answered by itself. */
  readonly isByHost: boolean;
  /** A unit at another site was asked. */
  readonly isAway: boolean;
  /** Frames and bytes on links to other sites, both ways. */
  readonly frames: number;
  readonly bytes: number;
}

/** Sums of I/Os of one kind. */
export interface WaySums {
  readonly ios: number;
  /** Of these the host answered by itself. */
  readonly byHost: number;
  /** Of these went to another site. */
  readonly away: number;
  readonly meanNs: number;
  readonly waitedNs: number;
  readonly arrayNs: number;
  readonly linksNs: number;
  /** Per I/O. */
  readonly frames: number;
  readonly bytes: number;
}

interface OpenIo {
  readonly op: 'read' | 'write';
  readonly at: number;
  readonly parts: ReadonlySet<number>;
  readonly isAway: boolean;
}

/** A command under way, and what of it was seen. */
interface Followed {
  readonly sentAt: number;
  arrayNs: number;
  /** When the array was sent something last; `undefined` while nothing is asked of it. */
  toArrayAt: number | undefined;
  frames: number;
  bytes: number;
}

/** How the taps of a run lie. */
export interface WayPlaces {
  /** Whether a tap's link leads to another site. */
  isLong(tap: string): boolean;
  /** Whether a logical unit is at another site than the guest will be. */
  isAway(luName: string): boolean;
  /** Whether it is the array's. */
  isOfArray(tap: string): boolean;
  /** Whether an array reaches another by it, to keep a leg there. */
  isBetweenArrays(tap: string): boolean;
}

/** Keeps the ledger of one run, from a moment on. */
export class WayLedger implements RunObserver {
  readonly #places: WayPlaces;
  readonly #ios: WayOfIo[] = [];
  readonly #open = new Map<number, OpenIo>();
  readonly #ways = new Map<number, Followed>();
  readonly #byExchange = new Map<string, Followed>();
  /** Writes under way, by the part of their I/O that they are, and by the blocks they change. */
  readonly #spans = new Map<number, string>();
  readonly #writing = new Map<string, Followed>();
  /** Writes of the other leg, by the exchange of the array that sends them. */
  readonly #replicas = new Map<string, Followed>();
  readonly #streams = new StreamOwners();
  /** Target ports by the links of the array. */
  #targets: ReadonlyMap<string, TargetPort> = new Map();
  /** Those that connections are with. */
  readonly #connected = new Map<string, TargetPort>();
  #countsFrom = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;
  #longFrames = 0;
  #longBytes = 0;

  constructor(places: WayPlaces) {
    this.#places = places;
  }

  /** I/Os that begin at this time or later count. */
  countFrom(at: number): void {
    this.#countsFrom = at;
  }

  begin({ ports }: Places): void {
    this.#targets = new Map(
      ports.flatMap(({ link, target }) => (target === undefined ? [] : [[link, target] as const])),
    );
  }

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'io-sent') this.#sent(at, event);
    if (event.type !== 'volume-io') return;
    if (event.state === 'begun') {
      const parts = new Set(event.parts.map(({ io }) => io));
      const isAway = event.parts.some(({ luName }) => this.#places.isAway(luName));
      this.#open.set(event.io, { op: event.op, at, parts, isAway });
      if (event.op === 'write')
        for (const { blocks, io, lba } of event.parts) this.#spans.set(io, spanOf(lba, blocks));
      return;
    }
    const open = this.#open.get(event.io);
    this.#open.delete(event.io);
    if (open === undefined) return;
    const ways = [...open.parts].flatMap((io) => this.#ways.get(io) ?? []);
    for (const io of open.parts) {
      this.#ways.delete(io);
      this.#writing.delete(this.#spans.get(io) ?? '');
      this.#spans.delete(io);
    }
    if (open.at < this.#countsFrom || event.state !== 'good') return;
    this.#until = at;
    this.#ios.push(wayOf(open, at, ways));
  }

  #sent(at: number, { address, io, tag, target }: IoSent): void {
    const followed: Followed = {
      sentAt: at,
      arrayNs: 0,
      toArrayAt: undefined,
      frames: 0,
      bytes: 0,
    };
    this.#ways.set(io, followed);
    const span = this.#spans.get(io);
    if (span !== undefined) this.#writing.set(span, followed);
    const isFc = protocolOf(target) === 'fibre-channel';
    this.#byExchange.set(isFc ? `${address} ${tag}` : `${target} ${tag}`, followed);
    if (this.#byExchange.size > OPEN_MAX)
      this.#byExchange.delete(this.#byExchange.keys().next().value!);
  }

  see({ at, bytes, direction, tap }: TappedFrame): void {
    const isLong = this.#places.isLong(tap);
    const isCounted = isLong && at >= this.#countsFrom;
    if (isCounted) {
      this.#longFrames++;
      this.#longBytes += bytes.length;
    }
    if (isLong && this.#places.isBetweenArrays(tap)) {
      const replicated = this.#replicatedBy(bytes);
      if (replicated !== undefined) this.#count(replicated, { at, bytes, direction }, isLong);
      return;
    }
    const isOfArray = this.#places.isOfArray(tap);
    if (!isLong && !isOfArray) return;
    const followed = this.#followedBy(bytes);
    if (followed !== undefined) this.#count(followed, { at, bytes, direction }, isLong);
    else this.#seeSegment({ at, bytes, direction, tap }, isLong);
  }

  #count(
    followed: Followed,
    { at, bytes, direction }: Pick<TappedFrame, 'at' | 'bytes' | 'direction'>,
    isLong: boolean,
    share = 1,
  ): void {
    if (isLong) {
      followed.frames += share;
      followed.bytes += share * bytes.length;
    } else if (direction === 'out') followed.toArrayAt = at;
    else if (followed.toArrayAt !== undefined) {
      followed.arrayNs += at - followed.toArrayAt;
      followed.toArrayAt = undefined;
    }
  }

  #seeSegment(
    frame: Pick<TappedFrame, 'at' | 'bytes' | 'direction' | 'tap'>,
    isLong: boolean,
  ): void {
    const segment = segmentIn(frame.bytes);
    const owned = segment && this.#streams.read(frame.tap, segment);
    if (owned === undefined) return;
    const { connection, hasBytes, shares } = owned;
    if (!isLong) {
      const target = this.#targets.get(frame.tap);
      if (target !== undefined) this.#connect(connection, target);
      // That it has come is no answer of the array.
      if (!hasBytes) return;
    }
    const target = this.#connected.get(connection);
    for (const { share, tag } of shares) {
      const followed = this.#byExchange.get(`${target} ${tag}`);
      if (followed !== undefined) this.#count(followed, frame, isLong, share);
    }
  }

  #connect(connection: string, target: TargetPort): void {
    if (this.#connected.get(connection) === target) return;
    this.#connected.set(connection, target);
    if (this.#connected.size > CONNECTIONS_MAX)
      this.#connected.delete(this.#connected.keys().next().value!);
  }

  #followedBy(frame: Uint8Array): Followed | undefined {
    const exchange = exchangeIn(frame);
    if (exchange === undefined) return undefined;
    const [from, to] = exchange;
    return this.#byExchange.get(from) ?? this.#byExchange.get(to);
  }

  /** The host's write that a frame between arrays carries to the other leg; `undefined` for records and their like. */
  #replicatedBy(frame: Uint8Array): Followed | undefined {
    const exchange = exchangeIn(frame);
    if (exchange === undefined) return undefined;
    const [from, to] = exchange;
    const span = legSpanIn(frame);
    if (span === undefined) return this.#replicas.get(from) ?? this.#replicas.get(to);
    const followed = this.#writing.get(span);
    // Names of exchanges are used again.
    this.#replicas.delete(from);
    if (followed !== undefined) this.#replicas.set(from, followed);
    if (this.#replicas.size > OPEN_MAX) this.#replicas.delete(this.#replicas.keys().next().value!);
    return followed;
  }

  /** All I/Os of a kind. */
  sums(op: 'read' | 'write'): WaySums {
    const of = this.#ios.filter((one) => one.op === op);
    const mean = (value: (one: WayOfIo) => number): number =>
      of.length === 0 ? 0 : of.reduce((sum, one) => sum + value(one), 0) / of.length;
    return {
      ios: of.length,
      byHost: of.filter(({ isByHost }) => isByHost).length,
      away: of.filter(({ isAway }) => isAway).length,
      meanNs: mean(({ tookNs }) => tookNs),
      waitedNs: mean(({ waitedNs }) => waitedNs),
      arrayNs: mean(({ arrayNs }) => arrayNs),
      linksNs: mean(({ linksNs }) => linksNs),
      frames: mean(({ frames }) => frames),
      bytes: mean(({ bytes }) => bytes),
    };
  }

  /** What went over links to other sites, whoever it was for, and in how long. */
  get between(): { readonly frames: number; readonly bytes: number; readonly forNs: number } {
    const forNs = Math.max(0, this.#until - this.#countsFrom);
    return { frames: this.#longFrames, bytes: this.#longBytes, forNs };
  }
}

function wayOf({ at, isAway, op, parts }: OpenIo, end: number, ways: readonly Followed[]): WayOfIo {
  const tookNs = end - at;
  const sum = (value: (one: Followed) => number) => ways.reduce((all, one) => all + value(one), 0);
  const waitedNs = ways.length === 0 ? 0 : Math.min(...ways.map(({ sentAt }) => sentAt - at));
  // Of several parts the time of all runs at once: that of the slowest counts.
  const arrayNs = Math.min(tookNs, Math.max(0, ...ways.map((one) => one.arrayNs)));
  return {
    ...{ op, tookNs, waitedNs, arrayNs, isByHost: parts.size === 0, isAway },
    linksNs: Math.max(0, tookNs - waitedNs - arrayNs),
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
  };
}
