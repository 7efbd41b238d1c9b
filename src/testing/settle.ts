/**
 * Makes a generated value agree with itself where its table leaves that to the caller: lengths and
 * counts that are plain fields, parts that are there only under a condition.
 */
import {
  type AnyCodec,
  CodecError,
  type FixedField,
  type FromOwner,
  type Table,
  type TailShape,
} from '../codecs/layout/index.ts';

type Value = Record<string, unknown>;
type Quantity = { readonly of: FromOwner<number>; readonly actual: () => number };

/** A part that is there only under a condition, and whether it would be if nothing decided that. */
export class Candidate {
  readonly part: unknown;
  readonly wanted: boolean;

  constructor(part: unknown, wanted: boolean) {
    this.part = part;
    this.wanted = wanted;
  }
}

/** The value, its parts there where it calls for them, its plain lengths and counts fitting them. */
export function settle(codec: AnyCodec, table: Table, generated: Value): Value {
  const value: Value = {};
  const candidates = new Map<string, Candidate>();
  for (const [key, one] of Object.entries(generated)) {
    if (!(one instanceof Candidate)) value[key] = one;
    else {
      candidates.set(key, one);
      if (one.wanted) value[key] = one.part;
    }
  }
  for (const [key, field] of Object.entries(table)) {
    if (field.place !== 'tail') continue;
    const { shape } = field;
    const candidate = candidates.get(key);
    if (shape.kind === 'optional' && shape.present !== undefined && candidate !== undefined) {
      if (shape.present(ownerOf(codec, table, value) as never)) value[key] = candidate.part;
      else delete value[key];
    }
    if (value[key] === undefined) continue;
    if (shape.kind === 'rest') value[key] = fillWords(codec, value, value[key] as Uint8Array);
    for (const quantity of quantitiesOf(shape, () => value[key]))
      adjust(codec, table, value, quantity);
  }
  return value;
}

/** Bytes to the end of a message, so many that the message fills words: lengths may count those. */
function fillWords(codec: AnyCodec, value: Value, bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(bytes.length + (-codec.sizeOf(value) & 3));
  filled.set(bytes);
  return filled;
}

/**
 * Head fields as `decode` would give them, defaults filled in; the rest as it is. A value that
 * cannot be encoded yet stays as it is altogether.
 */
function ownerOf(codec: AnyCodec, table: Table, value: Value): Value {
  const { view } = codec as unknown as { view(bytes: Uint8Array): Value };
  const owner: Value = { ...value };
  let head: Value;
  try {
    head = view(codec.encode(value));
  } catch (error) {
    if (error instanceof CodecError) return owner;
    throw error;
  }
  for (const [key, field] of Object.entries(table)) {
    if (field.place === 'tail') break;
    owner[key] = head[key];
  }
  return owner;
}

function quantitiesOf(shape: TailShape, value: () => unknown): Quantity[] {
  switch (shape.kind) {
    case 'optional':
      return quantitiesOf(shape.inner, value);
    case 'sized':
      return [
        ...quantitiesOf(shape.inner, value),
        { of: shape.lengthBytes, actual: () => bytesOf(shape.inner, value()) },
      ];
    case 'list':
      return shape.count === undefined
        ? []
        : [{ of: shape.count, actual: () => (value() as unknown[]).length }];
    default:
      return [];
  }
}

function bytesOf(shape: TailShape, value: unknown): number {
  switch (shape.kind) {
    case 'rest':
    case 'text':
    case 'pad':
      return (value as { length: number }).length;
    case 'text-to-zero':
      return (value as string).length + 1;
    case 'fixed':
      return shape.field.bits / 8;
    case 'codec':
      return shape.codec.sizeOf(value);
    case 'list': {
      const { element } = shape;
      const values = value as unknown[];
      if ('place' in element) return (element.bits / 8) * values.length;
      return values.reduce<number>((sum, one) => sum + element.sizeOf(one), 0);
    }
    case 'sized':
      return bytesOf(shape.inner, value);
    case 'optional':
      return value === undefined ? 0 : bytesOf(shape.inner, value);
  }
}

/** Finds a plain number of the head that the quantity grows with, and sets it. */
function adjust(codec: AnyCodec, table: Table, value: Value, quantity: Quantity): void {
  const owner = ownerOf(codec, table, value);
  const measure = (key: string, number: number): number =>
    quantity.of({ ...owner, [key]: number } as never);
  const actual = quantity.actual();
  for (const [key, field] of Object.entries(table)) {
    if (field.place !== 'fixed' || field.optional || field.shape.kind !== 'uint') continue;
    const none = measure(key, 0);
    const step = measure(key, 1) - none;
    const number = (actual - none) / step;
    if (!fits(field, number) || measure(key, number) !== actual) continue;
    value[key] = number;
    return;
  }
}

const fits = (field: FixedField<unknown, boolean>, number: number): boolean =>
  Number.isInteger(number) && number >= 0 && number < 2 ** field.bits;
