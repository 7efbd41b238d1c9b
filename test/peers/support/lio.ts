/** LIO, Linux's own iSCSI target, in a guest with Debian's kernel: set up by configfs, reached through QEMU's own network. */
import { spawnSync } from 'node:child_process';
import { freePort } from '../../live/support/free-port.ts';
import type { GuestOptions } from '../../live/support/guest.ts';

/** What the target is called that lets everybody in, and the one that asks for a secret. */
export const LIO_NAME = 'iqn.2026-01.com.example:lio';
export const LIO_GUARDED = 'iqn.2026-01.com.example:lio-chap';
/** Their unit is LUN 0. */
export const LIO_UNIT_MIB = 16;

const BUILD_LIMIT_MS = 15 * 60_000;

/** Why there can be no guest here, after the image was built where that is possible; `undefined` when there can. */
export function withoutGuests(): string | undefined {
  const { status, stderr, error } = spawnSync('lab/build-image.sh', [], {
    encoding: 'utf8',
    timeout: BUILD_LIMIT_MS,
  });
  if (status === 0) return undefined;
  const reason = (error?.message ?? stderr).trim().split('\n').at(-1) || 'no reason given';
  process.stderr.write(`\nTests are skipped: ${reason}\n\n`);
  return reason;
}

/** A guest for LIO, and the TCP port of loopback that leads to it. */
export async function lioGuest(
  name = 'lio',
): Promise<{ readonly port: number; readonly options: GuestOptions }> {
  const port = await freePort();
  const netdev = `user,hostfwd=tcp:127.0.0.1:${port}-:3260`;
  return { port, options: { name, cables: [{ netdev }], role: 'none', mtu: 1500 } };
}

/** The shell's commands that make both targets there. */
export const LIO_SETUP = [
  'ip_up',
  `lio_disk disk0 ${LIO_UNIT_MIB} && lio_up ${LIO_NAME} disk0`,
  `lio_disk disk1 ${LIO_UNIT_MIB} && lio_up ${LIO_GUARDED} disk1 guest 'secret of the guest' array 'secret of array'`,
];
