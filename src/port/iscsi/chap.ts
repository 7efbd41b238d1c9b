/**
 * CHAP in an iSCSI login: both ends prove that they know a secret without saying it.
 *
 * Source: RFC 7143, 12.1.3; RFC 1994; algorithm numbers of IANA, PPP Authentication Algorithms.
 */
import { formatHex, fromLatin1 } from '../../codecs/layout/index.ts';

/** Algorithms by their number. */
export const CHAP_ALGORITHMS = { MD5: 5, 'SHA-1': 6, 'SHA-256': 7 } as const;
/** The name of an algorithm. */
export type ChapAlgorithm = keyof typeof CHAP_ALGORITHMS;

/** Computes a digest: the host's, as the codecs and machines have none. */
export type ChapHash = (algorithm: ChapAlgorithm, bytes: Uint8Array) => Uint8Array;

/** Secrets that both ends share. */
export interface ChapSecrets {
  /** The initiator's name of itself, and the secret by which it proves that it is that. */
  readonly user: string;
  readonly secret: string;
  /** By which the target proves itself, where the initiator asks for it. */
  readonly target?: { readonly name: string; readonly secret: string };
}

const CHALLENGE_BYTES_MAX = 1024;
const HEX = /^0[xX]([0-9a-fA-F]+)$/;
const BASE64 = /^0[bB]([A-Za-z0-9+/]+={0,2})$/;
const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A large binary value: `0x` hex digits or `0b` base64; `undefined` for what is none. Source: RFC 7143, 6.1. */
export function parseBinaryValue(text: string): Uint8Array | undefined {
  const hex = HEX.exec(text)?.[1];
  if (hex !== undefined) {
    const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
    if (digits.length > 2 * CHALLENGE_BYTES_MAX) return undefined;
    return Uint8Array.from(digits.match(/../g)!, (pair) => Number.parseInt(pair, 16));
  }
  const base64 = BASE64.exec(text)?.[1];
  return base64 === undefined ? undefined : fromBase64(base64.replace(/=+$/, ''));
}

function fromBase64(digits: string): Uint8Array | undefined {
  const length = Math.floor((digits.length * 6) / 8);
  if (length > CHALLENGE_BYTES_MAX || digits.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(length);
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const one of digits) {
    word = ((word << 6) | BASE64_DIGITS.indexOf(one)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = word >> bits;
  }
  return bytes;
}

/** A large binary value as text. */
export const formatBinaryValue = (bytes: Uint8Array): string => `0x${formatHex(bytes)}`;

/** The first algorithm of a list, `5,7`, that we know. */
export function chooseAlgorithm(list: string): ChapAlgorithm | undefined {
  for (const one of list.split(',')) {
    const found = (Object.keys(CHAP_ALGORITHMS) as ChapAlgorithm[]).find(
      (name) => String(CHAP_ALGORITHMS[name]) === one,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The response to a challenge: the digest of identifier, secret and challenge. Source: RFC 1994, 4.1. */
export function chapResponse(
  hash: ChapHash,
  algorithm: ChapAlgorithm,
  identifier: number,
  secret: string,
  challenge: Uint8Array,
): Uint8Array {
  const known = fromLatin1(secret) ?? new Uint8Array(0);
  const bytes = new Uint8Array(1 + known.length + challenge.length);
  bytes[0] = identifier;
  bytes.set(known, 1);
  bytes.set(challenge, 1 + known.length);
  return hash(algorithm, bytes);
}

/** True for the same bytes, in a time that does not tell how many. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
