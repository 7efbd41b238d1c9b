/** A command of ours run inside the test: its exit status and what it printed. */
import { createServer, type Server } from 'node:net';
import { vi } from 'vitest';

/** Colours are a terminal's; what is said is not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
const COLOURS = /\u001b\[[0-9;]*m/g;

/** What a command said. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Gathers what is written to a stream of the process, until `restore`. */
function gather(stream: NodeJS.WriteStream): { text(): string; restore(): void } {
  const parts: string[] = [];
  const spy = vi.spyOn(stream, 'write').mockImplementation((text) => {
    parts.push(String(text));
    return true;
  });
  return {
    text: () => parts.join('').replace(COLOURS, ''),
    restore: () => spy.mockRestore(),
  };
}

/** Runs the command and gives its status and its words. What it throws is thrown on. */
export async function said(command: () => number | Promise<number>): Promise<Said> {
  const out = gather(process.stdout);
  const err = gather(process.stderr);
  try {
    const status = await command();
    return { status, stdout: out.text(), stderr: err.text().trim() };
  } finally {
    out.restore();
    err.restore();
  }
}

/** A server on a control socket that keeps what it is asked and always gives the same answer. */
export async function answering(
  path: string,
  answer: unknown,
): Promise<{ readonly asked: unknown[]; close(): Promise<void> }> {
  const asked: unknown[] = [];
  const server: Server = createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('data', (line: string) => {
      asked.push(JSON.parse(line));
      socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
