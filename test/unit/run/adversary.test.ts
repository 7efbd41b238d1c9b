/** What a fault hit is told with the node that the frame was sent to, whatever that is called. */
import { expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { cablesAt } from '../../../src/scenario/topology.ts';
import { scenarioText } from '../../helpers/moves.ts';

test('a hit names the node at the far end of its link', () => {
  const text = scenarioText('zoo')
    .replaceAll(/\bh1\b/g, 'h.1')
    .replaceAll(/\bh2\b/g, 'h.2');
  const scenario = loadScenario(text, 'zoo.yaml');
  const topology = topologyOf(scenario);
  const frames = [5, 40, 41, 42, 43];
  const { hits } = runMove({
    scenario,
    iosPerStep: 2,
    faults: frames.map((frame) => ({ frame, fault: 'duplicate' })),
  });
  expect(hits.length).toBeGreaterThan(0);
  for (const { direction, link, to } of hits) {
    const { ends } = topology.cables.find((one) => one.name === link)!;
    expect(ends[direction === 'a-to-b' ? 1 : 0].node).toBe(to);
    expect(cablesAt(topology, to).map((one) => one.name)).toContain(link);
  }
});
