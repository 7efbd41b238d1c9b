/** IP addresses as people write them. */

/** An IPv4 address: `10.0.0.1`. */
const ipv4Text = (bytes: Uint8Array): string => bytes.join('.');

/** The longest run of zero groups, of two at least; the first of several. Source: RFC 5952, 4.2. */
function longestZeros(groups: readonly number[]): { at: number; count: number } {
  let best = { at: -1, count: 1 };
  for (let at = 0; at < groups.length; at++) {
    let count = 0;
    while (at + count < groups.length && groups[at + count] === 0) count++;
    if (count > best.count) best = { at, count };
    at += count;
  }
  return best;
}

/** An IPv6 address in the form of RFC 5952: `fe80::1`. */
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  const { at, count } = longestZeros(groups);
  const text = (some: readonly number[]): string => some.map((one) => one.toString(16)).join(':');
  if (at < 0) return text(groups);
  return `${text(groups.slice(0, at))}::${text(groups.slice(at + count))}`;
}

/** An address of 4 or 16 bytes as people write it. */
export const formatIp = (bytes: Uint8Array): string =>
  bytes.length === 4 ? ipv4Text(bytes) : ipv6Text(bytes);

/** An address and a port: `10.0.0.1:3260`, `[fe80::1]:3260`. */
export const formatEndpoint = (address: Uint8Array, port: number): string =>
  address.length === 4 ? `${formatIp(address)}:${port}` : `[${formatIp(address)}]:${port}`;
