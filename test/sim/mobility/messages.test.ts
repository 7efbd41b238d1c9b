/** What a move says to who has to act on it: which logical unit, which host, fabric and port. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { run } from '../../helpers/moves.ts';

function fieldMove(name: string, overrides: Parameters<typeof loadScenario>[2] = {}): Scenario {
  const path = new URL(`../../../fixtures/field-moves/${name}.yaml`, import.meta.url);
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
