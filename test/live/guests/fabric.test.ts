/** What the fabric does to its hosts: zones that change, one name that two hosts want. */
import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import { Writer } from '../support/writer.ts';

guestTest(
  'a zone that closes takes the disk away; one that opens brings it back',
  240,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '16M'] });
    const host = await lab.host(serve);
    const target = 'grep -lx "FCP Target" /sys/class/fc_remote_ports/*/roles';
    await host.ok(
      `for f in $(${target}); do echo 2 > $(dirname $f)/fast_io_fail_tmo; echo 5 > $(dirname $f)/dev_loss_tmo; done`,
    );
    const closed = { enforced: 'hard', defaultZone: 'deny', zones: [] };
    await serve.control({ command: 'zone', action: 'activate', zoning: closed });
    await host.ok(`wait_for 40 '[ -z "$(disks)" ]'`, 90_000);
    const zones = [{ name: 'h1', members: ['20:00:52:54:00:aa:00:01', 'array'] }];
    await serve.control({ command: 'zone', action: 'activate', zoning: { ...closed, zones } });
    await host.online();
    await host.ok('stamp write /dev/$(disks) 0 16 >/dev/null');
  },
);

const WWPN = '2001525400aa0001';

/** A server whose fabric has this policy for a WWPN that logs in twice; two hosts in it. */
async function twoHosts(lab: Lab, duplicateWwpn: 0 | 1 | 2) {
  const scenario = `${lab.dir}/scenario.yaml`;
  const masks = ['20:00:52:54:00:aa:00:01', '20:00:52:54:00:cc:00:01', '20:01:52:54:00:aa:00:01'];
  writeFileSync(
    scenario,
    JSON.stringify({
      name: 'duplicate',
      fabrics: [{ name: 'A', vlan: 0, duplicateWwpn, zoning: 'none' }],
      hosts: [
        { name: 'h1', ports: ['A'] },
        { name: 'h2', ports: ['A'] },
      ],
      array: {
        ports: ['A'],
        luns: [{ name: 'data', blocks: 131072 }],
        masks: masks.map((wwpn) => ({ for: wwpn, luns: { 0: 'data' } })),
      },
      vms: [{ name: 'vm1', host: 'h1', luns: ['data'] }],
      move: { vm: 'vm1', to: 'h2' },
    }),
  );
  const serve = await lab.serve({ scenario });
  const [h1, h2] = await Promise.all([
    lab.host(serve),
    lab.host(serve, { name: 'h2', mac: '52:54:00:cc:00:01' }),
  ]);
  return { serve, h1, h2 };
}

/** Seconds that a command of a guest takes, by the guest's clock. */
async function secondsOf(guest: Guest, command: string): Promise<number> {
  const [from, to] = (await guest.ok(`up; ${command} >/dev/null; up`)).split('\n').map(Number);
  return to! - from!;
}

guestTest('a WWPN twice under policy 0: the first keeps it, and never stalls', 300, async (lab) => {
  const { h1, h2 } = await twoHosts(lab, 0);
  await h1.ok(`vport_add ${WWPN}`);
  const disk = await h1.ok(`vport_disk ${WWPN}`);
  const writer = await Writer.start(h1, `/dev/${disk}`);
  await h2.ok(`vport_add ${WWPN}`);
  await writer.reached((await writer.acknowledged()) + 300);
  const written = await writer.finishAndCheck();
  expect(written.error).toBeUndefined();
  expect(written.longestGapS).toBeLessThan(3);
  expect(await h2.ok(`vport_state ${WWPN}`)).toBe('Initializing');
  // The name is free: Linux asks again every 2 s (E_D_TOV).
  await h1.ok(`vport_del ${WWPN}`);
  expect(await secondsOf(h2, `wait_for 30 '[ "$(vport_state ${WWPN})" = Active ]'`)).toBeLessThan(
    3,
  );
  await h2.ok(`stamp check /dev/$(vport_disk ${WWPN}) 0 ${written.acknowledged}`);
});

for (const policy of [1, 2] as const) {
  guestTest(
    `a WWPN twice under policy ${policy}: the second gets it, the first is told`,
    300,
    async (lab) => {
      const { serve, h1, h2 } = await twoHosts(lab, policy);
      await h1.ok(`vport_add ${WWPN}`);
      const disk = await h1.ok(`vport_disk ${WWPN}`);
      await h1.ok(`stamp write /dev/${disk} 0 200 >/dev/null`);
      await h2.ok(`vport_add ${WWPN}`);
      await serve.logged(/logout 20:01:52:54:00:aa:00:01.*replaced/);
      await h1.ok(`vport_del ${WWPN}`);
      expect(await secondsOf(h2, `vport_disk ${WWPN}`)).toBeLessThan(3);
      const second = await h2.ok(`vport_disk ${WWPN}`);
      await h2.ok(
        `stamp check /dev/${second} 0 200 && stamp write /dev/${second} 200 100 >/dev/null`,
      );
      // The physical port of the first host has lost nothing.
      await h1.ok('stamp check /dev/$(disk_of 2000525400aa0001) 0 300');
    },
  );
}

guestTest('a host that stands still does not hold up the other', 300, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '64M'] });
  const [h1, h2] = await Promise.all([
    lab.host(serve),
    lab.host(serve, { name: 'h2', mac: '52:54:00:cc:00:01' }),
  ]);
  await h1.ok('load read /dev/sda 60 -b 262144 -d 8 > /dev/null 2>&1 & true');
  await h1.monitor('stop');
  const writer = await Writer.start(h2, '/dev/sda');
  await writer.reached(200);
  const { error, longestGapS } = await writer.finishAndCheck();
  expect(error).toBeUndefined();
  expect(longestGapS).toBeLessThan(3);
  await h1.monitor('cont');
  await h1.ok('killall load; true');
});
