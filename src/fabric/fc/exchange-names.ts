/** Exchanges names in frames where the switch calls a port otherwise than it does itself. */
import { crc32 } from '../../codecs/crc32.ts';
import { FcType, locateFcOnLink } from '../../codecs/fc/index.ts';
import { putFcCrc } from '../../codecs/fcoe/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type { Login } from './logins.ts';

/** Byte of the FC header with TYPE. */
const TYPE_AT = 8;
const NAME_BYTES = 8;

/**
 * Exchanges names in a frame where its sender or receiver has another than it says; the frame must
 * be a copy of the caller's own. `target` is left out for a service of the fabric.
 */
export function exchangeNames(frame: Uint8Array, source: Login, target?: Login): Uint8Array {
  const location = locateFcOnLink(frame);
  if (location instanceof CodecError || frame[location.fcAt + TYPE_AT] !== FcType.ELS) return frame;
  const { fcAt, payloadAt, payloadEnd, crcAt } = location;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let changed = false;
  for (let at = payloadAt; at + NAME_BYTES <= payloadEnd; at += 4) {
    const found = view.getBigUint64(at);
    let name = found;
    if (found === source.saidWwpn) name = source.wwpn;
    else if (found === target?.wwpn) name = target.saidWwpn;
    if (name === found) continue;
    view.setBigUint64(at, name);
    changed = true;
  }
  if (changed) putFcCrc(frame, crcAt, crc32(frame, fcAt, crcAt));
  return frame;
}
