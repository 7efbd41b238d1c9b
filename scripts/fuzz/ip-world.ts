/**
 * Storage over TCP for the fuzz of machines: an initiator of iSCSI, or a client of NFS or NBD, and its server, each with an
 * IP port of ours on one cable. What is hostile here are frames: segments of TCP and ARP.
 */
import { type Instant, MILLISECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import type { StreamEnd, StreamMachine, StreamOutput } from '../../src/machine/stream-machine.ts';
import { StreamNode } from '../../src/net/stream-node.ts';
import type { MachinesAtWork } from '../../src/testing/index.ts';
import { STREAM_WORLDS } from './stream-worlds.ts';

/** The names of the machines. */
export const IP_WORLD_NODES = ['client', 'server'] as const;

const CLIENT = { mac: '02:00:00:00:00:02', address: '10.0.0.2' };
const SERVER_MAC = '02:00:00:00:00:01';
/** The client is given something to do so often. */
const WORK_EVERY_NS = MILLISECOND;
/** Of what TCP and ARP keep, connections that are over included; what machines keep has its own bounds. */
const KEPT_MOST: Readonly<Record<string, number>> = {
  timers: 20_000,
  connections: 2_000,
  'connections that are over': 4_096,
  'bytes of connections': 64 << 20,
  'segments before their turn': 20_000,
  stations: 4_096,
};

/** A machine that is given work from time to time. */
class Worker implements StreamMachine<unknown> {
  readonly #machine: StreamMachine<unknown>;
  readonly #work: (now: Instant) => void;
  #next = WORK_EVERY_NS;

  constructor(machine: StreamMachine<unknown>, work: (now: Instant) => void) {
    this.#machine = machine;
    this.#work = work;
  }

  handleOpened(conn: number, now: Instant, id?: number): void {
    this.#machine.handleOpened(conn, now, id);
  }

  handleUnreachable(id: number, now: Instant): void {
    this.#machine.handleUnreachable?.(id, now);
  }

  handleBytes(conn: number, bytes: Uint8Array, now: Instant): void {
    this.#machine.handleBytes(conn, bytes, now);
  }

  handleClosed(conn: number, how: StreamEnd, now: Instant): void {
    this.#machine.handleClosed(conn, how, now);
  }

  handleTimeout(now: Instant): void {
    this.#machine.handleTimeout(now);
    if (now < this.#next) return;
    this.#next = now + WORK_EVERY_NS;
    this.#work(now);
  }

  poll(): StreamOutput<unknown> | undefined {
    return this.#machine.poll();
  }

  get deadline(): Instant {
    return Math.min(this.#machine.deadline ?? Number.POSITIVE_INFINITY, this.#next);
  }
}

/** The world of a number: the same number makes the same one; protocols take turns. */
export function makeIpWorld(making: number): MachinesAtWork {
  const world = STREAM_WORLDS[making % STREAM_WORLDS.length]!.make(making);
  const random = streams(making);
  const [[place, server]] = [...world.servers] as [[string, StreamMachine<unknown>]];
  const colon = place.lastIndexOf(':');
  const nodes = {
    client: new StreamNode({
      port: CLIENT,
      machine: new Worker(world.client, (now) => world.work(now)),
      random: random.stream('client'),
    }),
    server: new StreamNode({
      port: { mac: SERVER_MAC, address: place.slice(0, colon) },
      machine: server,
      listens: [Number(place.slice(colon + 1))],
      random: random.stream('server'),
    }),
  };
  return {
    machines: new Map(Object.entries(nodes)),
    cables: [
      [
        { node: 'client', port: 0 },
        { node: 'server', port: 0 },
      ],
    ],
    handleEvent: (node, event, now) =>
      world.handleEvent?.(node === 'client' ? 'client' : 'server', event, now),
    done: () => world.done(),
    *kept() {
      for (const [node, machine] of Object.entries(nodes))
        for (const [what, count] of Object.entries(machine.kept()))
          yield { node, what, count, most: KEPT_MOST[what] ?? 0 };
      yield* world.kept();
    },
  };
}
