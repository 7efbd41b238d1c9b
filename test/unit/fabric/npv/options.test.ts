/** Options of an N_Port virtualizer: what makes no sense is refused by name. */
import { expect, it } from 'vitest';
import { type NpvOptions, resolveNpvOptions } from '../../../../src/fabric/npv/options.ts';
import { uplink } from '../../../helpers/npv.ts';
import { drawnBy } from '../../../helpers/random.ts';

const resolve = (options: Partial<NpvOptions> = {}) =>
  resolveNpvOptions({
    name: 'npv',
    fcfMac: '02:FC:F0:00:00:09',
    switchName: 1n,
    uplinks: [uplink(0)],
    downlinks: 1,
    random: drawnBy(() => 0),
    ...options,
  });

it('has defaults', () => {
  expect(resolve()).toMatchObject({
    fcfMac: '02:fc:f0:00:00:09',
    vlan: 0,
    vlanPriority: 3,
    fipPriority: 128,
    fkaAdvPeriodMs: 8000,
  });
});

it.each([
  ['uplinks', { uplinks: [] }],
  ['downlinks', { downlinks: 0 }],
  ['vlan', { vlan: 4095 }],
  ['vlanPriority', { vlanPriority: 8 }],
  ['fipPriority', { fipPriority: -1 }],
  ['fkaAdvPeriodMs', { fkaAdvPeriodMs: 0 }],
])('refuses %s out of bounds', (name, options) => {
  expect(() => resolve(options)).toThrow(`${name} must be`);
});
