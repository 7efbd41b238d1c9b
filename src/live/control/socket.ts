/**
 * The control socket: one JSON request a line, one JSON answer a line, in the order of asking.
 *
 * A request is `{"command": …}` with what the command takes, and an `id` that comes back with the
 * answer. An answer is `{"ok": true, …}` or `{"ok": false, "error": "…"}`; the connection goes on
 * either way.
 */
import { LineServer } from '../line-server.ts';
import type { LiveServer } from '../server.ts';
import { askServer, type ControlCommand, ControlError } from './command.ts';

/** Longest request: a zone set of some ten thousand members. */
const LINE_CHARACTERS_MAX = 1024 * 1024;
const TOO_LONG = `a request has at most ${LINE_CHARACTERS_MAX} bytes; the connection ends`;

/**
 * Serves the commands of a server on a Unix socket.
 *
 * Limits: those of `LineServer`, 1 MiB a request.
 */
export class ControlSocket {
  readonly #lines: LineServer;

  private constructor(lines: LineServer) {
    this.#lines = lines;
  }

  /** Listens on a Unix socket. Errors: `ListenError`. */
  static async open(
    path: string,
    live: LiveServer,
    commands: readonly ControlCommand[],
  ): Promise<ControlSocket> {
    return new ControlSocket(
      await LineServer.open({
        place: { kind: 'unix', path },
        charactersMax: LINE_CHARACTERS_MAX,
        tooLong: JSON.stringify({ ok: false, error: TOO_LONG }),
        answer: (line) => answerOf(live, commands, line),
      }),
    );
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}

async function answerOf(
  live: LiveServer,
  commands: readonly ControlCommand[],
  line: string,
): Promise<string> {
  let id: unknown;
  try {
    const request = parseRequest(line);
    id = request.id;
    const { id: _, ...rest } = request;
    return toLine({ ok: true, id, ...(await askServer(live, commands, rest)) });
  } catch (error) {
    const expected =
      error instanceof ControlError || error instanceof RangeError || error instanceof TypeError;
    if (!expected)
      live.log('error', 'defect', `control: ${(error as Error).message}`, {
        stack: (error as Error).stack,
      });
    return toLine({ ok: false, id, error: (error as Error).message });
  }
}

function parseRequest(line: string): Record<string, unknown> {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (error) {
    throw new ControlError(`a request is one line of JSON: ${(error as Error).message}`);
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new ControlError('a request is a JSON object with a command');
  return request as Record<string, unknown>;
}

function toLine(value: object): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? one.toString() : one,
  );
}
