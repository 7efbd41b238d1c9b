/** A scenario file as a server: what it says applies to guests on sockets. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wwpnOf } from '../../src/history/port-name.ts';
import { ListenError, parseListenAddress } from '../../src/live/listen-address.ts';
import { LunError } from '../../src/live/lun-source.ts';
import { scenarioPlan } from '../../src/live/plan-scenario.ts';
import { readScenario } from '../../src/scenario/load.ts';
import { Bench, until } from './support/emulated.ts';

const FILE = 'scenarios/two-host-move.yaml';
const TEXT = readFileSync(FILE, 'utf8');
/** The first WWPN that the file's virtual machine has on fabric A. */
const VM1_ON_A = 0xc050_7600_0000_0100n;
const STRANGER = 0xc050_7600_0099_0000n;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const scenario = (change: (text: string) => string = (text) => text) =>
  readScenario(change(TEXT), FILE);
const listen = () => [parseListenAddress(`unix:${bench.socket}`)];

describe('a scenario', () => {
  test('gives fabrics, target ports, logical units, masks and the names of guests', () => {
    const plan = scenarioPlan(scenario(), { listen: listen(), luns: [] });
    expect(plan.fabrics.map(({ name, fcf }) => [name, fcf.vlanId, fcf.domainId])).toEqual([
      ['A', 1002, 1],
      ['B', 1003, 2],
    ]);
    expect(plan.array.fabrics).toEqual(['A', 'A', 'B', 'B']);
    expect(plan.array.units.map(({ name, source }) => [name, source])).toEqual([
      ['system', { kind: 'memory', bytes: 2_097_152 }],
      ['data', { kind: 'memory', bytes: 2_097_152 }],
    ]);
    expect([plan.array.defaultMask, plan.array.masks.get(VM1_ON_A)]).toEqual([
      [],
      [
        { lun: 0, unit: 0 },
        { lun: 1, unit: 1 },
      ],
    ]);
    expect(plan.guests.get(VM1_ON_A)).toBe('vm1');
  });

  test('options come on top of what it says', () => {
    const file = { kind: 'file', path: 'd.img', bytes: undefined } as const;
    const plan = scenarioPlan(scenario(), { listen: listen(), luns: [file], vlan: 0 });
    expect(plan.array.units.map((one) => one.source.kind)).toEqual(['file', 'memory']);
    expect(plan.fabrics.every((one) => one.fcf.vlanId === 0)).toBe(true);
    expect(plan.array.options.ports.some((one) => one.vlanDiscovery)).toBe(false);
    expect(plan.listen[0]!.fabric).toBe('A');
  });

  test('says where to listen and where blocks are kept', () => {
    const said = scenario((text) =>
      text
        .replace('domain: 2 }', "domain: 2, listen: ['unix:b.sock'] }")
        .replace('name: system, blocks: 4096 }', 'name: system, file: s.img }'),
    );
    const plan = scenarioPlan(said, { listen: [], luns: [] });
    expect(plan.listen).toEqual([{ fabric: 'B', place: { kind: 'unix', path: 'b.sock' } }]);
    expect(plan.array.units[0]!.source).toEqual({
      kind: 'file',
      path: 's.img',
      bytes: 2_097_152,
    });
  });

  test('that says too little or too much is refused in one line', () => {
    expect(() => scenarioPlan(scenario(), { listen: [], luns: [] })).toThrow(ListenError);
    const lun = { kind: 'memory', bytes: 8192 } as const;
    const tooMany = () => scenarioPlan(scenario(), { listen: listen(), luns: [lun, lun, lun] });
    expect(tooMany).toThrow(LunError);
    expect(tooMany).toThrow(/3 times, but the scenario has 2 logical units/);
    const elsewhere = scenario((text) =>
      text.replace('domain: 2 }', "domain: 2, listen: ['A=unix:b.sock'] }"),
    );
    expect(() => scenarioPlan(elsewhere, { listen: [], luns: [] })).toThrow(/stands with fabric B/);
  });

  test('its zones and masks let its guest in, and nobody else', async () => {
    const plan = scenarioPlan(scenario(), { listen: listen(), luns: [], vlan: 0 });
    const server = await bench.serve({ plan });
    const host = await bench.host();
    const view = await host.prepare(VM1_ON_A);
    expect(view.map((one) => one.lunNumber)).toEqual([0, 1]);
    const { counters } = server.fabrics.get('A')!.fcf;
    const before = counters.served;
    const other = host.prepare(STRANGER, 'vm2').catch(() => undefined);
    await until(() => server.loginsOf(STRANGER).length === 1, 'the stranger is in the fabric');
    // FDISC, PLOGI, registrations, SCR and query: it has asked the name server whom it may see.
    await until(() => counters.served >= before + 6, 'it has looked around');
    const known = [...server.array.device.nexuses].map((one) => wwpnOf(one.initiatorPort));
    expect([known.includes(VM1_ON_A), known.includes(STRANGER)]).toEqual([true, false]);
    void other;
  });
});
