/** Many names behind one cable. */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';

const VPORTS = Array.from(
  { length: 16 },
  (_, i) => `20${(i + 1).toString(16).padStart(2, '0')}525400aa0001`,
);

guestTest('16 vports on one host, each with an FC_ID and a disk of its own', 400, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '16M'] });
  const host = await lab.host(serve);
  for (const wwpn of VPORTS) await host.ok(`vport_add ${wwpn}`);
  await host.ok(`wait_online 80 17 && wait_disks 120 17`, 210_000);
  const ids = (await host.ok('cat /sys/class/fc_host/host*/port_id')).split('\n');
  expect(new Set(ids).size).toBe(17);
  for (const [i, wwpn] of VPORTS.entries()) {
    await host.ok(`stamp write /dev/$(disk_of ${wwpn}) ${i * 8} 8 >/dev/null`);
  }
  // What each wrote, the physical port reads.
  await host.ok('stamp check /dev/$(disk_of 2000525400aa0001) 0 128');
  for (const wwpn of VPORTS) await host.ok(`vport_del ${wwpn}`);
  await host.ok('wait_for 30 "[ $(online) -eq 1 ]"');
  await serve.logged(/logout 20:10:52:54:00:aa:00:01/);
});

guestTest('a vport that is disabled and enabled goes on with the same disk', 240, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '16M'] });
  const host = await lab.host(serve);
  const wwpn = VPORTS[0]!;
  await host.ok(`vport_add ${wwpn}`);
  const disk = await host.ok(`vport_disk ${wwpn}`);
  await host.ok(`stamp write /dev/${disk} 0 16 >/dev/null`);
  const disable = (value: number) =>
    `for v in /sys/class/fc_vports/vport-*; do echo ${value} > $v/vport_disable; done`;
  await host.ok(disable(1));
  expect(await host.ok(`vport_state ${wwpn}`)).toBe('Disabled');
  await host.ok(disable(0));
  await host.ok(`wait_for 40 '[ "$(vport_state ${wwpn})" = Active ]'`);
  await host.ok(`wait_for 40 '[ "$(cat /sys/block/${disk}/device/state)" = running ]'`);
  await host.ok(`stamp write /dev/${disk} 16 16 >/dev/null && stamp check /dev/${disk} 0 32`);
});
