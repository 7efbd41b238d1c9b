/** A Linux host in the fabric: login, and frames of each size and shape. */
import { expect } from 'vitest';
import { FIPVLAN } from '../support/guest.ts';
import { guestTest } from '../support/lab.ts';
import { frameLengths } from '../support/tap.ts';

/** Reads and writes whole: stamped blocks, then requests of 256 KiB in both directions. */
const USE_DISK =
  'stamp write /dev/sda 0 64 >/dev/null && stamp check /dev/sda 0 64 && ' +
  'load write /dev/sda 0.5 -b 262144 -d 4 && load read /dev/sda 0.5 -b 262144 -d 4';

guestTest('a host logs in, sees its disk, writes and reads it', 200, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '64M'] });
  const host = await lab.host(serve);
  const show = await host.ok('show');
  expect(show).toMatch(/^host0 Online 0x2000525400aa0001 id=0x01\w{4} /m);
  expect(show).toMatch(/^rport-\S+ Online 0x5006016000000001 .*roles=FCP Target$/m);
  expect(show).toMatch(/^sda running sectors=131072 /m);
  await host.ok(USE_DISK);
});

guestTest(
  'frames of MTU 1500: payloads of 1024 bytes, and nothing longer arrives',
  200,
  async (lab) => {
    const serve = await lab.serve();
    const host = await lab.host(serve, { mtu: 1500 });
    await host.ok(USE_DISK);
    await host.stop();
    await serve.stop();
    // Ethernet and FCoE header, FC header, 1452 bytes, CRC, EOF: what its FLOGI and PLOGI said.
    expect(Math.max(...(await frameLengths(serve.tapPath!, 'A.1')))).toBeLessThanOrEqual(1514);
  },
);

guestTest('frames of MTU 2500 fill the FC frame', 200, async (lab) => {
  const serve = await lab.serve();
  const host = await lab.host(serve, { mtu: 2500 });
  await host.ok(USE_DISK);
  await host.stop();
  await serve.stop();
  // 2048-byte payloads are what Linux asks for and sends; 2112 is the longest FC has.
  const longest = Math.max(...(await frameLengths(serve.tapPath!, 'A.1')));
  expect(longest).toBeGreaterThanOrEqual(2108);
  expect(longest).toBeLessThanOrEqual(2172);
});

guestTest('a NIC that pads short frames', 200, async (lab) => {
  const serve = await lab.serve();
  const host = await lab.host(serve, { nic: 'e1000' });
  await host.ok(USE_DISK);
});

guestTest('FCoE on a VLAN that FIP VLAN discovery found', 240, async (lab) => {
  const serve = await lab.serve({ arguments: ['--vlan', '1002'] });
  const host = await lab.host(serve, { vlan: 1002 });
  await host.ok(USE_DISK);
  expect(await host.ok(FIPVLAN)).toMatch(/\b1002\b/);
});
