/** QEMU, or its storage daemon, steered by QMP on a Unix socket. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createConnection, type Socket } from 'node:net';
import { endOf, until } from './wait.ts';

const LIMIT_MS = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any;

/** A process with a QMP socket. */
export class Qmp {
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  readonly #waiting: ((answer: Answer) => void)[] = [];
  #text = '';

  private constructor(child: ChildProcess, socket: Socket) {
    this.#process = child;
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      const lines = this.#text.split('\n');
      this.#text = lines.pop()!;
      for (const line of lines) {
        const answer = JSON.parse(line);
        if ('return' in answer || 'error' in answer) this.#waiting.shift()?.(answer);
      }
    });
  }

  /** Starts a program that makes the socket at a path; done when it takes commands. */
  static async start(program: string, words: readonly string[], path: string): Promise<Qmp> {
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const socket = await until(
      () => {
        if (child.exitCode !== null) throw new Error(`${program} ended:\n${said}`);
        return connected(path);
      },
      LIMIT_MS,
      `${program} takes commands`,
    );
    const qmp = new Qmp(child, socket);
    await qmp.ask('qmp_capabilities');
    return qmp;
  }

  /** Carries a command out; what it gives. Errors: `Error` when it is refused. */
  async ask(execute: string, given: object = {}): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.push(resolve);
      this.#socket.write(`${JSON.stringify({ execute, arguments: given })}\n`);
    });
    if ('error' in answer) throw new Error(`${execute}: ${answer.error.desc}`);
    return answer.return;
  }

  /** Waits until no job is there any more. */
  async jobsEnd(): Promise<void> {
    await until(
      async () => {
        const jobs = (await this.ask('query-jobs')) as {
          id: string;
          status: string;
          error?: string;
        }[];
        for (const { id, status, error } of jobs) {
          if (error !== undefined) throw new Error(`${id}: ${error}`);
          if (status === 'concluded') await this.ask('job-dismiss', { id });
        }
        return jobs.length === 0;
      },
      LIMIT_MS,
      'jobs end',
    );
  }

  async end(): Promise<void> {
    this.#socket.destroy();
    await endOf(this.#process, 'SIGTERM', LIMIT_MS);
  }
}

function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}
