/**
 * What was asked, so that what answers can be read: LS_ACC, CT accept, FCP_DATA and FCP_RSP do not
 * say what they answer.
 *
 * Memory is bounded: the oldest exchange is forgotten first.
 */

import { FCTL_EXCHANGE_CONTEXT, WellKnownAddress } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import type { FcId } from '../layout/index.ts';
import { type ExchangeRecord, RequestTable } from './requests.ts';

/** Exchanges remembered when nothing else is said. */
export const EXCHANGES_MAX_DEFAULT = 65_536;

/** Chains at first; there are more as exchanges come, at least one for each. */
const CHAINS_AT_FIRST = 64;
/** In the place of a slot: the chain ends here, or the slot is in no chain. */
const END = -1;
const UNCHAINED = -2;

/** Spreads ids that differ in few bits, as those of one fabric do, over all 32 bits. */
function hashOf(sId: FcId, dId: FcId, oxId: number): number {
  let hash = Math.imul(sId, 0x9e37_79b1) ^ Math.imul(dId, 0x85eb_ca6b);
  hash ^= Math.imul(oxId, 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return hash ^ (hash >>> 13);
}

const isOf = (record: ExchangeRecord, sId: FcId, dId: FcId, oxId: number): boolean =>
  record.oxId === oxId && record.sId === sId && record.dId === dId;

/**
 * Remembers requests by originator, responder and OX_ID. One for each wire or capture.
 *
 * A hash table whose chains are numbers: it is asked for every frame and opened for many, and old
 * requests are seldom in the processor's cache. A request that is found is an object of its own;
 * only the one found or opened last is the same again.
 */
export class Conversation {
  readonly exchangesMax: number;
  /** Requests by slot. They fill slots in turn, so the slot that is next holds the oldest one. */
  readonly #requests = new RequestTable(CHAINS_AT_FIRST);
  #next = 0;
  #size = 0;
  /** The first slot of each chain, the slot behind each slot, and the hash of the record in it. */
  #chains = new Int32Array(CHAINS_AT_FIRST).fill(END);
  #behind = new Int32Array(CHAINS_AT_FIRST);
  #hashes = new Int32Array(CHAINS_AT_FIRST);
  /** Frames of an exchange come close together. */
  #lastFound: ExchangeRecord | undefined;

  /** Errors: `RangeError` unless `exchangesMax` is a positive integer. */
  constructor(options: { readonly exchangesMax?: number } = {}) {
    const { exchangesMax = EXCHANGES_MAX_DEFAULT } = options;
    if (!Number.isInteger(exchangesMax) || exchangesMax < 1)
      throw new RangeError('exchangesMax must be a positive integer');
    this.exchangesMax = exchangesMax;
  }

  /** Exchanges remembered at most as often as they were opened; for tests and displays. */
  get size(): number {
    return this.#size;
  }

  /** Remembers a request; one with the same three ids is replaced. */
  open(record: ExchangeRecord): void {
    const { sId, dId, oxId } = record;
    const slot = this.#next;
    this.#next = slot + 1 === this.exchangesMax ? 0 : slot + 1;
    if (slot >= this.#chains.length) this.#grow();
    // The oldest record goes. One that was replaced is in no chain any more.
    if (slot < this.#size && this.#behind[slot] !== UNCHAINED) this.#unchain(slot);
    const hash = hashOf(sId, dId, oxId);
    const replaced = this.#slotOf(hash, sId, dId, oxId);
    if (replaced !== END) this.#unchain(replaced);
    this.#requests.put(slot, record);
    if (slot === this.#size) this.#size++;
    this.#chain(slot, hash);
    this.#lastFound = record;
  }

  /** Forgets the request of an exchange: another with its ids, of which nothing need be known, has begun. */
  forget(sId: FcId, dId: FcId, oxId: number): void {
    const slot = this.#slotOf(hashOf(sId, dId, oxId), sId, dId, oxId);
    if (slot === END) return;
    this.#unchain(slot);
    this.#lastFound = undefined;
  }

  #chain(slot: number, hash: number): void {
    const chain = hash & (this.#chains.length - 1);
    this.#behind[slot] = this.#chains[chain]!;
    this.#chains[chain] = slot;
    this.#hashes[slot] = hash;
  }

  #unchain(slot: number): void {
    const chain = this.#hashes[slot]! & (this.#chains.length - 1);
    const behind = this.#behind[slot]!;
    let before = this.#chains[chain]!;
    if (before === slot) this.#chains[chain] = behind;
    else {
      while (this.#behind[before] !== slot) before = this.#behind[before]!;
      this.#behind[before] = behind;
    }
    this.#behind[slot] = UNCHAINED;
  }

  #slotOf(hash: number, sId: FcId, dId: FcId, oxId: number): number {
    let slot = this.#chains[hash & (this.#chains.length - 1)]!;
    for (; slot !== END; slot = this.#behind[slot]!) {
      if (this.#hashes[slot] === hash && this.#requests.isOf(slot, sId, dId, oxId)) break;
    }
    return slot;
  }

  #grow(): void {
    const length = this.#chains.length * 2;
    const behind = this.#behind;
    const hashes = this.#hashes;
    this.#chains = new Int32Array(length).fill(END);
    this.#behind = new Int32Array(length);
    this.#hashes = new Int32Array(length);
    this.#requests.grow(length);
    for (let slot = 0; slot < this.#size; slot++) {
      if (behind[slot] === UNCHAINED) this.#behind[slot] = UNCHAINED;
      else this.#chain(slot, hashes[slot]!);
    }
  }

  /** The request of an exchange by its originator, its responder and its OX_ID. */
  find(sId: FcId, dId: FcId, oxId: number): ExchangeRecord | undefined {
    const last = this.#lastFound;
    if (last !== undefined && isOf(last, sId, dId, oxId)) return last;
    const slot = this.#slotOf(hashOf(sId, dId, oxId), sId, dId, oxId);
    if (slot === END) return undefined;
    this.#lastFound = this.#requests.get(slot);
    return this.#lastFound;
  }

  /**
   * The request of the exchange a frame belongs to. F_CTL's Exchange Context bit says which end
   * sent it. A login's accept is addressed to the N_Port_ID it assigns, while the request came
   * from 000000h: that is looked for too.
   */
  of(header: FcHeader): ExchangeRecord | undefined {
    const { sId, dId, oxId } = header;
    if ((header.fCtl & FCTL_EXCHANGE_CONTEXT) === 0) return this.find(sId, dId, oxId);
    const found = this.find(dId, sId, oxId);
    if (found !== undefined || sId !== WellKnownAddress['F_Port Controller']) return found;
    return this.find(0, sId, oxId);
  }
}
