/** How large a frame a port may be sent, by its login. */
import type { Plogi } from './login.ts';

/** Smallest and largest receive data field of a port. Source: FC-LS-3, service parameters; Linux libfc. */
export const RECEIVE_BYTES_MIN = 256;
/** Largest receive data field of a port, in bytes. Source: FC-LS-3, service parameters; Linux libfc. */
export const RECEIVE_BYTES_MAX = 2112;

/** What of a login, request or accept, with fabric or port, says how large frames may be. */
export interface LoginSizes {
  readonly common: Pick<Plogi['common'], 'bbReceiveDataFieldSizeBytes'>;
  readonly class3: Pick<Plogi['class3'], 'receiveDataFieldSizeBytes'>;
}

const isSize = (bytes: number): boolean =>
  bytes >= RECEIVE_BYTES_MIN && bytes <= RECEIVE_BYTES_MAX && bytes % 4 === 0;

/**
 * The largest payload that the sender of a login takes: the lesser of the buffer-to-buffer size and that
 * of class 3, where it gives one (0: it gives none).
 *
 * `undefined` when one of them is no size: below 256 bytes, above 2112, or no whole words. A request
 * with such a size is refused; who has to go on takes the least.
 * Source: FC-LS-3, common and class service parameters.
 */
export function receiveBytesOf({ common, class3 }: LoginSizes): number | undefined {
  const bufferToBuffer = common.bbReceiveDataFieldSizeBytes;
  const ofClass3 = class3.receiveDataFieldSizeBytes;
  if (!isSize(bufferToBuffer)) return undefined;
  if (ofClass3 === 0) return bufferToBuffer;
  return isSize(ofClass3) ? Math.min(bufferToBuffer, ofClass3) : undefined;
}
