/** Cuts a connection's bytes into PDUs: those that are whole in one piece are not copied. */
import { BHS_BYTES, type IscsiDigests, NO_DIGESTS, pduBytesAt } from '../../codecs/iscsi/index.ts';
import { u24 } from '../../codecs/layout/index.ts';

const DATA_LENGTH_AT = 5;
const BUFFER_BYTES = 1024;

/** Takes a whole PDU, lent; false: the connection is over, and what follows is not looked at. */
export type TakePdu = (bytes: Uint8Array, at: number, end: number) => boolean;

/** The PDUs of one connection, of one direction. */
export class PduSplitter {
  /** Those that the connection has agreed on; they change between two PDUs. */
  digests: IscsiDigests = NO_DIGESTS;
  readonly #dataBytesMax: number;
  #buffer = new Uint8Array(0);
  #kept = 0;

  /** `dataBytesMax`: longer data segments are refused. */
  constructor(dataBytesMax: number) {
    this.#dataBytesMax = dataBytesMax;
  }

  /** Bytes that wait for the rest of their PDU. */
  get waiting(): number {
    return this.#kept;
  }

  /** The next bytes, lent. False where they hold a PDU with more data than may come: nothing behind it can be read. */
  push(bytes: Uint8Array, take: TakePdu): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#kept > 0) {
        const taken = this.#fill(bytes, at);
        if (taken === undefined) return false;
        at += taken;
        if (!this.#isWhole()) return true;
        const end = this.#kept;
        this.#kept = 0;
        if (!take(this.#buffer, 0, end)) return true;
        continue;
      }
      const length = this.#lengthAt(bytes, at, bytes.length);
      if (length === undefined) return false;
      if (bytes.length - at < length) {
        this.#keep(bytes, at, bytes.length, length);
        return true;
      }
      at += length;
      if (!take(bytes, at - length, at)) return true;
    }
    return true;
  }

  /** Bytes that a PDU has; those of its header while that is not whole; `undefined`: too many. */
  #lengthAt(bytes: Uint8Array, at: number, end: number): number | undefined {
    if (end - at < BHS_BYTES) return BHS_BYTES;
    if (u24.read(bytes, at + DATA_LENGTH_AT, 0) > this.#dataBytesMax) return undefined;
    return pduBytesAt(bytes, at, this.digests);
  }

  #isWhole(): boolean {
    return this.#kept >= BHS_BYTES && this.#kept === pduBytesAt(this.#buffer, 0, this.digests);
  }

  /** Adds to the PDU that has begun; how much was taken, `undefined` where it is too long. */
  #fill(bytes: Uint8Array, at: number): number | undefined {
    let taken = 0;
    // The header first, which says how long the rest is.
    for (let round = 0; round < 2; round++) {
      const length = this.#lengthAt(this.#buffer, 0, this.#kept);
      if (length === undefined) return undefined;
      const count = Math.min(bytes.length - at - taken, length - this.#kept);
      if (count <= 0) continue;
      this.#keep(bytes, at + taken, at + taken + count, length);
      taken += count;
    }
    return taken;
  }

  #keep(bytes: Uint8Array, at: number, end: number, length: number): void {
    if (this.#buffer.length < length) {
      const buffer = new Uint8Array(Math.max(length, BUFFER_BYTES));
      buffer.set(this.#buffer.subarray(0, this.#kept));
      this.#buffer = buffer;
    }
    this.#buffer.set(bytes.subarray(at, end), this.#kept);
    this.#kept += end - at;
  }
}
