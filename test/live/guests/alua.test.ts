/**
 * Linux's multipath over an array of two controllers: the array says who serves (implicit), or the host asks for it
 * (explicit). Controllers fail over and back while fio writes and verifies.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import type { Serve } from '../support/serve.ts';

const MAC = '52:54:00:aa:00:01';
/** The host's ports, on the fabrics of the first and of the second controller. */
const PORTS = ['2000525400aa0001', '2000525400aa0002'];
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Two controllers, each with a target port on a fabric of its own: group 1 and group 2. */
const scenarioOf = (alua: string) => ({
  name: 'alua',
  fabrics: ['A', 'B'].map((name) => ({ name, vlan: 0, zoning: 'none' })),
  hosts: ['h1', 'h2'].map((name) => ({ name, ports: ['A', 'B'] })),
  array: {
    ports: ['A', 'B'],
    alua,
    targetPortGroups: [
      { id: 1, ports: [0] },
      { id: 2, ports: [1], state: 'active-non-optimized' },
    ],
    luns: [{ name: 'data', blocks: 32_768 }],
  },
  vms: [{ name: 'vm', host: 'h1', luns: ['data'] }],
  move: { vm: 'vm', to: 'h2' },
});

/** Writes 8 MiB at random and verifies them, again and again, until `/tmp/fio.stop` is there; a line a pass. */
const FIO = [
  'while [ ! -e /tmp/fio.stop ]; do',
  'with fio --name=v --filename=/dev/mapper/mpatha --direct=1 --rw=randwrite --bsrange=4k-64k --size=8M',
  '--iodepth=8 --ioengine=libaio --verify=crc32c --do_verify=1 --verify_fatal=1 --thread > /tmp/fio.out 2>&1;',
  'echo "rc=$? $(grep -o "err= *[0-9]*" /tmp/fio.out | tr -d " ")" >> /tmp/fio.passes; done',
].join(' ');

interface Bench {
  readonly serve: Serve;
  readonly host: Guest;
  /** The disk behind each controller. */
  readonly disks: readonly string[];
  readonly tap: string;
  readonly history: string;
}

/** A host with a map over both controllers, whose path groups go by what ALUA says, and fio on it. */
async function bench(lab: Lab, alua: string, failback: string): Promise<Bench> {
  const scenario = join(lab.dir, 'alua.yaml');
  writeFileSync(scenario, JSON.stringify(scenarioOf(alua)));
  const [a, b, history] = ['a.sock', 'b.sock', 'alua.history'].map((one) => join(lab.dir, one));
  const serve = await lab.serve({
    scenario,
    listen: [`A=unix:${a}`, `B=unix:${b}`],
    arguments: ['--history', history!],
  });
  await serve.control({ command: 'mask', action: 'set', luns: { '0': 'data' } });
  const host = await lab.boot({
    name: 'h1',
    mac: MAC,
    cables: [{ connect: a! }, { connect: b! }],
    hasTools: true,
  });
  await host.online(2, 2);
  const disks = [await host.ok(`disk_of ${PORTS[0]}`), await host.ok(`disk_of ${PORTS[1]}`)];
  await host.ok(
    `sed -i 's/path_grouping_policy.*/path_grouping_policy group_by_prio\\nprio alua\\nfailback ${failback}/' /etc/multipath.conf`,
  );
  // The kernel's handler has the paths before the map is made, so that the map switches controllers by it.
  await host.ok(
    'tools && ins multipath && for d in /sys/block/sd*/device; do echo alua > $d/dh_state; done; mpath_up',
    120_000,
  );
  await host.ok(`(${FIO}) & true`);
  return { serve, host, disks, tap: serve.tapPath!, history: history! };
}

/** Waits until multipathd says this of the two paths: of the map, and of its own checker. */
async function seen({ disks, host }: Bench, first: string, second: string): Promise<void> {
  const wanted = [first, second].map((state, i) => `paths | grep -q "^${disks[i]} ${state} "`);
  await host.ok(`wait_for 60 '${wanted.join(' && ')}' || { paths; false; }`, 130_000);
}

