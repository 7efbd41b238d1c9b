/** The FIP message inside a frame that a tap saw. */
import { ETHERTYPE_FIP, ETHERTYPE_VLAN, EtherType } from '../../codecs/ethernet/index.ts';
import { type FipMessage, fipMessage } from '../../codecs/fip/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type { FrameSeen } from '../observation.ts';

/** Messages decoded already: several observers ask for the same one. */
const decoded = new WeakMap<FrameSeen, { readonly message: FipMessage | undefined }>();

/** The message of a FIP frame, behind any VLAN tags; `undefined` for others and for broken ones. */
export function fipOf(seen: FrameSeen): FipMessage | undefined {
  let known = decoded.get(seen);
  if (known === undefined) {
    known = { message: decode(seen.bytes) };
    decoded.set(seen, known);
  }
  return known.message;
}

function decode(bytes: Uint8Array): FipMessage | undefined {
  let at = 12;
  for (;;) {
    if (at + 2 > bytes.length) return undefined;
    const etherType = (bytes[at]! << 8) | bytes[at + 1]!;
    if (etherType === ETHERTYPE_FIP) break;
    if (etherType !== ETHERTYPE_VLAN && etherType !== EtherType['S-VLAN']) return undefined;
    at += 4;
  }
  try {
    return fipMessage.decode(bytes, at + 2);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** VID of the innermost VLAN tag of a frame; `undefined` without a tag. */
export function vlanOf(bytes: Uint8Array): number | undefined {
  let vlan: number | undefined;
  for (let at = 12; at + 4 <= bytes.length; at += 4) {
    const etherType = (bytes[at]! << 8) | bytes[at + 1]!;
    if (etherType !== ETHERTYPE_VLAN && etherType !== EtherType['S-VLAN']) break;
    vlan = ((bytes[at + 2]! & 0x0f) << 8) | bytes[at + 3]!;
  }
  return vlan;
}
