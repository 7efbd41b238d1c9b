/** What a run reads of snapshots: right after their cut and at the end, each unit as far as guests use it. */
import { describe, expect, it } from 'vitest';
import type { ImageRead } from '../../../src/history/index.ts';
import { usedBlocks } from '../../../src/run/images.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const LIGHT = TEXT.replace('rangeBlocks: 1024', 'rangeBlocks: 64').replace(
  '    - { name: data, blocks: 4096 }',
  '    - { name: data, blocks: 4096 }\n    - { name: spare, blocks: 4096 }',
);

describe('images', () => {
  it('are read twice: when they are cut, and in the end', () => {
    const images: (ImageRead & { readonly at: number })[] = [];
    const scenario = loadScenario(
      `${LIGHT}events:\n  - { at: 2, do: snapshot, snapshot: s1 }\n  - { at: 3, do: snapshot, snapshot: s2, luns: [data] }\n  - { at: 9, do: snapshot-delete, snapshot: s2 }\n`,
      'x.yaml',
    );
    expect([0, 1, 2, 3].map((unit) => usedBlocks(scenario, unit))).toEqual([64, 64, 0, 0]);
    const report = runMove({
      scenario,
      observer: {
        observe: ({ at, event }) => {
          if (event.type === 'image') images.push({ ...event, at });
        },
      },
    });
    expect(images.map(({ snapshot }) => snapshot)).toEqual(['s1', 's1', 's2', 's1', 's1']);
    expect(images.every(({ blocks, data }) => blocks === 64 && data.length === 64 * 512)).toBe(
      true,
    );
    expect(images.at(-1)!.at).toBe(report.virtualTimeNs);
    expect(Buffer.compare(images[0]!.data, images[3]!.data)).toBe(0);
    expect(report.verdict.find(({ invariant }) => invariant === 'I33')!.result).toBe('holds');
    expect(report.eventsLeft).toEqual([]);
  });
});
