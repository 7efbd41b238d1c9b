/** The chain of a block, at moments of a run. */
import { expect, it } from 'vitest';
import { BlockTrace, dataText, disksOf } from '../../../src/run/block-trace.ts';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

it('are asked for at a step, at a time, and at a moment that never comes', () => {
  const scenario = scenarioOf({}, 'volumes');
  const disk = disksOf(scenario).find(({ name }) => name === 'slim')!;
  expect(disk).toEqual({ vm: 'sql01', name: 'slim', kind: 'thin', blocks: 512 });
  const trace = new BlockTrace(disk, 300, [
    { afterNs: 0 },
    { step: 'end' },
    { step: 'roll back' },
    { afterNs: 1e15 },
  ]);
  runMove({ scenario, prepare: (world) => trace.enter(world), observer: trace });
  const [first, end, ...never] = trace.found;
  expect(first).toMatchObject({ host: 'esx-1', chain: { legs: [] } });
  expect(end).toMatchObject({ host: 'esx-2' });
  expect(dataText(end!.chain!.legs[0]!)).toMatch(/^version \d+ of writer 1$/);
  for (const one of never) expect(one.atNs).toBeUndefined();
  const leg = end!.chain!.legs[0]!;
  expect(dataText({ ...leg, lba: leg.lba + 1 })).toMatch(/^belongs to LBA/);
  expect(dataText({ ...leg, data: new Uint8Array(512) })).toBe('blank');
  expect(dataText({ ...leg, data: undefined })).toBe('no path leads there');
});
