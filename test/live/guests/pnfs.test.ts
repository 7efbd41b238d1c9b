/** Linux's own client of layouts: files over NFS version 4.1, their data on the disk behind them over iSCSI, from one `serve`. */
import { expect } from 'vitest';
import { freePort } from '../support/free-port.ts';
import type { Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import type { Serve } from '../support/serve.ts';
import { SilentProxy } from '../support/silent-proxy.ts';

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
  await guest.ok('by_wwn');
  await guest.ok(
    `mount -t nfs4 -o vers=4.1,clientaddr=10.0.2.15,proto=tcp,addr=${HOST},port=${nfs} ${HOST}:/ /mnt`,
  );
  return guest;
}

/** How often the guest has called for an operation. */
async function calls(guest: Guest, operation: string): Promise<number> {
  const line = await guest.ok(`grep -w '${operation}:' /proc/self/mountstats`);
  return Number(/: (\d+)/.exec(line)![1]);
}

/** What the server said became of layouts: `granted h1`. */
const layouts = ({ log }: Serve): string[] =>
  [...log.matchAll(/"layout of lun0\.img: (\w+), Linux NFSv4\.1 (\w+)"/g)].map(
    ([, state, who]) => `${state} ${who}`,
  );

/** Commands over 64 KiB each, of /tmp/NAME into the file. */
const copy = (name: string, more: string): string =>
  `dd if=/tmp/${name} bs=64k conv=notrunc,fsync ${more}`;
const random = (name: string): string => `dd if=/dev/urandom of=/tmp/${name} bs=1M count=4`;
/** Compares 4 MiB of the file with what was written, past every cache. */
const compare = (name: string, atMib: number): string =>
  `echo 3 > /proc/sys/vm/drop_caches; dd if=/mnt/lun0.img bs=1M skip=${atMib} count=4 | cmp - /tmp/${name}`;

guestTest('Linux, pNFS: reads and writes go to the disk alone', 240, async (lab) => {
  const at = await storage(lab);
  const guest = await client(lab, 'h1', at);
  const fio =
    'fio --name=v --filename=/mnt/lun0.img --direct=1 --rw=randwrite --bsrange=4k-256k ' +
    `--size=${MIB}M --iodepth=8 --ioengine=libaio --verify=crc32c --do_verify=1 --thread`;
  expect(await guest.ok(`with ${fio}`, 120_000)).toMatch(/err= 0/);
  await guest.ok(`${random('a')}; ${copy('a', 'of=/mnt/lun0.img')}`);
  await guest.ok(compare('a', 0));
  expect(await calls(guest, 'LAYOUTGET')).toBeGreaterThan(0);
  expect(await calls(guest, 'LAYOUTCOMMIT')).toBeGreaterThan(0);
  expect([await calls(guest, 'WRITE'), await calls(guest, 'READ')]).toEqual([0, 0]);
  // Its key is on the disk as long as it needs that, and nobody without one comes in.
  expect(await guest.ok('sg_persist -r /dev/sda')).toMatch(/Exclusive Access, registrants only/);
  expect(
    (await guest.run('dd if=/dev/sda of=/dev/null bs=4k count=1 iflag=direct')).status,
  ).not.toBe(0);
  // What it wrote to the disk is what the file server has.
  await guest.ok('umount /mnt');
  expect(layouts(at.serve).slice(0, 2)).toEqual(['granted h1', 'returned h1']);
});

guestTest(
  'Linux, pNFS: another client writes the file, which the first gives back',
  240,
  async (lab) => {
    const at = await storage(lab);
    const [h1, h2] = await Promise.all([client(lab, 'h1', at), client(lab, 'h2', at)]);
    await h1.ok(random('a'));
    await h2.ok(random('b'));
    // The first goes on all the time, with the file open.
    const each = copy('a', 'count=1 skip=$i');
    const writing = h1.ok(
      `exec 5<>/mnt/lun0.img; i=0; while [ $i -lt 64 ]; do ${each} 2>/dev/null 1>&5 || exit 1; i=$((i+1)); usleep 50000; done`,
      150_000,
    );
    await Promise.all([
      writing,
      at.serve
        .logged(/layout-granted/)
        .then(() => h2.ok(copy('b', 'seek=64 of=/mnt/lun0.img'), 150_000)),
    ]);
    expect(layouts(at.serve).slice(0, 4)).toEqual([
      'granted h1',
      'recalled h1',
      'returned h1',
      'granted h2',
    ]);
    await h1.ok(compare('a', 0));
    await h2.ok(compare('b', 4));
  },
);

guestTest(
  'Linux, pNFS: a client that does not hear of a recall is shut out of the disk',
  300,
  async (lab) => {
    const at = await storage(lab);
    const proxy = await SilentProxy.before(at.nfs);
    lab.atEnd(() => proxy.close());
    const [h1, h2] = await Promise.all([
      client(lab, 'h1', { ...at, nfs: proxy.port }),
      client(lab, 'h2', at),
    ]);
    await h1.ok(random('a'));
    await h2.ok(random('b'));
    await h1.ok(
      `( exec 5<>/mnt/lun0.img; ${copy('a', 'count=1 1>&5')}; wait_for 200 "[ -e /tmp/go ]"; ${copy('a', 'count=1 skip=1 1>&5')}; echo $? > /tmp/done ) > /tmp/out 2>&1 & wait_for 10 "grep -q out /tmp/out"`,
    );
    proxy.silent = true;
    await h2.ok(copy('b', 'seek=64 of=/mnt/lun0.img'), 200_000);
    expect(layouts(at.serve).slice(0, 4)).toEqual([
      'granted h1',
      'recalled h1',
      'revoked h1',
      'granted h2',
    ]);
    expect(await calls(h2, 'WRITE')).toBe(0);
    // It knows nothing of that, and writes as before: the disk refuses it, and it turns to the server.
    await h1.ok('touch /tmp/go; wait_for 30 "dmesg | grep -q reservation.conflict"', 60_000);
    expect((await h1.run('ls /tmp/done')).status).not.toBe(0);
    proxy.silent = false;
    expect(await h1.ok('wait_for 100 "[ -e /tmp/done ]" && cat /tmp/done', 120_000)).toBe('0');
    expect(await calls(h1, 'WRITE')).toBeGreaterThan(0);
    await h1.ok(
      'dd if=/tmp/a of=/tmp/a2 bs=64k count=2; head -c 131072 /mnt/lun0.img | cmp - /tmp/a2',
    );
    await h2.ok(compare('b', 4));
  },
);
