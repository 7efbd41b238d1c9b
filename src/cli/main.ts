#!/usr/bin/env node
/** The `sanmotion` command. */
import { readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { fileFault } from '../capture/file-fault.ts';
import { boundHeap, tuneEngine } from './engine.ts';
import { Exit, tellError, UsageError } from './output.ts';
import { programOf } from './program.ts';

function version(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

/** An option whose value is empty says nothing; in a list it would stand for a name. Errors: `UsageError`. */
function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if ([value].flat().includes(''))
      throw new UsageError(
        `${option.long} '': an empty value; say one, or leave ${option.long} out`,
      );
  }
}

/** Commands that read captures: what is worth it for simulations takes them longer to compile than it saves. */
const READERS: ReadonlySet<string> = new Set(['replay', 'decode']);

function build(end: (status: number) => void): Command {
  return programOf(version(), end).hook('preAction', (_program, command) => {
    refuseEmpty(command);
    if (READERS.has(command.name())) boundHeap();
    else tuneEngine();
  });
}

/**
 * Errors that are the user's to mend: one line, no stack. By their names, for their classes would
 * bring the whole program with them: a command loads what it needs.
 */
const EXPECTED: ReadonlySet<string> = new Set([
  'UsageError',
  'ScenarioError',
  'CaptureError',
  'RunError',
  'ResultsError',
  'QueueError',
  'HistoryError',
  'ListenError',
  'LunError',
]);

function isExpected(error: unknown): error is Error {
  return error instanceof Error && EXPECTED.has(error.name);
}

/** What else is wrong, a line each: a scenario may have several mistakes. */
const othersOf = (error: Error): readonly string[] =>
  'others' in error ? (error.others as readonly string[]) : [];

async function main(): Promise<void> {
  try {
    await build((status) => {
      process.exitCode = status;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? Exit.clean : Exit.unusable;
    } else if (isExpected(error)) {
      for (const line of [error.message, ...othersOf(error)]) tellError(line);
      process.exitCode = Exit.unusable;
    } else throw error;
  }
}

// A reader that closes its pipe early (`| head`) is no error; a disk that is full is the user's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(Exit.clean);
  const { advice, what } = fileFault('/dev/stdout', error, 'write');
  tellError(`standard output cannot be written: ${what}; ${advice}`);
  process.exit(Exit.unusable);
});
// Whoever would be told of it reads no more; the status still says what came of the command.
process.stderr.on('error', () => {});
await main();
