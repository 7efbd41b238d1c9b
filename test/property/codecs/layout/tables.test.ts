import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodecError, type Span } from '../../../../src/codecs/layout/index.ts';
import { arbitraryOf } from '../../../../src/testing/index.ts';
import {
  codecOf,
  type Leaf,
  type Message,
  NotReadable,
  type Reading,
  readNaively,
} from '../../../helpers/naive-table.ts';
import { bytesFor, fixedMessage, variableMessage } from '../../../helpers/random-table.ts';

/** Fewer where thousands of mutants are tried. */
const NUM_RUNS = Number(process.env.PROPERTY_RUNS ?? 300);
const RUNS = { seed: 20_260, numRuns: NUM_RUNS };

type Case = { message: Message; bytes: Uint8Array };
const withBytes = (messages: fc.Arbitrary<Message>): fc.Arbitrary<Case> =>
  messages.chain((message) => bytesFor(message).map((bytes) => ({ message, bytes })));

/** What the naive reader makes of the bytes; `undefined` where they are no such message. */
function naively({ message, bytes }: Case): Reading | undefined {
  try {
    return readNaively(message, bytes);
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
}

/** Calls; a `CodecError` is `undefined`, any other error is a failure. */
function orRefused<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

const placeOf = ({ path, offset, length, bits }: Span): Leaf => ({
  path,
  first: 8 * offset + (bits?.first ?? 0),
  width: bits?.width ?? 8 * length,
});

const kinds: [string, fc.Arbitrary<Message>][] = [
  ['fixed places', fixedMessage],
  ['places of variable size', variableMessage],
];

/** A generator cannot make two places fit one size: the first place of each size stays. */
function withSizesOfTheirOwn(message: Message): Message {
  const taken = new Set<string>();
  const variable = message.variable.filter(({ place }) => {
    if (!('by' in place)) return true;
    const free = !taken.has(place.by);
    taken.add(place.by);
    return free;
  });
  return { ...message, variable };
}

describe.each(kinds)('messages of %s', (_title, messages) => {
  it('are read as one bit after the other says, or refused where that cannot be read', () => {
    fc.assert(
      fc.property(withBytes(messages), (one) => {
        const codec = codecOf(one.message);
        expect(orRefused(() => codec.decode(one.bytes))).toEqual(naively(one)?.value);
      }),
      RUNS,
    );
  });

  it('have their spans where the bits are, in order and without a gap', () => {
    fc.assert(
      fc.property(withBytes(messages), (one) => {
        const codec = codecOf(one.message);
        const spans = orRefused(() => codec.spans(one.bytes));
        const reading = naively(one);
        expect(spans?.map(placeOf)).toEqual(reading?.leaves);
        if (spans === undefined) return;
        let next = 0;
        for (const { first, width } of spans.map(placeOf)) {
          expect(first).toBe(next);
          next = first + width;
        }
        expect(next).toBe(8 * one.bytes.length);
      }),
      RUNS,
    );
  });

  it('come back byte for byte, also into memory that was used before', () => {
    fc.assert(
      fc.property(withBytes(messages), fc.nat(9), ({ message, bytes }, at) => {
        const codec = codecOf(message);
        const value = orRefused(() => codec.decode(bytes));
        if (value === undefined) return;
        expect(codec.encode(value)).toEqual(bytes);
        expect(codec.sizeOf(value)).toBe(bytes.length);
        const used = new Uint8Array(at + bytes.length + 5).fill(0xa5);
        expect(codec.write(used, at, value)).toBe(at + bytes.length);
        const around = new Uint8Array(used.length).fill(0xa5);
        around.set(bytes, at);
        expect(used).toEqual(around);
      }),
      RUNS,
    );
  });

  it('give the same values in the middle of an array and through a view', () => {
    fc.assert(
      fc.property(withBytes(messages), fc.nat(9), ({ message, bytes }, at) => {
        const codec = codecOf(message);
        const value = orRefused(() => codec.decode(bytes));
        if (value === undefined) return;
        const around = new Uint8Array(at + bytes.length + 5).fill(0xa5);
        around.set(bytes, at);
        expect(codec.decode(around, at, at + bytes.length)).toEqual(value);
        const view = codec.view(around, at) as unknown as Record<string, unknown>;
        for (const { key } of message.head) expect(view[key]).toEqual(value[key]);
      }),
      RUNS,
    );
  });

  it('are refused at every length that cuts them, by decode and spans in the same words', () => {
    fc.assert(
      fc.property(withBytes(messages), ({ message, bytes }) => {
        const codec = codecOf(message);
        for (let length = 0; length < bytes.length; length++) {
          const cut = bytes.subarray(0, length);
          expect(complaint(() => codec.spans(cut))).toBe(complaint(() => codec.decode(cut)));
          if (length < codec.minBytes) expect(orRefused(() => codec.decode(cut))).toBeUndefined();
        }
      }),
      { ...RUNS, numRuns: Math.floor(NUM_RUNS / 3) },
    );
  });

  it('make bytes of generated values, and the same values of those bytes', () => {
    fc.assert(
      fc.property(
        messages.map(withSizesOfTheirOwn).chain((message) => {
          return arbitraryOf(codecOf(message)).map((value) => ({ message, value }));
        }),
        ({ message, value }) => {
          const codec = codecOf(message);
          const bytes = codec.encode(value);
          const decoded = codec.decode(bytes);
          for (const [key, one] of Object.entries(value)) {
            if (!isSize(key)) expect(decoded[key], key).toEqual(one);
          }
          expect(readNaively(message, bytes).value).toEqual(decoded);
        },
      ),
      RUNS,
    );
  });
});

const isSize = (key: string): boolean => key.startsWith('size');

function complaint(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    if (error instanceof CodecError) return error.message;
    throw error;
  }
}

describe('one changed bit', () => {
  it('changes the field whose span holds it and no other', () => {
    fc.assert(
      fc.property(withBytes(variableMessage), fc.nat(), ({ message, bytes }, any) => {
        const codec = codecOf(message);
        const before = orRefused(() => codec.spans(bytes));
        if (before === undefined) return;
        const bit = any % (8 * bytes.length);
        const changed = bytes.slice();
        changed[bit >> 3]! ^= 0x80 >> (bit & 7);
        const hit = before.find((span) => {
          const { first, width } = placeOf(span);
          return first <= bit && bit < first + width;
        })!;
        if (isSize(hit.path)) return;
        const after = codec.spans(changed);
        for (const [i, span] of before.entries()) {
          if (span === hit) expect(after[i]!.value).not.toEqual(span.value);
          else expect(after[i]).toEqual(span);
        }
      }),
      RUNS,
    );
  });
});
