/** Stream sockets: frames that arrive, frames that leave, and connections that end badly. */
import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX, FrameSplitter, withPrefix } from '../../../src/live/frame-splitter.ts';
import { ListenError, type ListenPlace } from '../../../src/live/listen-address.ts';
import { type GuestWire, listenOn, StreamListener } from '../../../src/live/stream-wire.ts';
import { closed, until } from '../../helpers/live-bench.ts';

let dir: string;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-stream-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(dir, { recursive: true });
});

const unix = (name = 'a.sock') => ({ kind: 'unix', path: join(dir, name) }) as const;

/** What came of a guest: its wire, its frames, why it ended. */
interface Guest {
  readonly wire: GuestWire;
  readonly frames: number[][];
  end: { readonly why: string | undefined } | undefined;
}

/** A listener that takes guests in, or says why not. */
async function rig(place: ListenPlace = unix(), refusal?: string) {
  const guests: Guest[] = [];
  const listener = await StreamListener.open(place, (wire) => {
    if (refusal !== undefined) return refusal;
    const guest: Guest = { wire, frames: [], end: undefined };
    guests.push(guest);
    return {
      received: (frames) => guest.frames.push(...frames.map((frame) => [...frame])),
      closed: (why) => {
        guest.end = { why };
      },
    };
  });
  ends.push(() => listener.close());
  return { listener, guests };
}

async function connect(path = unix().path): Promise<Socket> {
  const socket = createConnection(path);
  ends.push(() => void socket.destroy());
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** One guest that is plugged in. */
async function plugged() {
  const { listener, guests } = await rig();
  const socket = await connect();
  await until(() => guests.length === 1, 'it is plugged in');
  return { listener, socket, guest: guests[0]! };
}

describe('from a guest', () => {
  test('frames come whole, however they were cut, and its end is no fault', async () => {
    const { socket, guest } = await plugged();
    const bytes = Buffer.concat([withPrefix(Uint8Array.of(1, 2, 3)), withPrefix(Uint8Array.of(4))]);
    socket.write(bytes.subarray(0, 5));
    await until(() => socket.bytesWritten === 5, 'half a frame is written');
    socket.end(bytes.subarray(5));
    await until(() => guest.end !== undefined, 'its end');
    expect(guest.frames).toEqual([[1, 2, 3], [4]]);
    expect(guest.end).toEqual({ why: undefined });
  });

  test.each([
    [[0, 0, 0, 100, 1, 2, 3], /^closed in the middle of a frame, at byte 3 of 100$/],
    [[0, 0], /^closed in the middle of a frame, at byte 0 of an unknown number$/],
    [
      [0xff, 0xff, 0xff, 0xff],
      /^says its next frame has 4294967295 bytes; .*connection is closed$/,
    ],
    [[0, 0, 0, 0], /^says its next frame has 0 bytes/],
  ])('what ends badly says why: %j', async (bytes, why) => {
    const { socket, guest } = await plugged();
    socket.end(Buffer.from(bytes));
    await until(() => guest.end !== undefined, 'its end');
    expect(guest.end!.why).toMatch(why);
  });

  test('for whom there is no room is closed', async () => {
    const { guests } = await rig(unix(), 'no room');
    const socket = createConnection(unix().path);
    socket.on('error', () => {});
    await closed(socket);
    expect(guests).toEqual([]);
  });
});

describe('to a guest', () => {
  test('frames wait for the end of the turn, then leave in their order', async () => {
    const { socket, guest } = await plugged();
    const splitter = new FrameSplitter();
    const got: Uint8Array[] = [];
    socket.on('data', (chunk) => got.push(...splitter.push(chunk)));
    const sent = Array.from({ length: 600 }, (_, i) => new Uint8Array(1000).fill(i));
    for (const frame of sent) guest.wire.send(frame);
    expect(guest.wire.waitingBytes).toBe(600 * 1004);
    guest.wire.flush();
    await until(() => got.length === 600, 'all frames');
    expect(got).toEqual(sent);
    expect([guest.wire.dropped, guest.wire.waitingBytes]).toEqual([0, 0]);
  });

  test('one that is too long for the framing is dropped and counted', async () => {
    const { guest } = await plugged();
    guest.wire.send(new Uint8Array(FRAME_BYTES_MAX + 1));
    expect([guest.wire.dropped, guest.wire.waitingBytes]).toEqual([1, 0]);
  });

  test('who does not read makes frames wait up to a limit, and then loses them', async () => {
    const { socket, guest } = await plugged();
    socket.pause();
    const frame = new Uint8Array(2172);
    for (let i = 0; i < 20_000; i++) guest.wire.send(frame);
    expect(guest.wire.dropped).toBeGreaterThan(3000);
    expect(guest.wire.waitingBytes).toBeLessThanOrEqual(33 * 2 ** 20);
  });
});

describe('a listener', () => {
  test('has the port that the system chose in its name', async () => {
    const { listener } = await rig({ kind: 'tcp', host: '127.0.0.1', port: 0 });
    expect(listener.name).toMatch(/^tcp:127\.0\.0\.1:[1-9]\d*$/);
    expect((await rig()).listener.name).toBe(`unix:${unix().path}`);
  });

  test('ends its connections when it closes', async () => {
    const { listener, socket, guest } = await plugged();
    const gone = closed(socket);
    await listener.close();
    await gone;
    await until(() => guest.end !== undefined, 'the guest has heard');
    expect(guest.end).toEqual({ why: undefined });
  });
});

describe('listenOn', () => {
  const server = (): Server => {
    const one = createServer();
    ends.push(() => void one.close());
    return one;
  };

  test('takes over a socket file that nobody listens on', async () => {
    const first = server();
    await listenOn(first, unix('first'));
    linkSync(unix('first').path, unix().path);
    await new Promise((resolve) => first.close(resolve));
    const second = server();
    await listenOn(second, unix());
    expect(second.address()).toBe(unix().path);
  });

  test('leaves a socket alone on which another listens, and a file that is none', async () => {
    await listenOn(server(), unix());
    await expect(listenOn(server(), unix())).rejects.toThrow(/another program listens there/);
    writeFileSync(join(dir, 'file'), 'precious');
    const refused = listenOn(server(), unix('file'));
    await expect(refused).rejects.toThrow(ListenError);
    await expect(refused).rejects.toThrow(/a file that is no socket is there/);
    await expect(listenOn(server(), unix('none/a.sock'))).rejects.toThrow(/folder does not exist/);
  });
});
