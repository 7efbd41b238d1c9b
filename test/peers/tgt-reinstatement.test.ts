/**
 * A late write on an iSCSI session whose place another has taken, against tgt and against `serve`; and one on a session
 * beside which the same initiator logged in with another ISID, as libiscsi and QEMU do. What passed is recorded and judged.
 *
 * `KEEP=1 npm run test:peers -- tgt-reinstatement` renews the recordings of fixtures/iscsi.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgedFile } from '../helpers/judged-file.ts';
import { freePort } from '../live/support/free-port.ts';
import { endOf, until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { type LateWrite, lateWrite } from './support/late-write.ts';
import { projectIn } from './support/project.ts';
import { recorded } from './support/recorded.ts';
import { startTgt, TGT_NAME } from './support/tgt.ts';

const without = missing(
  ['tgt', 'tcpdump'],
  ['/usr/sbin/tgtd', '/usr/sbin/tgtadm', '/usr/bin/tcpdump'],
);
const LIMIT_MS = 60_000;
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

/** A file for a recording. */
const recordingOf = (name: string): string => join(folder, `${name}.pcap`);

function keep(file: string, name: string): void {
  if (process.env.KEEP === '1') copyFileSync(file, `fixtures/iscsi/${name}.pcap`);
}

const violatedIn = async (file: string): Promise<string[]> =>
  (await judgedFile(file)).verdict
    .filter(({ result }) => result === 'violated')
    .map(({ invariant }) => invariant);

describe.skipIf(without !== undefined)('tgt', () => {
  test('lets a session live on whose name and ISID log in again, and writes its late data', async () => {
    const { port, child } = await startTgt(folder);
    children.push(child);
    const login = { port, target: TGT_NAME, initiator: INITIATOR, isid: ISID, lun: 1 };
    const same = recordingOf('same-isid');
    expect(await recorded(port, same, () => lateWrite(login, ISID, false))).toEqual({
      answered: true,
      holds: 'old',
    } satisfies LateWrite);
    expect(await violatedIn(same)).toEqual(['I7', 'I13', 'I14']);
    keep(same, 'reinstatement-tgt');

    // With another ISID nobody is reinstated, by any target: the initiator's way of recovering is what lets old data win.
    const other = recordingOf('other-isid');
    expect(await recorded(port, other, () => lateWrite(login, OTHER_ISID, true))).toEqual({
      answered: true,
      holds: 'old',
    } satisfies LateWrite);
    expect(await violatedIn(other)).toEqual(['I7']);
    keep(other, 'late-data-out-other-isid-tgt');
  });

  test('is not what serve does: the session is over, and so is its write', async () => {
    const port = await freePort();
    const command = projectIn(folder);
    const words = [command, 'serve', '--listen', `iscsi:127.0.0.1:${port}`, '--lun', '8M'];
    const { said } = start(process.execPath, words);
    await until(() => said().includes('listening on iscsi'), LIMIT_MS, 'serve listens');
    const target = 'iqn.2026-01.com.example:sanmotion';
    const login = { port, target, initiator: INITIATOR, isid: ISID, lun: 0 };
    const file = recordingOf('serve');
    expect(await recorded(port, file, () => lateWrite(login, ISID, false))).toEqual({
      answered: false,
      holds: 'new',
    } satisfies LateWrite);
    expect(await violatedIn(file)).toEqual([]);
    keep(file, 'reinstatement-serve');
  });
});
