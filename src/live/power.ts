/** A loss of power of a switch. */
import type { Instant } from '../machine/machine.ts';
import type { LiveFabric } from './links.ts';
import type { LiveServer } from './server.ts';

/**
 * A switch loses power and is back after `downNs`: logins and registrations are gone. The links of
 * the array go down with it; guests are told by Clear Virtual Links when it is back, unless
 * `silent`.
 */
export function restartFcf(
  server: LiveServer,
  { name, node, fcf, targetPorts }: LiveFabric,
  downNs: Instant,
  silent = false,
): void {
  const { driver } = server;
  driver.setPower(node, false);
  for (const port of targetPorts) driver.setLink(node, port, false);
  server.log('warn', 'power', `FCF of ${name} has no power`, { fabric: name });
  driver.after(downNs, () => {
    driver.setPower(node, true);
    driver.act(node, (_machine, now) => {
      fcf.restart(now);
      if (!silent) fcf.clearAllVirtualLinks(now);
    });
    for (const port of targetPorts) driver.setLink(node, port, true);
  });
}
