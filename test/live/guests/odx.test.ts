/**
 * Copies by tokens as Debian's ddpt and ddptctl ask for them, and what sg3-utils make of the same array: the third-party copy
 * page, a copy by EXTENDED COPY, access states, reservations, checked writes.
 *
 * ddpt 0.97 writes range descriptors one byte too early; `lab/guest/ddpt-ranges.c` puts that right, and nothing else.
 */
import { expect } from 'vitest';
import type { Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';

const [A, B] = ['/dev/sg0', '/dev/sg1'];

const DDPTCTL = 'with env LD_PRELOAD=/tools/lib/ddpt-ranges.so ddptctl -v';
const DDPT = 'with env LD_PRELOAD=/tools/lib/ddpt-ranges.so timeout 30 ddpt bs=512 --odx';

/** A guest with both units and the tools. The first MiB of the first unit holds what `/tmp/a` does. */
async function hostOf(lab: Lab): Promise<Guest> {
  const serve = await lab.serve({ arguments: ['--lun', '16M', '--lun', '8M'] });
  const host = await lab.host(serve, { hasTools: true }, 2);
  await host.ok('tools && dd if=/dev/urandom of=/tmp/a bs=64k count=16');
  await host.ok('dd if=/tmp/a of=/dev/sda oflag=direct bs=64k');
  return host;
}

/** Whether so many blocks of a disk are those of `/tmp/a` from `from` on. */
const holds = (disk: string, lba: number, blocks: number, from: number): string =>
  `dd if=/tmp/a bs=512 skip=${from} count=${blocks} of=/tmp/wanted && ` +
  `dd if=/dev/${disk} bs=512 skip=${lba} count=${blocks} iflag=direct | cmp - /tmp/wanted`;
const zeros = (disk: string, lba: number, blocks: number): string =>
  `head -c ${blocks * 512} /dev/zero > /tmp/wanted && ` +
  `dd if=/dev/${disk} bs=512 skip=${lba} count=${blocks} iflag=direct | cmp - /tmp/wanted`;

guestTest('ddpt: copies by tokens, and tokens that are refused', 240, async (lab) => {
  const host = await hostOf(lab);
  const refused = async (command: string): Promise<string> => {
    const { output, status } = await host.run(command);
    expect(status, output).not.toBe(0);
    return output;
  };

  // Two readers of page 8Fh.
  for (const words of [`with sg_vpd -p tpc ${A}`, `with ddptctl -i ${A}`]) {
    const page = (await host.ok(words)).toLowerCase();
    expect(page).toMatch(/maximum range descriptors: 64\b/);
    expect(page).toMatch(/maximum token transfer size: 16384\b/);
    expect(page).toMatch(/populate token\s+write using token/);
    expect(page).toMatch(/maximum segment descriptor count: 8\b/);
    expect(page).toMatch(/block -> block \[0x2\]\s+cscd: identification descriptor \[0xe4\]/);
    expect(page).toMatch(/default \[0x800000\]\s+internal: no\s+token in: yes\s+token out: yes/);
    expect(page).toMatch(/block device zero \[0xffff0001\]\s+internal: no\s+token in: yes/);
    expect(page).toMatch(/maximum segment length: 33553920\s+data segment granularity: 512\b/);
  }

  // A point in time: what is written behind POPULATE TOKEN does not come along.
  expect(await host.ok(`${DDPTCTL} --pt=8,64 --rtf=/tmp/t1 ${A}`)).toMatch(
    /Operation completed without errors[\s\S]*PT completes with a transfer count of 64 /,
  );
  await host.ok('dd if=/dev/zero of=/dev/sda oflag=direct bs=512 seek=8 count=64');
  for (const [unit, disk] of [
    [B, 'sdb'],
    [A, 'sda'],
  ]) {
    expect(await host.ok(`${DDPTCTL} --wut=5000,64 --rtf=/tmp/t1 ${unit}`)).toMatch(
      /WUT completes with a transfer count of 64 /,
    );
    await host.ok(holds(disk!, 5000, 64, 8));
  }
  await host.ok(zeros('sda', 8, 64));

  // What a token says of itself, and what was told of it twice more.
  const told = await host.ok('with ddptctl --info --rtf=/tmp/t1 -v');
  expect(told).toMatch(/point in time copy - default \[0x800000\]/);
  expect(told).toMatch(/designator type: NAA[\s\S]*Number of bytes represented: 32768 /);
  expect(told).toMatch(/block size: 512[\s\S]*lbpme=1, lbprz=1/);
  expect(told).toMatch(/Target device that contains addressed lu:[\s\S]*0x5006016000000001/);
  await host.ok(`${DDPTCTL} --pt=100,8 --rtf=/tmp/t2 --list_id=9 ${A}`);
  for (const how of ['--poll', '--receive'])
    await host.ok(`with ddptctl ${how} --list_id=9 --rtf=/tmp/t3 ${A} && cmp /tmp/t2 /tmp/t3`);
  expect(await host.ok(`with ddptctl --receive -q --list_id=9 --rtf=/tmp/t4 ${A}`)).toMatch(
    /RCS for Populate token: Operation completed without errors\s+transfer count of 8 /,
  );
  expect(await refused(`${DDPTCTL} --receive --list_id=0x77 ${A}`)).toMatch(
    /Invalid field in cdb[\s\S]*byte 2\b/,
  );
  await host.ok(`${DDPTCTL} --immed --pt=100,8 --rtf=/tmp/t3 --list_id=10 ${A}`);
  await host.ok(`with ddptctl --poll --list_id=10 --rtf=/tmp/t3 ${A}`);

  // Ranges are put together in their order; a token that was deleted with its last write is gone.
  await host.ok(`${DDPTCTL} --pt=200,8,400,16 --rtf=/tmp/t5 ${A}`);
  await host.ok(`${DDPTCTL} --oir=4 --wut=0,2 --rtf=/tmp/t5 ${B} && ${holds('sdb', 0, 2, 204)}`);
  expect(await refused(`${DDPTCTL} --oir=24 --wut=0,1 --rtf=/tmp/t5 ${B}`)).toMatch(
    /Invalid field in parameter list[\s\S]*byte 8\b/,
  );
  await host.ok(`${DDPTCTL} -D --wut=20,12,60,12 --rtf=/tmp/t5 ${B}`);
  await host.ok(
    `${holds('sdb', 20, 8, 200)} && ${holds('sdb', 28, 4, 400)} && ${holds('sdb', 60, 12, 404)}`,
  );
  expect(await refused(`${DDPTCTL} --wut=0,24 --rtf=/tmp/t5 ${B}`)).toMatch(/token unknown/);

  // One of another identifier, and one of which a byte is another.
  const changed = (at: number) =>
    `cp /tmp/t1 /tmp/t6; printf '\\377' | dd of=/tmp/t6 bs=1 seek=${at} conv=notrunc; ` +
    `${DDPTCTL} --wut=0,1 --rtf=/tmp/t6 ${B}`;
  expect(await refused(changed(9))).toMatch(/token unknown/);
  expect(await refused(changed(511))).toMatch(/token corrupt/);
  expect(await refused(changed(0))).toMatch(/token corrupt/);
  expect(await refused(`${DDPTCTL} --rtype=pit-pers --pt=8,8 --rtf=/tmp/t6 ${A}`)).toMatch(
    /Invalid field in parameter list[\s\S]*byte 8\b/,
  );
  expect(await refused(`${DDPTCTL} --pt=32760,20 --rtf=/tmp/t6 ${A}`)).toMatch(
    /Logical block address out of range/,
  );
  await host.ok(`${DDPTCTL} --rtype=pit-any --pt=8,8 --rtf=/tmp/t6 ${A}`);

  // The token of zeros is made by nobody.
  await host.ok(`${DDPTCTL} --rtype=zero --wut=5000,60 --rtf=/tmp/t1 ${A}`);
  await host.ok(`${zeros('sda', 5000, 60)} && ${holds('sda', 5060, 4, 68)}`);

  // Whole copies: between units, within one, in parts of 128 blocks, by a file of tokens, of zeros.
  await host.ok(`${DDPT} if=${A} of=${B} skip=100,1000 seek=7000,1000`);
  await host.ok(holds('sdb', 7000, 1000, 100));
  await host.ok(`${DDPT} if=${A} of=${A} skip=100,300 seek=20000,300 bpt=128`);
  await host.ok(holds('sda', 20_000, 300, 100));
  await host.ok(`${DDPT} if=${A} rtf=/tmp/r skip=300,300 bpt=128`);
  await host.ok(`[ $(wc -c < /tmp/r) = 1536 ] && ${DDPT} of=${B} rtf=/tmp/r seek=9000,300`);
  await host.ok(holds('sdb', 9000, 300, 300));
  await host.ok(`${DDPT} if=/dev/null of=${B} rtype=zero seek=9100,100`);
  await host.ok(`${zeros('sdb', 9100, 100)} && ${holds('sdb', 9200, 100, 500)}`);

  // As ddpt 0.97 is: 64 blocks from 8 on are 16,384 from 2,048 on to who reads what the standard says.
  expect(await host.ok(`with ddptctl --pt=8,64 --rtf=/tmp/t7 ${A}`)).toMatch(
    /PT completes with a transfer count of 16384 /,
  );
});

guestTest('sg3-utils: copies, access states, reservations, checked writes', 240, async (lab) => {
  const host = await hostOf(lab);

  expect(await host.ok(`with sg_copy_results -p ${A}`)).toMatch(
    /segment descriptor count: 8[\s\S]*0x02: Copy from block device[\s\S]*0xe4: Identification/,
  );
  await host.ok(`with sg_xcopy if=${A} of=${B} bs=512 count=100 skip=8 seek=4000`);
  await host.ok(holds('sdb', 4000, 100, 8));

  // SET TARGET PORT GROUPS as sg_stpg sends it; sg_rtpg reads what has become of it.
  const state = (how: string) => `with sg_stpg --${how} ${A} && sg_rtpg -d ${A}`;
  expect(await host.ok(state('active'))).toMatch(/access state : 0x01 /);
  // Who asked for it is not told of it.
  await host.ok(`sg_turs ${A}`);
  expect(await host.ok(state('optimized'))).toMatch(/access state : 0x00 /);

  // PERSISTENT RESERVE with a TransportID and full status.
  const pr = `sg_persist -n ${A}`;
  await host.ok(`${pr} --out --register --param-sark=0xabc`);
  await host.ok(`${pr} --out --reserve --param-rk=0xabc --prout-type=5`);
  const status = await host.ok(`${pr} --in --read-full-status`);
  expect(status).toMatch(/Key=0xabc[\s\S]*Write Exclusive, registrants only/);
  expect(status.replace(/\s/g, '')).toContain('20005254');
  expect(await host.ok(`${pr} --in --report-capabilities`)).toMatch(
    /SIP_C\): 1[\s\S]*PTPL_C\): 1[\s\S]*Exclusive Access, all registrants: 1/,
  );
  await host.ok(`${pr} --out --release --param-rk=0xabc --prout-type=5`);
  await host.ok(`${pr} --out --register --param-rk=0xabc --param-sark=0`);

  // VERIFY, WRITE AND VERIFY and COMPARE AND WRITE of their own programs.
  await host.ok(`with sg_verify --16 --lba=0 --count=100 ${A}`);
  await host.ok('dd if=/tmp/a bs=512 skip=3 count=1 of=/tmp/one');
  await host.ok(`with sg_write_verify --16 --lba=2000 --num=1 --in=/tmp/one ${A}`);
  await host.ok(holds('sda', 2000, 1, 3));
  await host.ok('dd if=/dev/zero bs=512 count=1 >> /tmp/one');
  const compare = `with sg_compare_and_write --in=/tmp/one --lba=2000 --num=1 ${A}`;
  await host.ok(`${compare} && ${zeros('sda', 2000, 1)}`);
  expect((await host.run(compare)).status).toBe(14); // MISCOMPARE; sg3_utils(8), exit status

  expect(await host.ok(`sg_get_lba_status -l 20000 ${A}`)).toMatch(/deallocated/);
});
