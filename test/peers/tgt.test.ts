/** Our iSCSI initiator against tgt: discovery, logins of all kinds, reads and writes verified, recovery. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { StreamHost } from '../../src/live/stream-host.ts';
import { SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { IscsiInitiator, type IscsiInitiatorEvent } from '../../src/port/iscsi/initiator.ts';
import type { Discovery } from '../../src/port/iscsi/initiator-discovery.ts';
import type { IscsiInitiatorOptions } from '../../src/port/iscsi/initiator-options.ts';
import type { InitiatorSession } from '../../src/port/iscsi/initiator-session.ts';
import { countedIsids, randomIsids } from '../../src/port/iscsi/isid.ts';
import { scanLuns } from '../../src/scsi/initiator/lun-scan.ts';
import type {
  Answered,
  CommandOutcome,
  InitiatorNexus,
  ScsiCommand,
} from '../../src/scsi/transport.ts';
import { nodeHash } from '../helpers/iscsi-rig.ts';
import { endOf, until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';

const TGTD = '/usr/sbin/tgtd';
const without = missing(['tgt'], [TGTD, '/usr/sbin/tgtadm']);
const LIMIT_MS = 30_000;
const NAME = 'iqn.2026-01.com.example:tgt';
const GUARDED = 'iqn.2026-01.com.example:tgt-chap';
const INITIATOR = 'iqn.2026-01.com.example:initiator';
/** Any number that no other tgtd of the machine has. */
const CONTROL = String(2000 + (process.pid % 30_000));
const LUN = 1n << 48n;
const DISK_BYTES = 16 << 20;

