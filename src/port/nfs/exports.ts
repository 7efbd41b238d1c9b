/** Who may mount an export, and write to it. */

/** What a client may do. */
export type ExportAccess = 'read-write' | 'read-only';

/** Clients and what they may do. The first rule that names a client decides; others may do nothing. */
export interface ExportRule {
  /** `*`, an IP address, or an IPv4 network such as `10.0.0.0/8`. */
  readonly clients: string;
  readonly access: ExportAccess;
}

/** Everybody may read and write. */
export const OPEN_EXPORT: readonly ExportRule[] = [{ clients: '*', access: 'read-write' }];

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const NETWORK = /^([\d.]+)\/(\d{1,2})$/;

/** An IPv4 address as a number; `undefined` for other text. */
function ipv4Of(text: string): number | undefined {
  const octets = IPV4.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((one) => one > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function networkOf(clients: string): { address: number; bits: number } | undefined {
  const [, address = '', bits = ''] = NETWORK.exec(clients) ?? [];
  const number = ipv4Of(address);
  return number === undefined || Number(bits) > 32
    ? undefined
    : { address: number, bits: Number(bits) };
}

/** True for what a rule may name: `*`, an IP address, an IPv4 network. */
export function isClientPattern(clients: string): boolean {
  if (clients === '*' || networkOf(clients) !== undefined || ipv4Of(clients) !== undefined)
    return true;
  return /^[0-9a-f:.]+$/i.test(clients) && clients.includes(':');
}

function names(clients: string, address: string): boolean {
  if (clients === '*' || clients === address) return true;
  const network = networkOf(clients);
  const client = ipv4Of(address);
  if (network === undefined || client === undefined) return false;
  const unit = 2 ** (32 - network.bits);
  return Math.floor(network.address / unit) === Math.floor(client / unit);
}

/** What the client of an address may do; `undefined`: nothing. */
export function accessOf(rules: readonly ExportRule[], address: string): ExportAccess | undefined {
  return rules.find(({ clients }) => names(clients, address))?.access;
}
