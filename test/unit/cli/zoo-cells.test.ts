/** Which ways of moving the zoo tries. */
import { expect, test } from 'vitest';
import {
  fateOf,
  fullSelection,
  LAN_DESIGNS,
  lanSelection,
  overridesOfCell,
  protocolSelection,
  selection,
} from '../../../src/cli/zoo-cells.ts';
import { SESSION_DEFENCES, SESSION_STRATEGIES } from '../../../src/mobility/plan.ts';
import { PROFILE_NAMES } from '../../../src/mobility/profiles.ts';
import { LAN_ANNOUNCEMENTS, LAN_KINDS } from '../../../src/scenario/lan-words.ts';
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

test('every way in which a LAN follows, by itself and as one with the storage', () => {
  const cells = lanSelection();
  expect(new Set(cells.map(({ lan }) => lan))).toEqual(new Set(LAN_KINDS));
  expect(new Set(cells.map(({ announcement }) => announcement))).toEqual(
    new Set(LAN_ANNOUNCEMENTS),
  );
  const names = cells.map((cell) => JSON.stringify(overridesOfCell(cell)));
  expect(new Set(names).size).toBe(names.length);
  for (const { order, strategy } of Object.values(LAN_DESIGNS))
    expect(cells.filter((cell) => cell.order === order && cell.strategy === strategy)).toHaveLength(
      cells.length / 2,
    );
  expect(overridesOfCell(cells[0]!)).toMatchObject({ lan: 'learning', order: 'san-first' });
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
