/**
 * A guest's serial port on a Unix socket, as QEMU gives it: one shell command a line, answered by
 * its output and `@rc STATUS`.
 */
import { createConnection, type Socket } from 'node:net';
import { fileFault } from '../../capture/file-fault.ts';

const CONNECT_LIMIT_MS = 10_000;
const COMMAND_LIMIT_MS = 60_000;
/** More output than this without an end is no answer. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** Rounds of asking a guest for its time; each narrows down what the difference can be. */
const CLOCK_ROUNDS = 16;

/** A second of a guest may take longer than ours, where its processor is emulated. */
export const SECOND_MS_MAX = 4000;

/** A guest that cannot be asked, or does not answer. */
export class GuestError extends Error {
  override readonly name = 'GuestError';
}

/** The time of a guest on the clock of this process, at one moment. */
export interface GuestClock {
  /** The guest's time. */
  readonly guestNs: number;
  /** To be added to it. */
  readonly offsetNs: number;
  /** How far off that may be. */
  readonly uncertaintyNs: number;
}

/** What a command came to. */
interface CommandResult {
  /** Exit status. */
  readonly status: number;
  readonly output: string;
}

/** Asks a guest's shell, one command after the other. Errors: `GuestError` from every question. */
export class GuestChannel {
  /** What the guest is called in messages. */
  readonly name: string;
  readonly #socket: Socket;
  #text = '';
  #wake: () => void = () => {};
  #closed = false;
  /** The end of the commands that were asked before. */
  #idle: Promise<unknown> = Promise.resolve();

  private constructor(name: string, socket: Socket) {
    this.name = name;
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#wake();
    });
    for (const event of ['close', 'error'] as const)
      socket.on(event, () => {
        this.#closed = true;
        this.#wake();
      });
  }

  /** Connects, and sees to it that the guest listens. Errors: `GuestError`. */
  static async connect(name: string, path: string): Promise<GuestChannel> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => {
        const why =
          error.code === 'ENOENT' ? 'there is no such socket' : fileFault(path, error, 'read').what;
        reject(new GuestError(`${name}: ${path}: ${why}; give the guest's command channel`));
      });
    });
    const channel = new GuestChannel(name, socket);
    try {
      // What an earlier user left unread comes first.
      socket.write('echo @in-step\n');
      await channel.#until('@in-step', CONNECT_LIMIT_MS, 'echo');
      await channel.#until('@rc 0', CONNECT_LIMIT_MS, 'echo');
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return channel;
  }

  /** Runs a command; its output. Errors: `GuestError` when it fails or does not end. */
  async ok(command: string, limitMs = COMMAND_LIMIT_MS): Promise<string> {
    const { status, output } = await this.run(command, limitMs);
    if (status === 0) return output;
    throw new GuestError(`${this.name}: \`${command}\` ended with ${status}: ${lastLine(output)}`);
  }

  /** Runs a command, behind those under way. Errors: `GuestError` when it does not end in time. */
  run(command: string, limitMs = COMMAND_LIMIT_MS): Promise<CommandResult> {
    const result = this.#idle.then(() => this.#ask(command, limitMs));
    this.#idle = result.catch(() => {});
    return result;
  }

  async #ask(command: string, limitMs: number): Promise<CommandResult> {
    this.#socket.write(`${command}\n`);
    const lines: string[] = [];
    for (;;) {
      const line = await this.#line(limitMs, command);
      if (line.startsWith('@rc '))
        return { status: Number(line.slice(4)), output: lines.join('\n') };
      lines.push(line);
    }
  }

  /** Compares clocks, `now` being ours. Errors: `GuestError`. */
  async clock(now: () => number): Promise<GuestClock> {
    let [least, most, guestNs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let round = 0; round < CLOCK_ROUNDS; round++) {
      const before = now();
      guestNs = Number(await this.ok('echo $EPOCHREALTIME')) * 1e9;
      // The guest has looked at its clock in between.
      least = Math.max(least, before - guestNs);
      most = Math.min(most, now() - guestNs);
    }
    return { guestNs, offsetNs: (least + most) / 2, uncertaintyNs: Math.abs(most - least) / 2 };
  }

  close(): void {
    this.#socket.destroy();
  }

  async #until(wanted: string, limitMs: number, what: string): Promise<void> {
    while ((await this.#line(limitMs, what)) !== wanted) {}
  }

  async #line(limitMs: number, what: string): Promise<string> {
    const limit = performance.now() + limitMs;
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end).replace(/\r$/, '');
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      if (this.#closed) throw new GuestError(`${this.name} went away in \`${what}\``);
      const leftMs = limit - performance.now();
      if (leftMs <= 0) throw new GuestError(`${this.name}: \`${what}\` has not ended`);
      if (this.#text.length > OUTPUT_BYTES_MAX)
        throw new GuestError(`${this.name}: \`${what}\` says too much`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
