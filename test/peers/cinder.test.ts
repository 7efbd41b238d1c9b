/**
 * OpenStack Cinder's Brocade driver, as Debian has it, against the REST surface: it logs in, reads the name
 * server and the zones in force, deletes a zone, and logs out. It cannot add one: `add_zones` of 21.3.1 fails on Python 3.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../helpers/live-bench.ts';
import { Managed } from '../helpers/managed.ts';
import { missing } from './support/debian.ts';

const DRIVER =
  '/usr/lib/python3/dist-packages/cinder/zonemanager/drivers/brocade/brcd_rest_fc_zone_client.py';
const without = missing(['python3-cinder'], ['/usr/bin/python3', DRIVER]);
const GUEST = 0xc050_7600_0000_0100n;
const TEXT = 'c0:50:76:00:00:00:01:00';
const ARRAY = '50:06:01:60:00:00:00:01';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

/** Runs lines of Python with `client` logged in; what they print last, as JSON. */
async function python(managed: Managed, ...lines: string[]) {
  const { rest } = managed.san.management;
  const program = [
    'import json',
    'from cinder.zonemanager.drivers.brocade.brcd_rest_fc_zone_client import BrcdRestFCZoneClient',
    `client = BrcdRestFCZoneClient(${JSON.stringify(rest)}, "admin", "secret", None, None, "REST_HTTP")`,
    ...lines,
    'client.cleanup()',
  ].join('\n');
  const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', program], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

describe.skipIf(without !== undefined)("Cinder's Brocade driver", () => {
  test('logs in, knows the firmware, and finds the guest in the name server', async () => {
    const managed = await Managed.open(bench, { listen: [`unix:${bench.socket}`] });
    await (await bench.host()).prepare(GUEST);
    const found = await python(
      managed,
      'print(json.dumps([client.is_supported_firmware(), client.get_nameserver_info()]))',
    );
    expect(found).toEqual([true, expect.arrayContaining([TEXT, ARRAY])]);
  });

  test('reads the zones in force and deletes one, then the last one', async () => {
    const managed = await Managed.open(bench);
    const zones = ['z1', 'z2'].map((name) => ({ name, members: [TEXT, ARRAY] }));
    await managed.san.ask({ command: 'zone', action: 'activate', zoning: { zones } });
    const zoning = () => managed.san.server.fabrics.get('A')!.fcf.zoning;
    const read = 'print(json.dumps(client.get_active_zone_set()))';
    expect(await python(managed, read)).toEqual({
      active_zone_config: 'active',
      zones: { z1: [TEXT, ARRAY], z2: [TEXT, ARRAY] },
    });
    const left = await python(managed, 'client.delete_zones("z1", True)', read);
    expect(left).toEqual({ active_zone_config: 'active', zones: { z2: [TEXT, ARRAY] } });
    expect(zoning().zones.map(({ name }) => name)).toEqual(['z2']);
    const none = await python(managed, 'client.delete_zones("z2", True)', read);
    expect(none).toEqual({ active_zone_config: '', zones: {} });
    expect(zoning()).toMatchObject({ enforced: 'none', zones: [] });
  });

  test('a wrong password is told as the driver tells it', async () => {
    const managed = await Managed.open(bench);
    const { rest } = managed.san.management;
    const program = `from cinder.zonemanager.drivers.brocade.brcd_rest_fc_zone_client import BrcdRestFCZoneClient
BrcdRestFCZoneClient("${rest}", "admin", "wrong", None, None, "REST_HTTP")`;
    const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
    const failed = promisify(execFile)('/usr/bin/python3', ['-c', program], { env });
    await expect(failed).rejects.toThrow('wrong user or password');
  });
});
