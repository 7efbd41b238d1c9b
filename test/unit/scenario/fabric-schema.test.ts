/** What a fabric may leave out, and what it may not say. */
import { expect, test } from 'vitest';
import { FCF_DEFAULTS } from '../../../src/fabric/fcoe/options.ts';
import { fabricSchema } from '../../../src/scenario/fabric-schema.ts';

test('what it leaves out is as a switch has it, but that zones are kept to by default', () => {
  const { accessLists, eDTovMs, rscn } = FCF_DEFAULTS;
  expect(fabricSchema.parse({ name: 'A' })).toMatchObject({
    accessLists,
    eDTovMs,
    rscn,
    vlan: 1002,
    zoning: 'hard',
  });
});

test.each([
  ['a domain that is kept for others', { name: 'A', domain: 240 }],
  ['a zone of nobody', { name: 'A', zones: [{ name: 'z', members: [] }] }],
  ['a virtualizer without an uplink', { name: 'A', npv: { uplinks: 0 } }],
])('refuses %s', (_what, fabric) => {
  expect(fabricSchema.safeParse(fabric).success).toBe(false);
});
