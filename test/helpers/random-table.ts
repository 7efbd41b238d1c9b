/** Random declarations of messages and random bytes for them. */
import fc from 'fast-check';
import { type Fixed, type Message, type Named, type Variable, widthOf } from './naive-table.ts';

/** Widths of runs of bits that fill whole bytes together: cut points in 1 to 6 bytes. */
const runs: fc.Arbitrary<Fixed[]> = fc
  .integer({ min: 1, max: 6 })
  .chain((bytes) =>
    fc.subarray(Array.from({ length: 8 * bytes - 1 }, (_, i) => i + 1)).map((cuts) => {
      const edges = [0, ...cuts, 8 * bytes];
      return edges.slice(1).flatMap((edge, i) => split(edge - edges[i]!));
    }),
  )
  .map((widths) => widths.map((bits) => ({ is: 'number', bits, run: true })));

/** A run is at most 24 bits wide. */
const split = (width: number): number[] => (width > 24 ? [24, ...split(width - 24)] : [width]);

const wholeBytes: fc.Arbitrary<Fixed> = fc.oneof(
  fc.constantFrom(8, 16, 24, 32).map((bits): Fixed => ({ is: 'number', bits, run: false })),
  fc.constantFrom('little', 'big64', 'mac').map((is): Fixed => ({ is })),
  fc
    .tuple(fc.constantFrom('bytes' as const, 'text' as const), fc.integer({ min: 1, max: 9 }))
    .map(([is, length]): Fixed => ({ is, length })),
);

const named = <P>(prefix: string, places: readonly P[]): Named<P>[] =>
  places.map((place, i) => ({ key: `${prefix}${i}`, place }));

const plainPlaces = (maxLength: number): fc.Arbitrary<Named<Fixed>[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: wholeBytes.map((one) => [one]) },
        { weight: 2, arbitrary: runs },
      ),
      {
        minLength: 1,
        maxLength,
      },
    )
    .map((groups) => named('part', groups.flat()));

const structs: fc.Arbitrary<Fixed> = plainPlaces(3).map((places) => ({ is: 'struct', places }));

const element: fc.Arbitrary<Fixed> = fc.oneof(wholeBytes, structs);

const variable = (by: string): fc.Arbitrary<Variable> =>
  fc.oneof(
    fc
      .constantFrom('bytes' as const, 'text' as const)
      .map((as): Variable => ({ is: 'counted', by, as })),
    element.map((one): Variable => ({ is: 'list', by, element: one })),
    element.map((one): Variable => ({ is: 'listInBytes', by, element: one })),
    plainPlaces(3).map((places): Variable => ({ is: 'message', by, places })),
    fc
      .tuple(fc.integer({ min: 0, max: 7 }), element)
      .map(([bit, then]): Variable => ({ is: 'conditional', by, bit, then })),
    element.map((then): Variable => ({ is: 'behind', then })),
  );

/** Messages of fixed places only. */
export const fixedMessage: fc.Arbitrary<Message> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: wholeBytes.map((one) => [one]) },
      { weight: 3, arbitrary: runs },
      { weight: 1, arbitrary: structs.map((one) => [one]) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((groups) => ({ head: named('field', groups.flat()), variable: [] }));

const CONTROLS = ['size0', 'size1', 'size2'];

/** Messages whose first bytes say how long the places behind the head are. */
export const variableMessage: fc.Arbitrary<Message> = fc
  .tuple(
    fixedMessage,
    fc.array(fc.constantFrom(...CONTROLS).chain(variable), { maxLength: 4 }),
    fc.boolean(),
  )
  .map(([{ head }, places, withRest]) => ({
    head: [
      ...CONTROLS.map((key) => ({ key, place: { is: 'number', bits: 8, run: false } as const })),
      ...head,
    ],
    variable: [
      ...named('tail', places),
      ...(withRest ? [{ key: 'rest', place: { is: 'rest' } as const }] : []),
    ],
  }));

/** Bytes of a head: small numbers in front, so that sizes are often met. */
export function bytesFor(message: Message): fc.Arbitrary<Uint8Array> {
  const head = message.head.reduce((sum, { place }) => sum + widthOf(place), 0) / 8;
  const small = fc.uint8Array({ minLength: 3, maxLength: 3, max: 12 });
  const others = fc.uint8Array({ minLength: Math.max(0, head - 6), maxLength: head + 60 });
  return fc.tuple(small, others).map(([front, back]) => Uint8Array.from([...front, ...back]));
}
