/** What sg3-utils say of a logical unit: they read the answers by the standards, not by our codecs. */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';

guestTest('sg3-utils: every page, report and refusal', 240, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '16M', '--lun', '8M'] });
  const host = await lab.host(serve, {}, 2);
  const lu = '/dev/sg0';

  expect(await host.ok(`sg_inq ${lu}`)).toMatch(
    /version=0x06 {2}\[SPC-4\][\s\S]*TPGS=3[\s\S]*CmdQue=1/,
  );
  const pages = await host.ok(`sg_vpd -a ${lu}`);
  expect(pages).toMatch(/Fibre Channel Protocol for SCSI[\s\S]*0x5006016000000001/);
  expect(pages).toMatch(/Relative target port: 0x1[\s\S]*Target port group: 0x1/);
  expect(pages).toMatch(/Maximum compare and write length: 128 blocks/);
  expect(pages).toMatch(/Maximum unmap block descriptor count: 256/);
  expect(pages).toMatch(/Maximum write same length: 0x10000 blocks/);
  expect(pages).toMatch(/Non-rotating medium/);
  expect(pages).toMatch(/\(LBPWS\): 1[\s\S]*\(LBPWS10\): 1[\s\S]*thin provisioned/);
  expect(await host.ok(`sg_readcap --16 ${lu}`)).toMatch(/lbpme=1, lbprz=1/);

  const extended = await host.ok(`sg_rtpg -d -e ${lu}`);
  expect(extended).toMatch(/Implicit transition time: 60/);
  expect(extended).toMatch(/access state : 0x00 \(active\/optimized\)/);
  expect(extended).toMatch(
    /T_SUP : 1, O_SUP : 1, LBD_SUP : 0, U_SUP : 1, S_SUP : 1, AN_SUP : 1, AO_SUP : 1/,
  );
  const luns = await host.ok(`sg_luns ${lu}`);
  expect(luns).toMatch(/imples 2 lun entries[\s\S]*0000000000000000[\s\S]*0001000000000000/);
  expect(await host.ok(`sg_modes -p 8 ${lu}`)).toMatch(/DpoFua=1[\s\S]*08 12 04/);
  expect((await host.run(`sg_modes -v -p 8 -c 3 ${lu}`)).output).toMatch(
    /Saving parameters not supported/,
  );
  const commands = await host.ok(`sg_opcodes ${lu}`);
  for (const name of [
    'Compare and write',
    'Unmap',
    'Write same\\(16\\)',
    'Set target port groups',
  ]) {
    expect(commands).toMatch(new RegExp(name));
  }
  expect(await host.ok(`sg_opcodes -t ${lu}`)).toMatch(/Logical unit reset[\s\S]*Query task set/);

  // COMPARE AND WRITE of one block at LBA 100: zeros are there, then they are not.
  await host.ok(
    'head -c 512 /dev/zero > /tmp/z; head -c 512 /dev/zero | tr "\\000" A > /tmp/a; cat /tmp/z /tmp/a > /tmp/za',
  );
  const compare = `sg_raw -s 1024 -i /tmp/za ${lu} 89 00 00 00 00 00 00 00 00 64 00 00 00 01 00 00`;
  await host.ok(compare);
  expect((await host.run(compare)).output).toMatch(/Miscompare during verify operation/);
  expect(
    await host.ok('dd if=/dev/sda bs=512 skip=100 count=1 iflag=direct | cmp - /tmp/a'),
  ).toBeDefined();
  expect(await host.ok(`sg_get_lba_status -l 0 ${lu}`)).toMatch(/blocks: +100 {2}deallocated/);
  await host.ok(`sg_raw ${lu} 93 09 00 00 00 00 00 00 00 64 00 00 00 01 00 00`);
  expect(await host.ok(`sg_get_lba_status -l 0 ${lu}`)).toMatch(/blocks: +32768 {2}deallocated/);
  expect((await host.run(`sg_unmap --lba=32760 --num=20 --force ${lu}`)).output).toMatch(
    /LBA out of range/,
  );

  // A logical unit reset is told at this logical unit, once; the other one has nothing to tell.
  await host.ok(`sg_reset -d ${lu}`);
  expect((await host.run(`sg_turs -v ${lu}`)).output).toMatch(/Bus device reset function occurred/);
  await host.ok(`sg_turs ${lu}; sg_turs /dev/sg1`);
});
