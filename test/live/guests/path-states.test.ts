/**
 * A real Linux host and the emulated one through the same changes of access states and the same reuse
 * of a LUN: each path goes through the same states in the same order.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PathChanged } from '../../../src/history/index.ts';
import { fcInitiatorDevice } from '../../../src/history/port-name.ts';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import { ACCESS_STATE_CODES } from '../../../src/scenario/array-from-scenario.ts';
import { arrayWwpn } from '../../../src/scenario/identities.ts';
import { San } from '../../helpers/san.ts';
import type { Guest } from '../support/guest.ts';
import { guestTest } from '../support/lab.ts';
import { Writer } from '../support/writer.ts';

type State = keyof typeof ACCESS_STATE_CODES;

const MAC = '52:54:00:aa:00:01';
/** Of groups 1 and 2; target port 0, on fabric A, is in the first, target port 1, on B, in the second. */
const STEPS: readonly (readonly [State, State])[] = [
  ['active-optimized', 'standby'],
  ['transitioning', 'transitioning'],
  ['standby', 'active-optimized'],
  ['active-optimized', 'active-non-optimized'],
];
const SCENARIO = {
  fabrics: ['A', 'B'].map((name) => ({ name, vlan: 0, zoning: 'none' })),
  hosts: ['h1', 'h2'].map((name) => ({ name, ports: ['A', 'B'] })),
  array: {
    ports: ['A', 'B'],
    targetPortGroups: [
      { id: 1, ports: [0] },
      { id: 2, ports: [1], state: 'active-non-optimized' },
    ],
    luns: ['data', 'foreign'].map((name) => ({ name, blocks: 32_768 })),
  },
  vms: [
    { name: 'vm', host: 'h1', luns: ['data'], workload: { queueDepth: 1, thinkUs: 50_000 } },
    { name: 'other', host: 'h2', luns: ['foreign'] },
  ],
  move: { vm: 'vm', to: 'h2' },
};

/** What each path went through, by target port and logical unit: `0 data` or `1 foreign`. */
type Orders = Record<string, readonly string[]>;

/** Appends to /tmp/paths what the kernel says of every path whenever that is something else. */
const WATCH = [
  'cd /sys/class/scsi_device; while :; do s=',
  'for d in *; do w=; a=; read -r w < $d/device/wwid; read -r a < $d/device/access_state; s="$s $d=$w=$a"; done',
  '[ "$s" = "$last" ] || { last=$s; echo "$s" >> /tmp/paths; }; usleep 50000; done 2>/dev/null',
].join('; ');

/** Of the kernel: `/tmp/paths` as orders. `hosts`: SCSI hosts in the order of the fabrics. */
function ordersOfLinux(text: string, units: Readonly<Record<string, string>>): Orders {
  const orders: Record<string, string[]> = {};
  const hosts: string[] = [];
  for (const line of text.trim().split('\n')) {
    const here = new Map<string, string>();
    for (const entry of line.trim().split(' ')) {
      const [place = '', wwid = '', access = ''] = entry.split('=');
      const host = place.split(':')[0]!;
      const unit = units[wwid.replace('naa.', '')];
      if (unit === undefined || access === '') continue;
      if (!hosts.includes(host)) hosts.push(host);
      here.set(`${hosts.indexOf(host)} ${unit}`, access.replace('/', '-'));
    }
    for (const key of Object.keys(orders)) if (!here.has(key)) here.set(key, 'removed');
    for (const [key, state] of here) {
      orders[key] ??= [];
      const order = orders[key];
      if (order.at(-1) !== state) order.push(state);
    }
  }
  return orders;
}

