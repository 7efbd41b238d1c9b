/** What a scenario takes over from profiles, settings and options, and that messages say so. */
import { describe, expect, test } from 'vitest';
import { loadScenario, readScenario } from '../../../src/scenario/load.ts';
import { formatOrigin } from '../../../src/scenario/origin.ts';
import { complaint, placeOf, TEXT, withMove } from '../../helpers/scenario.ts';

const load = (text: string, overrides = {}) => loadScenario(text, 'x.yaml', overrides);

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

  test('what they give for the time of a move stands beside what the file says', () => {
    const text = `${withMove('profile: safe-crash')}timing: { beforeMs: 3 }\n`;
    expect(load(text).timing).toMatchObject({ beforeMs: 3, blackoutBudgetMs: 30_000 });
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

  test('are named when they do not exist', () => {
    const { message } = complaint(TEXT, { settings: ['first-burst', 'turbo'] });
    expect(message).toMatch(/^--settings turbo: allowed are as-is, persistent-ids, /);
  });

  test('preempt-and-abort gives the guest a reservation to fence with', () => {
    const { vms } = load(withMove('defences: [preempt-and-abort]'));
    expect(vms[0]!.reservation).toMatchObject({
      type: 'write-exclusive-registrants-only',
      handover: 'preempt-and-abort',
    });
  });
});

describe('what is wrong with a value is said of whoever gave it', () => {
  test.each([
    [
      'defences',
      { defences: ['wait-r-a-tov', 'foo'] },
      /^--defences foo: allowed are wait-r-a-tov,/,
    ],
    [
      'strategy',
      { strategy: 'teleport' },
      /^--strategy teleport: allowed are wwpn-pair, same-wwpn/,
    ],
    ['drain', { drain: 'hope' }, /^--drain hope: allowed are wait, abort/],
    ['profile', { profile: 'xen' }, /^--profile xen: allowed are powervm, hyper-v/],
    ['seed', { seed: -1 }, /^--seed -1: the least is 0$/],
  ])('an option: %s', (_what, overrides, message) => {
    expect(complaint(TEXT, overrides).message).toMatch(message);
  });

  test('an option that is called otherwise', () => {
    const { message } = complaint(TEXT, { defences: ['foo'] }, { defences: '--with' });
    expect(message).toMatch(/^--with foo: allowed are /);
  });

  test('an option beside a file that has the same key', () => {
    const text = withMove('defences: [logo-acknowledged]');
    expect(complaint(text, { defences: ['foo'] }).message).toMatch(/^--defences foo: /);
    const { message, line } = complaint(withMove('defences: [foo]'), { drain: 'abort' });
    expect(message).toMatch(/^x\.yaml:\d+:\d+: move\.defences\.0 is "foo"; allowed: /);
    expect(line).toBe('defences: [foo]');
  });

  test('parts that exclude each other name both', () => {
    const text = withMove('strategy: same-wwpn');
    expect(complaint(text, { defences: ['acl-first', 'preempt-and-abort'] }).message).toBe(
      `--defences acl-first,preempt-and-abort: preempt-and-abort fences another I_T nexus; with same-wwpn source and destination are the same one (move.strategy: ${placeOf(text, 'same-wwpn')})`,
    );
  });

  test('a profile of the file, against an option', () => {
    const text = withMove('profile: libvirt');
    expect(complaint(text, { strategy: 'cold' }).message).toBe(
      `profile libvirt (${placeOf(text, 'libvirt')}): preCreated is for strategy same-wwpn: with cold the destination logs in when its turn comes (move.strategy: --strategy)`,
    );
  });

  test('a profile of the command line', () => {
    const { message, origin } = complaint(TEXT, { profile: 'handoff', drain: 'crash' });
    expect(message).toMatch(
      /^--drain crash: .* \(move\.strategy: profile handoff \(--profile\)\)$/,
    );
    expect(origin).toEqual({ from: 'option', option: '--drain' });
  });
});

describe('a loaded scenario', () => {
  test('carries where each of its values came from', () => {
    const text = withMove('profile: flexattach', 'drain: abort');
    const overrides = { seed: 3, settings: ['reuse-at-once'] };
    const { origins } = readScenario(text, 'x.yaml', overrides);
    const said = (...path: (string | number)[]) => formatOrigin(origins.of(path));
    const profile = `profile flexattach (${placeOf(text, 'flexattach')})`;
    expect({
      seed: said('seed'),
      drain: said('move', 'drain'),
      strategy: said('move', 'strategy'),
      reuse: said('fabrics', 1, 'fcIdReuse'),
      lists: said('fabrics', 1, 'accessLists'),
      vm: said('vms', 0, 'name'),
    }).toEqual({
      seed: '--seed',
      drain: placeOf(text, 'abort'),
      strategy: profile,
      reuse: '--settings',
      lists: profile,
      vm: placeOf(text, 'vm1\n    host'),
    });
    expect(origins.of(['links', 'gbps']).from).toBe('default');
  });

  test('a reservation that a defence gives is that defence', () => {
    const { origins } = readScenario(TEXT, 'x.yaml', { defences: ['preempt-and-abort'] });
    expect(formatOrigin(origins.of(['vms', 0, 'reservation', 'key']))).toBe('--defences');
  });
});
