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

/** The MAC address whose upper 16 and lower 32 bits are given. */
export function macFromWords(high16: number, low32: number): Mac {
  return `${HEX[(high16 >>> 8) & 0xff]}:${HEX[high16 & 0xff]}:${HEX[low32 >>> 24]}:${HEX[(low32 >>> 16) & 0xff]}:${HEX[(low32 >>> 8) & 0xff]}:${HEX[low32 & 0xff]}`;
}

/** The MAC address at a place in a byte array (6 bytes, not checked). */
export function macAt(bytes: Uint8Array, at: number): Mac {
  return `${HEX[bytes[at]!]}:${HEX[bytes[at + 1]!]}:${HEX[bytes[at + 2]!]}:${HEX[bytes[at + 3]!]}:${HEX[bytes[at + 4]!]}:${HEX[bytes[at + 5]!]}`;
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

/** Writes a checked MAC address into 6 bytes. */
export function putMac(bytes: Uint8Array, at: number, mac: Mac): void {
  for (let i = 0; i < 6; i++) {
    bytes[at + i] = (digit(mac.charCodeAt(3 * i)) << 4) | digit(mac.charCodeAt(3 * i + 1));
  }
}

function digit(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
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
