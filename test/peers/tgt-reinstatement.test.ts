/**
 * A late write on an iSCSI session whose place another has taken, against tgt and against `serve`; and one on a session
 * beside which the same initiator logged in with another ISID, as libiscsi and QEMU do. What passed is recorded and judged.
 *
 * `KEEP=1 npm run test:peers -- tgt-reinstatement` renews the recordings of fixtures/iscsi.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgedFile } from '../helpers/judged-file.ts';
import { endOf, until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { type LateWrite, lateWrite } from './support/late-write.ts';
import { projectIn } from './support/project.ts';

const without = missing(
  ['tgt', 'tcpdump'],
  ['/usr/sbin/tgtd', '/usr/sbin/tgtadm', '/usr/bin/tcpdump'],
);
const LIMIT_MS = 60_000;
const UNIT_BYTES = 8 << 20;
const TARGET = 'iqn.2026-01.com.example:tgt';
const INITIATOR = 'iqn.2026-01.com.example:guest';
const ISID = [0, 2, 0x3d, 0, 0, 1];
const OTHER_ISID = [0x80, 0x75, 0x43, 0xfa, 0, 0];

let folder = '';
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-tgt-'));
});
afterAll(async () => {
  for (const child of children) await endOf(child, 'SIGTERM', LIMIT_MS);
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function start(
  command: string,
  words: readonly string[],
): { child: ChildProcess; said: () => string } {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return { child, said: () => said };
}

/** tgt with one unit, LUN 1. Returns its TCP port. */
async function startTgt(): Promise<number> {
  const port = await freePort();
  const control = `${1000 + (port % 30_000)}`;
  start('/usr/sbin/tgtd', ['-f', '-C', control, '--iscsi', `portal=127.0.0.1:${port}`]);
  const adm = (...words: string[]): number | null =>
    spawnSync('/usr/sbin/tgtadm', ['-C', control, '--lld', 'iscsi', ...words]).status;
  const unit = join(folder, 'unit.img');
  writeFileSync(unit, '');
  truncateSync(unit, UNIT_BYTES);
  const made = () => adm('--op', 'new', '--mode', 'target', '--tid', '1', '-T', TARGET) === 0;
  await until(made, LIMIT_MS, 'tgtd answers');
  adm('--op', 'new', '--mode', 'logicalunit', '--tid', '1', '--lun', '1', '-b', unit);
  adm('--op', 'bind', '--mode', 'target', '--tid', '1', '-I', 'ALL');
  return port;
}

/** Records what passes on a TCP port of loopback meanwhile. */
async function recorded<T>(
  port: number,
  run: () => Promise<T>,
): Promise<{ file: string; value: T }> {
  const file = join(folder, `${port}-${children.length}.pcap`);
  const options = [
    '-i',
    'lo',
    '-U',
    '--immediate-mode',
    '-s',
    '0',
    '-w',
    file,
    'tcp',
    'port',
    `${port}`,
  ];
  const { child, said } = start('/usr/bin/tcpdump', options);
  await until(() => said().includes('listening on'), LIMIT_MS, 'tcpdump listens');
  const value = await run();
  await sleep(300);
  await endOf(child, 'SIGINT', LIMIT_MS);
  return { file, value };
}

function keep(file: string, name: string): void {
  if (process.env.KEEP === '1') copyFileSync(file, `fixtures/iscsi/${name}.pcap`);
}

const violatedIn = async (file: string): Promise<string[]> =>
  (await judgedFile(file)).verdict
    .filter(({ result }) => result === 'violated')
    .map(({ invariant }) => invariant);

describe.skipIf(without !== undefined)('tgt', () => {
  test('lets a session live on whose name and ISID log in again, and writes its late data', async () => {
    const port = await startTgt();
    const login = { port, target: TARGET, initiator: INITIATOR, isid: ISID, lun: 1 };
    const same = await recorded(port, () => lateWrite(login, ISID, false));
    expect(same.value).toEqual({ answered: true, holds: 'old' } satisfies LateWrite);
    expect(await violatedIn(same.file)).toEqual(['I7', 'I13', 'I14']);
    keep(same.file, 'reinstatement-tgt');

    // With another ISID nobody is reinstated, by any target: the initiator's way of recovering is what lets old data win.
    const other = await recorded(port, () => lateWrite(login, OTHER_ISID, true));
    expect(other.value).toEqual({ answered: true, holds: 'old' } satisfies LateWrite);
    expect(await violatedIn(other.file)).toEqual(['I7']);
    keep(other.file, 'late-data-out-other-isid-tgt');
  });

  test('is not what serve does: the session is over, and so is its write', async () => {
    const port = await freePort();
    const command = projectIn(folder);
    const words = [command, 'serve', '--listen', `iscsi:127.0.0.1:${port}`, '--lun', '8M'];
    const { said } = start(process.execPath, words);
    await until(() => said().includes('listening on iscsi'), LIMIT_MS, 'serve listens');
    const target = 'iqn.2026-01.com.example:sanmotion';
    const login = { port, target, initiator: INITIATOR, isid: ISID, lun: 0 };
    const { file, value } = await recorded(port, () => lateWrite(login, ISID, false));
    expect(value).toEqual({ answered: false, holds: 'new' } satisfies LateWrite);
    expect(await violatedIn(file)).toEqual([]);
    keep(file, 'reinstatement-serve');
  });
});
