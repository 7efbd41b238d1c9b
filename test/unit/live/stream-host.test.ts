/** A machine that speaks byte streams, on real sockets. */
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { StreamHost } from '../../../src/live/stream-host.ts';
import { StreamCore } from '../../../src/machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine } from '../../../src/machine/stream-machine.ts';
import { until } from '../../live/support/wait.ts';

const LIMIT_MS = 10_000;

/** Answers each piece with itself, `x` with a reset, `e` with an end and one, `!` by throwing, `t` a millisecond later. */
class Echo implements StreamMachine<string> {
  readonly #core = new StreamCore<string>();

  handleOpened(conn: Conn, now: number, id?: number): void {
    this.#core.now = now;
    this.#core.emit(id === undefined ? `opened ${conn}` : `opened ${conn}, asked by ${id}`);
    if (id !== undefined) this.#core.send(conn, Uint8Array.of(id));
  }

  handleUnreachable(id: number, now: number): void {
    this.#core.now = now;
    this.#core.emit(`unreachable ${id}`);
  }

  ask(id: number, port: number): void {
    this.#core.connect({ id, address: '127.0.0.1', port });
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
    this.#core.now = now;
    const text = Buffer.from(bytes).toString();
    if (text === '!') throw new Error('broken');
    if (text === 'e') this.#core.close(conn, 'end');
    if (text === 'e' || text === 'x') this.#core.close(conn, 'reset');
    else if (text === 't') this.#core.after(1_000_000, () => this.#core.send(conn, bytes));
    else this.#core.send(conn, bytes.slice());
  }

  handleClosed(conn: Conn, how: StreamEnd, now: number): void {
    this.#core.now = now;
    this.#core.emit(`closed ${conn} ${how}`);
    if (how === 'end') this.#core.close(conn, 'end');
  }

  handleTimeout(now: number): void {
    this.#core.handleTimeout(now);
  }

  poll() {
    return this.#core.poll();
  }

  get deadline() {
    return this.#core.deadline;
  }
}

const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

async function hosted() {
  const events: string[] = [];
  const defects: string[] = [];
  const host = new StreamHost<string>({
    clock: () => Math.round(performance.now() * 1e6),
    onEvent: (event) => events.push(event),
    onDefect: (error) => defects.push((error as Error).message),
  });
  await host.listen('test', '127.0.0.1', 0);
  host.run(new Echo());
  cleaners.push(() => host.close());
  return { host, events, defects };
}

interface Client {
  readonly socket: Socket;
  said: string;
  closed: boolean;
  fault: string | undefined;
}

function clientOf(host: StreamHost<string>): Client {
  const socket = connect({ port: host.port, host: '127.0.0.1', allowHalfOpen: true });
  const client: Client = { socket, said: '', closed: false, fault: undefined };
  socket.on('data', (bytes) => {
    client.said += bytes.toString();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    client.fault = error.code;
  });
  socket.on('close', () => {
    client.closed = true;
  });
  cleaners.push(() => socket.destroy());
  return client;
}

describe('a host of streams', () => {
  it('brings bytes, ends and time to the machine, and what it says back', async () => {
    const { host, events } = await hosted();
    const client = clientOf(host);
    client.socket.write('abc');
    await until(() => client.said === 'abc', LIMIT_MS, 'an echo');
    client.socket.write('t');
    await until(() => client.said === 'abct', LIMIT_MS, 'a late echo');
    expect(host.peerOf(1)).toEqual({ address: '127.0.0.1', port: client.socket.localPort });
    client.socket.end();
    await until(() => client.closed, LIMIT_MS, 'the end');
    expect(events.slice(0, 2)).toEqual(['opened 1', 'closed 1 end']);
  });

  it('breaks a connection that the machine resets, or at which it throws; others go on', async () => {
    const { host, defects } = await hosted();
    const clients = ['x', '!', 'ok'].map((text) => {
      const client = clientOf(host);
      client.socket.write(text);
      return client;
    });
    const [reset, thrown, well] = clients as [Client, Client, Client];
    await until(() => reset.closed && thrown.closed && well.said === 'ok', LIMIT_MS, 'all three');
    expect([reset.fault, thrown.fault]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(defects).toEqual(['broken']);
  });

  it('closes a connection that is broken while its end is being said', async () => {
    const sockets = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    await until(() => sockets() === 0, LIMIT_MS, 'the sockets of before');
    const { host } = await hosted();
    const client = clientOf(host);
    client.socket.write('e');
    client.socket.on('end', () => client.socket.end());
    await until(() => client.closed, LIMIT_MS, 'the end');
    // A handle that stays keeps the process from its own end.
    await until(() => sockets() === 0, LIMIT_MS, 'every socket given back');
  });

  it('makes the connections that the machine asks for, and says which cannot be had', async () => {
    const events: string[] = [];
    const heard: number[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => heard.push(...bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const host = new StreamHost<string>({
      clock: () => Math.round(performance.now() * 1e6),
      onEvent: (event) => events.push(event),
      onDefect: () => {},
    });
    cleaners.push(() => host.close());
    const echo = new Echo();
    host.run(echo);
    echo.ask(7, port);
    host.drain();
    await until(() => heard.length > 0, LIMIT_MS, 'a connection');
    expect([heard, events]).toEqual([[7], ['opened 1, asked by 7']]);
    expect(host.peerOf(1)).toEqual({ address: '127.0.0.1', port });
    await new Promise<void>((resolve) => {
      host.run(undefined);
      server.close(() => resolve());
    });
    const again = new Echo();
    host.run(again);
    again.ask(8, port);
    host.drain();
    await until(() => events.includes('unreachable 8'), LIMIT_MS, 'that nobody listens');
  });

  it('without power nobody connects; connections of before are gone', async () => {
    const { host, events } = await hosted();
    const before = clientOf(host);
    before.socket.write('a');
    await until(() => before.said === 'a', LIMIT_MS, 'an echo');
    host.run(undefined);
    expect(events).toEqual(['opened 1', 'closed 1 reset']);
    await until(() => before.closed, LIMIT_MS, 'the break');
    const during = clientOf(host);
    await until(() => during.closed, LIMIT_MS, 'a refusal');
    host.run(new Echo());
    const after = clientOf(host);
    after.socket.write('b');
    await until(() => after.said === 'b', LIMIT_MS, 'an echo again');
  });

  it('a peer that does not read is not read from', async () => {
    const { host } = await hosted();
    const client = clientOf(host);
    client.socket.pause();
    const piece = Buffer.alloc(1 << 20, 1);
    for (let i = 0; i < 64; i++) client.socket.write(piece);
    const held = (): number => client.socket.writableLength;
    await until(() => held() > 0 && held() < 64 << 20, LIMIT_MS, 'some of it to go');
    let last = -1;
    await until(
      () => {
        const same = held() === last;
        last = held();
        return same;
      },
      LIMIT_MS,
      'no more to go',
    );
    expect(held()).toBeGreaterThan(16 << 20);
  });

  it('says which address cannot be had', async () => {
    const { host } = await hosted();
    const second = new StreamHost<string>({ clock: () => 0, onEvent() {}, onDefect() {} });
    await expect(second.listen('nfs:127.0.0.1', '127.0.0.1', host.port)).rejects.toThrow(
      'cannot listen on nfs:127.0.0.1: another program listens there',
    );
  });
});
