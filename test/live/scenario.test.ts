/** A scenario file as a server: what it says applies to guests on sockets. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wwpnOf } from '../../src/history/port-name.ts';
import { parseListenAddress } from '../../src/live/listen-address.ts';
import { scenarioPlan } from '../../src/live/plan-scenario.ts';
import { readScenario } from '../../src/scenario/load.ts';
import { Bench, until } from '../helpers/live-bench.ts';

const FILE = 'scenarios/two-host-move.yaml';
/** The first WWPN that the file's virtual machine has on fabric A. */
const VM1_ON_A = 0xc050_7600_0000_0100n;
const STRANGER = 0xc050_7600_0099_0000n;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const scenario = () => readScenario(readFileSync(FILE, 'utf8'), FILE);
const listen = () => [parseListenAddress(`unix:${bench.socket}`)];

describe('a scenario', () => {
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
