/** A frame in full: the tree of its fields, and which bytes belong to which field. */
import { beginTolerance, endTolerance, formatHex, type Span } from '../layout/index.ts';
import type { Frame, Layer } from './layer.ts';

/** A field of a frame: the layer it is of, and its span. */
export interface FieldSpan extends Span {
  readonly layer: Layer;
}

/** Hex digits of a value end here in a line of the tree. */
const TEXT_CHARACTERS_MAX = 96;
/** Bytes in a line of the hex display. */
const HEX_LINE_BYTES = 16;

/** Fields of a layer, in wire order. */
export function spansOf(frame: Frame, layer: Layer): Span[] {
  beginTolerance();
  try {
    return layer.codec.spans(frame.bytes, layer.offset, layer.offset + layer.length);
  } finally {
    endTolerance();
  }
}

/** Every field of a frame in wire order. Layers inside others are left out: their bytes are shown. */
export function fieldSpans(frame: Frame): FieldSpan[] {
  const fields: FieldSpan[] = [];
  for (const layer of frame.layers) {
    if (layer.inside) continue;
    for (const span of spansOf(frame, layer)) fields.push({ ...span, layer });
  }
  return fields;
}

const shorten = (text: string): string =>
  text.length <= TEXT_CHARACTERS_MAX ? text : `${text.slice(0, TEXT_CHARACTERS_MAX - 1)}…`;

/** `descriptors[0].mac` as its steps: `descriptors`, `[0]`, `mac`. */
const stepsOf = (path: string): string[] => path.match(/\[\d+\]|[^.[\]]+/g) ?? [path];

/**
 * The tree of a frame's fields, a line each: layers at the margin, fields two blanks in, and two
 * more for every message within a message.
 */
export function detailLines(frame: Frame): string[] {
  const lines: string[] = [];
  for (const layer of frame.layers) {
    const last = layer.offset + Math.max(layer.length - 1, 0);
    const name = layer.inside ? `${layer.codec.name} (inside)` : layer.codec.name;
    const title = name === 'bytes' ? layer.layer : name;
    lines.push(`${title}, bytes ${layer.offset}-${last}`);
    let open: readonly string[] = [];
    for (const span of spansOf(frame, layer)) {
      const steps = stepsOf(span.path);
      const outer = steps.slice(0, -1);
      for (let depth = 0; depth < outer.length; depth++) {
        if (open[depth] === outer[depth] && open.length > depth) continue;
        lines.push(`${'  '.repeat(depth + 1)}${outer[depth]}`);
        open = outer.slice(0, depth + 1);
      }
      open = outer;
      lines.push(`${'  '.repeat(steps.length)}${steps.at(-1)}: ${shorten(span.text)}`);
    }
  }
  if (frame.malformed !== undefined) lines.push(`malformed: ${frame.malformed.message}`);
  return lines;
}

/** A run of bytes and the fields that share it. */
export interface HexRun {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** `fc.dId`, or several for fields of a few bits. */
  readonly fields: readonly string[];
  readonly text: string;
}

/** The bytes of a frame cut at its fields; fields that share a byte share a run. */
export function hexRuns(frame: Frame): HexRun[] {
  const runs: { offset: number; end: number; fields: string[]; texts: string[] }[] = [];
  for (const { layer, path, offset, length, text } of fieldSpans(frame)) {
    if (length === 0) continue;
    const field = `${layer.layer}.${path}`;
    const run = runs.at(-1);
    if (run !== undefined && offset < run.end) {
      run.end = Math.max(run.end, offset + length);
      run.fields.push(field);
      run.texts.push(text);
    } else runs.push({ offset, end: offset + length, fields: [field], texts: [text] });
  }
  return runs.map(({ offset, end, fields, texts }) => ({
    offset,
    bytes: frame.bytes.subarray(offset, end),
    fields,
    text: texts.join(' '),
  }));
}

/** The bytes of a frame field by field: offset, hex digits, field, value. */
export function hexLines(frame: Frame): string[] {
  const width = HEX_LINE_BYTES * 3 - 1;
  const lines: string[] = [];
  for (const { offset, bytes, fields, text } of hexRuns(frame)) {
    for (let at = 0; at < bytes.length; at += HEX_LINE_BYTES) {
      const digits = formatHex(bytes.subarray(at, at + HEX_LINE_BYTES), ' ').padEnd(width);
      const place = (offset + at).toString(16).padStart(4, '0');
      const isPlain = fields[0]!.endsWith('.bytes') || bytes.length > HEX_LINE_BYTES;
      const label = at > 0 ? '' : `  ${fields.join(', ')}${isPlain ? '' : ` ${text}`}`;
      lines.push(`${place}  ${label === '' ? digits.trimEnd() : digits + label}`);
    }
  }
  return lines;
}
