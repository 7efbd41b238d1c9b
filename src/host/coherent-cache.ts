/**
 * A host's copies of one logical unit, which it keeps equal to what other hosts write there.
 *
 * Each host keeps its own copies, and they stay where they are when a guest moves. Who writes has every other host
 * let go of its copies first, or waits until those may not be believed any more: copies are believed only while every
 * other host has granted that, for a lease at a time, and who grants waits as long. So a host that does not answer, or is
 * cut off, delays a write by one lease, and reads nothing old behind it. Who let go of blocks keeps none of them until it
 * hears that the write is over: what it read meanwhile may be from before.
 *
 * Ownership: a host owns it, its guests use it. Times are each host's own: nobody compares two clocks, but a lease counts
 * from when it was asked for at the one end, and from when it was granted, which is later, at the other.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import { type Instant, SECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { type CacheMessage, CacheWord } from './cache-message.ts';
import { VolumeCache } from './volume-cache.ts';

/** How long copies are believed where nothing else is said. */
export const LEASE_DEFAULT_NS: number = SECOND;
/** Leases are asked for anew so many times while one runs. */
const ASKS_PER_LEASE = 4;
/** What is not answered is said again so many times while a lease runs. */
const RETRIES_PER_LEASE = 16;
/** Blocks that others write, and writes that are told of, at once: who says more is not heard, and waits out the lease. */
const BARS_MAX = 4096;
/** Questions for a lease that may still be answered. */
const ASKED_MAX = 2 * ASKS_PER_LEASE;

/** How copies of a unit are kept. */
export interface CoherentCacheOptions {
  /** Copies are believed for so long once others have granted it. */
  readonly leaseNs: number;
  /** Blocks that are kept. */
  readonly blocks: number;
}

/** What copies ask of their host. */
export interface CoherentCacheOwner {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  send(peer: number, message: Omit<CacheMessage, 'luId'>): void;
}

/** A run of blocks. */
interface Span {
  readonly lba: number;
  readonly blocks: number;
}

/** An I/O on the unit that is under way. */
export interface CoherentIo extends Span {
  /** Of a write. */
  readonly number: number | undefined;
  /** What it finds or leaves may not be kept: somebody else writes there. */
  isSpoiled: boolean;
  /** Hosts that it waits for: they have not let go. */
  readonly waitsFor: Set<number>;
  /** Hosts that have. */
  readonly known: Set<number>;
  /** Every host has let go; told once. */
  letGo: (() => void) | undefined;
  /** It is no more known how it ends. */
  isLeft: boolean;
}

/** What is known of another host. */
interface Peer {
  /** It may believe its copies until then, by the clock here. */
  grantedUntil: Instant;
  /** Copies here may be believed until then. */
  heldUntil: Instant;
  /** When it was asked, as far as an answer may still come, the newest last. */
  readonly asked: Instant[];
  /** Writes of it that are not over, by their numbers. */
  readonly bars: Map<number, Span>;
  /** Its writes below this number are over. */
  openFrom: number;
}

const overlap = (one: Span, other: Span): boolean =>
  one.lba < other.lba + other.blocks && other.lba < one.lba + one.blocks;

/** Copies of one unit at one host. */
export class CoherentCache {
  readonly options: CoherentCacheOptions;
  readonly #owner: CoherentCacheOwner;
  readonly #peers: readonly Peer[];
  readonly #copies: VolumeCache;
  readonly #open = new Set<CoherentIo>();
  #lastNumber = 0;
  #timer: Timer | undefined;
  /** Guests here use it. */
  #isUsed = false;
  #wasBelieved = false;

