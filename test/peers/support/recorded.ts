/** Recording what passes on a TCP port of loopback. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOf, until } from '../../live/support/wait.ts';

const LIMIT_MS = 60_000;
/** Packets of the last moment are on their way to tcpdump. */
const SETTLE_MS = 300;

/**
 * Records what passes meanwhile in a file; `live` hears the same bytes as they come. Errors: `Error` where tcpdump does
 * not begin.
 */
export async function recorded<T>(
  port: number,
  file: string,
  run: () => Promise<T>,
  live: (capture: Readable) => void = () => {},
): Promise<T> {
  const options = '-i lo -U --immediate-mode -s 0 -w - tcp port'.split(' ');
  const child = spawn('/usr/bin/tcpdump', [...options, `${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  live(child.stdout);
  const kept = child.stdout.pipe(createWriteStream(file));
  const whole = new Promise<void>((resolve) => kept.once('finish', () => resolve()));
  try {
    await until(() => said.includes('listening on'), LIMIT_MS, 'tcpdump listens');
    const value = await run();
    await sleep(SETTLE_MS);
    return value;
  } finally {
    await endOf(child, 'SIGINT', LIMIT_MS);
    await whole;
  }
}
