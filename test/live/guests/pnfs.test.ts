/** Linux's own client of layouts: files over NFS version 4.1, their data on the disk behind them over iSCSI, from one `serve`. */
import { expect } from 'vitest';
import { freePort } from '../support/free-port.ts';
import type { Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import type { Serve } from '../support/serve.ts';

const TARGET = 'iqn.2026-01.com.example:sanmotion';
/** The host, as a guest behind QEMU's own network reaches it. */
const HOST = '10.0.2.2';
const MIB = 32;

interface Storage {
  readonly serve: Serve;
  readonly iscsi: number;
  readonly nfs: number;
}

async function storage(lab: Lab): Promise<Storage> {
  const [iscsi, nfs] = [await freePort(), await freePort()];
  const serve = await lab.serve({
    listen: [`nfs:127.0.0.1:${nfs}`, `iscsi:127.0.0.1:${iscsi}`],
    arguments: ['--advertise', `${HOST}:${iscsi}`, '--lun', `${MIB}M`, '--layouts'],
  });
  return { serve, iscsi, nfs };
}

/** A guest with the disk, under the name that udev would give it, and the file. */
async function client(lab: Lab, name: string, { iscsi, nfs }: Storage): Promise<Guest> {
  const guest = await lab.boot({
    name,
    cables: [{ netdev: 'user' }],
    role: 'none',
    mtu: 1500,
    hasTools: true,
  });
  await guest.ok(`hostname ${name}; tools && ip_up && ins iscsi && ins nfs && ins pnfs`);
  await guest.ok(
    `with iscsistart -i iqn.2026-01.com.example:${name} -t ${TARGET} -g 1 -a ${HOST} -p ${iscsi} && wait_disks 20`,
  );
  await guest.ok(
    'mkdir -p /dev/disk/by-id; w=$(cat /sys/block/sda/device/wwid); ln -s /dev/sda /dev/disk/by-id/wwn-0x${w#naa.}',
  );
  await guest.ok(
    `mount -t nfs4 -o vers=4.1,clientaddr=10.0.2.15,proto=tcp,addr=${HOST},port=${nfs} ${HOST}:/ /mnt`,
  );
  return guest;
}

/** How often the guest has called for an operation. */
async function calls(guest: Guest, operation: string): Promise<number> {
  const line = await guest.ok(`grep ' ${operation}:' /proc/self/mountstats`);
  return Number(/: (\d+)/.exec(line)![1]);
}

guestTest('Linux, pNFS: it goes to the disk by itself, and verifies random writes', 240, async (lab) => {
  const at = await storage(lab);
  const guest = await client(lab, 'h1', at);
  const out = await guest.run('dmesg | tail -5; ls -l /mnt /dev/disk/by-id; grep pnfs /proc/self/mountstats; dd if=/dev/urandom of=/tmp/a bs=1M count=4; dd if=/tmp/a of=/mnt/lun0.img bs=64k conv=notrunc,fsync; dmesg | tail -8; cat /proc/self/mountstats; sg_persist -k /dev/sda; sg_persist -r /dev/sda');
  console.log(out.output);
  console.log(at.serve.log);
  expect(await calls(guest, 'LAYOUTGET')).toBeGreaterThan(0);
  expect(await calls(guest, 'WRITE')).toBe(0);
});
