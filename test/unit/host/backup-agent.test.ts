/** A backup agent in a whole world: what it reads by its own login, and in what order it works. */
import { describe, expect, it } from 'vitest';
import type { BackupStepped, Happening } from '../../../src/history/index.ts';
import { BackupAgent } from '../../../src/host/backup-agent.ts';
import { runMove } from '../../../src/run/run.ts';
import { buildAgent } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const scenario = scenarioOf({}, 'f27-pre-copy');
const [node] = nodesOf(topologyOf(scenario), 'backup');

describe('a backup agent', () => {
  it('is idle until it is told, and forgets what is one too many', () => {
    const agent = buildAgent(node!);
    expect(agent).toBeInstanceOf(BackupAgent);
    expect(agent.idle).toBe(true);
    for (let i = 0; i < 40; i++) agent.start(i);
    expect(agent.idle).toBe(false);
    const asked: number[] = [];
    for (let output = agent.poll(); output !== undefined; output = agent.poll()) {
      if ('event' in output && output.event.type === 'backup-ask') asked.push(output.event.id);
    }
    expect(asked).toEqual([1]);
    agent.handleAnswer(7, { ok: false, reason: 'foreign' }, 50);
    expect(agent.poll()).toBeUndefined();
  });

  it('makes one backup after the other, though the second was ordered during the first', () => {
    const steps: BackupStepped[] = [];
    const applied = new Set<string>();
    const report = runMove({
      scenario: {
        ...scenario,
        events: [5, 6].map((at) => ({ at, afterMs: 0, ofMove: 1, do: 'backup' as const })),
      },
      observer: {
        observe: ({ event }: { readonly event: Happening }) => {
          if (event.type === 'backup') steps.push(event);
          if (event.type === 'apply') applied.add(event.nexus.initiator);
        },
      },
    });
    const ended = steps.filter(({ step }) => step === 'began' || step === 'compared');
    expect(ended.map(({ snapshot, step }) => `${snapshot} ${step}`)).toEqual([
      'backup-1 began',
      'backup-1 compared',
      'backup-2 began',
      'backup-2 compared',
    ]);
    expect([...applied].some((one) => one.startsWith('21:04:'))).toBe(true);
    expect(report.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  });
});
