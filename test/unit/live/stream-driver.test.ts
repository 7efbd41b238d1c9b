/** The driver of stream machines on real sockets. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ListenError } from '../../../src/live/listen-address.ts';
import { StreamDriver } from '../../../src/live/stream-driver.ts';
import { type EchoEvent, LengthEcho } from '../../helpers/length-echo.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function driver(machine = new LengthEcho()) {
  const events: EchoEvent[] = [];
  const defects: unknown[] = [];
  const started = Date.now();
  const clock = (): number => (Date.now() - started) * 1e6;
  const made = await StreamDriver.open({ host: '127.0.0.1', port: 0 }, 'iscsi:127.0.0.1:0', {
    machine,
    clock,
    act: (work) => work(clock()),
    onEvent: (event) => events.push(event),
    onDefect: (error) => defects.push(error),
  });
  closing.push(() => made.close());
  return { made, events, defects };
}

function client(port: number): { socket: Socket; said: Promise<Buffer>; first: Promise<Buffer> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  closing.push(() => {
    socket.destroy();
  });
  const parts: Buffer[] = [];
  socket.on('error', () => {});
  const first = new Promise<Buffer>((resolve) => socket.once('data', resolve));
  const said = new Promise<Buffer>((resolve) => {
    socket.on('data', (part) => parts.push(part));
    socket.once('close', () => resolve(Buffer.concat(parts)));
    socket.once('end', () => resolve(Buffer.concat(parts)));
  });
  return { socket, said, first };
}

const message = (...bytes: number[]): Buffer => Buffer.from([0, bytes.length, ...bytes]);

test('bytes go in, answers and events come out, and both ends close', async () => {
  const { made, events } = await driver();
  const { socket, said } = client(made.port);
  socket.write(message(1, 2));
  socket.end(message(3));
  expect(await said).toEqual(Buffer.concat([message(1, 2), message(3)]));
  expect(events.map(({ bytes }) => bytes)).toEqual([4, 3]);
});

test('a machine that throws loses its connection, and the others go on', async () => {
  class Broken extends LengthEcho {
    override handleBytes(conn: number, bytes: Uint8Array, now: number): void {
      if (bytes[2] === 0xff) throw new Error('a defect');
      super.handleBytes(conn, bytes, now);
    }
  }
  const { made, defects } = await driver(new Broken());
  const [bad, good] = [client(made.port), client(made.port)];
  bad.socket.write(message(0xff));
  expect(await bad.said).toEqual(Buffer.alloc(0));
  expect(defects).toHaveLength(1);
  good.socket.write(message(1));
  expect(await good.first).toEqual(message(1));
});

test('without power nobody is let in, and all are cut', async () => {
  const { made } = await driver();
  const one = client(made.port);
  one.socket.write(message(1));
  await one.first;
  made.setPower(false);
  await one.said;
  const two = client(made.port);
  two.socket.write(message(1));
  expect(await two.said).toEqual(Buffer.alloc(0));
  made.setPower(true);
  const three = client(made.port);
  three.socket.write(message(1));
  expect(await three.first).toEqual(message(1));
});

test('an address that is taken is one line', async () => {
  const { made } = await driver();
  const machine = new LengthEcho();
  const options = {
    machine,
    clock: () => 0,
    act: () => {},
    onEvent: () => {},
    onDefect: () => {},
  };
  const place = { host: '127.0.0.1', port: made.port };
  await expect(StreamDriver.open(place, 'iscsi:x', options)).rejects.toThrow(ListenError);
});
