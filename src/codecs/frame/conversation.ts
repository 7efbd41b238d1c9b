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

const pairOf = (sId: FcId, dId: FcId): number => sId * 0x100_0000 + dId;

/** Remembers requests by originator, responder and OX_ID. One for each wire or capture. */
export class Conversation {
  readonly exchangesMax: number;
  readonly #byPair = new Map<number, Map<number, ExchangeRecord>>();
  /** Records in the order they came, a ring; the next to be forgotten is at `#next`. */
  readonly #ring: ExchangeRecord[] = [];
  #next = 0;

  /** Errors: `RangeError` unless `exchangesMax` is a positive integer. */
  constructor(options: { readonly exchangesMax?: number } = {}) {
    const { exchangesMax = EXCHANGES_MAX_DEFAULT } = options;
    if (!Number.isInteger(exchangesMax) || exchangesMax < 1)
      throw new RangeError('exchangesMax must be a positive integer');
    this.exchangesMax = exchangesMax;
  }

  /** Exchanges remembered at most as often as they were opened; for tests and displays. */
  get size(): number {
    return this.#ring.length;
  }

  /** Remembers a request; one with the same three ids is replaced. */
  open(record: ExchangeRecord): void {
    if (this.#ring.length < this.exchangesMax) this.#ring.push(record);
    else {
      this.#forget(this.#ring[this.#next]!);
      this.#ring[this.#next] = record;
      this.#next = (this.#next + 1) % this.exchangesMax;
    }
    const pair = pairOf(record.sId, record.dId);
    let byOxId = this.#byPair.get(pair);
    if (byOxId === undefined) {
      byOxId = new Map();
      this.#byPair.set(pair, byOxId);
    }
    byOxId.set(record.oxId, record);
  }

  #forget(record: ExchangeRecord): void {
    const pair = pairOf(record.sId, record.dId);
    const byOxId = this.#byPair.get(pair);
    if (byOxId?.get(record.oxId) !== record) return;
    byOxId.delete(record.oxId);
    if (byOxId.size === 0) this.#byPair.delete(pair);
  }

  /** The request of an exchange by its originator, its responder and its OX_ID. */
  find(sId: FcId, dId: FcId, oxId: number): ExchangeRecord | undefined {
    return this.#byPair.get(pairOf(sId, dId))?.get(oxId);
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
