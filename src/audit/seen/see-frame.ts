/** What frames say: read from the bytes of a link, or from the layers of a decoded frame. */
import { type FcHeader, fcHeader, locateFcOnLink } from '../../codecs/fc/index.ts';
import { fcipSof, fcipTrailer } from '../../codecs/fcip/index.ts';
import { type FcLocation, fcoeHeader, fcoeTrailer } from '../../codecs/fcoe/index.ts';
import { type FipMessage, fipMessage } from '../../codecs/fip/index.ts';
import { type Frame, layerOf, layerPart, layerValue } from '../../codecs/frame/index.ts';
import { CodecError, isCutValue } from '../../codecs/layout/index.ts';
import { CutFrame, FcFrame, FipFrame, ForeignFrame, type SeenFrame } from './frame.ts';
import { placeOf } from './frame-place.ts';
import { type FabricMarks, fipAt, type TappedFrame } from './tapped-frame.ts';

/** What a frame says that a machine has put on its link. */
export function seeFrame(tapped: TappedFrame): SeenFrame {
  const { bytes } = tapped;
  const location: FcLocation | CodecError = locateFcOnLink(bytes);
  if (location instanceof CodecError) return withoutFc(tapped);
  return new FcFrame(tapped, fcHeader.decode(bytes, location.fcAt, location.payloadAt), {
    // What FCoE has a code for is a word on a native link.
    sof: location.sofAt === 0 ? undefined : bytes[location.sofAt]!,
    eof: location.sofAt === 0 ? undefined : bytes[location.eofAt]!,
    vlan: location.vlan,
    bytes,
    payloadAt: location.payloadAt,
    payloadEnd: location.payloadEnd,
    location,
  });
}

/** What a decoded frame of any link type says. */
export function seeDecoded(frame: Frame, given: TappedFrame): SeenFrame {
  const { tapped, marks } = placeOf(frame, given);
  const hasFc = frame.protocol !== 'fip' && frame.layers.some(isOuterFc);
  const header = hasFc ? layerValue(frame, fcHeader) : undefined;
  if (header === undefined) return fipFrameIn(frame, tapped, marks);
  return frame.cut ? new CutFrame(tapped, header, marks) : fcFrameIn(frame, header, tapped, marks);
}

/** What is there of a FIP message that was cut; `undefined` where not even its operation is. */
function cutMessage(frame: Frame): FipMessage | undefined {
  const part = layerPart(frame, fipMessage);
  if (part?.operation === undefined || part.subcode === undefined) return undefined;
  const descriptors = part.descriptors?.filter((one) => !isCutValue(one) || 'header' in one);
  return { flags: 0, ...part, descriptors: descriptors ?? [] } as FipMessage;
}

function fipFrameIn(frame: Frame, tapped: TappedFrame, marks: FabricMarks): SeenFrame {
  const fip = layerOf(frame, 'fip');
  if (fip === undefined) return new ForeignFrame(tapped);
  const skipped = frame.bytes.length - tapped.bytes.length;
  return new FipFrame(
    tapped,
    fip.offset - skipped,
    marks,
    frame.cut ? cutMessage(frame) : layerValue(frame, fipMessage),
  );
}

function withoutFc(tapped: TappedFrame): FipFrame | ForeignFrame {
  const messageAt = fipAt(tapped.bytes);
  return messageAt === undefined ? new ForeignFrame(tapped) : new FipFrame(tapped, messageAt);
}

function fcFrameIn(
  frame: Frame,
  header: FcHeader,
  tapped: TappedFrame,
  marks: FabricMarks,
): FcFrame {
  const layers = frame.layers;
  const at = layers.findIndex(isOuterFc);
  const behind = layers.slice(at + 1).filter((one) => !one.inside && !TRAILERS.has(one.layer));
  const last = behind.at(-1);
  const start = layers[at]!.offset + layers[at]!.length;
  return new FcFrame(tapped, header, {
    ...marks,
    sof: (layerValue(frame, fcoeHeader) ?? layerValue(frame, fcipSof))?.sof,
    eof: (layerValue(frame, fcoeTrailer) ?? layerValue(frame, fcipTrailer))?.eof,
    bytes: frame.bytes,
    payloadAt: start,
    payloadEnd: last === undefined ? start : last.offset + last.length,
    at: frame.bytes.length - tapped.bytes.length,
    crcGood: frame.crc !== 'bad',
  });
}

/** The header of the frame itself, and not of one that its payload quotes. */
const isOuterFc = ({ layer, inside }: Frame['layers'][number]): boolean =>
  layer === 'fc' && !inside;

const TRAILERS: ReadonlySet<string> = new Set([
  'fill',
  'fcoe-trailer',
  'fc-trailer',
  'mds-trailer',
  'fcs',
  'pad',
  'raw',
]);
