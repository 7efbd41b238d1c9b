/** Addresses of the array on the Ethernet of a fabric: `[FABRIC=]lan:ADDRESS`. */
import { isIpv4 } from '../net/ipv4-address.ts';
import { ListenError } from './listen-address.ts';

/** An address of the array, and the fabric whose switch it is behind; without one, the first fabric. */
export interface LanAddress {
  readonly fabric: string | undefined;
  /** IPv4. */
  readonly address: string;
}

const FORM = /^(?:([A-Za-z][A-Za-z0-9._-]{0,31})=)?lan:(.*)$/;

/** True for an address that frames of guests reach, not sockets. */
export const isLanAddress = (text: string): boolean => FORM.test(text);

/** `[FABRIC=]lan:ADDRESS`. Errors: `ListenError`. */
export function parseLanAddress(text: string): LanAddress {
  const [, fabric, address = ''] = FORM.exec(text) ?? [];
  if (!isIpv4(address))
    throw new ListenError(`--listen ${text}: needs lan:ADDRESS, as lan:192.0.2.1`);
  return { fabric, address };
}