/** The emulated host through the same. */
function emulated(): Orders {
  const san = new San(SCENARIO);
  san.link('array', 1, true);
  for (const host of ['h1', 'h2']) san.link(host, 1, true);
  san.run(2);
  san.start();
  san.run(1);
  const { device } = san.world.array;
  const [data, foreign] = [...device.units];
  const onArray = (act: () => void) => {
    san.simulator.act('array', (now) => {
      san.world.array.handleTimeout(now);
      act();
    });
    san.run(8);
  };
  for (const states of STEPS) {
    const changes = states.map((state, i) => ({
      groupId: i + 1,
      state: ACCESS_STATE_CODES[state],
    }));
    onArray(() => [data, foreign].forEach((lu) => void device.setAccessStates(lu!, changes)));
  }
  const [name] = vhbasOf(san.identities).map(({ wwpn }) => fcInitiatorDevice(wwpn));
  onArray(() => device.setMask(name!, [{ lun: 0, lu: foreign! }]));
  const orders: Record<string, string[]> = {};
  const names = { [data!.luName]: 'data', [foreign!.luName]: 'foreign' };
  for (const { luName, target, state } of san.told<PathChanged>('path')) {
    const port = [0, 1].findIndex((one) => String(target) === arrayWwpn(one));
    const key = `${port} ${names[luName]}`;
    orders[key] ??= [];
    orders[key].push(state);
  }
  return orders;
}

/** Multipath as an administrator sets it for an array with ALUA. */
async function multipathUp(host: Guest): Promise<void> {
  await host.ok(
    "sed -i 's/path_grouping_policy.*/path_grouping_policy group_by_prio; prio alua; failback immediate/' /etc/multipath.conf && sed -i 's/; /\\n/g' /etc/multipath.conf",
  );
  await host.ok('mpath_up');
  await host.ok('for d in /sys/block/sd*/device; do echo alua > $d/dh_state; done; true');
}

guestTest('path-states: Linux and the emulated host, state by state', 500, async (lab) => {
  const expected = emulated();
  expect(expected).toEqual({
    '0 data': ['active-optimized', 'transitioning', 'standby', 'active-optimized', 'removed'],
    '1 data': [
      'active-non-optimized',
      'standby',
      'transitioning',
      'active-optimized',
      'active-non-optimized',
    ],
    '0 foreign': ['active-optimized'],
  });

  const scenario = join(lab.dir, 'path-states.yaml');
  writeFileSync(scenario, JSON.stringify({ name: 'path-states', ...SCENARIO }));
  const [a, b] = [`${lab.dir}/a.sock`, `${lab.dir}/b.sock`];
  const serve = await lab.serve({ scenario, listen: [`A=unix:${a}`, `B=unix:${b}`] });
  await serve.control({ command: 'mask', action: 'set', luns: { '0': 'data' } });
  const host = await lab.boot({ name: 'h1', mac: MAC, cables: [{ connect: a }, { connect: b }] });
  await host.online(2, 2);
  await multipathUp(host);
  await host.ok(`(${WATCH}) & true`);
  const writer = await Writer.start(host, '/dev/mapper/mpatha');
  for (const [first, second] of STEPS) {
    await serve.control({ command: 'access', states: { '1': first, '2': second } });
    const seen = (state: State) => state.replace('active-', 'active/');
    await host.ok(
      `wait_for 60 'grep -q "=${seen(first)} .*=${seen(second)}$" /tmp/paths'`,
      130_000,
    );
    if (first !== 'transitioning') await writer.reached((await writer.acknowledged()) + 20);
  }
  const written = await writer.finishAndCheck();
  expect(written.error).toBeUndefined();

  const wwpn = `20:00:${MAC}`;
  await serve.control({ command: 'mask', action: 'set', wwpn, luns: { '0': 'foreign' } });
  // Linux says that it was told, and leaves the rest to its administrator's rules.
  await host.ok(
    `wait_for 60 'dmesg | grep -q "LUN assignments on this target have changed"'`,
    130_000,
  );
  await host.ok(
    [
      'h=$(basename $(hosts | head -1) | tr -d a-z)',
      'for d in /sys/class/scsi_device/$h:*; do echo 1 > $d/device/delete; done; sleep 1',
      'echo "- - -" > /sys/class/scsi_host/host$h/scan',
    ].join('; '),
  );
  const [data, foreign] = [...new San(SCENARIO).world.array.device.units].map((lu) => lu.luName);
  await host.ok(`wait_for 60 'tail -1 /tmp/paths | grep -q ${foreign}'`, 130_000);
  const orders = ordersOfLinux(await host.ok('cat /tmp/paths'), {
    [data!]: 'data',
    [foreign!]: 'foreign',
  });
  expect(orders).toEqual(expected);
});
