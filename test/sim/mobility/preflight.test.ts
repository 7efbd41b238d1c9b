/** How much a move compares before its guest goes over: what each level finds, and what it misses. */
import { describe, expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { broken, scenarioText } from '../../helpers/moves.ts';

/** A scenario whose move compares at this level. */
const moved = (name: string, preflight: string, events = '') => {
  const text = scenarioText(name).replace(
    '  strategy: wwpn-pair\n',
    `  strategy: wwpn-pair\n  joinTimeoutMs: 500\n  preflight: ${preflight}\n`,
  );
  const report = runMove({ scenario: loadScenario(text + events, name) });
  const { outcome } = report.result;
  const reason = 'reason' in report.result ? report.result.reason : '';
  const of = (invariant: string) =>
    report.verdict.find((one) => one.invariant === invariant)?.detail ?? '';
  return { broken: broken(report), of, outcome, reason };
};

describe('disks', () => {
  test.each([
    ['f02-not-masked', /does not see data/],
    ['f03-lun-numbers', /is LUN 0 on h1 and LUN 1 on h2/],
  ])('%s: are compared by default, and the move is refused', (name, reason) => {
    const found = moved(name, 'disk');
    expect(found.outcome).toBe('refused');
    expect(found.reason).toMatch(reason);
    expect(found.broken).toEqual([]);
  });

  test.each(['port', 'none'])('level %s misses a unit that is masked: I23 names it', (level) => {
    const found = moved('f02-not-masked', level);
    expect(found.outcome).toBe('moved');
    expect(found.broken).toEqual(['I1', 'I23', 'I29']);
    expect(found.of('I23')).toMatch(/vm1 on h2: data \(LUN 1, \w{32}\) is gone/);
    expect(found.of('I1')).toMatch(/no path to the logical unit/);
  });

  test.each(['port', 'none'])('level %s misses LUNs in another order: I23 names them', (level) => {
    const found = moved('f03-lun-numbers', level);
    expect(found.outcome).toBe('moved');
    expect(found.broken).toEqual(['I23']);
    expect(found.of('I23')).toMatch(/system \(LUN 0 or 1, \w{32}\) is LUN 1/);
  });
});

describe('ports', () => {
  const DOWN = 'events:\n  - { at: 0, do: link-down, node: h2, port: 1 }\n';

  test.each(['disk', 'port'])('level %s finds one that is in no fabric, at once', (level) => {
    const found = moved('two-host-move', level, DOWN);
    expect(found.outcome).toBe('refused');
    expect(found.reason).toMatch(
      /port 1 of h2, where vm1 is to be .* on fabric B, is not logged in to its fabric/,
    );
  });

  test('level none finds it by a login that is not done in time', () => {
    const found = moved('two-host-move', 'none', DOWN);
    expect(found.outcome).toBe('refused');
    expect(found.reason).toMatch(/h2 could not be made ready for .* in 0\.5 s/);
  });

  test('a pair whose second names are in no zone is found by its disks alone', () => {
    expect(moved('f01-not-zoned', 'disk').outcome).toBe('refused');
    expect(moved('f01-not-zoned', 'port').broken).toContain('I23');
  });
});