/** Waits until fio has written and verified twice more, the first time perhaps begun before. */
async function verifiedAgain({ host }: Bench): Promise<void> {
  const passes = Number(await host.ok('cat /tmp/fio.passes 2>/dev/null | wc -l'));
  const counted = `[ $(cat /tmp/fio.passes | wc -l) -ge ${passes + 2} ]`;
  await host.ok(`wait_for 90 '${counted}' || { cat /tmp/fio.out; paths; false; }`, 190_000);
}

/** fio has met no error and read back what it wrote; nothing is wrong with what switches and array saw. */
async function finish({ history, host, serve, tap }: Bench): Promise<void> {
  await host.ok('touch /tmp/fio.stop; wait_for 90 "! pidof fio"', 190_000);
  const passes = (await host.ok('cat /tmp/fio.passes')).split('\n');
  expect(passes.filter((one) => one !== 'rc=0 err=0')).toEqual([]);
  await host.stop();
  expect(await serve.stop()).toBe(0);
  const words = ['--import', 'tsx', 'src/cli/main.ts', 'replay', tap, '--history', history];
  const said = execFileSync(process.execPath, [...words, '--json'], {
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  const { verdict } = JSON.parse(said) as {
    verdict: readonly { readonly invariant: string; readonly result: string }[];
  };
  expect(verdict.filter(({ result }) => result === 'violated')).toEqual([]);
}

guestTest('implicit: the array fails over and back, under verified writes', 500, async (lab) => {
  const here = await bench(lab, 'implicit', 'immediate');
  const { serve } = here;
  const access = (first: string, second: string) =>
    serve.control({ command: 'access', states: { '1': first, '2': second } });
  await seen(here, 'active ready', 'active ready');
  await verifiedAgain(here);

  // What is in standby is a ghost to multipathd: there, and not written to.
  await access('standby', 'active-optimized');
  await seen(here, 'active ghost', 'active ready');
  await verifiedAgain(here);

  await access('unavailable', 'active-optimized');
  await serve.control({ command: 'port', action: 'down', targetPort: 0 });
  await seen(here, 'failed faulty', 'active ready');
  await verifiedAgain(here);

  await serve.control({ command: 'port', action: 'up', targetPort: 0 });
  await access('active-optimized', 'active-non-optimized');
  await seen(here, 'active ready', 'active ready');
  await verifiedAgain(here);

  // Nobody serves for a while: what is written waits.
  await access('transitioning', 'transitioning');
  await access('active-optimized', 'standby');
  await seen(here, 'active ready', 'active ghost');
  await verifiedAgain(here);
  await finish(here);
});

guestTest('explicit: the host fails over and back, under verified writes', 500, async (lab) => {
  const here = await bench(lab, 'both', 'manual');
  const { host, serve } = here;
  // Not before the disks are there: Linux asks for their size once, which a port in standby does not tell.
  await serve.control({ command: 'access', states: { '2': 'standby' } });
  await seen(here, 'active ready', 'active ghost');
  await verifiedAgain(here);

  // The controller is gone: the map takes the other one, and has it serve by SET TARGET PORT GROUPS.
  await serve.control({ command: 'port', action: 'down', targetPort: 0 });
  await seen(here, 'failed faulty', 'active ready');
  await verifiedAgain(here);
  expect(await states(serve)).toEqual({ '1': 'active-optimized', '2': 'active-optimized' });

  // It comes back as the other's standby, until the host asks for it.
  await serve.control({ command: 'access', states: { '1': 'standby' } });
  await serve.control({ command: 'port', action: 'up', targetPort: 0 });
  await seen(here, 'active ghost', 'active ready');
  await verifiedAgain(here);
  await host.ok('dmsetup message mpatha 0 switch_group 1');
  await seen(here, 'active ready', 'active ready');
  await verifiedAgain(here);
  expect(await states(serve)).toEqual({ '1': 'active-optimized', '2': 'active-optimized' });
  await finish(here);
});

/** Of the unit, by target port group. */
async function states(serve: Serve): Promise<unknown> {
  const { units } = await serve.control({ command: 'access' });
  return (units as { readonly data: unknown }).data;
}
