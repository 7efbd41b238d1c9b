/**
 * A WRITE of NFS whose record comes late on an old connection, after its client has sent it again and has written newer
 * data: what nfs-ganesha and `serve` make of it. What passed is recorded and judged.
 *
 * `KEEP=1 npm run test:peers -- ganesha` renews the recording of fixtures/nfs.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { NfsPeer } from './support/nfs-peer.ts';
import { projectIn } from './support/project.ts';
import { freePort, keep, recorded, start, violatedIn } from './support/recorded.ts';

const GANESHA = '/usr/bin/ganesha.nfsd';
const without = missing(
  ['nfs-ganesha', 'nfs-ganesha-vfs', 'rpcbind', 'tcpdump'],
  [GANESHA, '/usr/sbin/rpcbind', '/usr/bin/tcpdump'],
);
const LIMIT_MS = 60_000;
const LATE_MS = 200;
const OFFSET = 4096n;
const BYTES = 4096;

let folder = '';
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-ganesha-'));
});
afterAll(async () => {
  for (const child of children.reverse()) await endOf(child, 'SIGTERM', LIMIT_MS);
  rmSync(folder, { recursive: true, force: true });
});

const dataOf = (seed: number): Uint8Array =>
  Uint8Array.from({ length: BYTES }, (_, i) => (i * 7 + (i >> 8) * 31 + seed * 101) & 0xff);

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.unref();
    setTimeout(() => socket.destroy(), 500).unref();
  });

/** nfs-ganesha with one file in one export. Returns its TCP ports. */
async function startGanesha(path: string): Promise<{ nfs: number; mount: number }> {
  const [nfs, mount] = [await freePort(), await freePort()];
  mkdirSync(path);
  writeFileSync(join(path, 'disk.img'), new Uint8Array(1 << 20));
  const config = join(folder, 'ganesha.conf');
  writeFileSync(
    config,
    `NFS_CORE_PARAM { Protocols = 3; NFS_Port = ${nfs}; MNT_Port = ${mount}; Enable_NLM = false; Enable_RQUOTA = false; Bind_addr = 127.0.0.1; }
EXPORT { Export_Id = 1; Path = ${path}; Pseudo = /disk; Protocols = 3; Access_Type = RW; Squash = No_Root_Squash; SecType = sys; FSAL { Name = VFS; } }
`,
  );
  if (spawnSync('pgrep', ['-x', 'rpcbind']).status !== 0)
    start(children, '/usr/sbin/rpcbind', ['-f', '-w']);
  await until(() => isListening(111), LIMIT_MS, 'rpcbind listens');
  const words = ['-F', '-L', '/dev/stderr', '-f', config, '-p', join(folder, 'pid')];
  start(children, GANESHA, words);
  await until(() => isListening(nfs), LIMIT_MS, 'ganesha listens');
  return { nfs, mount };
}

/** What the file holds at the end, and whether the late call was answered. */
interface LateCall {
  readonly answered: boolean;
  readonly holds: 'old' | 'new' | 'other';
}

async function fileOf(mount: number, nfs: number, path: string, name: string): Promise<Uint8Array> {
  const mounting = await NfsPeer.open(mount);
  const object = await mounting.mount(path, 100);
  mounting.close();
  const peer = await NfsPeer.open(nfs);
  const found = await peer.ask('LOOKUP', 101, { what: { dir: object, name } } as never);
  peer.close();
  const { resok } = found as unknown as { resok?: { object: Uint8Array } };
  if (resok === undefined) throw new Error(`${name} is not there`);
  return resok.object;
}

/** The record of a WRITE comes in two halves, and much between them. */
async function lateCall(port: number, file: Uint8Array): Promise<LateCall> {
  const [first, second] = [await NfsPeer.open(port), await NfsPeer.open(port)];
  try {
    const write = (seed: number) => ({
      file,
      offset: OFFSET,
      count: BYTES,
      stable: 2,
      data: dataOf(seed),
    });
    const record = first.nfsRecord('WRITE', 7, write(1));
    first.send(record.subarray(0, 2000));
    await sleep(LATE_MS);
    await second.ask('WRITE', 7, write(1));
    await second.ask('WRITE', 8, write(2));
    await sleep(LATE_MS);
    first.send(record.subarray(2000));
    const answered = (await first.results(7)) !== undefined;
    await sleep(LATE_MS);
    const { resok } = (await second.ask('READ', 9, {
      file,
      offset: OFFSET,
      count: BYTES,
    })) as unknown as {
      resok?: { data: Uint8Array };
    };
    const isSame = (seed: number) =>
      Buffer.compare(resok?.data ?? new Uint8Array(), dataOf(seed)) === 0;
    return { answered, holds: isSame(1) ? 'old' : isSame(2) ? 'new' : 'other' };
  } finally {
    first.close();
    second.close();
  }
}

describe.skipIf(without !== undefined)('a WRITE that comes late', () => {
  test('is carried out once more by nfs-ganesha, over newer data', async () => {
    const path = join(folder, 'disk');
    const { mount, nfs } = await startGanesha(path);
    const file = await fileOf(mount, nfs, path, 'disk.img');
    const late = await recorded(folder, nfs, () => lateCall(nfs, file));
    expect(late.value).toEqual({ answered: true, holds: 'old' } satisfies LateCall);
    expect(await violatedIn(late.file)).toEqual(['I7']);
    keep(late.file, 'nfs/late-write-ganesha');
  });

  test('is by serve, too: NFS version 3 has nothing that fences an old connection', async () => {
    const port = await freePort();
    const words = [projectIn(folder), 'serve', '--listen', `nfs:127.0.0.1:${port}`, '--lun', '1M'];
    const { said } = start(children, process.execPath, words);
    await until(() => said().includes('listening on nfs'), LIMIT_MS, 'serve listens');
    const file = await fileOf(port, port, '/units', 'lun0.img');
    const late = await recorded(folder, port, () => lateCall(port, file));
    expect(late.value).toEqual({ answered: true, holds: 'old' } satisfies LateCall);
    expect(await violatedIn(late.file)).toEqual(['I7']);
  });
});
