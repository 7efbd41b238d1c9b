/** A frame as a tap hands it in, and the fabric that it belongs to. */
import { ETHERTYPE_FIP, ETHERTYPE_VLAN, EtherType } from '../../codecs/ethernet/index.ts';
import type { TimeNs } from '../verdict.ts';

/** Which way a frame goes at the node that is tapped: into it, out of it; `unknown` in captures. */
export type TapDirection = 'in' | 'out' | 'unknown';

/** A frame as a tap at a switch port saw it. */
export interface TappedFrame {
  readonly at: TimeNs;
  /** Number of the frame in the capture, from 1. */
  readonly number: number;
  /** The tap: frames are in order per tap, and may be seen again at another one. */
  readonly tap: string;
  /** The fabric the tap belongs to; empty in captures, where the frame's VLAN and VF_ID tell it. */
  readonly fabric: string;
  readonly direction: TapDirection;
  readonly bytes: Uint8Array;
}

/** What a frame says of its fabric. */
export interface FabricMarks {
  readonly vlan: number | undefined;
  readonly vfId?: number | undefined;
  /** The network of its own that a tunnel's packet names, as `VNI 5000`. */
  readonly network?: string | undefined;
}

/** A link as a fabric uses it: a trunk that carries two fabrics is two links. */
export interface FabricLink {
  readonly link: string;
  readonly fabric: string;
}

const ID_BITS = 13;
const NO_ID = 0x1000;
/** Taps times VLANs whose names are kept. */
const KEPT_MAX = 10_000;

/** Names of the fabrics that captures show, made once each. */
const kept = new Map<string, Map<number, FabricLink>>();

/** Link and fabric of a frame: those of its tap where it knows them, else told by the frame itself. */
export function fabricLinkOf({ tap, fabric }: TappedFrame, marks: FabricMarks): FabricLink {
  if (fabric !== '') return { link: tap, fabric };
  const { vlan, vfId, network } = marks;
  const key = ((vlan ?? NO_ID) << ID_BITS) | (vfId ?? NO_ID);
  const where = network === undefined ? tap : `${tap}, ${network}`;
  let ofTap = kept.get(where);
  if (ofTap === undefined) {
    if (kept.size >= KEPT_MAX) kept.clear();
    ofTap = new Map();
    kept.set(where, ofTap);
  }
  let found = ofTap.get(key);
  if (found === undefined) {
    const name = [
      ...(network === undefined ? [] : [network]),
      ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
      ...(vfId === undefined ? [] : [`VF_ID ${vfId}`]),
    ].join(', ');
    found = { link: name === '' ? tap : `${tap}, ${name}`, fabric: name };
    ofTap.set(key, found);
  }
  return found;
}

/** VID of the innermost VLAN tag of an Ethernet frame; `undefined` without a tag. */
export function vlanOf(bytes: Uint8Array): number | undefined {
  let vlan: number | undefined;
  for (let at = 12; at + 4 <= bytes.length && isTag(bytes, at); at += 4) {
    vlan = ((bytes[at + 2]! & 0x0f) << 8) | bytes[at + 3]!;
  }
  return vlan;
}

/** Where the message of a FIP frame begins, behind any VLAN tags; `undefined` for other frames. */
export function fipAt(bytes: Uint8Array): number | undefined {
  let at = 12;
  while (at + 4 <= bytes.length && isTag(bytes, at)) at += 4;
  if (at + 2 > bytes.length || etherTypeAt(bytes, at) !== ETHERTYPE_FIP) return undefined;
  return at + 2;
}

const etherTypeAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function isTag(bytes: Uint8Array, at: number): boolean {
  const etherType = etherTypeAt(bytes, at);
  return etherType === ETHERTYPE_VLAN || etherType === EtherType['S-VLAN'];
}
