/** Hosts of ours as guests of a `LiveServer`, over real sockets, in this process. */
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostAnswer } from '../../src/host/control.ts';
import { Host, type HostEvent } from '../../src/host/host.ts';
import { LiveDriver } from '../../src/live/driver.ts';
import { FrameSplitter, withPrefix } from '../../src/live/frame-splitter.ts';
import { parseListenAddress } from '../../src/live/listen-address.ts';
import type { LogRecord } from '../../src/live/log.ts';
import type { LunSource } from '../../src/live/lun-source.ts';
import { arrayOf, defaultPlan, type ServePlan } from '../../src/live/plan.ts';
import { LiveServer, type ServerOptions } from '../../src/live/server.ts';
import { MILLISECOND, SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';

const random = streams(1).stream;

/** A folder, a server and guests that end with a test. */
export class Bench {
  readonly dir = mkdtempSync(join(tmpdir(), 'sanmotion-live-'));
  readonly log: LogRecord[] = [];
  readonly #closing: (() => Promise<void> | void)[] = [];

  get socket(): string {
    return join(this.dir, 'fcf.sock');
  }

  /** The log's sentences. */
  get said(): string {
    return this.log.map((one) => one.text).join('\n');
  }

  atEnd(close: () => Promise<void> | void): void {
    this.#closing.push(close);
  }

  /** A plan with one fabric on `socket`, or on these addresses. */
  plan(
    luns: readonly LunSource[] = [{ kind: 'memory', bytes: 1 << 20 }],
    listen: readonly string[] = [`unix:${this.socket}`],
  ): ServePlan {
    return defaultPlan({ listen: listen.map(parseListenAddress), luns });
  }

  async open(options: Partial<ServerOptions> = {}): Promise<LiveServer> {
    const server = await LiveServer.open({
      plan: this.plan(),
      random,
      log: (record) => this.log.push(record),
      ...options,
    });
    this.atEnd(() => server.close());
    return server;
  }

  async serve(options: Partial<ServerOptions> = {}): Promise<LiveServer> {
    const server = await this.open(options);
    // A guest that is there before the array finds nothing, and hears of it later.
    const targets = arrayOf(server.plan).ports.length;
    const registered = () => server.logins().filter(({ login }) => login.fc4Types.length > 0);
    await until(() => registered().length >= targets, 'the array is in its fabrics');
    return server;
  }

  /** A bare connection to a stream address. */
  async connect(path = this.socket): Promise<Socket> {
    const socket = createConnection(path);
    this.atEnd(() => void socket.destroy());
    await new Promise<void>((resolve, reject) =>
      socket.once('connect', resolve).once('error', reject),
    );
    socket.on('error', () => {});
    return socket;
  }

  /** A host of ours on a stream address. */
  async host(number = 1, path = this.socket): Promise<EmulatedHost> {
    const socket = await this.connect(path);
    const host = new EmulatedHost(number, (frame) => void socket.write(withPrefix(frame)));
    const splitter = new FrameSplitter();
    socket.on('data', (chunk) => host.receive(splitter.push(chunk)));
    socket.on('close', () => host.stop());
    this.atEnd(() => host.stop());
    return host;
  }

  /** A host of ours on a pair of UDP ports, as QEMU's `dgram` has it. */
  async hostOnUdp(number: number, localPort: number, remotePort: number): Promise<EmulatedHost> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(localPort, '127.0.0.1', resolve));
    const host = new EmulatedHost(number, (frame) => socket.send(frame, remotePort, '127.0.0.1'));
    socket.on('message', (frame) =>
      host.receive([new Uint8Array(frame.buffer, frame.byteOffset, frame.length)]),
    );
    this.atEnd(async () => {
      host.stop();
      await new Promise<void>((resolve) => socket.close(resolve));
    });
    return host;
  }

  /** Ends everything, last first. */
  async end(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

type Command = Parameters<Host['handleCommand']>[1];

/** One host with one adapter port, driven by commands. */
export class EmulatedHost {
  readonly driver: LiveDriver<HostEvent>;
  readonly events: HostEvent[] = [];
  readonly wwpn: bigint;
  readonly #waiting = new Map<number, (answer: HostAnswer) => void>();
  #id = 0;

  constructor(number: number, send: (frame: Uint8Array) => void) {
    this.wwpn = 0x2000_0025_b500_0000n + BigInt(number);
    const host = new Host({
      name: `h${number}`,
      nodeName: BigInt(number),
      ports: [
        {
          mac: `00:25:b5:00:00:0${number}`,
          vlanDiscovery: false,
          vlan: 0,
          vlanPriority: 3,
          fcfSelectionDelayNs: MILLISECOND,
          wwpn: this.wwpn,
        },
      ],
      policy: {
        commandTimeoutNs: 5 * SECOND,
        lateWriteWaitNs: SECOND,
        guestTimeoutNs: 60 * SECOND,
      },
      random: (name) => random(name),
    });
    this.driver = new LiveDriver({
      onEvent: (_node, event) => {
        this.events.push(event);
        if (event.type !== 'reply') return;
        this.#waiting.get(event.id)?.(event.answer);
        this.#waiting.delete(event.id);
      },
    });
    this.driver.addNode('host', host);
    this.driver.attach('host', 0, { send, flush: () => {} });
  }

  receive(frames: readonly Uint8Array[]): void {
    this.driver.receive('host', 0, frames);
  }

  async ask(command: Command): Promise<HostAnswer> {
    const id = ++this.#id;
    return await new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.driver.act('host', (machine, now) => (machine as Host).handleCommand(id, command, now));
    });
  }

  /** Logs a virtual machine's WWPN in; what it sees of the array. */
  async prepare(wwpn: bigint, vm = 'vm1') {
    const identities = [{ port: 0, wwpn, wwnn: 2n }];
    const answer = await this.ask({ command: 'prepare', vm, identities });
    if (!answer.ok || answer.command !== 'prepare') throw new Error(JSON.stringify(answer));
    return answer.view;
  }

  /** A guest that begins to write and read. */
  async begin(wwpn: bigint, vm = 'vm1'): Promise<void> {
    await this.prepare(wwpn, vm);
    const workload = {
      writerId: 1,
      queueDepth: 4,
      readPercent: 40,
      blocksMax: 16,
      rangeBlocks: 512,
      thinkNs: 0,
      compareAndWritePercent: 0,
      unmapPercent: 0,
      writeSamePercent: 0,
      fuaPercent: 0,
      retryNonIdempotent: false,
      synchronizePercent: 5,
    };
    await this.ask({ command: 'adopt', vm, guest: { workload, stream: vm } });
    await this.ask({ command: 'resume', vm });
  }

  /** A guest that writes and reads until `ios` of its I/Os have ended; what went wrong with them. */
  async work(wwpn: bigint, ios: number, vm = 'vm1'): Promise<HostEvent[]> {
    await this.begin(wwpn, vm);
    const ended = () => this.events.filter((one) => one.type === 'io-complete');
    await until(() => ended().length >= ios, `${ios} I/Os`);
    await this.ask({ command: 'stop', vm });
    return ended().filter((one) => 'result' in one && one.result !== 'good');
  }

  stop(): void {
    this.driver.stop();
  }
}

/** Waits until something holds. Errors: `Error` after 20 s, so that a test ends with words. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const limit = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));
