/** What is done to links, nodes and frames, told as happenings. */
import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import type { FaultRule } from '../../../src/link/faults.ts';
import { disturbances } from '../../../src/run/disturbances.ts';
import { pair } from '../../helpers/sim-machines.ts';

function told(frames: boolean, rules: readonly FaultRule[], tags = [1, 2]) {
  const entries: HistoryEntry[] = [];
  const rig = pair();
  rig.simulator.observe(disturbances((entry) => entries.push(entry), { frames }));
  for (const rule of rules) rig.simulator.addFault(rule);
  rig.sendAt(0, tags);
  rig.simulator.run();
  return { ...rig, entries };
}

const hitFirst = (action: FaultRule['action']): FaultRule => ({ name: 'x', times: 1, action });

test('links and nodes that go and come back', () => {
  const { entries, link, simulator } = told(false, []);
  link.cut();
  link.restore();
  simulator.crashNode('left');
  const kinds = entries.map(({ node, event }) => `${node} ${event.type}`);
  expect(kinds).toEqual([' link-down', ' link-up', 'left node-crashed']);
});

test('a frame that is lost is told with its bytes', () => {
  const { entries } = told(true, [hitFirst({ kind: 'drop' })]);
  expect(entries).toHaveLength(1);
  const { event } = entries[0]!;
  expect(event).toMatchObject({ type: 'frame-hit', link: 'wire', fault: 'drop' });
  expect((event as { bytes: Uint8Array }).bytes[0]).toBe(1);
  expect(event).not.toHaveProperty('sent');
});

test('a frame that was changed is told with what it was', () => {
  const { entries } = told(true, [hitFirst({ kind: 'corrupt', offsetBytes: 50 })]);
  const { event } = entries[0] as unknown as { event: Record<string, Uint8Array> };
  expect(event.fault).toBe('corrupt');
  expect(event.sent![50]).toBe(0);
  expect(event.bytes![50]).not.toBe(0);
});

test('what keeps order and contents is no harm to a frame; nor is anything told unasked', () => {
  const cut = told(true, [hitFirst({ kind: 'cut', forNs: 1 })], [1]);
  expect(
    cut.entries.filter(({ event }) => event.type === 'frame-hit' && event.fault === 'cut'),
  ).toEqual([]);
  expect(told(false, [hitFirst({ kind: 'drop' })]).entries).toEqual([]);
});
