/** Frames that end with a CRC of their own, for the digest of a run. */

import { ETHERTYPE_FCOE, ETHERTYPE_VLAN } from '../codecs/ethernet/index.ts';
import { FC_HEADER_BYTES } from '../codecs/fc/index.ts';

const FCOE_HEADER_BYTES = 14;
const TRAILER_BYTES = 8;

/**
 * Where the part of a frame begins that its FC CRC covers: the FC header of an FCoE frame with one VLAN
 * tag or none, whose last 8 bytes are the CRC, the EOF and reserved bytes. The length of any other
 * frame. The CRC is not computed here: who sends the frame has computed it, or passes on the frame
 * with the CRC that came with it.
 */
export function fcCrcCoversFrom(frame: Uint8Array): number {
  const { length } = frame;
  let at = 14;
  let etherType = (frame[12]! << 8) | frame[13]!;
  if (etherType === ETHERTYPE_VLAN) {
    etherType = (frame[16]! << 8) | frame[17]!;
    at = 18;
  }
  const fcAt = at + FCOE_HEADER_BYTES;
  const covered = length - TRAILER_BYTES - fcAt;
  const isFcoe = etherType === ETHERTYPE_FCOE && covered >= FC_HEADER_BYTES && covered % 4 === 0;
  return isFcoe ? fcAt : length;
}
