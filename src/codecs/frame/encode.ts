/** `encodeFrame`: layers back to bytes. */
import { crc32 } from '../crc32.ts';
import { FCTL_FILL_MASK } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import type { AnyCodec } from '../layout/index.ts';
import { type Frame, type Layer, type LayerName, rawBytes } from './layer.ts';

/** What `encodeFrame` does beyond writing the layers as they are. */
export interface EncodeOptions {
  /**
   * What to compute anew instead of taking it from the layers. `crc`: the FC CRC. `lengths`: the
   * lengths and counts that a layer states of itself, and the fill bytes of an FC frame.
   */
  readonly recompute?: readonly ('crc' | 'lengths')[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Keys of the lengths and counts in each codec's values. */
const lengthKeys = new WeakMap<AnyCodec, readonly string[]>();

/** A default that asks for the size of other fields is a length: left out, it is derived. */
function lengthKeysOf(by: AnyCodec): readonly string[] {
  let keys = lengthKeys.get(by);
  if (keys === undefined) {
    const table = by.table ?? {};
    keys = Object.keys(table).filter((key) => (table[key]!.default?.length ?? 0) >= 2);
    lengthKeys.set(by, keys);
  }
  return keys;
}

function withoutLengths(by: AnyCodec, value: Fields): Fields {
  const keys = lengthKeysOf(by);
  if (keys.length === 0) return value;
  const kept: Record<string, unknown> = { ...value };
  for (const key of keys) kept[key] = undefined;
  return kept;
}

const BEHIND_PAYLOAD: ReadonlySet<LayerName> = new Set([
  'fill',
  'fcoe-trailer',
  'fc-trailer',
  'mds-trailer',
  'fcs',
  'pad',
]);

/** Layers that hold an FC CRC. */
const TRAILERS: ReadonlySet<LayerName> = new Set(['fcoe-trailer', 'fc-trailer', 'mds-trailer']);

/** What is to be written of a layer. */
type Part = Pick<Layer, 'layer' | 'codec' | 'value'>;

/** Gives the FC header its fill count, and its payload as many fill bytes. */
function refill(parts: Part[]): void {
  const at = parts.findIndex((one) => one.layer === 'fc');
  if (at < 0) return;
  let size = 0;
  let behind = at + 1;
  for (; behind < parts.length && !BEHIND_PAYLOAD.has(parts[behind]!.layer); behind++)
    size += parts[behind]!.codec.sizeOf(parts[behind]!.value);
  const fill = -size & FCTL_FILL_MASK;
  const { codec, value } = parts[at]!;
  const header = value as FcHeader;
  const fCtl = (header.fCtl & ~FCTL_FILL_MASK) | fill;
  parts[at] = { layer: 'fc', codec, value: { ...header, fCtl } };
  if (behind === parts.length) return;
  const had = parts[behind]!.layer === 'fill' ? 1 : 0;
  if (fill === 0 && had === 0) return;
  parts.splice(behind, had, {
    layer: 'fill',
    codec: rawBytes as AnyCodec,
    value: { bytes: new Uint8Array(fill) },
  });
}

/** Writes the layers side by side into an array of their size; `trailers`: with CRCs of their own. */
function join(parts: readonly Part[], trailers: boolean): Uint8Array {
  let size = 0;
  for (let i = 0; i < parts.length; i++) size += parts[i]!.codec.sizeOf(parts[i]!.value, size);
  const target = new Uint8Array(size);
  let at = 0;
  let crcFrom = 0;
  for (let i = 0; i < parts.length; i++) {
    const { layer, codec, value } = parts[i]!;
    const isTrailer = trailers && TRAILERS.has(layer);
    const given = isTrailer ? { ...(value as Fields), crc: crc32(target, crcFrom, at) } : value;
    at = codec.write(target, at, given);
    if (layer === 'fcoe' || layer === 'sof' || layer === 'mds') crcFrom = at;
  }
  return target;
}

const isPlain = (one: Layer): boolean => !one.inside;

/**
 * The bytes of a frame, from its layers. Without `recompute` they are those that were decoded,
 * whatever was wrong with them; a changed layer changes its own bytes and nothing else.
 * Errors: `CodecError` for a value that does not fit its field, its place counted from the frame's
 * first byte.
 */
export function encodeFrame(frame: Pick<Frame, 'layers'>, options: EncodeOptions = {}): Uint8Array {
  const { recompute = [] } = options;
  const layers = frame.layers.every(isPlain) ? frame.layers : frame.layers.filter(isPlain);
  const withCrcs = recompute.includes('crc');
  if (!recompute.includes('lengths')) return join(layers, withCrcs);
  const parts: Part[] = layers.map(({ layer, codec, value }) => {
    return { layer, codec, value: withoutLengths(codec, value as Fields) };
  });
  refill(parts);
  return join(parts, withCrcs);
}
