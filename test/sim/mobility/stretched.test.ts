/** Stretched units whose lead follows the guest to the other site. */
import { expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { broken, scenarioOf } from '../../helpers/moves.ts';

test.each(['stretched-follows-io', 'stretched-follows-hosts'])('%s', (name) => {
  const leads = new Map<string, boolean>();
  let explicit = 0;
  const targets: string[] = [];
  const report = runMove({
    scenario: scenarioOf({}, name),
    observer: {
      observe({ event, node }) {
        if (event.type === 'pair') leads.set(node, event.leads);
        else if (event.type === 'access' && event.explicit) explicit++;
        else if (event.type === 'command-done' && event.command.startsWith('WRITE(10)'))
          targets.push(node);
      },
    },
  });
  expect(report.result).toEqual({ outcome: 'moved' });
  expect(broken(report)).toEqual([]);
  expect([leads.get('array'), leads.get('mirror')]).toEqual([false, true]);
  expect(explicit > 0).toBe(name === 'stretched-follows-hosts');
  // What the guest writes in the end goes to the array at its own site.
  expect([targets[0], targets.at(-1)]).toEqual(['array', 'mirror']);
});
