/**
 * Names that the switch puts in the place of those that ports log in with, as Cisco FlexAttach and
 * Brocade FA-PWWN do: targets and zones know the virtual WWPN, and a server that is replaced or
 * moved keeps it. Where the name stands in extended link services, it is exchanged on the way.
 */

import { crc32 } from '../../codecs/crc32.ts';
import { FcType } from '../../codecs/fc/index.ts';
import { locateFc, putFcCrc } from '../../codecs/fcoe/index.ts';
import { CodecError, type Wwn } from '../../codecs/layout/index.ts';
import type { Login } from './logins.ts';

/** Byte of the FC header with TYPE. */
const TYPE_AT = 8;
const NAME_BYTES = 8;

export class VirtualNames {
  readonly #virtualOf = new Map<Wwn, Wwn>();

  constructor(assigned: readonly { readonly wwpn: Wwn; readonly to: Wwn }[]) {
    for (const { wwpn, to } of assigned) this.assign(wwpn, to);
  }

  /** From now on the port that logs in as `to` is `wwpn`. */
  assign(wwpn: Wwn, to: Wwn): void {
    for (const [real, virtual] of this.#virtualOf)
      if (virtual === wwpn) this.#virtualOf.delete(real);
    this.#virtualOf.set(to, wwpn);
  }

  /** What a port that logs in with this name is called. */
  nameOf(real: Wwn): Wwn {
    return this.#virtualOf.get(real) ?? real;
  }
}

/**
 * Exchanges names in a frame where its sender or receiver has another than it says; the frame must
 * be a copy of the caller's own. `target` is left out for a service of the fabric.
 */
export function exchangeNames(frame: Uint8Array, source: Login, target?: Login): Uint8Array {
  const location = locateFc(frame);
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
