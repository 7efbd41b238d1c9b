/** What the commands share in talking to people and pipes. */
import pc from 'picocolors';
import { escapeText } from '../codecs/layout/text.ts';
import { terminalColumns, wrap } from './columns.ts';

export { table, terminalColumns, wrap } from './columns.ts';
export { verdictLines } from './verdict-text.ts';

/** Exit statuses of every command; `interrupted` as shells have it of SIGINT, behind what was found until then. */
export const Exit = { clean: 0, violated: 1, unusable: 2, interrupted: 130 } as const;

/** Ends a command with status 2 and one line: what, where, what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** JSON text of a value, bigint as decimal text. */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(
    value,
    (_key, one: unknown) => (typeof one === 'bigint' ? one.toString() : one),
    indent,
  );
}

/** A duration as a person reads it: `1.234 ms`. */
export function duration(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`;
  if (ns >= 1e3) return `${(ns / 1e3).toFixed(1)} us`;
  return `${ns} ns`;
}

const MINUTE_MS = 60_000;

/** A time that is only known roughly, in words: `about 5 min`. */
export function roughly(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (ms < 10_000) return 'a few seconds';
  if (minutes < 2) return `about ${Math.round(ms / 10_000) * 10} s`;
  if (minutes < 120) return `about ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `about ${hours} h` : `about ${Math.round(hours / 24)} days`;
}

/** A length as a person reads it: `21.3 MB`. */
export function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  if (bytes >= 1e3) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${bytes} bytes`;
}

/** A whole number with separators between thousands. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** How many there are of something: `1 row`, `1,200 rows`. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`;
}

/** Says on standard error, in one line, or in those of the terminal there, why the command cannot go on. Texts in it may come from files. */
export function tellError(message: string): void {
  const line = `${pc.red('sanmotion:')} ${escapeText(message)}`;
  process.stderr.write(`${wrap(line, terminalColumns(process.stderr), 2)}\n`);
}

/** Where nobody can overwrite a line, work is told of so often. */
const TOLD_EACH_MS = 30_000;

/** A line on standard error that is overwritten; where that is no terminal, a line now and then. */
export class Progress {
  #shown = false;
  #lastMs = 0;
  readonly #startMs = Date.now();

  /** Shows the text, at most ten times a second and not within the first second. */
  show(text: () => string): void {
    const now = Date.now();
    if (process.stderr.isTTY !== true) {
      if (now - Math.max(this.#startMs, this.#lastMs) < TOLD_EACH_MS) return;
      this.#lastMs = now;
      process.stderr.write(`${text()}\n`);
      return;
    }
    if (now - this.#startMs < 1000 || now - this.#lastMs < 100) return;
    this.#lastMs = now;
    this.#shown = true;
    process.stderr.write(`\r\u001b[K${text()}`);
  }

  end(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
    this.#shown = false;
  }
}
