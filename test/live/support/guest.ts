/**
 * A Linux guest under QEMU's software emulation (see `lab/`), driven through a serial port on a
 * Unix socket: one command a line, answered by its output and `@rc N`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { deadlineAt, delay, endOf, until } from './wait.ts';

const BOOT_LIMIT_MS = 120_000;
const COMMAND_LIMIT_MS = 60_000;
/** QEMU that does not end on SIGTERM is killed. */
const END_LIMIT_MS = 10_000;
const CONSOLE_TAIL_LINES = 80;
/** A guest whose clock goes wrong is booted again. */
const BOOTS_MAX = 4;
const CLOCK_CHECK_MS = 400;
/** /proc/uptime counts hundredths of a second. */
const CLOCK_STEP_MS = 20;
/** Debian's fipvlan also polls its standard input, and hears no answer where there is always something to read. */
export const FIPVLAN = 'fipvlan eth0 <> /tmp/never';

/** One NIC: the Unix socket (or `HOST:PORT`) of a QEMU `stream`, or QEMU's own -netdev text. */
export type Cable =
  | { readonly connect: string }
  | { readonly listen: string }
  | { readonly netdev: string };

export interface GuestOptions {
  /** Names its files and its messages. */
  readonly name: string;
  /** What runs QEMU's command, such as `ip netns exec NAME`. */
  readonly within?: readonly string[];
  readonly cables: readonly Cable[];
  /** MAC of the first NIC; the WWPN of its port is 20:00: and this. */
  readonly mac?: string;
  readonly role?: 'initiator' | 'target' | 'none';
  readonly mode?: 'fabric' | 'vn2vn';
  readonly mtu?: number;
  readonly vlan?: number;
  readonly nic?: 'virtio_net' | 'e1000' | 'e1000e' | 'vmxnet3' | '8139cp';
  /** Further `lab.NAME=VALUE` of `lab/guest/init`. */
  readonly arguments?: Readonly<Record<string, string | number>>;
  /** Further text of the kernel's command line, such as `fcoe.e_d_tov=1100`. */
  readonly append?: string;
  /** It has the disk that `tools` mounts. */
  readonly hasTools?: boolean;
  /** Further arguments of QEMU. */
  readonly qemu?: readonly string[];
}

export interface Answer {
  /** Exit status. */
  readonly status: number;
  readonly output: string;
  /** Output lines with the host's clock when they came, in milliseconds (`performance.now`). */
  readonly lines: readonly { readonly text: string; readonly atMs: number }[];
}

/** A command that failed in a guest, or a guest that does not answer. */
export class GuestError extends Error {
  override readonly name = 'GuestError';
}

export class Guest {
  readonly name: string;
  /** A second command channel, for another program. */
  readonly channelPath: string;
  readonly #consolePath: string;
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  readonly #monitorPath: string;
  #pending = '';
  #lines: { text: string; atMs: number }[] = [];
  #busy = Promise.resolve();
  #wake: () => void = () => {};