  /** `peers`: how many other hosts there are. What was granted in an earlier life nobody knows: a lease is waited for. */
  constructor(options: CoherentCacheOptions, peers: number, owner: CoherentCacheOwner) {
    this.options = options;
    this.#owner = owner;
    this.#copies = new VolumeCache({
      ...{ writes: 'write-through', atMove: 'coherent', hitNs: 0 },
      blocks: options.blocks,
    });
    this.#peers = Array.from({ length: peers }, () => ({
      grantedUntil: owner.now + options.leaseNs,
      heldUntil: Number.NEGATIVE_INFINITY,
      asked: [],
      bars: new Map(),
      openFrom: 0,
    }));
  }

  /** Blocks of which there are copies. */
  get size(): number {
    return this.#copies.size;
  }

  /** Writes of others that are not over. */
  get bars(): number {
    return this.#peers.reduce((sum, { bars }) => sum + bars.size, 0);
  }

  /** A guest comes, or the last one has gone. */
  use(isUsed: boolean): void {
    this.#isUsed = isUsed;
    this.#tick();
  }

  // --- a guest's I/Os

  /** What blocks hold, where there are copies of all and they may be believed. */
  read(lba: number, blocks: number): StampReading[] | undefined {
    return this.believes() ? this.#copies.read(lba, blocks) : undefined;
  }

  /** Whether copies may be believed now. Those that might not once are given up. */
  believes(): boolean {
    const { now } = this.#owner;
    const isTrue = this.#peers.every(({ heldUntil }) => now < heldUntil);
    if (!isTrue && this.#wasBelieved) {
      this.#copies.clear();
      for (const io of this.#open) io.isSpoiled = true;
    }
    this.#wasBelieved = isTrue;
    return isTrue;
  }

  /** A read of the unit begins. */
  beginRead(lba: number, blocks: number): CoherentIo {
    return this.#begin({ lba, blocks }, undefined, undefined);
  }

  /** A write to the unit begins; `letGo` is called once, now or later, when nobody else has copies of these blocks. */
  beginWrite(lba: number, blocks: number, letGo: () => void): CoherentIo {
    this.#lastNumber = Math.max(this.#lastNumber + 1, this.#owner.now);
    const io = this.#begin({ lba, blocks }, this.#lastNumber, letGo);
    this.#spoil(io);
    const { now } = this.#owner;
    for (const [i, { grantedUntil }] of this.#peers.entries())
      if (grantedUntil > now) io.waitsFor.add(i);
    this.#invalidate(io);
    return io;
  }

  #begin(span: Span, number: number | undefined, letGo: (() => void) | undefined): CoherentIo {
    const isBarred = this.#peers.some(({ bars }) =>
      [...bars.values()].some((bar) => overlap(bar, span)),
    );
    const isBehind = [...this.#open].some((one) => one.number !== undefined && overlap(one, span));
    const isSpoiled = !this.believes() || isBarred || isBehind;
    const io: CoherentIo = {
      ...span,
      ...{ number, isSpoiled, letGo, isLeft: false },
      ...{ waitsFor: new Set(), known: new Set() },
    };
    this.#open.add(io);
    return io;
  }

  /** There are no copies of these blocks any more, and none come of what is under way but `io` itself. */
  #spoil(io: Span): void {
    this.#copies.drop(io.lba, io.blocks);
    for (const one of this.#open) if (one !== io && overlap(one, io)) one.isSpoiled = true;
  }

  /** Has hosts let go that have not yet; one whose lease has ended believes nothing. */
  #invalidate(io: CoherentIo): void {
    const { now } = this.#owner;
    for (const peer of io.waitsFor) {
      if (this.#peers[peer]!.grantedUntil <= now) io.waitsFor.delete(peer);
      else this.#say(peer, CacheWord.INVALIDATE, io.number!, io);
    }
    if (io.waitsFor.size === 0) {
      this.#hasLetGo(io);
      return;
    }
    const until = Math.min(...[...io.waitsFor].map((peer) => this.#peers[peer]!.grantedUntil));
    const delayNs = Math.min(this.options.leaseNs / RETRIES_PER_LEASE, until - now);
    this.#owner.after(Math.ceil(delayNs), () => {
      if (this.#open.has(io) && io.waitsFor.size > 0) this.#invalidate(io);
    });
  }

  #hasLetGo(io: CoherentIo): void {
    const { letGo } = io;
    io.letGo = undefined;
    letGo?.();
  }

  /** A read has found this, or a write left it; `undefined` where it ended otherwise. */
  end(io: CoherentIo, readings: readonly StampReading[] | undefined): void {
    if (!this.#open.has(io)) return;
    // Nobody knows when a write that failed comes to the unit after all: its blocks stay without copies.
    if (io.number !== undefined && readings === undefined) {
      io.isLeft = true;
      return;
    }
    this.#open.delete(io);
    if (this.believes() && !io.isSpoiled && readings !== undefined)
      this.#copies.fill(io.lba, readings);
    if (io.number !== undefined) this.#release(io.number);
    this.#tick();
  }

  /** Its guest goes on with it elsewhere: it is over here when another host says that it writes there. */
  leave(io: CoherentIo): void {
    io.letGo = undefined;
    if (io.number === undefined) this.#open.delete(io);
    else io.isLeft = true;
  }

  #release(number: number): void {
    for (const [i, { grantedUntil }] of this.#peers.entries())
      if (grantedUntil > this.#owner.now) this.#say(i, CacheWord.RELEASE, number);
  }

  #say(peer: number, word: CacheWord, number: number, { blocks, lba }: Span = NOWHERE): void {
    const open = [...this.#open].flatMap((one) => one.number ?? []);
    const openFrom = open.length === 0 ? this.#lastNumber + 1 : Math.min(...open);
    const { leaseNs } = this.options;
    this.#owner.send(peer, { word, number, lba, blocks, openFrom, leaseNs });
  }

  // --- leases

  /** Asks for leases while there is something to believe, or somebody who wants it. */
  #tick(): void {
    if (this.#timer !== undefined || !(this.#isUsed || this.size > 0)) return;
    const { now } = this.#owner;
    for (const [i, { asked }] of this.#peers.entries()) {
      asked.push(now);
      if (asked.length > ASKED_MAX) asked.shift();
      this.#say(i, CacheWord.LEASE, now);
    }
    this.#timer = this.#owner.after(Math.ceil(this.options.leaseNs / ASKS_PER_LEASE), () => {
      this.#timer = undefined;
      this.believes();
      this.#tick();
    });
  }

  // --- what others say

  /** A host says something of this unit. */
  handle(from: number, message: Omit<CacheMessage, 'luId'>): void {
    const peer = this.#peers[from];
    if (peer === undefined) return;
    const { number, openFrom, word } = message;
    peer.openFrom = Math.max(peer.openFrom, openFrom);
    for (const one of peer.bars.keys()) if (one < peer.openFrom) peer.bars.delete(one);
    switch (word) {
      case CacheWord.INVALIDATE:
        this.#handleInvalidate(from, peer, message);
        return;
      case CacheWord.INVALID:
        for (const io of this.#open) {
          if (io.number !== number) continue;
          io.known.add(from);
          if (io.waitsFor.delete(from) && io.waitsFor.size === 0) this.#hasLetGo(io);
        }
        return;
      case CacheWord.RELEASE:
        peer.bars.delete(number);
        return;
      case CacheWord.LEASE:
        this.#grant(from, peer, message);
        return;
      case CacheWord.LEASED:
        if (!peer.asked.includes(number)) return;
        // Where copies might not be believed for a while, nothing of before is.
        this.believes();
        peer.asked.splice(0, peer.asked.indexOf(number) + 1);
        peer.heldUntil = number + this.options.leaseNs;
        this.believes();
    }
  }

  #handleInvalidate(from: number, peer: Peer, { blocks, lba, number }: Span & { number: number }) {
    const span = { lba, blocks };
    if (number >= peer.openFrom && !peer.bars.has(number)) {
      if (this.bars >= BARS_MAX) return;
      peer.bars.set(number, span);
    }
    this.#spoil(span);
    for (const io of this.#open) {
      // What left with its guest goes on there.
      if (!io.isLeft || io.number === undefined || !overlap(io, span)) continue;
      this.#open.delete(io);
      this.#release(io.number);
    }
    this.#say(from, CacheWord.INVALID, number);
  }

  #grant(from: number, peer: Peer, { leaseNs, number }: Pick<CacheMessage, 'leaseNs' | 'number'>) {
    const { now } = this.#owner;
    if (leaseNs > this.options.leaseNs) return;
    // From now on it is waited for; writes that began before that it must know of, before it believes anything.
    peer.grantedUntil = Math.max(peer.grantedUntil, now + leaseNs);
    const unknown = [...this.#open].filter(
      (io) => io.number !== undefined && !io.waitsFor.has(from) && !io.known.has(from),
    );
    for (const io of unknown) this.#say(from, CacheWord.INVALIDATE, io.number!, io);
    if (unknown.length > 0) return;
    this.#say(from, CacheWord.LEASED, number);
  }
}

const NOWHERE: Span = { lba: 0, blocks: 0 };
