/** Profiles and settings, as plain data. */
import { describe, expect, test } from 'vitest';
import { DRAINS } from '../../../src/host/control.ts';
import { DEFENCES, STRATEGIES } from '../../../src/mobility/plan.ts';
import {
  PROFILE_NAMES,
  PROFILES,
  type Profile,
  profileOf,
  SETTING_NAMES,
  SETTINGS,
  settingOf,
} from '../../../src/mobility/profiles.ts';

const all = Object.entries<Profile>(PROFILES);

describe('profiles', () => {
  test.each(all)(
    '%s names its source, and only what there is',
    (_name, { source, title, move }) => {
      expect(source.length).toBeGreaterThan(10);
      expect(title.length).toBeGreaterThan(10);
      expect(STRATEGIES).toContain(move.strategy);
      expect(DRAINS).toContain(move.drain);
      expect(DEFENCES).toEqual(expect.arrayContaining([...(move.defences ?? [])]));
    },
  );

  test('are found by their names', () => {
    expect(PROFILE_NAMES).toEqual(Object.keys(PROFILES));
    expect(profileOf('powervm')).toBe(PROFILES.powervm);
  });

  test('what is meant to be safe ends no I/O without a word, but for a source that died', () => {
    const safe = all.filter(([, one]) => one.isMeantSafe);
    expect(safe.length).toBeGreaterThan(3);
    for (const [name, { move }] of safe) {
      if (move.drain === 'crash')
        expect(move.defences, name).toEqual(expect.arrayContaining(['acl-first', 'wait-r-a-tov']));
      else expect(move.drain, name).toBe('wait');
    }
  });
});

test('settings are found by their names; as-is sets nothing', () => {
  expect(SETTING_NAMES).toEqual(Object.keys(SETTINGS));
  expect(settingOf('as-is')).toEqual({});
  expect(settingOf('duplicate-2')).toEqual({ fabric: { duplicateWwpn: 2 } });
});
