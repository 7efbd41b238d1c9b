/** Files on sockets: our client against our server, whose array loses its power with data that is not committed. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StableHow } from '../../src/codecs/nfs/index.ts';
import { defaultPlan, type ServePlan } from '../../src/live/plan.ts';
import { NfsClient } from '../../src/port/nfs/client.ts';
import type { NfsDone } from '../../src/port/nfs/client-result.ts';
import { Bench, until } from '../helpers/live-bench.ts';
import { CALLER, SERVER } from '../helpers/nfs-pair.ts';

const DOWN_NS = 200_000_000;
const SECOND = 1_000_000_000;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

/** A file server alone, before a cache that a loss of power empties. */
function plan(): ServePlan {
  const services = [{ protocol: 'nfs', host: '127.0.0.1', port: 0 }] as const;
  const made = defaultPlan({ listen: [], luns: [{ kind: 'memory', bytes: 1 << 20 }], services });
  const nodes = made.topology.nodes.map((node) => {
    if (node.kind !== 'array') return node;
    return {
      ...node,
      units: node.units.map((unit) => ({ ...unit, writeCache: 'volatile' as const })),
    };
  });
  return { ...made, topology: { ...made.topology, nodes } };
}

/** A client on a socket, which it opens again when it breaks. */
class ClientOnSocket {
  readonly client = new NfsClient({
    server: SERVER,
    caller: CALLER,
    xid: 1,
    times: { timeoNs: SECOND, reconnectNs: 50_000_000, reconnectNsMax: 100_000_000 },
  });
  readonly #port: number;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #conns = 0;
  connections = 0;

  constructor(port: number) {
    this.#port = port;
  }

  get now(): number {
    return Math.round(performance.now() * 1e6);
  }

  async ask<T>(ask: (client: NfsClient, now: number, done: NfsDone<T>) => void): Promise<T> {
    const result = new Promise<T>((resolve, reject) =>
      ask(this.client, this.now, (ended) => {
        if (ended.state === 'done') resolve(ended.value);
        else reject(new Error(ended.why));
      }),
    );
    this.#drain();
    return await result;
  }

  #drain(): void {
    for (let out = this.client.poll(); out !== undefined; out = this.client.poll()) {
      if ('send' in out) this.#socket?.write(out.send);
      else if ('close' in out) this.#socket?.destroy();
      else if ('connect' in out) this.#connect(out.connect.id);
    }
    clearTimeout(this.#timer);
    const { deadline } = this.client;
    if (deadline === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.client.handleTimeout(this.now);
        this.#drain();
      },
      Math.max(0, (deadline - this.now) / 1e6),
    );
  }

  #connect(id: number): void {
    const conn = ++this.#conns;
    const socket = connect(this.#port, '127.0.0.1');
    let isOpen = false;
    socket.on('connect', () => {
      isOpen = true;
      this.connections++;
      this.#socket = socket;
      this.client.handleOpened(conn, this.now);
      this.#drain();
    });
    socket.on('data', (bytes) => {
      this.client.handleBytes(conn, bytes, this.now);
      this.#drain();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (isOpen) this.client.handleClosed(conn, 'reset', this.now);
      else this.client.handleUnreachable(id, this.now);
      this.#drain();
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#socket?.removeAllListeners('close');
    this.#socket?.destroy();
  }
}

describe('an array that loses its power with UNSTABLE data', () => {
  test('the client finds out by the write verifier, and sends again: nothing is lost', async () => {
    const server = await bench.serve({ plan: plan() });
    const one = new ClientOnSocket(Number(server.services[0]!.address.split(':').at(-1)));
    bench.atEnd(() => one.end());
    const root = await one.ask<Uint8Array>((client, now, done) =>
      client.mount('/units', now, done),
    );
    const file = await one.ask<Uint8Array>((client, now, done) =>
      client.lookup(root, 'lun0.img', now, done),
    );
    const { medium } = server.array.device.units[0]!;
    const write = (value: number) =>
      one.ask<undefined>((client, now, done) =>
        client.write(
          file,
          BigInt(512 * value),
          new Uint8Array(512).fill(value),
          StableHow.UNSTABLE,
          now,
          done,
        ),
      );
    for (const value of [1, 2, 3]) await write(value);
    expect(medium.read(2, 1)[0]).toBe(2);
    server.restartArray(DOWN_NS);
    await until(() => medium.read(2, 1)[0] === 0, 'the cache is lost');
    // The connection is gone too; these reach the server of after.
    await write(4);
    await one.ask<undefined>((client, now, done) => client.commit(file, now, done));
    expect([1, 2, 3, 4].map((lba) => medium.read(lba, 1)[511])).toEqual([1, 2, 3, 4]);
    medium.powerLost?.();
    expect([1, 2, 3, 4].map((lba) => medium.read(lba, 1)[511])).toEqual([1, 2, 3, 4]);
    expect(one.connections).toBeGreaterThan(1);
    expect(one.client.uncommittedBytes).toBe(0);
  });
});
