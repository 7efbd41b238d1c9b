/** A running guest goes from one QEMU to another. */
import { existsSync } from 'node:fs';
import type { Guest } from './guest.ts';
import { until } from './wait.ts';

const READY_LIMIT_MS = 20_000;
const LIMIT_MS = 60_000;

/**
 * Sends a running guest to the QEMU that waits at a Unix socket (`Guest.incoming`); done when QEMU has it there. How long
 * it stood still, in ms by QEMU's account. Errors: `Error` when the migration fails.
 */
export async function migrate(guest: Guest, path: string): Promise<number> {
  await until(() => existsSync(path), READY_LIMIT_MS, 'QEMU waits for the guest');
  await guest.monitor(`migrate -d unix:${path}`);
  const about = await until(
    async () => {
      const said = await guest.monitor('info migrate');
      if (/status: failed/.test(said)) throw new Error(said);
      return /status: completed/.test(said) ? said : undefined;
    },
    LIMIT_MS,
    'the migration',
  );
  return Number(/downtime: (\d+) ms/.exec(about)![1]);
}
