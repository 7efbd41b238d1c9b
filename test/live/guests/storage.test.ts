/** What Linux does with a disk of the array: a file system, SCSI commands by hand. */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';

guestTest(
  'ext4: made, filled, checked, mounted again, and every file is the same',
  240,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '64M'] });
    const host = await lab.host(serve);
    await host.ok(
      'mkdir -p /tmp/tree /tmp/m && cd /tmp/tree && for i in $(seq 40); do mkdir -p d$((i % 7)); ' +
        'dd if=/dev/urandom of=d$((i % 7))/f$i bs=1k count=$((i * 37 % 150 + 1)) 2>/dev/null; done; ' +
        'find . -type f | sort | xargs sha256sum > /tmp/want',
    );
    await host.ok('ins ext4; mkfs.ext4 -q -F /dev/sda', 90_000);
    await host.ok(
      'mount -t ext4 -o discard /dev/sda /tmp/m && cp -r /tmp/tree/. /tmp/m/ && sync',
      90_000,
    );
    await host.ok('umount /tmp/m && e2fsck -fn /dev/sda', 90_000);
    await host.ok('echo 3 > /proc/sys/vm/drop_caches; mount -t ext4 -o ro /dev/sda /tmp/m');
    await host.ok('cd /tmp/m && sha256sum -c -s /tmp/want');
    expect(await host.ok('find /tmp/m -type f | wc -l')).toBe('40');
  },
);

guestTest(
  'sg3-utils: capacity, provisioning, WRITE SAME, UNMAP, SYNCHRONIZE CACHE',
  240,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '8M'] });
    const host = await lab.host(serve);
    const capacity = await host.ok('sg_readcap --16 /dev/sg0');
    expect(capacity).toMatch(/Last LBA=16383 /);
    expect(capacity).toMatch(/Logical block length=512 bytes/);
    expect(capacity).toMatch(/lbpme=1/);
    expect(await host.ok('sg_vpd --page=lbpv /dev/sg0')).toMatch(
      /Unmap command supported \(LBPU\): 1/,
    );
    expect(Number(await host.ok('cat /sys/block/sda/queue/discard_max_bytes'))).toBeGreaterThan(0);

    await host.ok('stamp write /dev/sda 0 16 >/dev/null');
    // Blocks 8 to 15 of 512 bytes are the second stamped block, 16 to 31 the third and fourth.
    await host.ok('sg_unmap --lba=8 --num=8 --force /dev/sg0');
    await host.ok(
      'head -c 512 /dev/zero | tr "\\000" "\\125" > /tmp/x; ' +
        'sg_write_same --16 --in=/tmp/x --lba=16 --num=16 --xferlen=512 /dev/sg0',
    );
    await host.ok('sg_sync /dev/sg0');
    const nonZero =
      'dd if=/dev/sda bs=512 skip=8 count=8 iflag=direct 2>/dev/null | tr -d "\\000" | wc -c';
    expect(await host.ok(nonZero)).toBe('0');
    const pattern =
      'dd if=/dev/sda bs=512 skip=16 count=16 iflag=direct 2>/dev/null | tr -d "\\125" | wc -c';
    expect(await host.ok(pattern)).toBe('0');
    expect((await host.run('stamp check /dev/sda 0 1')).status).toBe(0);
    expect((await host.run('stamp check /dev/sda 4 12')).status).toBe(0);

    // The same through the block layer: discard and zeroing of whole requests.
    await host.ok('blkdiscard -o 16384 -l 8192 /dev/sda');
    const discarded =
      'dd if=/dev/sda bs=4096 skip=4 count=2 iflag=direct 2>/dev/null | tr -d "\\000" | wc -c';
    expect(await host.ok(discarded)).toBe('0');
    expect((await host.run('stamp check /dev/sda 6 10')).status).toBe(0);
  },
);

guestTest('commands that are refused say why', 200, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '8M'] });
  const host = await lab.host(serve);
  const beyond = await host.run('sg_raw -r 512 /dev/sg0 28 00 00 ff ff ff 00 00 01 00');
  expect(beyond.output).toMatch(/Logical block address out of range/);
  const unknown = await host.run('sg_raw /dev/sg0 d3 00 00 00 00 00');
  expect(unknown.output).toMatch(/Invalid command operation code/);
  const page = await host.run('sg_raw -r 252 /dev/sg0 12 01 cc 00 fc 00');
  expect(page.output).toMatch(/Invalid field in cdb/);
  expect((await host.run('sg_reset -d /dev/sg0')).status).toBe(0);
  await host.ok('sg_turs -n 2 /dev/sg0 || sg_turs /dev/sg0');
});

guestTest(
  'persistent reservations: register, conflict, preempt between two hosts',
  300,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '8M'] });
    const h1 = await lab.host(serve);
    const h2 = await lab.host(serve, { name: 'h2', mac: '52:54:00:cc:00:01' });
    const pr = 'sg_persist -n /dev/sg0';
    await h1.run('sg_turs /dev/sg0');
    await h2.run('sg_turs /dev/sg0');
    await h1.ok(`${pr} --out --register --param-sark=0xa1`);
    await h2.ok(`${pr} --out --register --param-sark=0xb2`);
    const keys = await h1.ok(`${pr} --in --read-keys`);
    expect(keys).toMatch(/0xa1\n.*0xb2|0xb2\n.*0xa1/);
    // Write exclusive, registrants only: both write; exclusive access of one kind: the holder alone.
    await h1.ok(`${pr} --out --reserve --param-rk=0xa1 --prout-type=1`);
    expect(await h2.ok(`${pr} --in --read-reservation`)).toMatch(/Key=0xa1.*Write Exclusive/s);
    await h1.ok('stamp write /dev/sda 0 4');
    const refused = await h2.run('stamp write /dev/sda 4 1');
    expect(refused.status).not.toBe(0);
    const again = await h2.run(`${pr} --out --reserve --param-rk=0xb2 --prout-type=1`);
    expect(again.output).toMatch(/[Rr]eservation conflict/);
    await h2.ok(`${pr} --out --preempt --param-rk=0xb2 --param-sark=0xa1 --prout-type=1`);
    // The loser is told by a unit attention (SPC-4: 2Ah/05h), once.
    const told = await h1.run('sg_turs -v /dev/sg0');
    expect(told.output).toMatch(/[Rr]egistrations preempted/);
    expect(await h1.ok(`${pr} --in --read-reservation`)).toMatch(/Key=0xb2/);
    await h2.ok('stamp write /dev/sda 4 4');
    // Without a registration its writes are refused.
    expect((await h1.run('stamp write /dev/sda 8 1')).status).not.toBe(0);
    expect((await h1.run(`${pr} --out --release --param-rk=0xa1 --prout-type=1`)).status).not.toBe(
      0,
    );
    await h2.ok(`${pr} --out --clear --param-rk=0xb2`);
    await h1.ok('stamp write /dev/sda 8 4');
    await h1.ok('stamp check /dev/sda 0 12');
  },
);
