/** Units and snapshots as NBD exports on sockets of a server. */
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askServer } from '../../../src/live/control/command.ts';
import { CONTROL_COMMANDS } from '../../../src/live/control/commands.ts';
import { ListenError } from '../../../src/live/listen-address.ts';
import { formatNbdAddress, isNbdAddress, parseNbdAddress } from '../../../src/live/nbd-service.ts';
import { openServer } from '../../../src/live/open.ts';
import { streams } from '../../../src/machine/random.ts';
import { concat } from '../../helpers/capture.ts';
import { testFolder } from '../../helpers/folder.ts';
import { choose, fromServer, go, hello, request, structured } from '../../helpers/nbd.ts';
import { until } from '../../live/support/wait.ts';

const LIMIT_MS = 20_000;
const folder = testFolder('nbd');
let sockets = 0;
const socketPath = (): string => folder.path(`${++sockets}.sock`);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function served(path: string) {
  const { server, close } = await openServer({
    listen: [],
    luns: [{ kind: 'memory', bytes: 1 << 20 }],
    nbd: [parseNbdAddress(`nbd:unix:${path}`)],
    random: streams(1).stream,
    log: () => {},
  });
  closing.push(close);
  const control = (command: object) => askServer(server, CONTROL_COMMANDS, { ...command });
  return { server, control };
}

/** Says all of it at once; gives the messages that come, once there are so many. */
async function talk(path: string, count: number, ...bytes: Uint8Array[]) {
  const socket = createConnection(path);
  closing.unshift(() => socket.destroy());
  const said: Uint8Array[] = [];
  socket.on('data', (chunk) => said.push(chunk));
  socket.on('error', () => {});
  for (const one of bytes) socket.write(one);
  const messages = () => {
    try {
      return fromServer(concat(said), new Map());
    } catch {
      return [];
    }
  };
  await until(() => messages().length >= count, LIMIT_MS, 'answers');
  // biome-ignore lint/suspicious/noExplicitAny: messages of several families
  return messages().map(({ codec, bytes: own }) => codec.decode(own)) as any[];
}

describe('a server with NBD exports', () => {
  it('what is written is on the unit; snapshots come and go by control, with their maps', async () => {
    const path = socketPath();
    const { control, server } = await served(path);
    const data = new Uint8Array(512).fill(5);
    const write = request('WRITE', { offset: 0n, data });
    expect(await talk(path, 4, hello(), structured(), go(), write)).toHaveLength(5);
    expect(server.array.device.units[0]!.medium.read(0, 1)[0]).toBe(5);
    expect(await control({ command: 'snapshot', action: 'cut', name: 's1' })).toEqual({
      units: [{ name: 'lun0', snapshots: ['s1'], references: ['s1'] }],
    });
    expect(server.services[0]!.files).toEqual(['lun0', 'lun0@s1']);
    const map = choose(['qemu:dirty-bitmap:s1']);
    const again = request('WRITE', { offset: 65_536n, data });
    const status = request('BLOCK_STATUS', { lengthBytes: 1 << 20 });
    const told = await talk(path, 8, hello(), structured(), map, go(), again, status);
    expect(told.at(-1).data.extents).toEqual([
      { lengthBytes: 65_536, flags: 0 },
      { lengthBytes: 65_536, flags: 1 },
      { lengthBytes: 917_504, flags: 0 },
    ]);
    await control({ command: 'snapshot', action: 'revert', name: 's1' });
    expect(server.array.device.units[0]!.medium.read(128, 1)[0]).toBe(0);
    await control({ command: 'snapshot', action: 'delete', name: 's1' });
    expect(server.services[0]!.files).toEqual(['lun0']);
  });

  it('an array that loses its power breaks its connections, and serves again', async () => {
    const path = socketPath();
    const { server } = await served(path);
    const socket = createConnection(path);
    let closed = false;
    socket
      .on('error', () => {})
      .on('close', () => {
        closed = true;
      });
    socket.resume();
    await until(() => socket.bytesRead > 0, LIMIT_MS, 'a greeting');
    server.restartArray(1_000_000);
    await until(() => closed, LIMIT_MS, 'the end of the connection');
    await until(
      async () =>
        (await Promise.race([talk(path, 1), new Promise<[]>((done) => setTimeout(done, 500, []))]))
          .length > 0,
      LIMIT_MS,
      'another greeting',
    );
  });

  it('a peer that asks for more than it reads is not given more: it comes when that was read', async () => {
    const path = socketPath();
    const { server } = await served(path);
    server.array.device.units[0]!.medium.write(0, new Uint8Array(1 << 20).fill(3));
    const reads = Array.from({ length: 64 }, () => request('READ', { lengthBytes: 1 << 20 }));
    const socket = createConnection(path);
    closing.unshift(() => socket.destroy());
    socket.pause();
    socket.write(concat([hello(), structured(), go(), ...reads]));
    let taken = 0;
    socket.on('data', (chunk) => {
      taken += chunk.length;
    });
    socket.pause();
    await new Promise((done) => setTimeout(done, 300));
    socket.resume();
    await until(() => taken >= 64 << 20, LIMIT_MS, 'all of it');
  });
});

describe('nbd:HOST:PORT and nbd:unix:PATH', () => {
  it.each([
    ['nbd:127.0.0.1:10809', { kind: 'tcp', host: '127.0.0.1', port: 10_809 }],
    ['nbd:[::1]:0', { kind: 'tcp', host: '::1', port: 0 }],
    ['nbd:unix:/tmp/nbd.sock', { kind: 'unix', path: '/tmp/nbd.sock' }],
  ])('%s', (text, place) => {
    expect(isNbdAddress(text)).toBe(true);
    expect(parseNbdAddress(text)).toEqual(place);
    expect(formatNbdAddress(parseNbdAddress(text))).toBe(text);
  });

  it.each(['nbd:', 'nbd:10809', 'nbd:192.0.2.1:10809', 'nbd:localhost:99999', 'nbd:unix:'])(
    '%s is refused',
    (text) => {
      expect(() => parseNbdAddress(text)).toThrow(ListenError);
    },
  );
});
