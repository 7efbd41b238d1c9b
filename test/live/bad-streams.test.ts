/** What comes at iSCSI and NFS ports from peers that are broken or mean harm: bounded, one line of log, the others go on. */

import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  encodeTextKeys,
  type IscsiPduInput,
  iscsiPdu,
  NO_DIGESTS,
  pduBytesAt,
} from '../../src/codecs/iscsi/index.ts';
import { ISCSI_CONNECTIONS_MAX } from '../../src/port/iscsi/target-port.ts';
import { inFull } from '../helpers/in-full.ts';
import { Serve } from './support/serve.ts';
import { delay, until } from './support/wait.ts';

const TARGET = 'iqn.2026-01.com.example:sanmotion';
const LIMIT_MS = 20_000;
/** A login is given up after 15 s. */
const LOGIN_MS = 15_000;

let folder = '';
let serve: Serve;
let port = 0;
let nfsPort = 0;
const sockets: Socket[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-bad-'));
  serve = await Serve.start(
    folder,
    { listen: ['iscsi:127.0.0.1:0', 'nfs:127.0.0.1:0'], arguments: ['--lun', '64M'] },
    false,
  );
  port = Number(/iscsi:127\.0\.0\.1:(\d+)/.exec(serve.log)![1]);
  nfsPort = Number(/nfs:127\.0\.0\.1:(\d+)/.exec(serve.log)![1]);
}, 60_000);
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await serve.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A connection; its end is of no concern to it. */
async function open(to = port): Promise<Socket> {
  const socket = connect({ port: to, host: '127.0.0.1' });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) =>
    socket.once('connect', resolve).once('error', reject),
  );
  socket.on('error', () => {});
  return socket;
}

const closed = (socket: Socket): Promise<void> =>
  until(() => socket.destroyed || socket.closed, LIMIT_MS, 'the connection is closed').then(
    () => {},
  );

const loginPdu = (isid: number, keys: Record<string, string> = {}): Uint8Array =>
  iscsiPdu.encode({
    kind: 'Login Request',
    initiatorTaskTag: 0,
    isid: Uint8Array.of(0x80, 0, 0, 0, isid >> 8, isid & 0xff),
    cmdSn: 1,
    transit: 1,
    currentStage: 1,
    nextStage: 3,
    data: encodeTextKeys(
      Object.entries({
        InitiatorName: 'iqn.2026-01.com.example:bad',
        TargetName: TARGET,
        ...keys,
      }).map(([key, value]) => ({ key, value })),
    ),
  });

/** Says a PDU, and gives the next one that comes. */
async function ask(socket: Socket, pdu: Uint8Array): Promise<ReturnType<typeof iscsiPdu.decode>> {
  let held = Buffer.alloc(0);
  const answer = new Promise<Buffer>((resolve) => {
    const take = (bytes: Buffer): void => {
      held = Buffer.concat([held, bytes]);
      if (held.length < 48 || held.length < pduBytesAt(held, 0, NO_DIGESTS)) return;
      socket.off('data', take);
      resolve(held);
    };
    socket.on('data', take);
  });
  socket.write(pdu);
  return iscsiPdu.decode(await answer, 0, pduBytesAt(held, 0, NO_DIGESTS));
}

let isids = 1;
async function loggedIn(): Promise<Socket> {
  const socket = await open();
  expect(await ask(socket, loginPdu(isids++))).toMatchObject({ status: 0, transit: 1 });
  return socket;
}

const command = (cmdSn: number, cdb: readonly number[], bytes: number): Uint8Array =>
  iscsiPdu.encode({
    kind: 'SCSI Command',
    lun: 0n,
    initiatorTaskTag: cmdSn,
    cmdSn,
    read: 1,
    final: 1,
    expectedDataTransferLengthBytes: bytes,
    cdb: Uint8Array.from(cdb),
  });

/** An honest initiator reads a block, from login to answer. */
async function othersGoOn(): Promise<void> {
  const socket = await loggedIn();
  const answer = await ask(socket, command(1, [0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], 512));
  expect(answer).toMatchObject({ kind: 'SCSI Data-In', hasStatus: 1, status: 0 });
  socket.destroy();
}

