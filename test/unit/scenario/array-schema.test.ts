/** What an array may leave out, and what it may not say. */
import { expect, test } from 'vitest';
import { arraySchema } from '../../../src/scenario/array-schema.ts';

const LEAST = { ports: ['A'], luns: [{ name: 'd' }] };

test('a second array is stretched by default under a witness that tells the truth', () => {
  expect(arraySchema.parse(LEAST).stretched).toBeUndefined();
  expect(arraySchema.parse({ ...LEAST, stretched: { ports: ['A'] } }).stretched).toMatchObject({
    name: 'array-2',
    winner: 'witness',
    witness: { lies: 'none' },
    generation: 'new',
  });
});

test.each([
  ['no ports', { ...LEAST, ports: [] }],
  ['half a block', { ...LEAST, luns: [{ name: 'd', blocks: 0.5 }] }],
  ['a LUN that is no number', { ...LEAST, masks: [{ for: 'vm1', luns: { first: 'd' } }] }],
  ['a pool of less than an extent', { ...LEAST, pool: { blocks: 127 } }],
])('refuses %s', (_what, array) => {
  expect(arraySchema.safeParse(array).success).toBe(false);
});
