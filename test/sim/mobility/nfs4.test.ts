/** Moves with the guest's disks as files of NFS version 4.1: what sessions fence, and what they do not. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Sessions4 } from '../../../src/port/nfs4/sessions.ts';
import { runMove } from '../../../src/run/run.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const LONG_MS = 60_000;
type Overrides = Parameters<typeof scenarioOf>[0];
const over = (nfsVersion: number, overrides: Overrides) =>
  scenarioOf({ drain: 'purge', defences: [], ...overrides, protocol: 'nfs', nfsVersion });

describe('a move over NFS version 4.1', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(['wwpn-pair', 'same-wwpn', 'cold'])('by %s loses nothing', (strategy) => {
    const report = runMove({ scenario: over(4.1, { strategy }) });
    expect(report.result.outcome).toBe('moved');
    expect(broken(report)).toEqual([]);
    const of = (invariant: string) => report.verdict.find((one) => one.invariant === invariant);
    for (const invariant of ['I1', 'I3', 'I6', 'I7', 'I8'])
      expect(of(invariant)).toMatchObject({ result: 'holds' });
  });

  it(
    'fences one client that is on both hosts by its new session, where version 3 has nothing',
    () => {
      const strategy = 'same-wwpn';
      expect(broken(run(over(3, { strategy }), 'data'))).toContain('I7');
      for (const drain of ['purge', 'link-pull'])
        expect(broken(run(over(4.1, { strategy, drain }), 'data'))).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'sessions fence no other client: hosts with names of their own are two',
    () => {
      expect(broken(run(over(4.1, { strategy: 'wwpn-pair' }), 'data'))).toEqual(['I7']);
    },
    LONG_MS,
  );

  it(
    'finds the server whose sessions outlive their client',
    () => {
      const forget = vi.spyOn(Sessions4.prototype, 'forget').mockImplementation(() => {});
      expect(broken(run(over(4.1, { strategy: 'same-wwpn' }), 'data'))).toContain('I7');
      expect(forget).toHaveBeenCalled();
    },
    LONG_MS,
  );

  it.each([
    ['lost', { kind: 'drop' }],
    ['doubled', { kind: 'duplicate', afterNs: 300_000 }],
    ['overtaken', { kind: 'reorder' }],
  ] as const)(
    'goes well where frames are %s: TCP mends it',
    (_, action) => {
      const rules = [{ chance: 0.01, action }];
      const report = runMove({ scenario: over(4.1, { strategy: 'same-wwpn' }), rules });
      expect(report.result.outcome).toBe('moved');
      expect(broken(report)).toEqual([]);
    },
    LONG_MS,
  );

  it.each([
    ['nfs4-same-owner', []],
    ['nfs4-other-owner', ['I7', 'I8']],
  ])(
    'scenario %s, late, breaks %j',
    (name, violated) => {
      expect(broken(run(scenarioOf({}, name)))).toEqual([]);
      expect(broken(run(scenarioOf({}, name), 'data'))).toEqual(violated);
    },
    LONG_MS,
  );

  it('is the same twice', () => {
    const [one, two] = [0, 1].map(() => runMove({ scenario: over(4.1, {}) }).digest);
    expect(one).toBe(two);
  });
});
