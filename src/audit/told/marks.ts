/** Marks by which frames are told that end logins. */
import { FipControl, FipOperation, fipMessage } from '../../codecs/fip/index.ts';
import { type Frame, layerPart } from '../../codecs/frame/index.ts';

/** The ELS that ends a login. */
export const ELS_LOGOUT = 'LOGO';

/** True for a Clear Virtual Links of FIP. */
export function fipClears(frame: Frame): boolean {
  if (frame.protocol !== 'fip') return false;
  const message = layerPart(frame, fipMessage);
  return (
    message?.operation === FipOperation['FIP Control'] &&
    message.subcode === FipControl['Clear Virtual Links']
  );
}
