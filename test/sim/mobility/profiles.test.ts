/**
 * Vendors' ways to move: which are safe, which are not, and what saves them. Nothing here tells the
 * machines what is late; the frames on their way at the stun are held until the guest runs again.
 */
import { describe, expect, test } from 'vitest';
import { PROFILE_NAMES, profileOf } from '../../../src/mobility/profiles.ts';
import { LATE_SCHEDULES } from '../../../src/run/late-schedules.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const safe = PROFILE_NAMES.filter((name) => profileOf(name).isMeantSafe);

describe.each(safe)('%s is safe', (profile) => {
  test.each([undefined, ...LATE_SCHEDULES])('late: %s', (late) => {
    const report = run(scenarioOf({ profile, seed: 3 }), late);
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(broken(report).filter((one) => one !== 'I29')).toEqual([]);
    expect(report.io.dropped).toBe(0);
    expect(report.io.completed).toBe(report.io.submitted);
  });
});

/** I7: a ghost write. */
describe('PowerVM: purge and requeue while the old WWPN is logged in', () => {
  const late = (defences: readonly string[]) =>
    broken(run(scenarioOf({ profile: 'powervm', defences }), 'data'));

  test('a late FCP_DATA is a ghost write', () => {
    expect(late([])).toContain('I7');
  });

  test.each(['logo-acknowledged', 'wait-r-a-tov', 'acl-first', 'preempt-and-abort'])(
    '%s saves it',
    (defence) => {
      expect(late([defence])).toEqual([]);
    },
  );

  test.each([
    ['clean-address', 'the second WWPN has an address of its own'],
    ['oxid-epochs', 'the late data belongs to an exchange that is open in its own login'],
  ])('%s does not: %s', (defence) => {
    expect(late([defence])).toContain('I7');
  });
});

describe('S_ID reuse: the same WWPN has the same N_Port_ID again', () => {
  const late = (defences: readonly string[], seed = 1) =>
    broken(run(scenarioOf({ defences, seed }, 's-id-reuse'), 'commands'));

  test('clean where nothing is late', () => {
    const report = run(scenarioOf({}, 's-id-reuse'));
    // The reuse itself is what I13 complains of.
    expect(broken(report).filter((one) => one !== 'I13')).toEqual([]);
  });

  test.each([1, 2, 3])('a late command with its data is a ghost write, seed %i', (seed) => {
    expect(late([], seed)).toContain('I7');
  });

  test.each(['wait-r-a-tov', 'clean-address', 'oxid-epochs'])('%s saves it', (defence) => {
    expect(late([defence])).not.toContain('I7');
    expect(late([defence])).not.toContain('I6');
  });

  test.each([
    ['logo-acknowledged', 'the LOGO overtakes what is late'],
    ['acl-first', 'the frames have passed the switch already'],
  ])('%s does not: %s', (defence) => {
    expect(late([defence])).toContain('I7');
  });

  test('a fabric that gives no unclean address saves it', () => {
    const scenario = scenarioOf({ settings: ['clean-ids'] }, 's-id-reuse');
    expect(broken(run(scenario, 'commands'))).toEqual([]);
  });

  test('without first burst the target asks for the data, and nobody has it', () => {
    const scenario = scenarioOf({
      strategy: 'same-wwpn',
      drain: 'purge',
      defences: [],
      settings: ['persistent-ids'],
    });
    expect(broken(run(scenario, 'commands'))).not.toContain('I7');
  });
});
