/** `encodeFrame`: layers back to bytes. */
import { crc32 } from '../crc32.ts';
import { FCTL_FILL_MASK } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import type { AnyCodec } from '../layout/index.ts';
import type { Frame, Layer, LayerName } from './layer.ts';

export interface EncodeOptions {
  /**
   * What to compute anew instead of taking it from the layers. `crc`: the FC CRC. `lengths`: the
   * lengths and counts that a layer states of itself, and the fill bytes of an FC frame.
   */
  readonly recompute?: readonly ('crc' | 'lengths')[];
}

type Fields = Readonly<Record<string, unknown>>;

/** A default that asks for the size of other fields is a length: left out, it is derived. */
function withoutLengths(by: AnyCodec, value: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if ((by.table?.[key]?.default?.length ?? 0) < 2) kept[key] = one;
  }
  return kept;
}

const BEHIND_PAYLOAD: ReadonlySet<LayerName> = new Set([
  'fill',
  'fcoe-trailer',
  'fc-trailer',
  'pad',
]);

/** Fill bytes of an FC frame whose header is `layers[i]`. */
function fillOf(layers: readonly Layer[], pieces: readonly Uint8Array[], i: number): number {
  let size = 0;
  for (let k = i + 1; k < layers.length && !BEHIND_PAYLOAD.has(layers[k]!.layer); k++)
    size += pieces[k]!.length;
  return -size & FCTL_FILL_MASK;
}

function refill(layers: readonly Layer[], pieces: Uint8Array[]): void {
  const at = layers.findIndex((one) => one.layer === 'fc');
  if (at < 0) return;
  const fill = fillOf(layers, pieces, at);
  const header = layers[at]!.value as FcHeader;
  const fCtl = (header.fCtl & ~FCTL_FILL_MASK) | fill;
  pieces[at] = layers[at]!.codec.encode({ ...header, fCtl });
  const behind = layers.findIndex((one, k) => k > at && BEHIND_PAYLOAD.has(one.layer));
  if (behind < 0) return;
  if (layers[behind]!.layer === 'fill') pieces[behind] = new Uint8Array(fill);
  else if (fill > 0) {
    const grown = new Uint8Array(pieces[behind - 1]!.length + fill);
    grown.set(pieces[behind - 1]!);
    pieces[behind - 1] = grown;
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const target = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    target.set(piece, at);
    at += piece.length;
  }
  return target;
}

/** Puts the CRC of what lies between SOF and trailer into the trailers. */
function putCrcs(layers: readonly Layer[], pieces: Uint8Array[]): void {
  let first = 0;
  for (let i = 0; i < layers.length; i++) {
    const { layer, codec, value } = layers[i]!;
    if (layer === 'fcoe' || layer === 'sof') first = i + 1;
    if (layer !== 'fcoe-trailer' && layer !== 'fc-trailer') continue;
    const crc = crc32(join(pieces.slice(first, i)));
    pieces[i] = codec.encode({ ...(value as Fields), crc });
  }
}

/**
 * The bytes of a frame, from its layers. Without `recompute` they are those that were decoded,
 * whatever was wrong with them; a changed layer changes its own bytes and nothing else.
 * Errors: `CodecError` for a value that does not fit its field.
 */
export function encodeFrame(frame: Pick<Frame, 'layers'>, options: EncodeOptions = {}): Uint8Array {
  const { recompute = [] } = options;
  const layers = frame.layers.filter((one) => !one.inside);
  const lengths = recompute.includes('lengths');
  const pieces = layers.map(({ codec, value }) =>
    codec.encode(lengths ? withoutLengths(codec, value as Fields) : value),
  );
  if (lengths) refill(layers, pieces);
  if (recompute.includes('crc')) putCrcs(layers, pieces);
  return join(pieces);
}
