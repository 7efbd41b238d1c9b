/** Before the tests with guests: installs from Debian what they need and builds the guests' image. */
import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

const BUILD_LIMIT_MS = 15 * 60_000;

/** Why there can be no guests here; `undefined` when their image is there. Said on standard error too. */
export function withoutGuests(): string | undefined {
  const { status, stderr, error } = spawnSync('lab/build-image.sh', [], {
    encoding: 'utf8',
    timeout: BUILD_LIMIT_MS,
  });
  if (status === 0) return undefined;
  const reason = (error?.message ?? stderr).trim().split('\n').at(-1) || 'no reason given';
  process.stderr.write(`\nTests with guests are skipped: ${reason}\n\n`);
  return reason;
}

export default function setup(project: TestProject): void {
  project.provide('guestsMissing', withoutGuests());
}
