/** Which ways of moving the zoo tries. */
import { expect, test } from 'vitest';
import {
  fateOf,
  fullSelection,
  overridesOfCell,
  protocolSelection,
  selection,
} from '../../../src/cli/zoo-cells.ts';
import { SESSION_DEFENCES, SESSION_STRATEGIES } from '../../../src/mobility/plan.ts';
import { PROFILE_NAMES } from '../../../src/mobility/profiles.ts';
import { PROTOCOLS } from '../../../src/scenario/protocols.ts';

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

test('every protocol without a defence, and every way and defence of sessions', () => {
  const cells = protocolSelection();
  const bare = cells.filter(({ defences }) => defences?.length === 0);
  expect(new Set(bare.map(({ protocol }) => protocol))).toEqual(new Set(PROTOCOLS));
  const sessions = cells.filter(({ protocol }) => protocol === 'iscsi');
  const words = sessions.flatMap(({ strategy, defences }) => [strategy, ...(defences ?? [])]);
  expect(words).toEqual(expect.arrayContaining([...SESSION_STRATEGIES, ...SESSION_DEFENCES]));
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
