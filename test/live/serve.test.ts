/** The fabric and the array on a real socket, with our own host as the guest at the other end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CaptureJudge } from '../../src/audit/index.ts';
import { fileSink, openCapture } from '../../src/capture/index.ts';
import {
  Host,
  type HostAnswer,
  type HostEvent,
  MILLISECOND,
  SECOND,
} from '../../src/fabric/index.ts';
import {
  FrameSplitter,
  ListenError,
  LiveDriver,
  LiveServer,
  parseListenAddress,
} from '../../src/live/index.ts';
import { streams } from '../../src/sim/index.ts';

let dir = '';
const closing: (() => Promise<void> | void)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-live-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

const address = () => parseListenAddress(`unix:${join(dir, 'fcf.sock')}`);

async function serve(log: string[] = [], tap?: string): Promise<LiveServer> {
  const server = new LiveServer({
    listen: [address()],
    lunBytes: [1 << 20, 1 << 21],
    vlan: 0,
    random: (name) => streams(1).stream(name),
    ...(tap === undefined ? {} : { tap: fileSink(tap) }),
    onEvent: () => {},
    log: (text) => log.push(text),
  });
  await server.open();
  return server;
}

async function connect(): Promise<Socket> {
  const socket = createConnection(join(dir, 'fcf.sock'));
  closing.push(() => void socket.destroy());
  await new Promise<void>((resolve, reject) =>
    socket.once('connect', resolve).once('error', reject),
  );
  return socket;
}

const closed = (socket: Socket) =>
  new Promise<void>((resolve) => socket.once('close', () => resolve()));

function framed(frame: Uint8Array): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(frame.length);
  return Buffer.concat([prefix, frame]);
}

/** A host of ours on the socket; asks it one command and gives its answer. */
async function ask(command: Parameters<Host['handleCommand']>[1]): Promise<HostAnswer> {
  const socket = await connect();
  const host = new Host({
    name: 'h1',
    nodeName: 1n,
    ports: [
      {
        mac: '00:25:b5:00:00:01',
        vlanDiscovery: false,
        vlan: 0,
        vlanPriority: 3,
        fcfSelectionDelayNs: MILLISECOND,
        wwpn: 0x2000_0025_b500_0001n,
      },
    ],
    policy: { commandTimeoutNs: 5 * SECOND, lateWriteWaitNs: SECOND, guestTimeoutNs: 60 * SECOND },
    random: (name) => streams(1).stream(name),
  });
  return await new Promise((resolve) => {
    const driver = new LiveDriver<HostEvent>({
      onEvent: (_node, event) => {
        if (event.type === 'reply') resolve(event.answer);
      },
    });
    closing.push(() => driver.stop());
    driver.addNode('h1', host);
    driver.attach('h1', 0, (frame) => socket.write(framed(frame)));
    const splitter = new FrameSplitter();
    socket.on('data', (chunk) => {
      for (const frame of splitter.push(chunk)) driver.receive('h1', 0, frame);
    });
    driver.act('h1', (_machine, now) => host.handleCommand(1, command, now));
  });
}

describe('serve', () => {
  test('a host logs in over the socket and sees its logical units; the tap replays', async () => {
    const tap = join(dir, 'tap.pcapng');
    const server = await serve([], tap);
    const identities = [{ port: 0, wwpn: 0xc050_7600_0000_0100n, wwnn: 2n }];
    const answer = await ask({ command: 'prepare', vm: 'vm1', identities });
    expect(answer).toMatchObject({ ok: true });
    const view = answer.ok && answer.command === 'prepare' ? answer.view : [];
    expect(view.map(({ lunNumber, blocks }) => [lunNumber, blocks])).toEqual([
      [0, 2048],
      [1, 4096],
    ]);
    for (const close of closing.splice(0)) await close();
    await server.close();
    const capture = await openCapture(tap);
    const judge = new CaptureJudge(capture.info);
    for await (const batch of capture.frames) for (const frame of batch) judge.add(frame);
    const report = judge.finish();
    expect(report.codec).toMatchObject({
      identical: report.capture.frames,
      malformed: [],
      crcBad: 0,
    });
    expect(report.exchanges.fcp.completed).toBeGreaterThan(5);
    expect(report.logins.map((one) => one.by)).toContain('FDISC');
  });

  test('a length prefix of 4 GB: that guest is closed with a word, the others go on', async () => {
    const log: string[] = [];
    closing.push(
      (
        (server) => () =>
          server.close()
      )(await serve(log)),
    );
    const bad = await connect();
    const gone = closed(bad);
    bad.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    await gone;
    expect(log.join('\n')).toMatch(
      /says its next frame has 4294967295 bytes; frames have 1 to \d+/,
    );
    const answer = await ask({ command: 'fabrics' });
    expect(answer).toMatchObject({ ok: true });
  });

  test('a socket that closes in the middle of a frame harms nobody', async () => {
    const log: string[] = [];
    closing.push(
      (
        (server) => () =>
          server.close()
      )(await serve(log)),
    );
    const half = await connect();
    half.end(Buffer.from([0, 0, 0, 100, 1, 2, 3]));
    await closed(half);
    expect(await ask({ command: 'fabrics' })).toMatchObject({ ok: true });
  });

  test('an address in use, and one that is none, are one clear line', async () => {
    closing.push(
      (
        (server) => () =>
          server.close()
      )(await serve()),
    );
    await expect(serve()).rejects.toThrow(ListenError);
    await expect(serve()).rejects.toThrow(/another program does/);
    expect(() => parseListenAddress('tcp:192.0.2.1:9000')).toThrow(/loopback/);
    expect(() => parseListenAddress('fcf.sock')).toThrow(/needs unix:PATH/);
  });
});

describe('FrameSplitter', () => {
  test('frames come out whole, however the bytes are cut', () => {
    const frames = [Uint8Array.of(1), Uint8Array.of(2, 3, 4), new Uint8Array(300).fill(7)];
    const bytes = Buffer.concat(frames.map(framed));
    for (let piece = 1; piece <= bytes.length; piece += 7) {
      const splitter = new FrameSplitter();
      const out: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += piece) {
        out.push(...splitter.push(bytes.subarray(at, at + piece)));
      }
      expect(out).toEqual(frames);
    }
  });
});
