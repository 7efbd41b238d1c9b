/** Our fields of a frame, in a form that can be laid beside tshark's. */
import { type Frame, formatHex, type Layer, spansOf } from '../../../src/codecs/index.ts';
import type { BitRange } from './pdml.ts';

/** One of our fields. */
export interface OurField extends BitRange {
  readonly layer: Layer;
  /** `fip:descriptors[].mac`: the layer, and the path without the places in lists. */
  readonly path: string;
  readonly value: unknown;
  readonly text: string;
}

/**
 * All fields of a frame, also those of layers shown inside others; `at`: where its first byte lies in the
 * bytes that it is compared in.
 */
export function ourFields(frame: Frame, at = 0): OurField[] {
  const fields: OurField[] = [];
  for (const layer of frame.layers) {
    for (const span of spansOf(frame, layer)) {
      fields.push({
        layer,
        path: `${layer.layer}:${span.path.replace(/\[\d+\]/g, '[]')}`,
        first: (at + span.offset) * 8 + (span.bits?.first ?? 0),
        width: span.bits?.width ?? span.length * 8,
        value: span.value,
        text: span.text,
      });
    }
  }
  return fields;
}

/** A value of ours as the unsigned number its bits form; `undefined` for what is no plain value. */
export function bitsOf(value: unknown): bigint | undefined {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'number':
      return BigInt(value);
    case 'string':
      if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value))
        return BigInt(`0x${value.replaceAll(':', '')}`);
      return BigInt(`0x0${formatHex(Uint8Array.from(value, (one) => one.charCodeAt(0)))}`);
    default:
      return value instanceof Uint8Array ? BigInt(`0x0${formatHex(value)}`) : undefined;
  }
}
