/** The tree of commands: examples that it would take, values that are those of the sources. */
import { type Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { CONTROL_WORDS } from '../../../src/cli/commands/live.ts';
import { examplesOf } from '../../../src/cli/commands/option.ts';
import { programOf } from '../../../src/cli/program.ts';
import { CONTROL_COMMANDS } from '../../../src/live/control/commands.ts';

const tree = (): Command => programOf('0.0.0', () => {});
const names = tree().commands.map((one) => one.name());

/** The words of a command line as a shell makes them; what a pipe has before the command is not ours. */
function argumentsOf(line: string): string[] {
  const own = line.slice(line.indexOf('sanmotion ') + 'sanmotion '.length);
  return own.split(' | ')[0]!.split(' ');
}

describe('the examples in the help', () => {
  const examples = tree().commands.flatMap((one) =>
    examplesOf(one).map(({ line, what }) => ({ name: one.name(), line, what })),
  );

  it.each(names)('%s has some, and its help shows them', (name) => {
    const command = tree().commands.find((one) => one.name() === name)!;
    const own = examples.filter((one) => one.name === name);
    expect(own.length).toBeGreaterThan(0);
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    for (const { line, what } of own) expect(help).toContain(`  ${line}\n      ${what}`);
  });

  it.each(examples)('$line is a command line that is taken', async ({ line, name }) => {
    const program = tree();
    const command = program.commands.find((one) => one.name() === name)!;
    let given: readonly string[] | undefined;
    command.action(() => {
      given = command.args;
    });
    await program.parseAsync(argumentsOf(line), { from: 'user' });
    expect(given).toBeDefined();
    const known = command.options.filter((one) => one.argChoices !== undefined);
    for (const option of known) {
      const value: unknown = command.getOptionValue(option.attributeName());
      if (typeof value === 'string')
        expect(option.argChoices).toEqual(expect.arrayContaining(value.split(',')));
    }
  });
});

describe('values in the help', () => {
  it('are those of the options', () => {
    const move = tree().commands.find((one) => one.name() === 'move')!;
    const help = move.helpInformation().replaceAll(/\s+/g, ' ');
    for (const value of ['persistent-ids', 'wait-r-a-tov', 'logout-clears', 'hp-integrity'])
      expect(help).toContain(value);
    expect(help).not.toContain('choices');
  });

  it('of control are the commands of the server', () => {
    expect(CONTROL_WORDS).toEqual(CONTROL_COMMANDS.map(({ name }) => name));
  });
});

it('what the parser complains of is thrown, for its caller to say', async () => {
  const program = tree().configureOutput({ outputError: () => {} });
  const wrong = program.parseAsync(['fly'], { from: 'user' });
  await expect(wrong).rejects.toBeInstanceOf(CommanderError);
});
