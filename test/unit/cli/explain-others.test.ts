/** `sanmotion explain` of what is no invariant. */
import { expect, test } from 'vitest';
import { explainCommand } from '../../../src/cli/explain.ts';
import { explainedOther, otherNames } from '../../../src/cli/explain-others.ts';
import { PROFILE_NAMES } from '../../../src/mobility/profiles.ts';
import { FAULT_KINDS } from '../../../src/run/fault.ts';
import { said } from '../../helpers/said.ts';

test('a profile, a fault and a failure of the catalogue', async () => {
  const { stdout } = await said(() => explainCommand(['powervm', 'hold', 'F5'], {}));
  expect(stdout).toMatch(/^powervm {2}IBM PowerVM/);
  expect(stdout).toContain('strategy wwpn-pair; drain purge; defences none');
  expect(stdout).toMatch(/^hold {2}The frame and those that follow it/m);
  expect(stdout).toMatch(/^F5 {2}The same WWPN twice/m);
  expect(stdout).toMatch(/^f05-duplicate-1 +a vHBA with the guest's WWPN/m);
  const json = JSON.parse((await said(() => explainCommand(['drop'], { json: true }))).stdout);
  expect(json).toMatchObject([{ kind: 'fault', name: 'drop' }]);
});

test('every profile and fault is known; what is none is not', () => {
  for (const name of [...PROFILE_NAMES, ...FAULT_KINDS, 'F5', 'f30'])
    expect(explainedOther(name)?.sentence, name).toMatch(/^[A-Z].+/);
  expect(explainedOther('F99')).toBeUndefined();
  expect(otherNames('powervn')).toMatch(/; did you mean powervm\?$/);
});
