/** `sanmotion serve` as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { askControl } from '../../../src/live/control/client.ts';
import { endOf, until } from './wait.ts';

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 15_000;

export interface ServeOptions {
  readonly scenario?: string;
  /** Arguments beside --listen, --control and --tap. */
  readonly arguments?: readonly string[];
  /** Listen addresses, as after --listen; the Unix socket `fcf.sock` when none is given. */
  readonly listen?: readonly string[];
  /** Names its files, for a second `serve` in one test. */
  readonly name?: string;
  /** What runs it, such as `ip netns exec NAME`. */
  readonly within?: readonly string[];
  /** The command, with its arguments before `serve`. */
  readonly command?: readonly string[];
}

const FROM_SOURCE = [process.execPath, '--import', 'tsx', 'src/cli/main.ts'];

export class Serve {
  /** The Unix socket of the default listener. */
  readonly socketPath: string;
  readonly tapPath: string | undefined;
  readonly #controlPath: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess, base: string, tapPath: string | undefined) {
    this.socketPath = `${base}.sock`;
    this.#controlPath = `${base}.control`;
    this.tapPath = tapPath;
    this.#process = child;
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    }
  }

  /** Starts it with its files in `dir`; done when guests may connect. */
  static async start(dir: string, options: ServeOptions = {}, tap = true): Promise<Serve> {
    const base = join(dir, options.name ?? 'fcf');
    const tapPath = tap ? `${base}.pcapng` : undefined;
    const listen = options.listen ?? [`unix:${base}.sock`];
    const command = options.command ?? FROM_SOURCE;
    const [program, ...before] = [...(options.within ?? []), ...command];
    const child = spawn(
      program!,
      [
        ...before,
        'serve',
        ...(options.scenario === undefined ? [] : [options.scenario]),
        ...listen.flatMap((one) => ['--listen', one]),
        ...['--control', `${base}.control`],
        ...(tapPath === undefined ? [] : ['--tap', tapPath]),
        ...(options.arguments ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
    );
    const serve = new Serve(child, base, tapPath);
    await until(
      () => {
        if (child.exitCode !== null) throw new Error(`serve ended:\n${serve.log}`);
        return serve.log.split('listening').length > listen.length;
      },
      START_LIMIT_MS,
      'serve listens',
    ).catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
    return serve;
  }

  /** What it printed. */
  get log(): string {
    return this.#log;
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid!;
  }

  /** What its TCP ports carry, in tshark's words. */
  get decodeAs(): readonly string[] {
    return [...this.#log.matchAll(/listening on (iscsi|nfs):.*:(\d+) /g)].map(
      ([, protocol, port]) => `tcp.port==${port},${protocol === 'nfs' ? 'rpc' : protocol}`,
    );
  }

  /** Asks the control socket; the answer. Errors: `Error` when it is refused. */
  async control(request: { readonly command: string; readonly [name: string]: unknown }) {
    const text = await askControl(this.#controlPath, JSON.stringify(request));
    const answer = JSON.parse(text) as { readonly ok: boolean; readonly [name: string]: unknown };
    if (!answer.ok) throw new Error(`${JSON.stringify(request)}: ${String(answer.error)}`);
    return answer;
  }

  /** Polls its log for a pattern. */
  async logged(pattern: RegExp, limitMs = 60_000): Promise<void> {
    await until(() => pattern.test(this.#log), limitMs, `${pattern} in the log of serve`);
  }

  /** Ends it as a person would; its exit status. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    return endOf(this.#process, signal, END_LIMIT_MS);
  }
}
