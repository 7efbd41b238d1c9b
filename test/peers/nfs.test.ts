/** libnfs against `serve`: the commands of docs/nfs.md as printed, and a server that is restarted under it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, until } from '../live/support/wait.ts';
import { commandsOf } from './support/console.ts';
import { missing } from './support/debian.ts';
import { projectIn } from './support/project.ts';

const without = missing(['libnfs-utils'], ['/usr/bin/nfs-ls', '/usr/bin/nfs-cp']);
const LIMIT_MS = 60_000;
const CLONE_COMMAND = 'npm run -s sanmotion --';

let folder = '';
let command = '';
const children: ChildProcess[] = [];

beforeAll(() => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-nfs-'));
  command = projectIn(folder);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

async function serve(...words: string[]): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [command, 'serve', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  children.push(child);
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until(() => said.includes('listening on nfs'), LIMIT_MS, 'serve listens');
  return { child, said };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  await endOf(child, signal, LIMIT_MS);
}

const shell = (script: string) => {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  return { stdout: stdout.trimEnd(), stderr, status };
};

describe.skipIf(without !== undefined)('libnfs', () => {
  test('the commands of docs/nfs.md print what is printed there', async () => {
    const [first, ...others] = commandsOf('docs/nfs.md');
    const words = first!.line.replace(CLONE_COMMAND, '').replace(/ &$/, '').trim().split(' ');
    const { child, said } = await serve(...words.slice(1));
    expect(said.trimEnd()).toBe(first!.prints);
    let variables = '';
    for (const { line, prints } of others) {
      if (/^\w+=/.test(line)) variables += `${line}\n`;
      else expect(shell(variables + line).stdout, line).toBe(prints);
    }
    await stop(child, 'SIGTERM');
  });

  test('what was copied into a unit’s file is there after the server was killed', async () => {
    const port = 20_491;
    const url = (path: string) =>
      `'nfs://127.0.0.1${path}?version=3&nfsport=${port}&mountport=${port}'`;
    const words = ['--listen', `nfs:127.0.0.1:${port}`, '--lun', 'unit.img:4M'];
    const data = Buffer.alloc(4 << 20, 'what was written ');
    writeFileSync(join(folder, 'in.img'), data);
    const before = await serve(...words);
    expect(shell(`nfs-ls ${url('/units')}`).stdout).toContain('4194304 lun0.img');
    await stop(before.child, 'SIGKILL');
    // What is on the medium is the file's, whoever wrote it.
    writeFileSync(join(folder, 'unit.img'), data);
    const after = await serve(...words);
    expect(shell(`nfs-cp ${url('/units/lun0.img')} out.img && cmp in.img out.img`).status).toBe(0);
    await stop(after.child, 'SIGTERM');
  });

  test('a client that no rule names mounts nothing', async () => {
    const port = 20_492;
    const words = ['--listen', `nfs:127.0.0.1:${port}`, '--export', '192.0.2.0/24'];
    const { child } = await serve(...words);
    const said = shell(
      `nfs-ls 'nfs://127.0.0.1/units?version=3&nfsport=${port}&mountport=${port}'`,
    );
    expect(said.stderr).toContain('MNT3ERR_ACCES');
    await stop(child, 'SIGTERM');
  });
});
