/** What a file may leave out, and what it may not say. */
import { describe, expect, test } from 'vitest';
import { scenarioSchema } from '../../../src/scenario/schema.ts';

const LEAST = {
  name: 'least',
  fabrics: [{ name: 'A' }],
  hosts: [
    { name: 'h1', ports: ['A'] },
    { name: 'h2', ports: ['A'] },
  ],
  array: { ports: ['A'], luns: [{ name: 'd' }] },
  vms: [{ name: 'vm1', host: 'h1', luns: ['d'] }],
  move: { vm: 'vm1', to: 'h2' },
};

describe('the schema', () => {
  test('a file that says only names has everything else by default', () => {
    const scenario = scenarioSchema.parse(LEAST);
    expect(scenario.seed).toBe(1);
    expect(scenario.array.name).toBe('array');
    expect(scenario.vms[0]!.workload).toMatchObject({ queueDepth: 8, readPercent: 50 });
    expect(scenario.vms[0]!.reservation).toBeUndefined();
    expect(scenario.links).toEqual({ gbps: 10, delayUs: 2, bbCredit: 16, bbScN: 0, holdMs: 500 });
    expect(scenario.timing.guestTimeoutMs).toBe(60_000);
    expect(scenario.move).toMatchObject({
      strategy: 'wwpn-pair',
      drain: 'wait',
      defences: ['logo-acknowledged'],
    });
  });

  test.each([
    ['a name with a blank', { ...LEAST, hosts: [{ name: 'h 1', ports: ['A'] }] }],
    ['a key that nobody knows', { ...LEAST, colour: 'red' }],
    ['no fabric', { ...LEAST, fabrics: [] }],
    ['a WWPN that is none', { ...LEAST, vms: [{ ...LEAST.vms[0], wwpns: { A: ['c0:50'] } }] }],
    [
      'a key of 16 digits',
      { ...LEAST, vms: [{ ...LEAST.vms[0], reservation: { key: 'f'.repeat(16) } }] },
    ],
    ['half a block', { ...LEAST, array: { ...LEAST.array, luns: [{ name: 'd', blocks: 0.5 }] } }],
  ])('refuses %s', (_what, scenario) => {
    expect(scenarioSchema.safeParse(scenario).success).toBe(false);
  });
});
