/** Which ways of moving the zoo tries. */
import { expect, test } from 'vitest';
import { fullSelection, isPlain, overridesOfCell, selection } from '../../../src/cli/zoo-cells.ts';
import { PROFILE_NAMES } from '../../../src/mobility/profiles.ts';

test('every profile as it is, and no way twice', () => {
  const cells = selection();
  expect(cells.filter(isPlain).map(({ profile }) => profile)).toEqual(PROFILE_NAMES);
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
