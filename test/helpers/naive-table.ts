/**
 * Messages declared a second time, apart from the codec kernel: a list of places, read one bit
 * after the other. `codecOf` says the same in the kernel's words, so the two can be compared.
 */
import {
  bit,
  bytes,
  codec,
  embed,
  type FixedField,
  fixedTail,
  list,
  mac,
  of,
  optional,
  rest,
  restText,
  sized,
  struct,
  type TableCodec,
  type TailField,
  text,
  u8,
  u16,
  u24,
  u32,
  u32le,
  u64,
  when,
} from '../../src/codecs/layout/index.ts';

/** A place of a fixed number of bits. */
export type Fixed =
  | { readonly is: 'number'; readonly bits: number; readonly run: boolean }
  | { readonly is: 'little' | 'big64' | 'mac' }
  | { readonly is: 'bytes' | 'text'; readonly length: number }
  | { readonly is: 'struct'; readonly places: readonly Named<Fixed>[] };

/** A place whose size other places say; `by` names the number that does. */
export type Variable =
  | { readonly is: 'counted'; readonly by: string; readonly as: 'bytes' | 'text' }
  | { readonly is: 'list'; readonly by: string; readonly element: Fixed }
  | { readonly is: 'listInBytes'; readonly by: string; readonly element: Fixed }
  | { readonly is: 'message'; readonly by: string; readonly places: readonly Named<Fixed>[] }
  | { readonly is: 'conditional'; readonly by: string; readonly bit: number; readonly then: Fixed }
  | { readonly is: 'behind'; readonly then: Fixed }
  | { readonly is: 'rest' };

export type Named<P> = { readonly key: string; readonly place: P };

export interface Message {
  readonly head: readonly Named<Fixed>[];
  readonly variable: readonly Named<Variable>[];
}

export function widthOf(place: Fixed): number {
  switch (place.is) {
    case 'number':
      return place.bits;
    case 'little':
      return 32;
    case 'big64':
      return 64;
    case 'mac':
      return 48;
    case 'bytes':
    case 'text':
      return 8 * place.length;
    case 'struct':
      return place.places.reduce((sum, one) => sum + widthOf(one.place), 0);
  }
}

/** Bytes that are no such message. */
export class NotReadable extends Error {}

/** One bit after the other, up to a limit. */
class Bits {
  readonly bytes: Uint8Array;
  at = 0;
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = 8 * bytes.length;
  }

  take(width: number): string {
    if (this.at + width > this.end) throw new NotReadable(`${width} bits at ${this.at}`);
    let digits = '';
    for (; width > 0; width--, this.at++) {
      const byte = this.bytes[Math.floor(this.at / 8)]!;
      digits += byte.toString(2).padStart(8, '0')[this.at % 8];
    }
    return digits;
  }

  number(width: number): number {
    return Number.parseInt(this.take(width), 2);
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.number(8));
  }
}

/** Where a place without parts lies, in bits. */
export interface Leaf {
  readonly path: string;
  readonly first: number;
  readonly width: number;
}

export interface Reading {
  readonly value: Record<string, unknown>;
  readonly leaves: readonly Leaf[];
}

/** Reads a message. Errors: `NotReadable`. */
export function readNaively(message: Message, bytes: Uint8Array): Reading {
  const bits = new Bits(bytes);
  const leaves: Leaf[] = [];
  const value: Record<string, unknown> = {};
  for (const { key, place } of message.head) value[key] = readFixed(bits, place, key, leaves);
  for (const { key, place } of message.variable) {
    const one = readVariable(bits, place, value, key, leaves);
    if (one !== undefined) value[key] = one;
  }
  readTrailing(bits, value, 'trailing', leaves);
  return { value, leaves };
}

function readTrailing(
  bits: Bits,
  value: Record<string, unknown>,
  path: string,
  leaves: Leaf[],
): void {
  const length = (bits.end - bits.at) / 8;
  if (length === 0) return;
  leaves.push({ path, first: bits.at, width: 8 * length });
  value.trailing = bits.octets(length);
}

function readFixed(bits: Bits, place: Fixed, path: string, leaves: Leaf[]): unknown {
  if (place.is === 'struct') return readPlaces(bits, place.places, path, leaves);
  const first = bits.at;
  const value = readLeaf(bits, place);
  leaves.push({ path, first, width: bits.at - first });
  return value;
}

function readPlaces(
  bits: Bits,
  places: readonly Named<Fixed>[],
  path: string,
  leaves: Leaf[],
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const { key, place } of places)
    value[key] = readFixed(bits, place, `${path}.${key}`, leaves);
  return value;
}

