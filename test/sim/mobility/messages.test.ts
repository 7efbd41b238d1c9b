/** What a move says to who has to act on it: which logical unit, which host, fabric and port. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { run } from '../../helpers/moves.ts';

function fieldMove(name: string, overrides: Parameters<typeof loadScenario>[2] = {}): Scenario {
  const path = new URL(`../field/scenarios/${name}.yaml`, import.meta.url);
  return loadScenario(readFileSync(path, 'utf8'), `${name}.yaml`, overrides);
}

test('a finding tells logical units apart whose identities end alike', () => {
  const scenario = fieldMove('c29-messages-two-units');
  const ghosts = run(scenario, 'commands').verdict.find(({ invariant }) => invariant === 'I7')!;
  expect(ghosts.result).toBe('violated');
  expect(ghosts.detail).toMatch(
    /LBA \d+ of one \(LUN 0, 602534d0000000004f9e14b634c6b026\): version/,
  );
  expect(ghosts.detail).toMatch(
    /LBA \d+ of two \(LUN 1, 602534d0000000014f9e14b634c6b026\): version/,
  );
  expect(ghosts.subject).toMatch(/^(one|two), LBA \d+$/);
});

test('paths that are there and in standby are no fault of zones or masks', () => {
  const { result } = run(fieldMove('c02-destination-standby-only'));
  expect(result).toEqual({
    outcome: 'refused',
    reason:
      'vm1 stays on h1: h2 has 1 path to data (LUN 0, 602534d0000000004f9e14b634c6b026) as c0:50:76:00:00:00:01:01 on fabric A, but in standby state (ALUA): none serves it now',
  });
});

test('LUNs that differ on one fabric are told with that fabric and WWPN', () => {
  const { result } = run(fieldMove('c04-one-fabric-renumbered'));
  const where = '(c0:50:76:00:00:00:01:03 on fabric B)';
  expect(result).toEqual({
    outcome: 'refused',
    reason: `vm1 stays on h1: system (602534d0000000004f9e14b634c6b026) is LUN 0 on h1 and LUN 1 on h2 ${where}; data (602534d0000000014f9e14b634c6b026) is LUN 1 on h1 and LUN 0 on h2 ${where}`,
  });
});
