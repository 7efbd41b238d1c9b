/**
 * Representations of data (RODs) and the tokens that stand for them: what blocks held at one moment, kept until the token
 * is deleted or too many newer ones were made.
 *
 * A token has the shape that SPC-4 prints; it is known again by its identifier, and taken where all of it is as it was given.
 * Source: SPC-5, ROD tokens; SBC-4, POPULATE TOKEN.
 */
import { ROD_TOKEN_LENGTH_BYTES, RodType, rodToken } from '../../codecs/scsi/index.ts';

/** Tokens that are kept at once; the oldest is forgotten for another. */
export const TOKENS_MAX = 64;
/** Blocks that one token may stand for: 8 MiB, as arrays in the field have it. */
export const TOKEN_BLOCKS_MAX = 16_384;

/** What a token tells of the unit whose blocks it stands for. */
export interface TokenCreator {
  /** Its CSCD descriptor: 32 bytes. */
  readonly unit: Uint8Array;
  /** Designation descriptor of its device. */
  readonly device: Uint8Array;
  readonly blockBytes: number;
  /** Its blocks are provisioned when they are written, and read as zeros before. */
  readonly thin: boolean;
}

interface Rod {
  readonly data: Uint8Array;
  readonly token: Uint8Array;
}

/** Room for the device's designation descriptor. */
const DEVICE_DESCRIPTOR_BYTES = 128;

/** The tokens of one target device. */
export class RodTokens {
  readonly #salt: bigint;
  readonly #kept = new Map<bigint, Rod>();
  #made = 0n;

  /** `salt` is part of every token: that of another device is not known here. */
  constructor(salt: bigint) {
    this.#salt = BigInt.asUintN(64, salt);
  }

  /** A token for data, which nobody changes any more. */
  add(data: Uint8Array, { blockBytes, device, thin, unit }: TokenCreator): Uint8Array {
    const number = BigInt.asUintN(64, this.#salt ^ ++this.#made);
    const targetDeviceDescriptor = new Uint8Array(DEVICE_DESCRIPTOR_BYTES);
    if (device.length <= DEVICE_DESCRIPTOR_BYTES) targetDeviceDescriptor.set(device);
    const token = rodToken.encode({
      rodType: RodType.POINT_IN_TIME_DEFAULT,
      copyManagerRodTokenIdentifier: number,
      creatorLogicalUnitDescriptor: unit,
      numberOfBytesRepresented: BigInt(data.length),
      blockLengthBytes: blockBytes,
      lbpme: thin ? 1 : 0,
      lbprz: thin ? 1 : 0,
      targetDeviceDescriptor,
    });
    this.#kept.set(number, { data, token });
    if (this.#kept.size > TOKENS_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    return token;
  }

  /** What a token stands for; `unknown` for one that is not known (any more), `corrupt` for one that was changed. */
  get(token: Uint8Array): Uint8Array | 'unknown' | 'corrupt' {
    const rod = this.#kept.get(numberOf(token));
    if (rod === undefined) return 'unknown';
    return rod.token.every((byte, i) => byte === token[i]) ? rod.data : 'corrupt';
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

/** ROD TYPE of a token; `undefined` for bytes that have not the shape of one. */
export function rodTypeOf(token: Uint8Array): number | undefined {
  const { rodTokenLengthBytes, rodType } = rodToken.decode(token);
  return rodTokenLengthBytes === ROD_TOKEN_LENGTH_BYTES ? rodType : undefined;
}

function numberOf(token: Uint8Array): bigint {
  return new DataView(token.buffer, token.byteOffset, token.byteLength).getBigUint64(8);
}
