/** Linux's own initiator, iPXE's and libiscsi's tests against our target, through QEMU's own network. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from '../support/free-port.ts';
import type { Guest } from '../support/guest.ts';
import { HoldingProxy } from '../support/holding-proxy.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import type { Serve } from '../support/serve.ts';
import { delay, endOf } from '../support/wait.ts';

const TARGET = 'iqn.2026-01.com.example:sanmotion';
/** The host, as a guest behind QEMU's own network reaches it. */
const HOST = '10.0.2.2';

interface Portal {
  readonly serve: Serve;
  readonly port: number;
}

async function portal(lab: Lab, ...more: readonly string[]): Promise<Portal> {
  const port = await freePort();
  const address = ['--advertise', `${HOST}:${port}`];
  const serve = await lab.serve({
    listen: [`iscsi:127.0.0.1:${port}`],
    arguments: [...address, ...more],
  });
  return { serve, port };
}

/** A guest with the tools of an initiator and a network. */
async function initiator(lab: Lab): Promise<Guest> {
  const guest = await lab.boot({
    name: 'h1',
    cables: [{ netdev: 'user' }],
    role: 'none',
    mtu: 1500,
    hasTools: true,
  });
  await guest.ok('tools && ip_up && ins iscsi');
  return guest;
}

/** Logs in without a daemon. */
const start = (port: number): string =>
  `with iscsistart -i iqn.2026-01.com.example:h1 -t ${TARGET} -g 1 -a ${HOST} -p ${port}`;

/** What `iscsid` needs, and it. */
const daemon = (name: string): string =>
  'mkdir -p /run/lock/iscsi /etc/iscsi; ' +
  `echo InitiatorName=${name} > /etc/iscsi/initiatorname.iscsi; ` +
  'echo node.startup=manual > /etc/iscsi/iscsid.conf; with iscsid && sleep 1';

const set = (name: string, value: string): string =>
  `with iscsiadm -m node -T ${TARGET} -o update -n '${name}' -v '${value}'`;

guestTest(
  'Linux, iscsistart: ext4, verified random writes, a reset of the unit',
  240,
  async (lab) => {
    const { serve, port } = await portal(lab, '--lun', '64M');
    const guest = await initiator(lab);
    await guest.ok(`${start(port)} && wait_disks 20`);
    await guest.ok('ins ext4; mkfs.ext4 -q -F /dev/sda && mount -t ext4 /dev/sda /mnt', 90_000);
    await guest.ok('dd if=/dev/urandom of=/tmp/a bs=1M count=8; cp /tmp/a /mnt/a && umount /mnt');
    await guest.ok('e2fsck -fn /dev/sda && mount -t ext4 -o ro /dev/sda /mnt && cmp /tmp/a /mnt/a');
    await guest.ok('umount /mnt');
    const fio =
      'fio --name=v --filename=/dev/sda --direct=1 --rw=randwrite --bsrange=4k-256k --size=32M ' +
      '--iodepth=8 --ioengine=libaio --verify=crc32c --do_verify=1 --thread';
    expect(await guest.ok(`with ${fio}`, 120_000)).toMatch(/err= 0/);
    await guest.ok('sg_reset -d /dev/sg0');
    await serve.logged(/logical-unit-reset of iqn\.2026-01\.com\.example:h1,i,0x\w{12}: complete/);
    expect((await guest.run('sg_turs /dev/sg0')).output).toMatch(/reset function occurred/);
    await guest.ok('sg_turs /dev/sg0');
    await guest.ok('stamp write /dev/sda 0 50 > /dev/null && stamp check /dev/sda 0 50');
  },
);

