/** IPv4 addresses as numbers: what tables of a station are kept by. */
import { formatIp } from '../codecs/ethernet/index.ts';

/** An IPv4 address of 32 bits: 10.0.0.1 is 0A000001h. */
export type Ipv4Address = number;

const TEXT = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** True for a text that names an address. */
export function isIpv4(text: string): boolean {
  return (
    TEXT.exec(text)
      ?.slice(1)
      .every((octet) => Number(octet) <= 255) ?? false
  );
}

/** The address that a text names. Errors: `RangeError` for any other text. */
export function parseIpv4(text: string): Ipv4Address {
  const octets = TEXT.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255))
    throw new RangeError(`${text} is no IPv4 address`);
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The four bytes of an address. */
export const ipv4Bytes = (address: Ipv4Address): Uint8Array =>
  Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);

/** The address at a byte. */
export const ipv4At = (bytes: Uint8Array, at: number): Ipv4Address =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** An address as people write it. */
export const formatIpv4 = (address: Ipv4Address): string => formatIp(ipv4Bytes(address));
