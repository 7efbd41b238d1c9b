/** Tags of I/O that is over go to commands of the next login's scan: these are no I/O of a guest. */
import { expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { scenarioText } from '../../helpers/moves.ts';

test.each([5, 28, 79])('seed %i of s-id-reuse: READ CAPACITY under the tag of a read', (seed) => {
  const scenario = loadScenario(scenarioText('s-id-reuse'), 's-id-reuse.yaml', { seed });
  const violated = runMove({ scenario }).verdict.filter(({ result }) => result === 'violated');
  // I21 said that the read had been answered by another unit.
  expect(violated.map(({ invariant }) => invariant)).toEqual(['I13']);
});
