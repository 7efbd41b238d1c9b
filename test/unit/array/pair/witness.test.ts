/** Whom a witness lets go on. */
import { expect, test } from 'vitest';
import { Witness, type WitnessLie } from '../../../../src/array/pair/witness.ts';

const ask = (witness: Witness, site: string, generation = '0') =>
  witness.answer({ type: 'witness-ask', id: 1, site, generation });

test('the first that asks, for this generation and again', () => {
  const witness = new Witness();
  expect(ask(witness, 'west').granted).toBe(true);
  expect(ask(witness, 'east').granted).toBe(false);
  expect(ask(witness, 'west').granted).toBe(true);
  expect(ask(witness, 'east', '1-west').granted).toBe(true);
});

test.each<[WitnessLie, string, boolean]>([
  ['both', '0', true],
  ['other-generation', '0?', true],
])('one that lies: %s', (lie, generation, granted) => {
  const witness = new Witness(lie);
  ask(witness, 'west');
  expect(ask(witness, 'east')).toMatchObject({ generation, granted });
});

test('what was granted long ago is forgotten', () => {
  const witness = new Witness();
  for (let i = 0; i < 65; i++) ask(witness, 'west', `${i}`);
  expect(ask(witness, 'east', '0').granted).toBe(true);
  expect(ask(witness, 'east', '64').granted).toBe(false);
});
