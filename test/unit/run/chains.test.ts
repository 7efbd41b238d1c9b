/** Chains as machines of a run tell them. */
import { expect, it } from 'vitest';
import type { ChainRead, HistoryEntry } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

it('are looked at in every step of a move, each with its units, paths and extents', () => {
  const scenario = scenarioOf({}, 'volumes');
  const seen: HistoryEntry[] = [];
  runMove({ scenario, observer: { observe: (entry) => seen.push(entry) } });
  const chains = seen.filter(({ event }) => event.type === 'chain');
  expect(new Set(chains.map(({ node }) => node))).toEqual(new Set(['esx-1', 'esx-2']));
  const last = (disk: string): ChainRead =>
    chains.findLast(({ event }) => event.type === 'chain' && event.disk === disk)!
      .event as ChainRead;
  const mirror = last('safe');
  expect(mirror.legs).toHaveLength(2);
  for (const { luName, paths, stored } of mirror.legs) {
    expect(paths.map(({ leadsTo }) => leadsTo)).toEqual([luName]);
    expect(stored.map(({ layer }) => layer)).toEqual(['extent', 'pool']);
  }
});

it('follow a path under the name that targets know, where the switch puts it in the place of the port’s', () => {
  const report = runMove({ scenario: scenarioOf({ strategy: 'proxy' }, 'volumes') });
  expect(report.result).toEqual({ outcome: 'moved' });
  const { detail, result } = report.verdict.find(({ invariant }) => invariant === 'I51')!;
  expect(result, detail).toBe('holds');
});

it('where no guest has volumes nobody looks', () => {
  const seen: string[] = [];
  const observer = { observe: ({ event }: HistoryEntry) => seen.push(event.type) };
  runMove({ scenario: scenarioOf({}, 'zoo'), observer });
  expect(seen.filter((type) => type === 'chain' || type === 'volume-io')).toEqual([]);
});
