/** The FC frame inside a frame that a tap saw, located once for all observers. */
import { type FcHeader, fcHeader } from '../codecs/fc/index.ts';
import {
  type FcLocation,
  fcCrcIsGood,
  fcoeHeader,
  fcoeTrailer,
  locateFc,
} from '../codecs/fcoe/index.ts';
import { type Frame, layerValue } from '../codecs/frame/index.ts';
import { CodecError } from '../codecs/layout/index.ts';
import type { FrameSeen } from './observation.ts';

export interface FcFrame {
  readonly seen: FrameSeen;
  readonly header: FcHeader;
  /** Delimiters; `undefined` where the frame has none, or in another place than today's. */
  readonly sof: number | undefined;
  readonly eof: number | undefined;
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

/** The FC frame of a decoded frame of any link type; `undefined` for FIP and what is no FC frame. */
export function fcFrameIn(frame: Frame, seen: FrameSeen): FcFrame | undefined {
  const layers = frame.layers;
  const at = layers.findIndex((one) => one.layer === 'fc' && !one.inside);
  const header = at < 0 ? undefined : layerValue(frame, fcHeader);
  if (header === undefined || frame.protocol === 'fip') return undefined;
  const behind = layers.slice(at + 1).filter((one) => !one.inside && !TRAILERS.has(one.layer));
  const last = behind.at(-1);
  const start = layers[at]!.offset + layers[at]!.length;
  return {
    seen,
    header,
    sof: layerValue(frame, fcoeHeader)?.sof,
    eof: layerValue(frame, fcoeTrailer)?.eof,
    payload: frame.bytes.subarray(start, last === undefined ? start : last.offset + last.length),
    crcGood: frame.crc !== 'bad',
  };
}

const TRAILERS: ReadonlySet<string> = new Set(['fill', 'fcoe-trailer', 'fc-trailer', 'pad', 'raw']);
