import { expect, it } from 'vitest';
import { worldOf } from '../../../src/cli/campaign-options.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { frameLifeNs } from '../../../src/scenario/frame-life.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const load = (more: string, fabric = '{ name: A }') =>
  loadScenario(
    `
name: t
fabrics: [${fabric}]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], luns: [{ name: d }] }
vms: [{ name: vm1, host: h1, luns: [d] }]
move: { vm: vm1, to: h2 }
${more}`,
    't.yaml',
  );
const MS = 1e6;

it('is the pause at the sender, the hold of each switch, and the way', () => {
  const qos = 'qos: { holdMs: 200, pauseBoundMs: 50 }\nlinks: { delayUs: 500 }';
  expect(frameLifeNs(load(qos))).toBe((50 + 200 + 1) * MS);
  expect(frameLifeNs(load(qos, '{ name: A, npv: {} }'))).toBe((50 + 400 + 2) * MS);
});

it('is E_D_TOV and the hold on native links, and not known without timers', () => {
  const native = 'protocol: fc\nlinks: { holdMs: 300, delayUs: 0 }';
  expect(frameLifeNs(load(native, '{ name: A, eDTovMs: 1000 }'))).toBe(1300 * MS);
  expect(frameLifeNs(load(''))).toBeUndefined();
});

it('is what a campaign takes with --lifetime links', () => {
  expect(worldOf('scenarios/qos-incast.yaml', {}, { lifetime: 'links' }).lifetimeNs).toBe(601 * MS);
  expect(() => worldOf(undefined, {}, { lifetime: 'links' })).toThrow(UsageError);
});
