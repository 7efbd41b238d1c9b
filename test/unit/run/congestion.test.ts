/** Ports that asked are told when the pauses of a link last, and when they are over. */
import { expect, it } from 'vitest';
import type { PerformanceNoticed } from '../../../src/history/entities.ts';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

function noticed(): PerformanceNoticed[] {
  const scenario = scenarioOf({}, 'qos-slow-drain');
  const told: PerformanceNoticed[] = [];
  runMove({
    scenario: { ...scenario, qos: { ...scenario.qos!, notices: true } },
    observer: {
      observe: ({ event }) => {
        if (event.type === 'fpin') told.push(event);
      },
    },
  });
  return told;
}

it('of the slow array, and its peers of it; then that it goes on', () => {
  const told = noticed();
  const ofKind = (about: 'own' | 'peer', kind: string) =>
    told.filter((one) => one.about === about && one.kind === kind).length;
  expect(ofKind('own', 'oversubscription')).toBeGreaterThan(0);
  expect(ofKind('peer', 'oversubscription')).toBeGreaterThan(0);
  expect(ofKind('own', 'clear')).toBeGreaterThan(0);
  const [first] = told.filter(({ about }) => about === 'peer');
  expect(first!.ports.length).toBeGreaterThan(0);
}, 60_000);
