/** The tree of commands: examples that it would take, values that are those of the sources. */
import { type Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { CONTROL_WORDS } from '../../../src/cli/commands/live.ts';
import { examplesOf } from '../../../src/cli/commands/option.ts';
import { programOf } from '../../../src/cli/program.ts';
import { CONTROL_COMMANDS } from '../../../src/live/control/commands.ts';

const tree = (): Command => programOf('0.0.0', () => {});

/** Every command of a tree by its words: `move`, `campaign merge`. */
function commandsOf(parent: Command, above = ''): [string, Command][] {
  return parent.commands.flatMap((one) => {
    const words = `${above}${one.name()}`;
    return [[words, one] as [string, Command], ...commandsOf(one, `${words} `)];
  });
}

const commandAt = (program: Command, words: string): Command =>
  new Map(commandsOf(program)).get(words)!;
const names = commandsOf(tree()).map(([words]) => words);

/** The words of a command line as a shell makes them; what a pipe has before the command is not ours. */
function argumentsOf(line: string): string[] {
  const own = line.slice(line.indexOf('sanmotion ') + 'sanmotion '.length);
  const command = own.split(/ [|>] /)[0]!.replace(/\)$/, '');
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

describe('the examples in the help', () => {
  const examples = commandsOf(tree()).flatMap(([words, one]) =>
    examplesOf(one).map(({ line, what }) => ({ words, line, what })),
  );

  it.each(names)('%s has some, and its help shows them', (name) => {
    const command = commandAt(tree(), name);
    const own = examples.filter(({ words }) => words === name);
    expect(own.length).toBeGreaterThan(0);
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    for (const { line, what } of own) expect(help).toContain(`  ${line}\n      ${what}`);
  });

  it.each(examples)('$line is a command line that is taken', async ({ line, words }) => {
    const program = tree();
    const command = commandAt(program, words);
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
    const move = commandAt(tree(), 'move');
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
