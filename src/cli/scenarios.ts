/** `sanmotion scenarios`: what is built in, by name; or the text of one, to begin with. */
import pc from 'picocolors';
import { readText } from './files.ts';
import { Exit, terminalColumns, toJson, wrap } from './output.ts';
import { builtInNames, builtInPath, scenarioText } from './scenario-file.ts';

/** Options of `sanmotion scenarios`, as they were typed. */
export interface ScenariosOptions {
  readonly json?: boolean;
}

/** Runs the command. Returns the exit status. Errors: `UsageError`. */
export function scenariosCommand(name: string | undefined, options: ScenariosOptions): number {
  if (name !== undefined) {
    process.stdout.write(scenarioText(name).text);
    return Exit.clean;
  }
  const all = builtInNames().map((one) => {
    const path = builtInPath(one);
    return { name: one, description: descriptionIn(readText({ said: 'scenario', path })), path };
  });
  process.stdout.write(options.json === true ? `${toJson(all, 2)}\n` : listText(all));
  return Exit.clean;
}

/** The line of a file that says what it is. */
export function descriptionIn(text: string): string {
  return /^description: (.*)$/m.exec(text)?.[1]?.trim() ?? '';
}

interface Row {
  readonly name: string;
  readonly description: string;
}

function listText(all: readonly Row[]): string {
  const width = Math.max(...all.map(({ name }) => name.length)) + 2;
  const lines = all.map(({ description, name }) =>
    wrap(
      `${pc.bold(name)}${' '.repeat(width - name.length)}${description}`,
      terminalColumns(),
      width,
    ),
  );
  return `${lines.join('\n')}\n\nsanmotion move NAME runs one, sanmotion scenarios NAME prints its file\n`;
}
