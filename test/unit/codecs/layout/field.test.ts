/** Values in messages. */
import { expect, it } from 'vitest';
import { showValue } from '../../../../src/codecs/layout/field.ts';

it.each([
  [7, '7'],
  [1n, '1'],
  [undefined, 'undefined'],
  [null, 'null'],
  ['text', 'text'],
  [{}, 'an object'],
  [[1], 'an object'],
  [() => 1, 'a function'],
  [Symbol('s'), 'Symbol(s)'],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), `${'x'.repeat(40)}…`],
])('%o is shown in a few words', (value, words) => {
  expect(showValue(value)).toBe(words);
});
