/** The LAN's half of a run in figures, beside the storage's. */
import { expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

test('a move has both halves in its steps, and every loss in the step that it was sent in', () => {
  const { lan, timeline } = runMove({ scenario: scenarioOf({}, 'lan-evpn') });
  const at = (phase: string) => timeline.find((one) => one.phase === phase)!.lan!;
  expect(at('pre-copy')).toEqual({ san: ['h1'], lan: ['h1'], lost: 0 });
  expect(at('leave')).toMatchObject({ san: [], lan: ['h1'] });
  // The storage is there first, the LAN follows when the guest runs.
  expect(at('resume')).toMatchObject({ san: ['h2'], lan: ['h1'] });
  expect(at('moved')).toMatchObject({ san: ['h2'], lan: ['h2'] });
  expect(lan).toMatchObject({ vm: 'vm1', fromGuest: { lost: 0 } });
  expect(lan!.toGuest.lost).toBeGreaterThan(0);
  const lost = timeline.reduce((sum, one) => sum + one.lan!.lost, 0);
  expect(lost).toBe(lan!.toGuest.lost + lan!.fromGuest.lost);
  expect(lan!.apartNs).toBeGreaterThan(0);
});

test('who is called a duplicate is told with the endpoint that said so', () => {
  const { lan } = runMove({ scenario: scenarioOf({}, 'f37-balancer') });
  const [first] = lan!.duplicates;
  expect(first).toMatchObject({ moves: 5 });
  expect(first!.vtep).toMatch(/^vtep-h[12]$/);
});

test('halves that never agree again are apart to the end, and a run without a LAN has none', () => {
  expect(runMove({ scenario: scenarioOf({}, 'f36-sticky') }).lan).toMatchObject({ apartNs: null });
  const { lan, timeline } = runMove({ scenario: scenarioOf({}, 'zoo') });
  expect(lan).toBeUndefined();
  expect(timeline.every((one) => one.lan === undefined)).toBe(true);
});