guestTest(
  'Linux, iscsid: a wrong secret stays outside, the right one comes in, digests on, log out',
  240,
  async (lab) => {
    const secrets = join(lab.dir, 'secrets');
    writeFileSync(secrets, 'topsecret12345\nmutualsecret99\n');
    const { serve, port } = await portal(lab, '--lun', '16M', '--chap', `bob:${secrets}`);
    const guest = await initiator(lab);
    await guest.ok(daemon('iqn.2026-01.com.example:h1'));
    const found = await guest.ok(`with iscsiadm -m discovery -t st -p ${HOST}:${port} || true`);
    // Discovery too wants to know who asks, and open-iscsi has other keys for that.
    expect(found).toMatch(/authoriz|authentic/i);
    const auth = 'discovery.sendtargets.auth';
    await guest.ok(
      `printf '${auth}.authmethod = CHAP\\n${auth}.username = bob\\n${auth}.password = topsecret12345\\n' >> /etc/iscsi/iscsid.conf`,
    );
    expect(await guest.ok(`with iscsiadm -m discovery -t st -p ${HOST}:${port}`)).toContain(
      `${HOST}:${port},1 ${TARGET}`,
    );
    const session = 'node.session.auth';
    await guest.ok(
      [
        set(`${session}.authmethod`, 'CHAP'),
        set(`${session}.username`, 'bob'),
        set(`${session}.password`, 'notthesecret12'),
        set('node.conn[0].iscsi.HeaderDigest', 'CRC32C'),
        set('node.conn[0].iscsi.DataDigest', 'CRC32C'),
        set('node.session.initial_login_retry_max', '1'),
      ].join(' && '),
    );
    const login = `with iscsiadm -m node -T ${TARGET} -l`;
    expect((await guest.run(login)).status).not.toBe(0);
    await serve.logged(/authentication failure/);
    await guest.ok(
      [
        set(`${session}.password`, 'topsecret12345'),
        set(`${session}.username_in`, TARGET),
        set(`${session}.password_in`, 'mutualsecret99'),
      ].join(' && '),
    );
    await guest.ok(`${login} && wait_disks 20`);
    const about = await guest.ok('with iscsiadm -m session -P2');
    expect(about).toMatch(/HeaderDigest: CRC32C/);
    expect(about).toMatch(/DataDigest: CRC32C/);
    await guest.ok('stamp write /dev/sda 0 100 > /dev/null && stamp check /dev/sda 0 100');
    await guest.ok(`with iscsiadm -m node -T ${TARGET} -u && [ "$(disks | wc -l)" = 0 ]`);
    await serve.logged(/iSCSI session of iqn\.2026-01\.com\.example:h1\S* .*ended/);
  },
);

guestTest(
  'Linux, TCP cut with a write held back: delivered later, it overwrites nothing',
  240,
  async (lab) => {
    const { port } = await portal(lab, '--lun', '16M');
    const proxy = await HoldingProxy.before(port);
    lab.atEnd(() => proxy.close());
    const guest = await initiator(lab);
    await guest.ok(daemon('iqn.2026-01.com.example:h1'));
    const node = `with iscsiadm -m node -T ${TARGET} -p ${HOST}:${proxy.port},1`;
    await guest.ok(`${node} -o new && ${node} -l && wait_disks 20`);
    const before = proxy.connections;
    const held = proxy.hold();
    const writing = guest.run('stamp write /dev/sda 0 300 -g 1 > /dev/null', 60_000);
    await held;
    expect((await writing).status).toBe(0);
    await guest.ok('stamp write /dev/sda 0 300 -g 2 > /dev/null');
    proxy.deliver();
    await delay(1000);
    await guest.ok('echo 3 > /proc/sys/vm/drop_caches; stamp check /dev/sda 0 300 -g 2');
    expect(proxy.connections).toBe(before + 1);
  },
);

guestTest(
  'Linux on the wire of a fabric: its own TCP logs in at the address of the array there, beside its FCoE',
  240,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '16M', '--listen', 'lan:192.0.2.1'] });
    const guest = await lab.boot({
      name: 'h1',
      cables: [{ connect: serve.socketPath }],
      hasTools: true,
    });
    await guest.online();
    await guest.ok('tools && ins iscsi && ip addr add 192.0.2.9/24 dev eth0');
    await guest.ok(
      `with iscsistart -i iqn.2026-01.com.example:h1 -t ${TARGET} -g 1 -a 192.0.2.1 -p 3260 && wait_disks 20 2`,
    );
    // Two disks, one unit: the one writes, the other reads.
    await guest.ok('stamp write /dev/sdb 0 100 > /dev/null && stamp check /dev/sda 0 100');
    await serve.logged(/iSCSI session of iqn\.2026-01\.com\.example:h1\S* .*began/);
    const fio =
      'fio --name=v --filename=/dev/sdb --direct=1 --rw=randwrite --bsrange=4k-256k --size=8M ' +
      '--iodepth=8 --ioengine=libaio --verify=crc32c --do_verify=1 --thread';
    expect(await guest.ok(`with ${fio}`, 120_000)).toMatch(/err= 0/);
  },
);

