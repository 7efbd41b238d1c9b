/** What a scenario takes over from profiles and settings, and moves that make no sense. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario, ScenarioError } from '../../../src/scenario/load.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);
/** The built-in scenario with other lines in its move. */
const withMove = (...lines: string[]): string =>
  `${TEXT.slice(0, TEXT.indexOf('  strategy:'))}${lines.map((line) => `  ${line}\n`).join('')}`;

const load = (text: string, overrides = {}) => loadScenario(text, 'x.yaml', overrides);

/** Message of the complaint, and the line it names. */
function complaint(text: string, overrides = {}): { message: string; line: string } {
  try {
    load(text, overrides);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { message: error.message, line: text.split('\n')[error.line - 1]!.trim() };
  }
  throw new Error('the scenario was taken');
}

describe('profiles', () => {
  test('give what the file leaves open', () => {
    const { move, fabrics } = load(withMove('profile: flexattach'));
    expect(move).toMatchObject({ strategy: 'proxy', drain: 'link-pull', defences: [] });
    expect(fabrics.map((one) => [one.persistentFcIds, one.accessLists])).toEqual([
      [true, 'lazy'],
      [true, 'lazy'],
    ]);
  });

  test('give way to what the file says', () => {
    const text = withMove('profile: powervm', 'drain: abort', 'defences: [wait-r-a-tov]');
    expect(load(text).move).toMatchObject({
      strategy: 'wwpn-pair',
      drain: 'abort',
      defences: ['wait-r-a-tov'],
      requeueWaitMs: 0,
    });
  });

  test('of the command line win over the file, and single options over both', () => {
    const text = withMove('strategy: same-wwpn', 'drain: wait');
    expect(load(text, { profile: 'powervm' }).move).toMatchObject({
      strategy: 'wwpn-pair',
      drain: 'purge',
    });
    expect(load(text, { profile: 'powervm', drain: 'abort' }).move.drain).toBe('abort');
  });

  test('are named when they do not exist', () => {
    const { message, line } = complaint(withMove('profile: xen'));
    expect(message).toMatch(/^x\.yaml:\d+:\d+: move\.profile is "xen"; allowed: powervm, hyper-v,/);
    expect(line).toBe('profile: xen');
  });
});

describe('settings', () => {
  test('go to every fabric and to the array', () => {
    const { fabrics, array } = load(TEXT, { settings: ['first-burst', 'duplicate-2'] });
    expect(fabrics.map((one) => [one.duplicateWwpn, one.persistentFcIds])).toEqual([
      [2, true],
      [2, true],
    ]);
    expect(array.firstBurst).toBe(true);
  });

  test('preempt-and-abort gives the guest a reservation to fence with', () => {
    const { vms } = load(withMove('defences: [preempt-and-abort]'));
    expect(vms[0]!.reservation).toMatchObject({
      type: 'write-exclusive-registrants-only',
      handover: 'preempt-and-abort',
    });
  });
});

describe('parts that exclude each other', () => {
  test.each([
    [
      'a quiesce bound below a round trip',
      withMove('defences: [wait-r-a-tov]', 'quiesceMs: 0.001'),
      /less than a round trip of 0\.008 ms/,
      'quiesceMs: 0.001',
    ],
    [
      'a quiesce bound above R_A_TOV',
      withMove('defences: [wait-r-a-tov]', 'quiesceMs: 20000'),
      /more than R_A_TOV of 10000 ms/,
      'quiesceMs: 20000',
    ],
    [
      'a quiesce bound that nobody waits for',
      withMove('quiesceMs: 40'),
      /wait-r-a-tov waits, which is not among the defences/,
      'quiesceMs: 40',
    ],
    [
      'a port made beforehand for a pair',
      withMove('strategy: wwpn-pair', 'preCreated: true'),
      /preCreated is for strategy same-wwpn/,
      'preCreated: true',
    ],
    [
      'a fence around oneself',
      withMove('strategy: same-wwpn', 'defences: [preempt-and-abort]'),
      /source and destination are the same one/,
      'defences: [preempt-and-abort]',
    ],
    [
      'a login to carry over that has died',
      withMove('strategy: handoff', 'drain: crash'),
      /drain crash destroys it/,
      'drain: crash',
    ],
    [
      'a pair without a second WWPN',
      withMove('strategy: wwpn-pair').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    wwpns: { A: ["c0:50:76:00:00:00:01:00"] }\n',
      ),
      /needs a second WWPN for vm1 on fabric A/,
      'wwpns: { A: ["c0:50:76:00:00:00:01:00"] }',
    ],
    [
      'a zone that names nobody',
      TEXT.replace('domain: 1 }', 'domain: 1, zones: [{ name: z, members: [array, vm9] }] }'),
      /vm9 names nobody/,
      '- { name: A, vlan: 1002, domain: 1, zones: [{ name: z, members: [array, vm9] }] }',
    ],
  ])('%s', (_what, text, message, line) => {
    const found = complaint(text);
    expect(found.message).toMatch(message);
    expect(found.message).toMatch(/^x\.yaml:\d+:\d+: /);
    expect(found.line).toBe(line);
  });
});
