/**
 * What was asked, so that what answers can be read: LS_ACC, CT accept, FCP_DATA and FCP_RSP do not
 * say what they answer.
 *
 * Memory is bounded: the oldest exchange is forgotten first.
 */

import { FCTL_EXCHANGE_CONTEXT, WellKnownAddress } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import type { AnyCodec, FcId } from '../layout/index.ts';

/** A SCSI command, as its data and its response need it. */
export interface CommandRecord {
  readonly lun: bigint;
  /** The CDB field, copied: a record must not keep a whole capture in memory. */
  readonly cdb: Uint8Array;
  /** FCP_DL, in bytes. */
  readonly fcpDl: number;
  /** The command's name as its standard prints it, or its operation code. */
  readonly name: string;
  /** Reads what the target returns and what the initiator sends, where they have a layout. */
  readonly dataIn: AnyCodec | undefined;
  readonly dataOut: AnyCodec | undefined;
}

/** The request that opened an exchange. */
export interface ExchangeRecord {
  /** Originator of the exchange. */
  readonly sId: FcId;
  /** Responder of the exchange. */
  readonly dId: FcId;
  readonly oxId: number;
  /** TYPE of the request. */
  readonly type: number;
  /** ELS, SW_ILS or CT command; undefined for FCP and NVMe. */
  readonly code: number | undefined;
  /** Second byte of a SW_ILS, which tells the enhanced commit services apart. */
  readonly subCode: number | undefined;
  /** The server of a CT request. */
  readonly gsType: number | undefined;
  readonly gsSubtype: number | undefined;
  readonly command: CommandRecord | undefined;
}

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
 * A hash table whose chains are numbers: it is asked for each frame, and opened for many.
 */
export class Conversation {
  readonly exchangesMax: number;
  /** Records by slot. They fill slots in turn, so the slot that is next holds the oldest one. */
  readonly #records: ExchangeRecord[] = [];
  #next = 0;
  /** The first slot of each chain, and the one behind each slot. */
  #chains = new Int32Array(CHAINS_AT_FIRST).fill(END);
  #behind = new Int32Array(CHAINS_AT_FIRST);
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
    return this.#records.length;
  }

  /** Remembers a request; one with the same three ids is replaced. */
  open(record: ExchangeRecord): void {
    const slot = this.#next;
    this.#next = slot + 1 === this.exchangesMax ? 0 : slot + 1;
    if (slot >= this.#chains.length) this.#grow();
    const oldest = this.#records[slot];
    // A record that was replaced is in no chain: the one with its ids is a newer one.
    if (oldest !== undefined && this.#behind[slot] !== UNCHAINED) this.#unchain(oldest);
    this.#unchain(record);
    this.#records[slot] = record;
    this.#chain(slot, record);
    this.#lastFound = record;
  }

  #chain(slot: number, { sId, dId, oxId }: ExchangeRecord): void {
    const chain = hashOf(sId, dId, oxId) & (this.#chains.length - 1);
    this.#behind[slot] = this.#chains[chain]!;
    this.#chains[chain] = slot;
  }

  /** Takes the record of the same ids, if there is one, out of its chain. */
  #unchain({ sId, dId, oxId }: ExchangeRecord): void {
    const chain = hashOf(sId, dId, oxId) & (this.#chains.length - 1);
    let before = END;
    let slot = this.#chains[chain]!;
    while (slot !== END && !isOf(this.#records[slot]!, sId, dId, oxId)) {
      before = slot;
      slot = this.#behind[slot]!;
    }
    if (slot === END) return;
    if (before === END) this.#chains[chain] = this.#behind[slot]!;
    else this.#behind[before] = this.#behind[slot]!;
    this.#behind[slot] = UNCHAINED;
  }

  #grow(): void {
    const length = this.#chains.length * 2;
    const behind = this.#behind;
    this.#chains = new Int32Array(length).fill(END);
    this.#behind = new Int32Array(length);
    for (const [slot, record] of this.#records.entries()) {
      if (behind[slot] === UNCHAINED) this.#behind[slot] = UNCHAINED;
      else this.#chain(slot, record);
    }
  }

  /** The request of an exchange by its originator, its responder and its OX_ID. */
  find(sId: FcId, dId: FcId, oxId: number): ExchangeRecord | undefined {
    const last = this.#lastFound;
    if (last !== undefined && isOf(last, sId, dId, oxId)) return last;
    const records = this.#records;
    let slot = this.#chains[hashOf(sId, dId, oxId) & (this.#chains.length - 1)]!;
    while (slot !== END) {
      const record = records[slot]!;
      if (isOf(record, sId, dId, oxId)) {
        this.#lastFound = record;
        return record;
      }
      slot = this.#behind[slot]!;
    }
    return undefined;
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
