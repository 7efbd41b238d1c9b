/** Queues that are learned: an ENode that does not obey what it agreed to is caught by I26, a sound one is not. */
import { afterEach, expect, test, vi } from 'vitest';
import type { QueuesChanged } from '../../../src/history/qos.ts';
import { FcoeSender } from '../../../src/port/enode/fcoe-sender.ts';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

afterEach(() => vi.restoreAllMocks());

function learned(dcbx: 'ieee' | 'cee') {
  const scenario = scenarioOf({}, 'qos-dcbx');
  const queues: QueuesChanged[] = [];
  const report = runMove({
    scenario: { ...scenario, qos: { ...scenario.qos!, dcbx } },
    observer: {
      observe: ({ event }) => {
        if (event.type === 'queues' && event.by === 'dcbx') queues.push(event);
      },
    },
  });
  return { queues, i26: report.verdict.find(({ invariant }) => invariant === 'I26')! };
}

test.each(['ieee', 'cee'] as const)(
  '%s: both ends of each link come to the same queues',
  (dialect) => {
    const { i26, queues } = learned(dialect);
    expect(i26).toMatchObject({ result: 'holds', detail: expect.stringContaining('priority 4') });
    const last = new Map(queues.map((one) => [`${one.link} ${one.end}`, one.queues]));
    expect(last.size).toBe(12);
    for (const one of last.values())
      expect(one).toMatchObject({
        groups: [0, 0, 0, 0, 1, 0, 0, 0],
        pfcEnabled: 0b1_0000,
        fcoePriority: 4,
      });
  },
);

test('an ENode that keeps the priority that it had is caught', () => {
  vi.spyOn(FcoeSender.prototype, 'setPriorities').mockImplementation(() => {});
  expect(learned('ieee').i26).toMatchObject({
    result: 'violated',
    detail: expect.stringMatching(/has priority 3 on /),
  });
});
