/** The FC frame inside a frame that a tap saw, located once for all observers. */
import { type FcHeader, fcHeader } from '../codecs/fc/index.ts';
import { type FcLocation, fcCrcIsGood, locateFc } from '../codecs/fcoe/index.ts';
import { CodecError } from '../codecs/layout/index.ts';
import type { FrameSeen } from './observation.ts';

export interface FcFrame {
  readonly seen: FrameSeen;
  readonly header: FcHeader;
  readonly sof: number;
  readonly eof: number;
  readonly payload: Uint8Array;
  readonly crcGood: boolean;
}

/** The FC frame of an FCoE frame; `undefined` for anything else, FIP included. */
export function fcFrameOf(seen: FrameSeen): FcFrame | undefined {
  const location: FcLocation | CodecError = locateFc(seen.bytes);
  if (location instanceof CodecError) return undefined;
  return {
    seen,
    header: fcHeader.decode(seen.bytes, location.fcAt, location.payloadAt),
    sof: seen.bytes[location.sofAt]!,
    eof: seen.bytes[location.eofAt]!,
    payload: seen.bytes.subarray(location.payloadAt, location.payloadEnd),
    crcGood: fcCrcIsGood(seen.bytes, location),
  };
}
