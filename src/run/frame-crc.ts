/** Frames that end with a CRC of their own, for the digest of a run. */

import { FcLocator } from '../codecs/fcoe/index.ts';

const locator = new FcLocator();
/** What the digest takes in of the beginning of a frame in any case. */
const HEAD_BYTES = 64;

/**
 * Whether a frame is an FCoE frame: its last 8 bytes are the FC CRC, the EOF and reserved bytes, and
 * the CRC is over all that lies behind the FCoE header. It is not computed here: who sends the frame
 * has computed it, or passes on the frame with the CRC that came with it.
 */
export function endsWithFcCrc(frame: Uint8Array): boolean {
  if (locator.find(frame) !== undefined) return false;
  const { fcAt, crcAt } = locator;
  return fcAt <= HEAD_BYTES && (crcAt - fcAt) % 4 === 0;
}
