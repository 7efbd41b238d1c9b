/** Options that do nothing in the mode that is on. */
import { expect, test } from 'vitest';
import { type OptionModes, refuseIdle } from '../../../src/cli/modes.ts';
import { UsageError } from '../../../src/cli/output.ts';

interface Options {
  readonly always?: string;
  readonly onlyA?: string | boolean | undefined;
  readonly several?: readonly string[];
}

const WORDS = { a: 'with --a', b: 'with --b' };
const MODES: OptionModes<Options, 'a' | 'b'> = { always: 'every', onlyA: ['a'], several: ['a'] };
const refuse = (options: Options, mode: 'a' | 'b') => () => refuseIdle(options, mode, WORDS, MODES);

test.each<[Options, string]>([
  [{ onlyA: 'x' }, '--only-a does nothing with --b: leave it out'],
  [{ onlyA: true }, '--only-a does nothing with --b: leave it out'],
  [{ onlyA: '' }, '--only-a does nothing with --b: leave it out'],
  [{ onlyA: false }, '--no-only-a does nothing with --b: leave it out'],
  [{ always: 'x', several: ['x'] }, '--several does nothing with --b: leave it out'],
])('%j is refused', (options, message) => {
  expect(refuse(options, 'b')).toThrow(new UsageError(message));
  expect(refuse(options, 'a')).not.toThrow();
});

test.each<[Options]>([[{}], [{ always: 'x' }], [{ several: [] }], [{ onlyA: undefined }]])(
  '%j is not',
  (options) => expect(refuse(options, 'b')).not.toThrow(),
);

test('an option without a row would not compile', () => {
  // @ts-expect-error several has none
  const modes: OptionModes<Options, 'a' | 'b'> = { always: 'every', onlyA: ['a'] };
  expect(modes).toBeDefined();
});
