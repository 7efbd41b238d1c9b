/** libnbd and QEMU against `serve`: the commands of docs/backup.md as printed, and whole copies. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, until } from '../live/support/wait.ts';
import { commandsOf } from './support/console.ts';
import { missing } from './support/debian.ts';
import { projectIn } from './support/project.ts';

const without = missing(
  ['libnbd-bin', 'qemu-utils', 'nbd-client'],
  [
    '/usr/bin/nbdinfo',
    '/usr/bin/nbdcopy',
    '/usr/bin/qemu-img',
    '/usr/bin/qemu-io',
    '/usr/sbin/nbd-client',
  ],
);
const LIMIT_MS = 60_000;
const CLONE_COMMAND = 'npm run -s sanmotion --';

let folder = '';
let command = '';
const children: ChildProcess[] = [];

beforeAll(() => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-nbd-'));
  command = projectIn(folder);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

async function serve(...words: string[]) {
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
  await until(() => said.includes('listening on nbd'), LIMIT_MS, 'serve listens');
  return { child, said: said.trimEnd() };
}

/** What a shell prints, on both its outputs. */
const shell = (script: string) => {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { said: (stdout + stderr).trimEnd(), status };
};

describe.skipIf(without !== undefined)('NBD clients', () => {
  test('the commands of docs/backup.md print what is printed there', async () => {
    const [first, ...others] = commandsOf('docs/backup.md');
    const words = first!.line.replace(CLONE_COMMAND, '').replace(/ &$/, '').trim().split(' ');
    const { child, said } = await serve(...words.slice(1));
    expect(said).toBe(first!.prints);
    let variables = '';
    for (const { line, prints } of others) {
      if (/^\w+=/.test(line)) variables += `${line}\n`;
      else {
        const typed = line.replace(CLONE_COMMAND, `'${process.execPath}' '${command}'`);
        expect(shell(variables + typed).said, line).toBe(prints);
      }
    }
    await endOf(child, 'SIGTERM', LIMIT_MS);
  });

  test('a copy there and back is the same, over four connections and a Unix socket; the unit’s file has it', async () => {
    const words = ['--listen', 'nbd:127.0.0.1:10811', '--listen', 'nbd:unix:nbd.sock'];
    const { child } = await serve(...words, '--lun', 'unit.img:8M');
    writeFileSync(join(folder, 'in.img'), randomBytes(8 << 20));
    const url = 'nbd://127.0.0.1:10811/lun0';
    expect(shell(`nbdcopy -C 4 in.img ${url} && cmp in.img unit.img`)).toEqual({
      said: '',
      status: 0,
    });
    const unix = `'nbd+unix:///lun0?socket=nbd.sock'`;
    expect(shell(`nbdcopy ${unix} out.img && cmp in.img out.img`)).toEqual({ said: '', status: 0 });
    expect(shell(`qemu-img compare -f raw -F raw ${url} in.img`).said).toBe(
      'Images are identical.',
    );
    await endOf(child, 'SIGTERM', LIMIT_MS);
  });

  test('nbd-client of the kernel’s authors lists them; a name that is not there is refused in words', async () => {
    const { child } = await serve('--listen', 'nbd:127.0.0.1:10812', '--lun', '1M', '--lun', '2M');
    const listed = shell('nbd-client -l 127.0.0.1 -p 10812').said;
    expect(listed).toMatch(/lun0: logical unit [0-9a-f]{32}\nlun1: logical unit/);
    const { said, status } = shell('nbdinfo nbd://127.0.0.1:10812/gold');
    expect([status, said]).toEqual([
      1,
      expect.stringContaining('No such file or directory for export: gold'),
    ]);
    await endOf(child, 'SIGTERM', LIMIT_MS);
  });
});
