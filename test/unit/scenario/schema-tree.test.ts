/** The shape of a scenario, walked. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { scenarioSchema } from '../../../src/scenario/schema.ts';
import { bareShape, keysAt, tagsOf } from '../../../src/scenario/schema-tree.ts';

const keys = (path: readonly PropertyKey[], raw: unknown = {}) => keysAt(scenarioSchema, raw, path);

it('knows the keys at a path, through lists, defaults and what may be left out', () => {
  expect(keys([])).toContain('nextMoves');
  expect(keys(['links'])).toEqual(['gbps', 'delayUs', 'bbCredit', 'bbScN', 'holdMs']);
  expect(keys(['vms', 0, 'workload'])).toContain('queueDepth');
  expect(keys(['vms', 0, 'reservation'])).toContain('aptpl');
  expect(keys(['fabrics', 0, 'zones', 1])).toEqual(['name', 'members']);
});

it('knows those of an event by what it does', () => {
  const raw = { events: [{ do: 'rscn' }, { do: 'crash' }, {}, null] };
  expect(keys(['events', 0], raw)).toContain('fabric');
  expect(keys(['events', 1], raw)).toContain('forMs');
  expect([keys(['events', 2], raw), keys(['events', 3], raw)]).toEqual([[], []]);
});

it('knows none where there is no mapping', () => {
  for (const path of [['seed'], ['seed', 'x'], ['wheels', 0], ['hosts', 0, 'ports', 0]])
    expect(keys(path)).toEqual([]);
});

it('takes off what says that a value may be left out', () => {
  const inner = z.number();
  expect(bareShape(inner.optional().default(1))).toBe(inner);
  expect(tagsOf(z.strictObject({ a: z.enum(['x', 'y']) }), 'a')).toEqual(['x', 'y']);
  expect(tagsOf(inner, 'a')).toEqual([]);
});
