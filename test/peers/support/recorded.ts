/** What passes on a TCP port of loopback while something runs, as `tcpdump` records it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgedFile } from '../../helpers/judged-file.ts';
import { endOf, until } from '../../live/support/wait.ts';

const LIMIT_MS = 60_000;
/** The kernel hands frames on later than they passed. */
const SETTLE_MS = 300;

/** A program that was started, and what it has said. */
export interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/** Starts a program, which joins `children`. */
export function start(
  children: ChildProcess[],
  command: string,
  words: readonly string[],
): Started {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return { child, said: () => said };
}

/** A TCP port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Records a run. */
export async function recorded<T>(
  folder: string,
  port: number,
  run: () => Promise<T>,
): Promise<{ file: string; value: T }> {
  const children: ChildProcess[] = [];
  const file = join(folder, `${port}-${process.hrtime.bigint()}.pcap`);
  const where = ['-i', 'lo', 'tcp', 'port', `${port}`];
  const how = ['-U', '--immediate-mode', '-s', '0', '-w', file];
  const { child, said } = start(children, '/usr/bin/tcpdump', [...how, ...where]);
  await until(() => said().includes('listening on'), LIMIT_MS, 'tcpdump listens');
  try {
    const value = await run();
    await sleep(SETTLE_MS);
    return { file, value };
  } finally {
    await endOf(child, 'SIGINT', LIMIT_MS);
  }
}

/** Renews a fixture where `KEEP=1` asks for it. */
export function keep(file: string, fixture: string): void {
  if (process.env.KEEP === '1') copyFileSync(file, `fixtures/${fixture}.pcap`);
}

/** The invariants that a recording shows violated. */
export const violatedIn = async (file: string): Promise<string[]> =>
  (await judgedFile(file)).verdict
    .filter(({ result }) => result === 'violated')
    .map(({ invariant }) => invariant);
