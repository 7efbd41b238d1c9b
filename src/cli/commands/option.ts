/** Parts of the tree of commands: options that say their values, and examples below the help of a command. */
import { Argument, type Command, Option } from 'commander';

/** Gathers an option that may be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/**
 * An option that takes one of these words, or several with commas between them. The help lists them and the shell
 * completes them; what is none of them is refused by the command, in its own words.
 */
export function choice(flags: string, words: string, values: readonly string[]): Option {
  const option = new Option(flags, `${words}: ${values.join(', ')}`);
  option.argChoices = [...values];
  return option;
}

/** An argument that is one of these words; what is none of them is refused by the command. */
export function choiceArgument(name: string, words: string, values: readonly string[]): Argument {
  const argument = new Argument(`<${name}>`, `${words}: ${values.join(', ')}`);
  argument.argChoices = [...values];
  return argument;
}

/** A command line as it is typed, and what it does. */
export interface Example {
  readonly line: string;
  readonly what: string;
}

const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** The examples of a command; none where it has none. */
export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}

/** Puts examples below the help of a command: pairs of a command line and what it does. */
export function withExamples(command: Command, ...pairs: readonly [string, string][]): Command {
  const examples = pairs.map(([line, what]) => ({ line, what }));
  EXAMPLES.set(command, examples);
  const lines = examples.flatMap(({ line, what }) => [`  ${line}`, `      ${what}`]);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** What becomes of the exit status that a command returns. */
export type End = (status: number) => void;
