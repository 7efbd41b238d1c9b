/** Which ways of moving the zoo tries. */
import { expect, test } from 'vitest';
import { fateOf, fullSelection, overridesOfCell, selection } from '../../../src/cli/zoo-cells.ts';
import { PROFILE_NAMES } from '../../../src/mobility/profiles.ts';

test('every profile as it is, and no way twice', () => {
  const cells = selection();
  const plain = cells.filter(
    ({ defences, drain, setting }) => (drain ?? defences ?? setting) === undefined,
  );
  expect(plain.map(({ profile }) => profile)).toEqual(PROFILE_NAMES);
  const names = cells.map((cell) => JSON.stringify(overridesOfCell(cell)));
  expect(new Set(names).size).toBe(names.length);
  expect(fullSelection().length).toBeGreaterThan(1000);
});

test("what a cell leaves out is the profile's", () => {
  expect(overridesOfCell({ profile: 'powervm' })).toEqual({ profile: 'powervm' });
  const whole = { profile: 'powervm', drain: 'wait', defences: [], setting: 'as-is' } as const;
  expect(overridesOfCell(whole)).toEqual({
    profile: 'powervm',
    drain: 'wait',
    defences: [],
    settings: ['as-is'],
  });
});

test('what became of a way', () => {
  const way = { outcome: 'moved', breaks: [] };
  const breaks = [{ invariant: 'I7', late: 'data' }];
  expect(fateOf(way)).toBe('safe');
  expect(fateOf({ ...way, breaks })).toBe('unsafe');
  expect(fateOf({ outcome: 'rolled-back', breaks })).toBe('unsafe');
  expect(fateOf({ ...way, outcome: 'refused' })).toBe('not made');
  expect(fateOf({ ...way, error: 'no end' })).toBe('no end');
});