/** Lines of the log that speak of this, with those that they stand for. */
const lines = (pattern: RegExp): string[] =>
  serve.log.split('\n').filter((line) => pattern.test(line));

test('lengths that are forged', async () => {
  const socket = await loggedIn();
  const forged = command(1, [0, 0, 0, 0, 0, 0], 0);
  forged.set([0xff, 0xff, 0xff, 0xff], 4);
  socket.write(forged);
  await closed(socket);
  await serve.logged(/a PDU with more data than was declared/);
  const nfs = await open(nfsPort);
  nfs.write(Uint8Array.of(0x7f, 0xff, 0xff, 0xff));
  await closed(nfs);
  expect(lines(/a PDU with more data/)).toHaveLength(1);
  expect(lines(/127\.0\.0\.1: .*its connection is closed/)).toHaveLength(1);
  await othersGoOn();
});

test('keys without end', async () => {
  const socket = await open();
  const data = new Uint8Array(8192).fill(0x41);
  const pdu = (more: Partial<IscsiPduInput>): Uint8Array =>
    iscsiPdu.encode({
      kind: 'Login Request',
      initiatorTaskTag: 0,
      isid: Uint8Array.of(0x80, 0, 0, 0, 0, 99),
      cmdSn: 1,
      transit: 0,
      continue: 1,
      currentStage: 1,
      data,
      ...more,
    } as IscsiPduInput);
  for (let i = 0; i < 7; i++) expect(await ask(socket, pdu({}))).toMatchObject({ status: 0 });
  let last = await ask(socket, pdu({}));
  if (last.kind === 'Login Response' && last.status === 0) last = await ask(socket, pdu({}));
  expect(last).toMatchObject({ kind: 'Login Response', status: 0x0200 });
  await serve.logged(/a login: initiator error/, 5000);
  expect(lines(/a login: initiator error/)).toHaveLength(1);
  await othersGoOn();
});

test('a client that never reads is not listened to, and costs no more than what may wait', async () => {
  const socket = await loggedIn();
  socket.pause();
  const memoryBytes = async () => (await serve.control({ command: 'stats' })).memoryBytes as number;
  const before = await memoryBytes();
  // Reads of 32 MiB each, all in one piece: 40 GiB of answers.
  const reads = Array.from({ length: 1280 }, (_, i) =>
    command(i + 1, [0x28, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0], 0xffff * 512),
  );
  socket.write(Buffer.concat(reads));
  await othersGoOn();
  await delay(500);
  await othersGoOn();
  expect((await memoryBytes()) - before).toBeLessThan(600 << 20);
  socket.destroy();
});

test.skipIf(!inFull)(
  'half-open sessions and logins that stall are given up, and said together',
  {
    timeout: LOGIN_MS + 30_000,
  },
  async () => {
    const [silent, stalled] = [await open(), await open()];
    stalled.write(loginPdu(77).subarray(0, 60));
    await othersGoOn();
    await delay(LOGIN_MS);
    await Promise.all([closed(silent), closed(stalled)]);
    expect(lines(/a login that takes too long/)).toHaveLength(1);
    await othersGoOn();
  },
);

test.skipIf(!inFull)('ten thousand connections', { timeout: 120_000 }, async () => {
  const honest = await loggedIn();
  const ended: Socket[] = [];
  const all: Socket[] = [];
  for (let batch = 0; batch < 100; batch++) {
    const some = await Promise.all(
      Array.from({ length: 100 }, () => open().catch(() => undefined)),
    );
    for (const socket of some) {
      if (socket === undefined) continue;
      all.push(socket);
      socket.once('close', () => ended.push(socket));
    }
  }
  await until(() => ended.length >= all.length - ISCSI_CONNECTIONS_MAX, LIMIT_MS, 'too many');
  const answer = await ask(honest, command(1, [0, 0, 0, 0, 0, 0], 0));
  expect(answer).toMatchObject({ kind: 'SCSI Response' });
  // A line a second, with how many it stands for.
  const said = lines(/no room for another connection/);
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThan(60);
  for (const socket of all) socket.destroy();
  await until(
    () =>
      othersGoOn().then(
        () => true,
        () => false,
      ),
    LIMIT_MS,
    'a login after they are gone',
  );
});
