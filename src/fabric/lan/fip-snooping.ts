/** What a bridge reads in the frames of FIP that pass it. Source: FC-BB-5, annex on FIP snooping. */
import { ETHERTYPE_FIP } from '../../codecs/ethernet/index.ts';
import {
  FipLinkService,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipElsOf,
  fipMessage,
} from '../../codecs/fip/index.ts';
import { CodecError, type Mac } from '../../codecs/layout/index.ts';

/**
 * The address that an FCF grants to a port in its answer to FLOGI or FDISC.
 *
 * Shape: `at` is where the EtherType of a whole frame stands.
 * Errors: `undefined` for a frame that grants none, or that does not hold together.
 */
export function grantedAddress(frame: Uint8Array, at: number): Mac | undefined {
  if (((frame[at]! << 8) | frame[at + 1]!) !== ETHERTYPE_FIP) return undefined;
  const message = messageAt(frame, at + 2);
  const isReply =
    message?.operation === FipOperation['Virtual Link Instantiation'] &&
    message.subcode === FipLinkService.Reply;
  if (!isReply) return undefined;
  const kind = fipElsOf(message)?.kind;
  if (kind !== 'flogi' && kind !== 'fdisc') return undefined;
  return fipDescriptorOf(message, 'mac')?.mac;
}

function messageAt(frame: Uint8Array, at: number): FipMessage | undefined {
  try {
    return fipMessage.decode(frame, at);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
