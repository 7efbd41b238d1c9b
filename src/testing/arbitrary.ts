/** fast-check generators of messages, made from their field tables. */
import type { Arbitrary } from 'fast-check';
import {
  type AnyCodec,
  type Codec,
  type FixedField,
  formatHex,
  type Table,
  type TailShape,
} from '../codecs/layout/index.ts';
import { fc } from './fast-check.ts';
import { Candidate, settle } from './settle.ts';

/** How the values of a generator differ from what the table alone allows. */
export interface ArbitraryOptions {
  /** Generators to use instead of the table's, by field of the message itself. */
  readonly overrides?: Readonly<Record<string, Arbitrary<unknown>>>;
  /** Generators to use for whole messages, wherever they are nested: catch-alls of a family. */
  readonly instead?: ReadonlyMap<AnyCodec, Arbitrary<unknown>>;
  /** Most elements of a list that may hold more; 4 unless told. */
  readonly listMax?: number;
}

const LIST_MAX = 4;
/** Longest run of bytes made for a field of no fixed size, in words of 4 bytes: lengths may count words. */
const REST_WORDS_MAX = 8;
/** Messages inside messages end here; one that goes on for ever needs an override. */
const DEPTH_MAX = 12;

type Made = Arbitrary<unknown>;
type Limits = {
  readonly listMax: number;
  readonly depth: number;
  readonly instead: ReadonlyMap<AnyCodec, Made>;
};

/**
 * Values that `codec.encode` takes. Fields with a default are left out, so lengths, counts and
 * codes are right by themselves; a length or count that is a plain field of the head is set to fit.
 * Errors: `TypeError` for a codec that has neither table nor members.
 */
export function arbitraryOf<T, I>(
  codec: Codec<T, I>,
  options: ArbitraryOptions = {},
): Arbitrary<I> {
  const { listMax = LIST_MAX, instead = new Map() } = options;
  const limits = { listMax, depth: 0, instead };
  return ofCodec(codec as AnyCodec, limits, options.overrides) as Arbitrary<I>;
}

function ofCodec(
  codec: AnyCodec,
  limits: Limits,
  overrides: ArbitraryOptions['overrides'] = {},
): Made {
  const given = limits.instead.get(codec);
  if (given !== undefined) return given;
  if (limits.depth > DEPTH_MAX)
    throw new TypeError(`${codec.name}: nests without end: give an override`);
  if (codec.table !== undefined) return ofTable(codec, codec.table, limits, overrides);
  const { members } = codec as { members?: Readonly<Record<string, AnyCodec>> };
  if (members === undefined) throw new TypeError(`${codec.name}: no table to make values from`);
  return fc.oneof(...Object.values(members).map((member) => ofCodec(member, limits, overrides)));
}

function ofTable(
  codec: AnyCodec,
  table: Table,
  limits: Limits,
  overrides: Readonly<Record<string, Made>>,
): Made {
  const made: Record<string, Made> = {};
  for (const [key, field] of Object.entries(table)) {
    const override = overrides[key];
    if (override !== undefined) made[key] = override;
    else if (field.place === 'tail') {
      // What fills up another field is as long as that one needs: its default is.
      if (field.shape.kind !== 'pad') made[key] = ofPart(field.shape, limits);
    } else if (!field.optional) made[key] = ofFixed(field, limits);
  }
  return fc.record(made).map((fields) => {
    const value = codec.kind === undefined ? fields : { kind: codec.kind, ...fields };
    return settle(codec, table, value);
  });
}

const byte = (): Arbitrary<number> => fc.integer({ min: 0, max: 255 });

const bytesOf = (length: number): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

const textOf = (raw: Arbitrary<Uint8Array>): Made =>
  raw.map((codes) => String.fromCharCode(...codes));

function uintOf(bits: number, codes: readonly number[]): Arbitrary<number> {
  const all = fc.integer({ min: 0, max: 2 ** bits - 1 });
  const known = codes.filter((code) => code >= 0 && code < 2 ** bits);
  return known.length === 0 ? all : fc.oneof(fc.constantFrom(...known), all);
}

function ofFixed({ shape }: FixedField<unknown, boolean>, limits: Limits): Made {
  switch (shape.kind) {
    case 'uint':
      return uintOf(shape.bits, Object.values(shape.names ?? shape.masks ?? {}));
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 'mac':
      return bytesOf(6).map((raw) => formatHex(raw, ':'));
    case 'bytes':
      return bytesOf(shape.length);
    case 'text':
      return textOf(bytesOf(shape.length));
    case 'struct':
      return ofCodec(shape.codec as AnyCodec, deeper(limits));
  }
}

const deeper = (limits: Limits): Limits => ({ ...limits, depth: limits.depth + 1 });

const someWords = (): Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(byte(), byte(), byte(), byte()), { maxLength: REST_WORDS_MAX })
    .map((words) => Uint8Array.from(words.flat()));

/** A part that other fields may call for or forbid is made in any case, and settled later. */
function ofPart(shape: TailShape, limits: Limits): Made {
  if (shape.kind !== 'optional') return ofTail(shape, limits);
  return fc
    .tuple(ofTail(shape.inner, limits), fc.boolean())
    .map(([part, wanted]) => new Candidate(part, wanted));
}

function ofTail(shape: TailShape, limits: Limits): Made {
  switch (shape.kind) {
    case 'rest':
      return someWords();
    case 'text':
      return textOf(someWords());
    case 'text-to-zero':
      return textOf(someWords().map((raw) => raw.filter((code) => code !== 0)));
    case 'fixed':
      return ofFixed(shape.field, limits);
    case 'codec':
      return ofCodec(shape.codec, deeper(limits));
    case 'sized':
      return ofTail(shape.inner, limits);
    case 'optional':
      return fc.option(ofTail(shape.inner, limits), { nil: undefined });
    case 'pad':
      return fc.constant(new Uint8Array());
    case 'list': {
      const { element, last, count } = shape;
      const one = 'place' in element ? ofFixed(element, limits) : ofCodec(element, deeper(limits));
      const most = Math.min(limits.listMax, shape.max ?? limits.listMax);
      if (last === undefined) return fc.array(one, { maxLength: most });
      const isLast = last as (element: unknown) => boolean;
      const before = fc.array(one, { maxLength: most }).map((all) => all.filter((x) => !isLast(x)));
      // A list that is counted ends without its last member too.
      if (count !== undefined) return before;
      return fc.tuple(before, one.filter(isLast)).map(([all, end]) => [...all, end]);
    }
  }
}
