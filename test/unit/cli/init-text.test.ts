/** The text of a scenario to start from: what stands in comments is right, too. */
import { expect, test } from 'vitest';
import { initText, PLAIN_PARTS } from '../../../src/cli/init-text.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

test('what it has in comments may be put in force', () => {
  const text = initText(PLAIN_PARTS, '1').replace(/^( *)# (\w+: \S+ #|events:| {2}- \{)/gm, '$1$2');
  const scenario = loadScenario(text, 'init');
  expect(scenario.events).toHaveLength(1);
  expect(scenario.fabrics[0]).toMatchObject({ zoning: 'hard', fkaAdvPeriodMs: 8000 });
});
