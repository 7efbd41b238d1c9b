/** Our iSCSI initiator against tgt: discovery, logins of all kinds, reads and writes verified, recovery. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import type { IscsiInitiatorOptions } from '../../src/port/iscsi/initiator-options.ts';
import { countedIsids, randomIsids } from '../../src/port/iscsi/isid.ts';
import { endOf, until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { cdb10, InitiatorRig, PROPOSALS } from './support/initiator-rig.ts';

const TGTD = '/usr/sbin/tgtd';
const without = missing(['tgt'], [TGTD, '/usr/sbin/tgtadm']);
const LIMIT_MS = 30_000;
const NAME = 'iqn.2026-01.com.example:tgt';
const GUARDED = 'iqn.2026-01.com.example:tgt-chap';
/** Any number that no other tgtd of the machine has. */
const CONTROL = String(2000 + (process.pid % 30_000));
const LUN = 1n << 48n;
const DISK_BYTES = 16 << 20;

let folder = '';
let port = 0;
let tgtd: ChildProcess | undefined;

const tgtadm = (...words: string[]): void => {
  const { status, stderr } = spawnSync('/usr/sbin/tgtadm', [
    '-C',
    CONTROL,
    '--lld',
    'iscsi',
    ...words,
  ]);
  if (status !== 0) throw new Error(`tgtadm ${words.join(' ')}: ${stderr}`);
};

beforeAll(async () => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-tgt-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
  tgtd = spawn(TGTD, ['-f', '-C', CONTROL, '--iscsi', `portal=127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  await until(
    () =>
      spawnSync('/usr/sbin/tgtadm', ['-C', CONTROL, '--mode', 'sys', '--op', 'show']).status === 0,
    LIMIT_MS,
    'tgtd',
  );
  for (const [tid, name] of [NAME, GUARDED].entries()) {
    const id = String(tid + 1);
    const disk = join(folder, `disk${id}`);
    writeFileSync(disk, new Uint8Array(DISK_BYTES));
    tgtadm('--op', 'new', '--mode', 'target', '--tid', id, '-T', name);
    tgtadm('--op', 'new', '--mode', 'logicalunit', '--tid', id, '--lun', '1', '-b', disk);
    tgtadm('--op', 'bind', '--mode', 'target', '--tid', id, '-I', 'ALL');
    for (const key of ['HeaderDigest', 'DataDigest'])
      tgtadm('--op', 'update', '--mode', 'target', '--tid', id, '-n', key, '-v', 'CRC32C,None');
  }
  const account = ['--mode', 'account', '--user'];
  tgtadm('--op', 'new', ...account, 'guest', '--password', 'secret of the guest');
  tgtadm('--op', 'new', ...account, 'array', '--password', 'secret of array');
  tgtadm('--op', 'bind', '--mode', 'account', '--tid', '2', '--user', 'guest');
  tgtadm('--op', 'bind', '--mode', 'account', '--tid', '2', '--user', 'array', '--outgoing');
});

afterAll(async () => {
  if (tgtd !== undefined) await endOf(tgtd, 'SIGKILL', LIMIT_MS);
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

const rig = new InitiatorRig(() => ({ name: NAME, port, lun: LUN, diskBytes: DISK_BYTES }));
afterEach(() => rig.close());

describe.skipIf(without !== undefined)('tgt', () => {
  test('tells its targets', async () => {
    const initiator = rig.started();
    const found = await initiator.discover();
    const addresses = [{ address: '127.0.0.1', port, groupTag: 1 }];
    expect(found).toMatchObject({ ok: true });
    expect(found.ok && [...found.targets].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: NAME, addresses },
      { name: GUARDED, addresses },
    ]);
    expect(initiator.complaints).toEqual([]);
  });

  test.each(PROPOSALS)('reads what was written, %s', async (_, options) => {
    const initiator = rig.started(options);
    const session = await initiator.login();
    expect(await initiator.verified(1)).toEqual({ written: 4254 * 512, wrong: 0 });
    expect(initiator.complaints).toEqual([]);
    expect(initiator.told).toEqual(['began']);
    expect(session.state).toBe('logged-in');
  });

  test('is scanned as any target', async () => {
    const initiator = rig.started();
    await initiator.login();
    expect(await initiator.scan()).toContainEqual({ lunNumber: 1, blocks: DISK_BYTES / 512 });
  });

  test('proves who it is, and wants that of us', async () => {
    const chap = { user: 'guest', secret: 'secret of the guest' };
    const target = { name: 'array', secret: 'secret of array' };
    const told = async (options: Partial<IscsiInitiatorOptions>) => {
      const one = rig.started(options);
      await one.login(GUARDED);
      return one.told[0];
    };
    expect(await told({ chap: { ...chap, algorithms: ['MD5'] } })).toBe('began');
    expect(await told({ chap: { ...chap, target, algorithms: ['MD5'] } })).toBe('began');
    expect(await told({ chap: { ...chap, secret: 'wrong' } })).toMatch(
      /^ended: the target refuses: auth/,
    );
    expect(await told({ chap: { ...chap, target: { secret: 'wrong' } } })).toBe(
      'ended: the target does not prove who it is',
    );
    expect(await told({})).toMatch(/^ended: the target refuses: auth/);
  });

  test('keeps many commands under way, and loses none', async () => {
    const initiator = rig.started();
    await initiator.login();
    const reads = Array.from({ length: 300 }, (_, i) =>
      initiator.run({ cdb: cdb10(0x28, i, 8), dataInBytes: 4096 }),
    );
    const answers = await Promise.all(reads);
    expect(answers.every(({ status, data }) => status === 0 && data.length === 4096)).toBe(true);
    expect(initiator.complaints).toEqual([]);
  });

  test('answers a reset of the unit, and a logout', async () => {
    const initiator = rig.started();
    const session = await initiator.login();
    await initiator.run({ cdb: new Uint8Array(6) });
    expect(await initiator.resetUnit()).toBe('complete');
    expect(await initiator.logout(session)).toBe(true);
  });

  test('takes a session back under its name; of a random one it knows nothing', async () => {
    for (const isids of [countedIsids, randomIsids(streams(1).stream('isid'))]) {
      const first = rig.started({ isids, stage: 'security', times: { time2WaitNs: SECOND } });
      await first.login();
      const second = rig.started({ isids, stage: 'security' });
      await second.login();
      const isSame = isids === countedIsids;
      if (isSame) await until(() => first.told.length > 1, LIMIT_MS, 'the end of the old session');
      expect(first.told.slice(1, 2)).toEqual(
        isSame ? ['lost: the target closed the connection'] : [],
      );
      await first.host.close();
    }
  });
});
