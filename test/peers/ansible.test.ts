/**
 * Debian's Ansible zones hosts in and out over NX-API, by the playbook of docs/management.md: an emulated host,
 * and a Linux guest whose disk comes and goes. A second run changes nothing.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../helpers/live-bench.ts';
import { Managed } from '../helpers/managed.ts';
import { Guest } from '../live/support/guest.ts';
import { missing } from './support/debian.ts';

const MODULE =
  '/usr/lib/python3/dist-packages/ansible_collections/cisco/nxos/plugins/modules/storage/nxos_zone_zoneset.py';
const PLAYBOOK = '/usr/bin/ansible-playbook';
const without = missing(['ansible'], [PLAYBOOK, MODULE]);
const LINUX = 0x2000_5254_00aa_0001n;
const LINUX_TEXT = '20:00:52:54:00:aa:00:01';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

/** The playbook that the paper prints. */
const printed = (): string => {
  const paper = readFileSync('docs/management.md', 'utf8');
  return /^```yaml\n(- hosts.*?)^```$/ms.exec(paper)![1]!;
};

/** The same with the zone emptied of the guest: it stays zoned, and alone. */
const zonedOut = (): string => {
  const out = printed().replace(`{pwwn: '${LINUX_TEXT}'}`, `{pwwn: '${LINUX_TEXT}', remove: true}`);
  expect(out).not.toBe(printed());
  return out;
};

/** Runs a playbook; how many tasks changed something. */
async function play(managed: Managed, playbook: string): Promise<number> {
  const home = join(bench.dir, 'ansible');
  mkdirSync(home, { recursive: true });
  const [host, port] = managed.san.management.nxapi!.split(':');
  const inventory = {
    switch: {
      hosts: {
        emulated: {
          ansible_host: host,
          ansible_connection: 'ansible.netcommon.httpapi',
          ansible_network_os: 'cisco.nxos.nxos',
          ansible_httpapi_port: Number(port),
          ansible_httpapi_use_ssl: false,
          ansible_httpapi_use_proxy: false,
          ansible_user: 'admin',
          ansible_password: 'secret',
          ansible_python_interpreter: '/usr/bin/python3',
        },
      },
    },
  };
  writeFileSync(join(home, 'inventory.yml'), JSON.stringify(inventory));
  writeFileSync(join(home, 'play.yml'), playbook);
  const env = {
    ...process.env,
    HOME: home,
    ANSIBLE_HOME: home,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_PERSISTENT_CONTROL_PATH_DIR: home,
    NO_PROXY: '127.0.0.1',
  };
  const options = { cwd: home, env, timeout: 120_000 };
  const { stdout } = await promisify(execFile)(
    PLAYBOOK,
    ['-i', 'inventory.yml', 'play.yml'],
    options,
  ).catch((error: Error & { stdout?: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ''}`);
  });
  return Number(/emulated +: .*changed=(\d+)/.exec(stdout)![1]);
}

describe.skipIf(without !== undefined)('Ansible', () => {
  test('zones an emulated host in and out, and changes nothing that is so already', async () => {
    const managed = await Managed.open(bench, { listen: [`unix:${bench.socket}`] });
    const zoning = () => managed.san.server.fabrics.get('A')!.fcf.zoning;
    expect(await play(managed, printed())).toBe(1);
    expect(zoning()).toMatchObject({ enforced: 'hard', defaultZone: 'deny' });
    expect(zoning().zones).toEqual([{ name: 'vm1', members: [LINUX, 0x5006_0160_0000_0001n] }]);
    expect(await play(managed, printed())).toBe(0);
    expect(await (await bench.host()).prepare(LINUX)).toHaveLength(1);
    expect(await play(managed, zonedOut())).toBe(1);
    expect(zoning().zones).toEqual([{ name: 'vm1', members: [0x5006_0160_0000_0001n] }]);
    expect(await play(managed, zonedOut())).toBe(0);
  });

  const image = spawnSync('lab/build-image.sh', [], { encoding: 'utf8', timeout: 15 * 60_000 });
  if (image.status !== 0)
    process.stderr.write(`\nNo Linux guest: ${image.stderr?.trim().split('\n').at(-1)}\n`);

  test.skipIf(image.status !== 0)(
    "a Linux guest's disk comes and goes",
    { timeout: 600_000 },
    async () => {
      const managed = await Managed.open(bench, {
        listen: [`unix:${bench.socket}`],
        luns: ['16M'],
      });
      await managed.san.ask({ command: 'zone', action: 'activate', zoning: { zones: [] } });
      const guest = await Guest.boot(bench.dir, {
        name: 'h1',
        cables: [{ connect: bench.socket }],
      });
      bench.atEnd(() => guest.stop());
      await guest.ok('wait_online 60', 90_000);
      expect(await guest.ok('disks')).toBe('');
      expect(await play(managed, printed())).toBe(1);
      await guest.ok('wait_disks 60', 90_000);
      await guest.ok('stamp write /dev/$(disks) 0 16 >/dev/null');
      expect(await play(managed, printed())).toBe(0);
      const target = 'grep -lx "FCP Target" /sys/class/fc_remote_ports/*/roles';
      await guest.ok(
        `for f in $(${target}); do echo 2 > $(dirname $f)/fast_io_fail_tmo; echo 5 > $(dirname $f)/dev_loss_tmo; done`,
      );
      expect(await play(managed, zonedOut())).toBe(1);
      await guest.ok(`wait_for 40 '[ -z "$(disks)" ]'`, 90_000);
      expect(await play(managed, zonedOut())).toBe(0);
      expect(managed.san.verdict().verdict.filter(({ result }) => result === 'violated')).toEqual(
        [],
      );
    },
  );
});
