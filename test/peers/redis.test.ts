/** Campaigns by way of Debian's Redis: workers come, are killed and go, and the results are the same bytes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { addTo, projectIn } from './support/project.ts';

const SERVER = '/usr/bin/redis-server';
const without = missing(['redis-server'], [SERVER]);
const LIMIT_MS = 120_000;
const CAMPAIGN = ['campaign', '--seeds', '1..120', '--ios', '2', '--no-shrink'];

let folder = '';
let command = '';
let port = 0;
const children: ChildProcess[] = [];

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return free;
}

interface Run {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function start(program: string, ...words: string[]): Run {
  const child = spawn(program, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return { child, said: () => said };
}

const sanmotion = (...words: string[]): Run => start(process.execPath, command, ...words);
const queue = (): string[] => ['--queue', `redis://127.0.0.1:${port}`];

async function worker(): Promise<Run> {
  const one = sanmotion('campaign', 'worker', ...queue(), '--workers', '1');
  await until(() => one.said().includes('ready'), LIMIT_MS, 'a worker is ready');
  return one;
}

async function ended({ child, said }: Run): Promise<number | null> {
  await until(() => child.exitCode !== null || child.signalCode !== null, LIMIT_MS, said());
  return child.exitCode;
}

const results = (name: string): string =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
const lines = (name: string): number => results(name).split('\n').length - 1;

beforeAll(async () => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-redis-'));
  command = projectIn(folder);
  port = await freePort();
});
afterAll(async () => {
  for (const child of children) await endOf(child, 'SIGKILL', 1000);
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(without !== undefined)('a campaign by way of Redis', () => {
  test('says in one line what is missing beside the package', () => {
    const { status, stderr } = spawnSync(process.execPath, [command, ...CAMPAIGN, ...queue()], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^.*--queue needs BullMQ and ioredis.*npm install bullmq ioredis\n$/);
    expect(status).toBe(2);
  });

  test('has the same bytes as here, with a worker killed and one come in the middle', async (context) => {
    const failed = addTo(folder, join(folder, 'theirs'), ['bullmq@6', 'ioredis']);
    context.skip(failed !== undefined, `bullmq and ioredis cannot be installed: ${failed}`);

    const nobody = sanmotion(...CAMPAIGN, ...queue());
    expect(await ended(nobody)).toBe(2);
    expect(nobody.said()).toMatch(/Redis cannot be reached: .*ECONNREFUSED.*\n$/);

    const redis = start(SERVER, '--port', `${port}`, '--bind', '127.0.0.1', '--save', '');
    await until(() => redis.said().includes('Ready to accept'), LIMIT_MS, redis.said());
    const whole = sanmotion(...CAMPAIGN, '--workers', '2', '--out', 'whole.jsonl');
    const status = await ended(whole);

    const first = await worker();
    const asked = sanmotion(...CAMPAIGN, ...queue(), '--out', 'queued.jsonl');
    const dying = await worker();
    await until(() => lines('queued.jsonl') > 20, LIMIT_MS, 'the first runs are there');
    dying.child.kill('SIGKILL');
    const third = await worker();
    // One that leaves as it should ends what it has begun.
    first.child.kill('SIGTERM');
    expect(await ended(first)).toBe(0);
    expect(first.said()).toMatch(/\d+ runs made/);
    expect(lines('queued.jsonl')).toBeLessThan(121);

    expect(await ended(asked), asked.said()).toBe(status);
    expect(results('queued.jsonl')).toBe(results('whole.jsonl'));
    expect(lines('queued.jsonl')).toBe(121);
    expect(asked.said()).toContain('120 runs on the workers of the queue');
    third.child.kill('SIGINT');
    expect(await ended(third)).toBe(0);

    // Without workers it waits, and leaves when it is told to.
    const waiting = sanmotion(...CAMPAIGN, ...queue(), '--out', 'waiting.jsonl');
    await until(() => lines('waiting.jsonl') === 1, LIMIT_MS, 'the header is there');
    waiting.child.kill('SIGINT');
    expect(await ended(waiting), waiting.said()).toBe(130);
    expect(lines('waiting.jsonl')).toBe(1);
    await endOf(redis.child, 'SIGTERM', 5000);
  });
});
