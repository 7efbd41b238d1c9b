/** Options that a command would ignore are refused: what they ask for is not what comes. */
import { UsageError } from './output.ts';

/**
 * What each option of a command is for: the modes in which it does something. Every option has a row,
 * so a new one does not compile before it is said.
 */
export type OptionModes<Options, Mode extends string> = Readonly<
  Record<keyof Options & string, readonly Mode[] | 'every'>
>;

/**
 * Refuses what does nothing in this mode. `words` says when a mode is on, as behind "--hex does
 * nothing". Errors: `UsageError`.
 */
export function refuseIdle<Options extends object, Mode extends string>(
  options: Options,
  mode: Mode,
  words: Readonly<Record<Mode, string>>,
  modes: OptionModes<Options, Mode>,
): void {
  const rows = Object.entries(modes) as [keyof Options & string, readonly Mode[] | 'every'][];
  for (const [name, those] of rows) {
    if (those === 'every' || those.includes(mode) || !isGiven(options[name])) continue;
    throw new UsageError(
      `${flagOf(name, options[name])} does nothing ${words[mode]}: leave it out`,
    );
  }
}

/** A switch that is off by default, a value, or one of several; `--no-x` is `x` off. */
function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** `underLoad` as it is typed: `--under-load`. */
function flagOf(name: string, value: unknown): string {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${value === false ? 'no-' : ''}${words}`;
}
