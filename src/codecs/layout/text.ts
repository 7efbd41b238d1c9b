/** Text forms of the names that stand in frames: MAC addresses, World Wide Names, FC addresses. */

/** An Ethernet address as people write it: `0e:fc:00:01:0e:01`, lower case. */
export type Mac = string;
/** A 64-bit World Wide Name (port or node name). */
export type Wwn = bigint;
/** A 24-bit Fibre Channel address (N_Port_ID or well-known address). */
export type FcId = number;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, '0'),
);

const MAC_FORM = /^[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}$/;
const WWN_FORM = /^[0-9a-fA-F]{2}(?:[:-]?[0-9a-fA-F]{2}){7}$/;
const FC_ID_FORM = /^(?:0x)?[0-9a-fA-F]{6}$/;

/** Two hex digits of a byte. */
export function hexByte(value: number): string {
  return HEX[value & 0xff]!;
}

/** Bytes as lower-case hex digits, `separator` between bytes. */
export function formatHex(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : '') + HEX[bytes[i]!]!;
  return text;
}

/** Hex digits (white space and colons between bytes allowed) as bytes. Errors: `TypeError`. */
export function parseHex(text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new TypeError(`not hex bytes: ${text.slice(0, 40)}`);
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * MAC texts made before, by a hash of the address: a fabric has few addresses and many frames, and
 * a text that is met again costs nothing and is found faster in maps.
 */
const MAC_CACHE_SLOTS = 4096;
const cachedHigh = new Uint16Array(MAC_CACHE_SLOTS);
const cachedLow = new Uint32Array(MAC_CACHE_SLOTS);
const cachedMac: Mac[] = new Array<Mac>(MAC_CACHE_SLOTS).fill('00:00:00:00:00:00');

/** The MAC address whose upper 16 and lower 32 bits are given. */
export function macFromWords(high16: number, low32: number): Mac {
  const slot = (low32 ^ (low32 >>> 12) ^ (high16 * 31)) & (MAC_CACHE_SLOTS - 1);
  if (cachedLow[slot] !== low32 || cachedHigh[slot] !== high16) {
    cachedLow[slot] = low32;
    cachedHigh[slot] = high16;
    cachedMac[slot] =
      `${HEX[(high16 >>> 8) & 0xff]}:${HEX[high16 & 0xff]}:${HEX[low32 >>> 24]}:${HEX[(low32 >>> 16) & 0xff]}:${HEX[(low32 >>> 8) & 0xff]}:${HEX[low32 & 0xff]}`;
  }
  return cachedMac[slot]!;
}

/** The MAC address at a place in a byte array (6 bytes, not checked). */
export function macAt(bytes: Uint8Array, at: number): Mac {
  const low =
    ((bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!) >>>
    0;
  return macFromWords((bytes[at]! << 8) | bytes[at + 1]!, low);
}

/** A MAC address in lower case with colons. Errors: `TypeError` when it is none. */
export function parseMac(text: string): Mac {
  if (!MAC_FORM.test(text)) throw new TypeError(`not a MAC address: ${text}`);
  return text.toLowerCase().replaceAll('-', ':');
}

/** True for the text form of a MAC address. */
export function isMac(text: unknown): text is Mac {
  return typeof text === 'string' && MAC_FORM.test(text);
}

/** Values of the characters that are hex digits; 16 for all others below U+0080. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

const COLON = 58;
const DASH = 45;

/** Writes a MAC address into 6 bytes; `false`, and nothing is written, when the text is none. */
export function putMac(bytes: Uint8Array, at: number, mac: Mac): boolean {
  if (typeof mac !== 'string' || mac.length !== 17) return false;
  let high = 0;
  let low = 0;
  for (let i = 0; i < 17; i += 3) {
    const upper = DIGITS[mac.charCodeAt(i)] ?? 16;
    const lower = DIGITS[mac.charCodeAt(i + 1)] ?? 16;
    const separator = i === 15 ? COLON : mac.charCodeAt(i + 2);
    if ((upper | lower) > 15 || (separator !== COLON && separator !== DASH)) return false;
    if (i < 6) high = (high << 8) | (upper << 4) | lower;
    else low = (low << 8) | (upper << 4) | lower;
  }
  bytes[at] = high >>> 8;
  bytes[at + 1] = high;
  bytes[at + 2] = low >>> 24;
  bytes[at + 3] = low >>> 16;
  bytes[at + 4] = low >>> 8;
  bytes[at + 5] = low;
  return true;
}

/** A World Wide Name as people write it: `20:00:00:25:b5:00:00:0f`. */
export function formatWwn(wwn: Wwn): string {
  const high = Number(wwn >> 32n);
  const low = Number(wwn & 0xffff_ffffn);
  return `${HEX[high >>> 24]}:${HEX[(high >>> 16) & 0xff]}:${macFromWords(high & 0xffff, low)}`;
}

/** A World Wide Name from 16 hex digits, colons or dashes between bytes allowed. Errors: `TypeError`. */
export function parseWwn(text: string): Wwn {
  if (!WWN_FORM.test(text)) throw new TypeError(`not a World Wide Name: ${text}`);
  return BigInt(`0x${text.replace(/[:-]/g, '')}`);
}

/** An FC address as six hex digits: `010e01`. */
export function formatFcId(fcId: FcId): string {
  return fcId.toString(16).padStart(6, '0');
}

/** An FC address from six hex digits. Errors: `TypeError`. */
export function parseFcId(text: string): FcId {
  if (!FC_ID_FORM.test(text)) throw new TypeError(`not an FC address: ${text}`);
  return Number.parseInt(text.replace(/^0x/, ''), 16);
}

/**
 * Text from a wire or a file as a terminal may be given it: control characters, and those that turn
 * the direction of writing, as escapes.
 */
export function escapeText(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the target
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (one) => {
      const code = one.charCodeAt(0);
      return code < 0x100 ? `\\x${hexByte(code)}` : `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of one character per byte as the UTF-8 that it is; as it is, where it is none. */
export function utf8Of(text: string): string {
  try {
    return utf8.decode(Uint8Array.from(text, (one) => one.charCodeAt(0)));
  } catch {
    return text;
  }
}
