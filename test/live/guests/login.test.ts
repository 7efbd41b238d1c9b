/** A Linux host in the fabric: login, a disk, what it says when it leaves. */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';

guestTest('a host logs in, sees its disk, reads and writes it', 200, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '64M'] });
  const host = await lab.host(serve);
  const show = await host.ok('show');
  expect(show).toMatch(/^host0 Online 0x2000525400aa0001 id=0x0100\d\d /m);
  expect(show).toMatch(/^rport-\S+ Online 0x5006016000000001 .*roles=FCP Target$/m);
  expect(show).toMatch(/^sda running sectors=131072 /m);
  await host.ok('stamp write /dev/sda 0 64 && stamp check /dev/sda 0 64');
});