let folder = '';
let port = 0;
let tgtd: ChildProcess | undefined;
const hosts: StreamHost<IscsiInitiatorEvent>[] = [];

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

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});
afterAll(async () => {
  if (tgtd !== undefined) await endOf(tgtd, 'SIGKILL', LIMIT_MS);
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** An initiator on sockets, and what it was told. */
function started(options: Partial<IscsiInitiatorOptions> = {}) {
  const clock = () => Math.round(performance.now() * 1e6);
  const complaints: string[] = [];
  const told: string[] = [];
  let nexus: InitiatorNexus | undefined;
  const machine = new IscsiInitiator({
    name: INITIATOR,
    isids: countedIsids,
    hash: nodeHash,
    challenge: (bytes) => Uint8Array.from({ length: bytes }, (_, i) => i + 1),
    ...options,
  });
  const host = new StreamHost<IscsiInitiatorEvent>({
    clock,
    onEvent: ({ what }) => complaints.push(what),
    onDefect: (error) => complaints.push(String(error)),
  });
  hosts.push(host);
  host.run(machine);
  const login = async (name = NAME): Promise<InitiatorSession> => {
    const session = machine.login(
      { name, address: '127.0.0.1', port },
      {
        sessionBegan: (_, begun) => {
          nexus = begun;
          told.push('began');
        },
        sessionLost: (_, __, why) => told.push(`lost: ${why}`),
        sessionEnded: (_, why) => told.push(`ended: ${why}`),
      },
      clock(),
    );
    host.drain();
    await until(() => told.length > 0, LIMIT_MS, 'a login');
    return session;
  };
  const run = async (
    command: Partial<ScsiCommand> & Pick<ScsiCommand, 'cdb'>,
  ): Promise<Answered> => {
    for (;;) {
      const outcome = await new Promise<CommandOutcome>((resolve) => {
        machine.setTime(clock());
        nexus!.execute({ lun: LUN, timeoutNs: 30 * SECOND, onDone: resolve, ...command });
        host.drain();
      });
      if (outcome.end !== 'answered') throw new Error(`a command ends as ${outcome.end}`);
      // What the target owes is told by the first commands.
      if (outcome.status !== 2 || outcome.sense[2] !== 6) return outcome;
    }
  };
  return { machine, host, complaints, told, login, run, clock, nexus: () => nexus! };
}

const cdb10 = (code: number, lba: number, blocks: number): Uint8Array =>
  Uint8Array.of(code, 0, 0, 0, lba >> 8, lba & 0xff, 0, blocks >> 8, blocks & 0xff, 0);

/** Writes of many lengths with bytes of their own, read back and compared. */
async function verified(
  run: ReturnType<typeof started>['run'],
  seed: number,
): Promise<{ written: number; wrong: number }> {
  const random = streams(seed).stream('blocks');
  let written = 0;
  let wrong = 0;
  for (const blocks of [1, 8, 16, 17, 128, 500, 512, 1024, 2048]) {
    const lba = random.below(DISK_BYTES / 512 - blocks);
    const dataOut = Uint8Array.from({ length: 512 * blocks }, () => random.below(256));
    const { status } = await run({ cdb: cdb10(0x2a, lba, blocks), dataOut });
    const read = await run({ cdb: cdb10(0x28, lba, blocks), dataInBytes: dataOut.length });
    if (status !== 0 || Buffer.compare(read.data, dataOut) !== 0) wrong++;
    written += dataOut.length;
  }
  return { written, wrong };
}

describe.skipIf(without !== undefined)('tgt', () => {
  test('tells its targets', async () => {
    const { machine, host, clock, complaints } = started();
    const found: Discovery[] = [];
    machine.discover({ address: '127.0.0.1', port }, clock(), (result) => found.push(result));
    host.drain();
    await until(() => found.length > 0, LIMIT_MS, 'targets');
    const addresses = [{ address: '127.0.0.1', port, groupTag: 1 }];
    expect(found[0]).toMatchObject({ ok: true });
    expect(
      found[0]!.ok && [...found[0]!.targets].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ).toEqual([
      { name: NAME, addresses },
      { name: GUARDED, addresses },
    ]);
    expect(complaints).toEqual([]);
  });

  test.each<[string, Partial<IscsiInitiatorOptions>]>([
    ['as open-iscsi proposes', {}],
    ['from the security stage', { stage: 'security' }],
    ['with digests', { offers: { HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' } }],
    ['with data that are asked for only', { offers: { InitialR2T: 'Yes', ImmediateData: 'No' } }],
    ['in short bursts', { offers: { MaxBurstLength: '8192', FirstBurstLength: '4096' } }],
  ])('reads what was written, %s', async (_, options) => {
    const { login, run, complaints, told } = started(options);
    const session = await login();
    expect(await verified(run, 1)).toEqual({ written: 4254 * 512, wrong: 0 });
    expect(complaints).toEqual([]);
    expect(told).toEqual(['began']);
    expect(session.state).toBe('logged-in');
  });

  test('is scanned as any target', async () => {
    const { login, nexus, host, machine, clock } = started();
    await login();
    const found = await new Promise<
      readonly { lunNumber: number | undefined; blocks: number | undefined }[]
    >((resolve, reject) => {
      machine.setTime(clock());
      scanLuns(nexus(), (result) =>
        result.ok ? resolve(result.luns) : reject(new Error(JSON.stringify(result))),
      );
      host.drain();
    });
    expect(found.find(({ lunNumber }) => lunNumber === 1)).toMatchObject({
      blocks: DISK_BYTES / 512,
    });
  });

  test('proves who it is, and wants that of us', async () => {
    const chap = { user: 'guest', secret: 'secret of the guest' };
    const target = { name: 'array', secret: 'secret of array' };
    const told = async (options: Partial<IscsiInitiatorOptions>) => {
      const one = started(options);
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
    const { login, run, complaints } = started();
    await login();
    const reads = Array.from({ length: 300 }, (_, i) =>
      run({ cdb: cdb10(0x28, i, 8), dataInBytes: 4096 }),
    );
    const answers = await Promise.all(reads);
    expect(answers.every(({ status, data }) => status === 0 && data.length === 4096)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('answers a reset of the unit, and a logout', async () => {
    const { login, nexus, host, machine, clock, run } = started();
    const session = await login();
    await run({ cdb: new Uint8Array(6) });
    const answer = await new Promise((resolve) => {
      machine.setTime(clock());
      const asked = { function: 'logical-unit-reset', lun: LUN, timeoutNs: 10 * SECOND } as const;
      nexus().manage(asked, resolve);
      host.drain();
    });
    expect(answer).toBe('complete');
    const acknowledged = await new Promise((resolve) => {
      machine.setTime(clock());
      session.logout(resolve);
      host.drain();
    });
    expect(acknowledged).toBe(true);
  });

  test('takes a session back under its name; of a random one it knows nothing', async () => {
    for (const isids of [countedIsids, randomIsids(streams(1).stream('isid'))]) {
      const first = started({ isids, stage: 'security', times: { time2WaitNs: SECOND } });
      await first.login();
      const second = started({ isids, stage: 'security' });
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