guestTest("libiscsi's tests of SCSI, through Linux and FCoE", 500, async (lab) => {
  // A tap of it would have 2 GB.
  const serve = await lab.serve({ arguments: ['--lun', '64M'] }, false);
  const guest = await lab.host(serve, { hasTools: true });
  await guest.ok('tools');
  const test = 'iscsi-test-cu -d -n -t LINUX /dev/sg0 > /tmp/out 2>&1';
  await guest.run(`cd /tmp; with ${test}`, 400_000);
  const failed = await guest.ok("sed -n 's/^Suite \\(.*\\) had failures:/\\1/p' /tmp/out");
  // Its own way to the disk takes CONDITION MET for an error, and the allocation length for the length.
  expect(failed.split('\n')).toEqual([
    'Inquiry, Test AllocLength',
    'Inquiry, Test BlockLimits',
    ...['Prefetch10', 'Prefetch16'].flatMap((suite) =>
      ['Simple', 'ZeroBlocks', 'Flags'].map((name) => `${suite}, Test ${name}`),
    ),
  ]);
  // Each with its reason in docs/iscsi.md.
  const skipped = await guest.ok("grep -o '\\[SKIPPED\\].*' /tmp/out | sort -u");
  expect(skipped.split('\n').map((line) => line.replace('[SKIPPED] ', ''))).toEqual([
    'LBPPB < 2. Skipping test',
    'Logical unit is not write-protected. Skipping test.',
    'Multipath unavailable. Skipping test',
    'ORWRITE is not implemented.',
    'READDEFECTDATA10 is not implemented.',
    'READDEFECTDATA12 is not implemented.',
    'WRITEATOMIC16 is not implemented.',
    'WRITESAME10 does not support 0-blocks.',
    'WRITESAME16 does not support 0-blocks.',
  ]);
  expect(await guest.ok('grep "  tests" /tmp/out')).toMatch(/tests\s+155\s+155\s+147\s+8\s+0/);
});

/** Writes its own sector to block 1 by INT 13h, says a word on the serial port, and ends QEMU. */
const BOOT_SECTOR = Uint8Array.from([
  ...[0x31, 0xc0, 0x8e, 0xd8], // xor ax, ax; mov ds, ax
  ...[0xbe, 0x40, 0x7c], // mov si, 7c40h: the disk address packet
  ...[0xb8, 0x00, 0x43, 0xcd, 0x13], // mov ax, 4300h; int 13h: extended write
  ...[0x72, 0x0f], // jc: says nothing
  ...[0xbe, 0x60, 0x7c, 0xba, 0xf8, 0x03, 0xfc], // mov si, 7c60h; mov dx, 3f8h; cld
  ...[0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8], // lodsb; test al, al; jz; out dx, al; jmp
  ...[0xb0, 0x10, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd], // mov al, 10h; out f4h, al; hlt; jmp
]);

function bootDisk(): Uint8Array {
  // iPXE's BIOS reads by cylinders, of which a disk of less than 8 MiB has none.
  const disk = new Uint8Array(16 << 20);
  disk.set(BOOT_SECTOR);
  // 1 block from 0:7c00h to block 1.
  disk.set([0x10, 0, 1, 0, 0x00, 0x7c, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], 0x40);
  disk.set(new TextEncoder().encode('booted from sanmotion\r\n\0'), 0x60);
  disk.set([0x55, 0xaa], 510);
  return disk;
}

guestTest("iPXE in QEMU's network card boots from the unit, and writes to it", 120, async (lab) => {
  const disk = join(lab.dir, 'boot.img');
  writeFileSync(disk, bootDisk());
  const { serve, port } = await portal(lab, '--lun', disk);
  writeFileSync(
    join(lab.dir, 'boot.ipxe'),
    `#!ipxe\nset initiator-iqn iqn.2026-01.com.example:ipxe\nsanboot iscsi:${HOST}::${port}:0:${TARGET}\n`,
  );
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...['-M', 'pc', '-accel', 'tcg', '-m', '64', '-display', 'none', '-nodefaults', '-no-reboot'],
      ...['-netdev', `user,id=n0,tftp=${lab.dir},bootfile=boot.ipxe`],
      ...['-device', 'virtio-net-pci,netdev=n0', '-boot', 'n', '-serial', 'stdio'],
      ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=1'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  lab.atEnd(async () => {
    await endOf(child, 'SIGTERM', 10_000);
  });
  let said = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    said += text;
  });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  // What went to port f4h, as this device makes an exit status of it.
  expect(status).toBe(0x10 * 2 + 1);
  expect(said).toContain('booted from sanmotion');
  await serve.logged(/iSCSI session of iqn\.2026-01\.com\.example:ipxe\S* .*began/);
  await serve.stop();
  expect(readFileSync(disk).subarray(512, 1024)).toEqual(Buffer.from(bootDisk().subarray(0, 512)));
});