  private constructor(options: GuestOptions, paths: GuestPaths, child: ChildProcess, link: Socket) {
    this.name = options.name;
    this.channelPath = paths.channel2;
    this.#consolePath = paths.console;
    this.#monitorPath = paths.monitor;
    this.#process = child;
    this.#socket = link;
    link.setEncoding('latin1');
    link.on('data', (text: string) => this.#receive(text));
    link.on('close', () => this.#wake());
    link.on('error', () => this.#wake());
  }

  /** Boots a guest whose files go to `dir`; done when it takes commands. Errors: `GuestError`. */
  static async boot(dir: string, options: GuestOptions): Promise<Guest> {
    for (let attempt = 1; ; attempt++) {
      const guest = await Guest.#bootOnce(dir, options);
      if (await guest.#keepsTime()) return guest;
      await guest.stop();
      if (attempt === BOOTS_MAX)
        throw new GuestError(`${options.name}: its clock goes wrong in each of ${attempt} boots`);
    }
  }

  static async #bootOnce(dir: string, options: GuestOptions): Promise<Guest> {
    const paths = guestPaths(dir, options.name);
    const ready = (text: string): boolean => text === '@ready';
    return await Guest.#start(options, paths, async (guest, limit) => {
      await guest.#line(ready, limit, 'boot');
      guest.#lines = [];
    });
  }

  static async #start(
    options: GuestOptions,
    paths: GuestPaths,
    ready: (guest: Guest, limit: number) => Promise<void> = async () => {},
  ): Promise<Guest> {
    const [program, ...before] = [...(options.within ?? []), 'lab/run-guest.sh'];
    const child = spawn(program!, [...before, ...argumentsOf(options, paths)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const messages = createWriteStream(paths.messages);
    child.stdout.pipe(messages, { end: false });
    child.stderr.pipe(messages, { end: false });
    try {
      const limit = deadlineAt(BOOT_LIMIT_MS);
      const socket = await connectTo(paths.channel1, child, limit);
      const guest = new Guest(options, paths, child, socket);
      await ready(guest, limit);
      return guest;
    } catch (error) {
      child.kill('SIGKILL');
      throw new GuestError(
        `${options.name}: ${(error as Error).message}\n${tail(paths.messages)}\n${tail(paths.console)}`,
      );
    }
  }

  /**
   * QEMU that waits for a running guest, which the `migrate` command of another QEMU sends to the Unix socket `from`; it
   * takes commands when it has come. The options are those of the other.
   */
  static async incoming(dir: string, options: GuestOptions, from: string): Promise<Guest> {
    const paths = guestPaths(dir, options.name);
    const qemu = [...(options.qemu ?? []), '-incoming', `unix:${from}`];
    return await Guest.#start({ ...options, qemu }, paths);
  }

  /** Runs a command of the guest's shell. Errors: `GuestError` when it does not end in time. */
  async run(command: string, limitMs = COMMAND_LIMIT_MS): Promise<Answer> {
    const before = this.#busy;
    let done = () => {};
    this.#busy = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    try {
      this.#lines = [];
      this.#socket.write(`${command.replaceAll('\n', '; ')}\n`);
      const last = await this.#line(
        (text) => text.startsWith('@rc '),
        deadlineAt(limitMs),
        command,
      );
      const lines = this.#lines.slice(0, last);
      const status = Number(this.#lines[last]!.text.slice(4));
      return { status, output: lines.map((one) => one.text).join('\n'), lines };
    } finally {
      done();
    }
  }

  /** Runs a command that has to succeed; its output. Errors: `GuestError`. */
  async ok(command: string, limitMs = COMMAND_LIMIT_MS): Promise<string> {
    const { status, output } = await this.run(command, limitMs);
    if (status !== 0) {
      throw new GuestError(`${this.name}: \`${command}\` ended with ${status}:\n${output}`);
    }
    return output;
  }

  /** Waits for the login of `ports` FC ports and for as many `disks`. */
  async online(disks = 1, ports = 1): Promise<void> {
    await this.ok(`wait_online 40 ${ports} && wait_disks 40 ${disks} || { show; false; }`, 120_000);
  }

  /** A command for QEMU's monitor, such as `set_link n0 off` or `stop`; what it says. */
  async monitor(command: string): Promise<string> {
    const socket = createConnection(this.#monitorPath);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const prompts = () => text.split('(qemu)').length - 1;
    await until(() => prompts() > 0, 20_000, 'the monitor of QEMU');
    text = '(qemu)';
    socket.write(`${command}\n`);
    await until(() => prompts() > 1, 20_000, `${command} in the monitor of QEMU`);
    socket.destroy();
    return text;
  }

  /** The end of what the kernel and QEMU said. */
  get log(): string {
    return tail(this.#consolePath);
  }

  /** Ends QEMU, by its process id. */
  async stop(): Promise<void> {
    this.#socket.destroy();
    await endOf(this.#process, 'SIGTERM', END_LIMIT_MS);
  }

  /**
   * Whether its clock goes as fast as ours. The kernel measures its processor's at boot; on a host
   * with more work than processors it can be off by ten, and then every timer of the guest is.
   */
  async #keepsTime(): Promise<boolean> {
    const [from, first] = [performance.now(), Number(await this.ok('up'))];
    const between = performance.now();
    await delay(CLOCK_CHECK_MS);
    const [until, second] = [performance.now(), Number(await this.ok('up'))];
    const guestMs = (second - first) * 1000;
    const [shortest, longest] = [until - between, performance.now() - from];
    return guestMs > shortest * 0.7 - CLOCK_STEP_MS && guestMs < longest * 1.4 + CLOCK_STEP_MS;
  }

  #receive(text: string): void {
    const atMs = performance.now();
    const parts = (this.#pending + text).split('\n');
    this.#pending = parts.pop()!;
    for (const part of parts) this.#lines.push({ text: part.replace(/\r$/, ''), atMs });
    this.#wake();
  }

  /** Waits for a line; its place in `#lines`. */
  async #line(wanted: (text: string) => boolean, limit: number, what: string): Promise<number> {
    for (let seen = 0; ; ) {
      for (; seen < this.#lines.length; seen++) if (wanted(this.#lines[seen]!.text)) return seen;
      if (this.#socket.destroyed)
        throw new GuestError(`${this.name} went away in \`${what}\`\n${this.log}`);
      const leftMs = limit - performance.now();
      if (leftMs <= 0) {
        const output = this.#lines.map((one) => one.text).join('\n');
        throw new GuestError(`${this.name}: \`${what}\` has not ended\n${output}\n${this.log}`);
      }
      await Promise.race([
        delay(Math.min(leftMs, 1000)),
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
    }
  }
}

interface GuestPaths {
  readonly channel1: string;
  readonly channel2: string;
  readonly monitor: string;
  readonly console: string;
  readonly messages: string;
}

function guestPaths(dir: string, name: string): GuestPaths {
  const path = (suffix: string) => join(dir, `${name}.${suffix}`);
  return {
    channel1: path('ch1'),
    channel2: path('ch2'),
    monitor: path('mon'),
    console: path('console.log'),
    messages: path('qemu.log'),
  };
}

function argumentsOf(options: GuestOptions, paths: GuestPaths): string[] {
  const pairs: [string, string | number | undefined][] = [
    ['--channel', paths.channel1],
    ['--channel', paths.channel2],
    ['--monitor', paths.monitor],
    ['--console', `file:${paths.console}`],
    ['--mac', options.mac],
    ['--role', options.role],
    ['--mode', options.mode],
    ['--mtu', options.mtu],
    ['--vlan', options.vlan],
    ['--nic', options.nic],
    ['--append', options.append],
  ];
  for (const cable of options.cables) {
    const [[kind, value]] = Object.entries(cable) as [[string, string]];
    pairs.push([`--${kind}`, value]);
  }
  for (const [name, value] of Object.entries(options.arguments ?? {})) {
    pairs.push(['--arg', `${name}=${value}`]);
  }
  for (const word of options.qemu ?? []) pairs.push(['--qemu', word]);
  const words = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [name, String(value)],
  );
  return options.hasTools === true ? ['--tools', ...words] : words;
}

async function connectTo(path: string, child: ChildProcess, limit: number): Promise<Socket> {
  while (performance.now() < limit) {
    if (child.exitCode !== null) throw new GuestError(`QEMU ended with ${child.exitCode}`);
    const socket = createConnection(path);
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (connected) return socket;
    await delay(50);
  }
  throw new GuestError('QEMU has not opened its serial port');
}

function tail(path: string): string {
  if (!existsSync(path)) return '';
  return readFileSync(path, 'latin1').split('\n').slice(-CONSOLE_TAIL_LINES).join('\n');
}
