/** Caches of two hosts in a whole run: sound ones read nothing old, broken ones are found by I8. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CoherentCache } from '../../../src/host/coherent-cache.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const FILE = new URL('../../../scenarios/caches-coherent.yaml', import.meta.url);

function run(leaseMs?: number) {
  const scenario = loadScenario(readFileSync(FILE, 'utf8'), 'caches-coherent.yaml');
  const { cache } = scenario.vms[0]!.volumes![0]!;
  if (leaseMs !== undefined) cache!.leaseMs = leaseMs;
  const hits: boolean[] = [];
  let moves = 0;
  const { verdict } = runMove({
    scenario,
    observer: {
      observe({ event }) {
        if (event.type === 'move-end') moves++;
        if (moves < 2 || event.type !== 'volume-io') return;
        if (event.op === 'read' && event.state === 'begun') hits.push(event.parts.length === 0);
      },
    },
  });
  const violated = verdict.filter(({ result }) => result === 'violated');
  return { violated: violated.map(({ invariant }) => invariant), hits };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('caches of two hosts, cut off from each other for a while', () => {
  it('read nothing old, and the first host has copies again when the guest is back', () => {
    const { hits, violated } = run();
    expect(violated).toEqual([]);
    expect(hits.filter((one) => one).length).toBeGreaterThan(hits.length / 2);
  });

  it('wait for a longer lease, too', () => {
    expect(run(600).violated).toEqual([]);
  });

  it('are found where copies are believed behind their lease', () => {
    vi.spyOn(CoherentCache.prototype, 'believes').mockReturnValue(true);
    expect(run().violated).toEqual(['I8']);
  });

  it('are found where a write is answered before others have let go', () => {
    const { beginWrite } = CoherentCache.prototype;
    vi.spyOn(CoherentCache.prototype, 'beginWrite').mockImplementation(function (
      this: CoherentCache,
      lba,
      blocks,
      letGo,
    ) {
      letGo();
      return beginWrite.call(this, lba, blocks, () => {});
    });
    expect(run(600).violated).toEqual(['I8']);
  });
});
