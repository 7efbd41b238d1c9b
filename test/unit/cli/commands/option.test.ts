/** Options that say their values, and examples below a help. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  choice,
  choiceArgument,
  collect,
  examplesOf,
  withExamples,
} from '../../../../src/cli/commands/option.ts';

test('an option and an argument of some words say them, and refuse nothing by themselves', () => {
  const option = choice('--way <name>', 'how', ['here', 'there']);
  expect(option.description).toBe('how: here, there');
  expect(option.argChoices).toEqual(['here', 'there']);
  const argument = choiceArgument('place', 'where', ['here']);
  const command = new Command('go')
    .addOption(option)
    .addArgument(argument)
    .action(() => {});
  command.parse(['nowhere', '--way', 'none'], { from: 'user' });
  expect([command.args, command.opts()]).toEqual([['nowhere'], { way: 'none' }]);
  expect(collect('b', ['a'])).toEqual(['a', 'b']);
});

test('examples stand below the help, and are known', () => {
  const command = withExamples(new Command('go'), ['go here', 'goes there']);
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help).toMatch(/Examples:\n {2}go here\n {6}goes there\n$/);
  expect(examplesOf(command)).toEqual([{ line: 'go here', what: 'goes there' }]);
  expect(examplesOf(new Command())).toEqual([]);
});
