/** A Linux interface in a network namespace of its own, its frames read and written here: Debian's `socat` on a tap. */
import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import type { Socket } from 'node:dgram';
import type { Instant, Machine } from '../../../src/machine/machine.ts';
import { endOf, until } from '../../live/support/wait.ts';
import { boundSocket } from './datagram-wire.ts';
import { missing } from './debian.ts';

const HOST = '127.0.0.1';
const LIMIT_MS = 20_000;
const NS_PER_MS = 1e6;

/** Why there can be no namespace here; `undefined` where there can. */
export function withoutNamespaces(): string | undefined {
  const lacks = missing(['socat', 'iproute2'], ['/usr/bin/socat', '/dev/net/tun', '/usr/sbin/ip']);
  if (lacks !== undefined) return lacks;
  const may = spawnSync('unshare', ['-n', '--ipc', '--pid', '--fork', 'true']).status === 0;
  if (may) return undefined;
  const reason = 'network namespaces may not be made: run it as root';
  process.stderr.write(`\nTests are skipped: ${reason}\n\n`);
  return reason;
}

/** The clock of machines that run here. */
export const clock = (): Instant => Number(process.hrtime.bigint());

/** One interface, its namespace, and what runs there. */
export class TapWire {
  readonly name: string;
  readonly frames: Uint8Array[] = [];
  onFrame: (frame: Uint8Array) => void = () => {};
  readonly #socket: Socket;
  readonly #remotePort: number;
  readonly #children: ChildProcess[] = [];

  private constructor(name: string, socket: Socket, remotePort: number) {
    this.name = name;
    this.#socket = socket;
    this.#remotePort = remotePort;
    socket.on('message', (bytes) => {
      const frame = Uint8Array.from(bytes);
      this.frames.push(frame);
      this.onFrame(frame);
    });
    socket.on('error', () => {});
  }

  /** Makes both, the interface up and with an address where one is given. A name has up to 8 letters. */
  static async open(name: string, address?: string): Promise<TapWire> {
    const unique = `${name}${process.pid}`.slice(0, 15);
    const [local, remote] = [await boundSocket(), await boundSocket()];
    const remotePort = remote.address().port;
    await new Promise<void>((resolve) => remote.close(() => resolve()));
    const wire = new TapWire(unique, local, remotePort);
    shell('ip', 'netns', 'add', unique);
    const words = [
      `TUN,tun-name=${unique},tun-type=tap,iff-no-pi`,
      `UDP4-DATAGRAM:${HOST}:${local.address().port},bind=${HOST}:${remotePort}`,
    ];
    wire.#children.push(spawn('socat', words, { stdio: 'ignore' }));
    await until(
      () => spawnSync('ip', ['link', 'set', unique, 'netns', unique]).status === 0,
      LIMIT_MS,
      'the tap device',
    );
    // What the kernel says of itself when a link comes up would announce it.
    wire.run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1');
    if (address !== undefined) wire.run('ip', 'address', 'add', address, 'dev', unique);
    for (const one of ['lo', unique]) wire.run('ip', 'link', 'set', one, 'up');
    return wire;
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame, this.#remotePort, HOST);
  }

  /** Runs a command in the namespace to its end. */
  run(...words: string[]): SpawnSyncReturns<string> {
    return spawnSync('ip', ['netns', 'exec', this.name, ...words], {
      encoding: 'utf8',
      timeout: LIMIT_MS,
    });
  }

  /** The same while machines here go on; its status and what it said. */
  async ask(...words: string[]): Promise<{ status: number | null; said: string }> {
    const child = spawn('ip', ['netns', 'exec', this.name, ...words]);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearTimeout(limit);
    return { status, said };
  }

  /** Runs a machine behind the interface. */
  driverOf<Event>(machine: Machine<Event>, onEvent: (event: Event) => void): MachineDriver<Event> {
    return new MachineDriver(machine, (_port, frame) => this.send(frame), onEvent);
  }

  /** Starts a program in the namespace, and in IPC and PID namespaces of its own. It ends with the wire: `unshare` takes no SIGTERM. */
  start(...words: string[]): ChildProcess {
    const own = ['unshare', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const child = spawn('ip', ['netns', 'exec', this.name, ...own, ...words], { stdio: 'ignore' });
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children.toReversed()) await endOf(child, 'SIGKILL', LIMIT_MS);
    this.#socket.close();
    spawnSync('ip', ['netns', 'del', this.name]);
  }
}

/** A machine, run by the real clock. */
export class MachineDriver<Event> {
  readonly #machine: Machine<Event>;
  readonly #send: (port: number, frame: Uint8Array) => void;
  readonly #onEvent: (event: Event) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    machine: Machine<Event>,
    send: (port: number, frame: Uint8Array) => void,
    onEvent: (event: Event) => void,
  ) {
    this.#machine = machine;
    this.#send = send;
    this.#onEvent = onEvent;
  }

  /** One change of the machine, and what comes of it. */
  change(work: (now: Instant) => void): void {
    work(clock());
    for (let out = this.#machine.poll(); out !== undefined; out = this.#machine.poll()) {
      if ('send' in out) this.#send(out.port, out.send);
      else this.#onEvent(out.event);
    }
    clearTimeout(this.#timer);
    const { deadline } = this.#machine;
    if (deadline === undefined) return;
    const ms = Math.max(0, Math.ceil((deadline - clock()) / NS_PER_MS));
    this.#timer = setTimeout(() => this.change((now) => this.#machine.handleTimeout(now)), ms);
  }

  heard(port: number, frame: Uint8Array): void {
    this.change((now) => this.#machine.handleFrame(port, frame, true, now));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function shell(...[program, ...words]: [string, ...string[]]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
}
