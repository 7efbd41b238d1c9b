/** Kinds of frames that an event of a scenario may have lost, told by their bytes. */
import { ElsCommand } from '../codecs/els/index.ts';
import { ETHERTYPE_FIP, VLAN_ETHERTYPES } from '../codecs/ethernet/index.ts';
import { locateFcOnLink, RCtl } from '../codecs/fc/index.ts';
import { FipControl, FipDiscovery, FipOperation } from '../codecs/fip/index.ts';
import { CodecError } from '../codecs/layout/index.ts';
import type { LostFrames } from '../scenario/event-schema.ts';

const word = (frame: Uint8Array, at: number): number =>
  ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);

/** Operation and subcode of a FIP frame; 0 for every other. */
function fipOperation(frame: Uint8Array): { readonly operation: number; readonly subcode: number } {
  const typeAt = VLAN_ETHERTYPES.has(word(frame, 12)) ? 16 : 12;
  if (word(frame, typeAt) !== ETHERTYPE_FIP) return { operation: 0, subcode: 0 };
  // Behind version and reserved bytes: operation, a reserved byte, subcode.
  return { operation: word(frame, typeAt + 4), subcode: frame[typeAt + 7] ?? 0 };
}

function isRscn(frame: Uint8Array): boolean {
  const location = locateFcOnLink(frame);
  if (location instanceof CodecError) return false;
  const { fcAt, payloadAt } = location;
  return frame[fcAt] === RCtl['ELS Request'] && frame[payloadAt] === ElsCommand.RSCN;
}

/** Whether a frame, as it is on the wire, is of a kind. */
export function isOfKind(frame: Uint8Array, kind: LostFrames): boolean {
  if (kind === 'everything') return true;
  if (kind === 'rscns') return isRscn(frame);
  const { operation, subcode } = fipOperation(frame);
  switch (kind) {
    case 'keep-alives':
      return operation === FipOperation['FIP Control'] && subcode === FipControl['Keep Alive'];
    case 'clear-links':
      return (
        operation === FipOperation['FIP Control'] && subcode === FipControl['Clear Virtual Links']
      );
    // Primitives: `scripted-events.ts` has the link lose them.
    case 'r-rdys':
      return false;
    case 'advertisements':
      return operation === FipOperation.Discovery && subcode === FipDiscovery.Advertisement;
  }
}
