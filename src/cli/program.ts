/**
 * The tree of commands: names, arguments, options, examples. From it come the help, the completion of shells and
 * the man page. A command's work is loaded when it is asked for, and nothing else.
 */
import { Command } from 'commander';
import { addCaptures } from './commands/captures.ts';
import { addLive } from './commands/live.ts';
import { addMoves } from './commands/moves.ts';
import type { End } from './commands/option.ts';
import { addPapers } from './commands/papers.ts';
import { tellError } from './output.ts';

/** A command as it is typed: `sanmotion campaign merge`. */
const typed = (command: Command): string =>
  command.parent === null ? command.name() : `${typed(command.parent)} ${command.name()}`;

/** Each command complains in its own name. */
function tellErrors(command: Command): void {
  command.configureOutput({ outputError: (text) => tellError(oneLine(text, command)) });
  for (const one of command.commands) tellErrors(one);
}

/** What the parser of the command line complains of, as one line like every other complaint. */
function oneLine(text: string, command: Command): string {
  const words = text
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean .*\?)\)/, '; $1')
    .trim();
  const says = command.parent === null ? 'lists the commands' : 'says more';
  return `${words.replaceAll('\n', ' ')} (${typed(command)} --help ${says})`;
}

/** What every command ends with, below the list of commands. */
const EXIT_STATUSES = `
Exit status:
  0  the question is answered, and all is well
  1  something is violated, malformed, failed, refused or undone; of zoo, in any
     of its ways
  2  bad usage or unreadable input`;

/** The whole tree; `end` is told the exit status of the command that ran. */
export function programOf(version: string, end: End): Command {
  const program = new Command('sanmotion')
    .description(
      'Moves a virtual machine between HBAs on an emulated FCoE fabric, byte for byte, and judges whether any I/O was lost',
    )
    // An option says its values in its description.
    .configureHelp({
      minWidthToWrap: 20,
      optionDescription: ({ description }) => description,
      argumentDescription: ({ description }) => description,
    })
    .exitOverride()
    .version(version)
    .addHelpText('after', EXIT_STATUSES);
  addMoves(program, version, end);
  addLive(program, end);
  addCaptures(program, end);
  addPapers(program, version, end);
  tellErrors(program);
  return program;
}
