/**
 * Representations of data (RODs) and the tokens that stand for them: what blocks held at one moment, kept until the token
 * is deleted or too many newer ones were made.
 *
 * Shape of a token: ROD type, 4 bytes, 2 reserved, 01F8h (bytes behind it), the number of the representation, 8 bytes, and
 * zeros up to 512: nobody but the device reads it. Source: SPC-5, ROD tokens; SBC-4, POPULATE TOKEN.
 */
import { ROD_TOKEN_BYTES } from '../../codecs/scsi/index.ts';

/** Point in time copy, the default. Source: SPC-5, ROD types. */
export const POINT_IN_TIME: number = 0x0080_0000;
/** Tokens that are kept at once; the oldest is forgotten for another. */
export const TOKENS_MAX = 64;
/** Blocks that one token may stand for: 8 MiB, as arrays in the field have it. */
export const TOKEN_BLOCKS_MAX = 16_384;

const TOKEN_LENGTH = ROD_TOKEN_BYTES - 8;

/** The tokens of one target device. */
export class RodTokens {
  readonly #salt: bigint;
  readonly #kept = new Map<bigint, Uint8Array>();
  #made = 0n;

  /** `salt` is part of every token: that of another device is not known here. */
  constructor(salt: bigint) {
    this.#salt = BigInt.asUintN(64, salt);
  }

  /** A token for data, which nobody changes any more. */
  add(data: Uint8Array): Uint8Array {
    const number = BigInt.asUintN(64, this.#salt ^ ++this.#made);
    this.#kept.set(number, data);
    if (this.#kept.size > TOKENS_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    const token = new Uint8Array(ROD_TOKEN_BYTES);
    const view = new DataView(token.buffer);
    view.setUint32(0, POINT_IN_TIME);
    view.setUint16(6, TOKEN_LENGTH);
    view.setBigUint64(8, number);
    return token;
  }

  /** What a token stands for; `undefined` for one that is not known (any more). */
  get(token: Uint8Array): Uint8Array | undefined {
    return this.#kept.get(numberOf(token));
  }

  /** Gives up what a token stands for. */
  delete(token: Uint8Array): void {
    this.#kept.delete(numberOf(token));
  }

  /** The device has lost its power. */
  clear(): void {
    this.#kept.clear();
  }
}

/** A number of a device's name, so that tokens of two devices are not the same. */
export function saltOf(deviceName: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (let i = 0; i < deviceName.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(deviceName.charCodeAt(i))) * 0x100_0000_01b3n);
  return hash;
}

/** Whether bytes have the shape of a token of a point in time. */
export function isToken(token: Uint8Array): boolean {
  const view = new DataView(token.buffer, token.byteOffset, token.byteLength);
  return (
    token.length === ROD_TOKEN_BYTES &&
    view.getUint32(0) === POINT_IN_TIME &&
    view.getUint16(6) === TOKEN_LENGTH
  );
}

function numberOf(token: Uint8Array): bigint {
  return new DataView(token.buffer, token.byteOffset, token.byteLength).getBigUint64(8);
}
