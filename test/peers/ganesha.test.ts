/**
 * A WRITE whose record is held up between two halves, sent again under its xid on another connection, and overwritten by
 * newer data, against nfs-ganesha. What passed is recorded and judged.
 *
 * `KEEP=1 npm run test:peers -- ganesha` renews the recordings of fixtures/nfs.
 */
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgedFile } from '../helpers/judged-file.ts';
import { endOf } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { GANESHA_EXPORT, type Ganesha, startGanesha } from './support/ganesha.ts';
import { NfsPeer, nfsRecord } from './support/nfs-peer.ts';
import { recorded } from './support/recorded.ts';

const without = missing(
  ['nfs-ganesha', 'nfs-ganesha-mem', 'rpcbind', 'tcpdump'],
  ['/usr/bin/ganesha.nfsd', '/usr/sbin/rpcbind', '/usr/sbin/rpcinfo', '/usr/bin/tcpdump'],
);
const LIMIT_MS = 60_000;
const START_MS = 2 * LIMIT_MS;
const BYTES = 4096;
/** Long enough that no tap takes it for another order of frames. */
const LATE_MS = 200;
const SILENCE_MS = 1000;
const FILE_SYNC = 2;
const LATE_XID = 0x1001;

let folder = '';
let server: Ganesha | undefined;
let file = new Uint8Array();
const children: ChildProcess[] = [];

beforeAll(async () => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-ganesha-'));
  server = await startGanesha(folder, children);
  const mount = await NfsPeer.connect(server.mountPort);
  const dir = await mount.mount(1, GANESHA_EXPORT);
  mount.destroy();
  const peer = await NfsPeer.connect(server.port);
  const where = { dir, name: 'unit.img' };
  const made = await peer.nfs('CREATE', { where, mode: 0, objAttributes: {} }, 2);
  file = made.resok!.obj.handle!.data.slice();
  peer.destroy();
}, START_MS);
afterAll(async () => {
  for (const child of children) await endOf(child, 'SIGTERM', LIMIT_MS);
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

const dataOf = (seed: number): Uint8Array =>
  Uint8Array.from({ length: BYTES }, (_, i) => (i * 7 + (i >> 8) * 31 + seed * 101) & 0xff);
const nameOf = (data: Uint8Array): string =>
  ['old', 'new'].find((_, i) => Buffer.compare(data, dataOf(i + 1)) === 0) ?? 'other';

const writeOf = (data: Uint8Array) => ({
  file,
  offset: 0n,
  count: data.length,
  stable: FILE_SYNC,
  data,
});

/** What came of it: whether the half that was held up was answered, and what the file holds. */
interface LateRecord {
  readonly answered: boolean;
  readonly holds: string;
}

/**
 * Sends half of a WRITE's record on one connection; on another the whole, under its xid, and then newer data; then the
 * other half. `closes`: the client ends the first connection in place of that, before it sends the WRITE again.
 */
async function lateRecord({ port }: Ganesha, closes: boolean): Promise<LateRecord> {
  const record = nfsRecord('WRITE', writeOf(dataOf(1)), LATE_XID);
  const [first, second] = [await NfsPeer.connect(port), await NfsPeer.connect(port)];
  const write = async (xid: number, data: Uint8Array): Promise<void> => {
    const { status } = await second.nfs('WRITE', writeOf(data), xid);
    if (status !== 0) throw new Error(`not written: ${status}`);
  };
  const read = async (xid: number): Promise<string> =>
    nameOf((await second.nfs('READ', { file, offset: 0n, count: BYTES }, xid)).resok!.data);
  try {
    first.send(record.subarray(0, record.length / 2));
    await sleep(LATE_MS);
    if (closes) first.end();
    await write(LATE_XID, dataOf(1));
    await write(LATE_XID + 1, dataOf(2));
    if ((await read(LATE_XID + 2)) !== 'new') throw new Error('not what was written');
    await sleep(LATE_MS);
    if (!closes) first.send(record.subarray(record.length / 2));
    const answered = (await first.results(LATE_XID, SILENCE_MS)) !== undefined;
    return { answered, holds: await read(LATE_XID + 3) };
  } finally {
    first.destroy();
    second.destroy();
  }
}

async function recordedAs(name: string, closes: boolean) {
  const path = join(folder, `${name}.pcap`);
  const came = await recorded(server!.port, path, () => lateRecord(server!, closes));
  const violated = (await judgedFile(path)).verdict
    .filter(({ result }) => result === 'violated')
    .map(({ invariant }) => invariant);
  if (process.env.KEEP === '1') copyFileSync(path, `fixtures/nfs/${name}.pcap`);
  return { ...came, violated };
}

describe.skipIf(without !== undefined)('nfs-ganesha', () => {
  test('carries a WRITE out that it has carried out, over newer data, where its xid is on another connection', async () => {
    expect(await recordedAs('late-write-ganesha', false)).toEqual({
      answered: true,
      holds: 'old',
      violated: ['I7'],
    });
  });

  test('keeps the newer data where the client has ended the old connection', async () => {
    expect(await recordedAs('late-write-closed-ganesha', true)).toEqual({
      answered: false,
      holds: 'new',
      violated: [],
    });
  });
});
