/** The log of `serve`: lines for people on a terminal, JSON for everybody else. */
import pc from 'picocolors';
import { type Logger, pino } from 'pino';
import type { LogRecord } from '../live/log.ts';

const PAINT: Readonly<Record<LogRecord['level'], (text: string) => string>> = {
  debug: pc.dim,
  info: (text) => text,
  warn: pc.yellow,
  error: pc.red,
};

/** The parts of pino's JSON line that a person reads. */
interface Line {
  readonly level: LogRecord['level'];
  readonly time: string;
  readonly msg: string;
}

/** What pino writes its lines to. */
export interface LineSink {
  write(text: string): unknown;
}

/** A pino log. `pretty`: the time of day and a sentence; else one JSON object a line. */
export function serveLog(sink: LineSink, pretty: boolean): (record: LogRecord) => void {
  const logger: Logger = pino(
    {
      base: null,
      level: 'info',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pretty
      ? { write: (line) => void sink.write(prettyLine(line)) }
      : (sink as { write(text: string): void }),
  );
  return ({ level, event, text, fields }) => logger[level]({ event, ...plain(fields) }, text);
}

function prettyLine(json: string): string {
  const { level, time, msg } = JSON.parse(json) as Line;
  return `${pc.dim(time.slice(11, 23))}  ${PAINT[level](msg)}\n`;
}

/** JSON has no bigint. */
function plain(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  );
}