function readLeaf(bits: Bits, place: Exclude<Fixed, { is: 'struct' }>): unknown {
  switch (place.is) {
    case 'number':
      return bits.number(place.bits);
    case 'little':
      return [...bits.octets(4)].reverse().reduce((sum, byte) => sum * 256 + byte, 0);
    case 'big64':
      return BigInt(`0b${bits.take(64)}`);
    case 'mac':
      return Array.from({ length: 6 }, () =>
        Array.from({ length: 2 }, () => bits.number(4).toString(16)).join(''),
      ).join(':');
    case 'bytes':
      return bits.octets(place.length);
    case 'text':
      return String.fromCharCode(...bits.octets(place.length));
  }
}

function readVariable(
  bits: Bits,
  place: Variable,
  owner: Record<string, unknown>,
  path: string,
  leaves: Leaf[],
): unknown {
  const said = 'by' in place ? (owner[place.by] as number) : 0;
  switch (place.is) {
    case 'conditional':
      return (said >> place.bit) % 2 === 1 ? readFixed(bits, place.then, path, leaves) : undefined;
    case 'behind':
      return readFixed(bits, place.then, path, leaves);
    case 'list':
      return Array.from({ length: said }, (_, i) =>
        readFixed(bits, place.element, `${path}[${i}]`, leaves),
      );
    case 'rest':
      return readOctets(bits, (bits.end - bits.at) / 8, path, leaves);
    case 'counted': {
      const octets = readOctets(bits, said, path, leaves);
      return place.as === 'bytes' ? octets : String.fromCharCode(...octets);
    }
    case 'listInBytes':
    case 'message':
      return inRegion(bits, said, () => readRegion(bits, place, path, leaves));
  }
}

function readOctets(bits: Bits, length: number, path: string, leaves: Leaf[]): Uint8Array {
  const first = bits.at;
  const octets = bits.octets(length);
  if (length > 0) leaves.push({ path, first, width: 8 * length });
  return octets;
}

function inRegion<T>(bits: Bits, length: number, read: () => T): T {
  const outer = bits.end;
  const end = bits.at + 8 * length;
  if (end > outer) throw new NotReadable(`a region of ${length} bytes`);
  bits.end = end;
  const value = read();
  bits.end = outer;
  return value;
}

function readRegion(
  bits: Bits,
  place: Extract<Variable, { is: 'listInBytes' | 'message' }>,
  path: string,
  leaves: Leaf[],
): unknown {
  if (place.is === 'message') {
    const value = readPlaces(bits, place.places, path, leaves);
    readTrailing(bits, value, `${path}.trailing`, leaves);
    return value;
  }
  const values: unknown[] = [];
  while (bits.at < bits.end)
    values.push(readFixed(bits, place.element, `${path}[${values.length}]`, leaves));
  return values;
}

// The same in the kernel's words.

// biome-ignore lint/suspicious/noExplicitAny: a table made at random has no type of its own
type Field = FixedField<any> | TailField<any, boolean>;
// biome-ignore lint/suspicious/noExplicitAny: a table made at random has no type of its own
type MadeCodec = TableCodec<any, any>;

const NUMBERS = new Map<number, FixedField<number>>([
  [8, u8],
  [16, u16],
  [24, u24],
  [32, u32],
]);

// biome-ignore lint/suspicious/noExplicitAny: a field made at random has no type of its own
function fixedFieldOf(place: Fixed): FixedField<any> {
  switch (place.is) {
    case 'number':
      return place.run ? bit(place.bits) : NUMBERS.get(place.bits)!;
    case 'little':
      return u32le;
    case 'big64':
      return u64;
    case 'mac':
      return mac;
    case 'bytes':
      return bytes(place.length);
    case 'text':
      return text(place.length);
    case 'struct':
      return struct(codecOf({ head: place.places, variable: [] }));
  }
}

function variableFieldOf(place: Variable): Field {
  const by = of<Record<string, number>>((v) => v['by' in place ? place.by : '']!);
  switch (place.is) {
    case 'counted':
      return place.as === 'bytes' ? sized(by, rest) : sized(by, restText);
    case 'list':
      return list(fixedFieldOf(place.element), { count: by });
    case 'listInBytes':
      return sized(by, list(fixedFieldOf(place.element)));
    case 'message':
      return sized(by, embed(codecOf({ head: place.places, variable: [] })));
    case 'conditional':
      return optional(
        when<Record<string, number>>((v) => ((v[place.by]! >> place.bit) & 1) === 1),
        fixedTail(fixedFieldOf(place.then)),
      );
    case 'behind':
      return fixedFieldOf(place.then);
    case 'rest':
      return rest;
  }
}

/** The codec of a message. */
export function codecOf({ head, variable }: Message): MadeCodec {
  const fields = [
    ...head.map(({ key, place }): [string, Field] => [key, fixedFieldOf(place)]),
    ...variable.map(({ key, place }): [string, Field] => [key, variableFieldOf(place)]),
  ];
  return codec('made', 'made at random for this test', Object.fromEntries(fields));
}
