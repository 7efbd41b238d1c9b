/** Texts that are no YAML, or YAML that nobody can use: one line in our words, with its place. */
import { expect, it } from 'vitest';
import { ScenarioError } from '../../../src/scenario/scenario-error.ts';
import { parseYaml } from '../../../src/scenario/yaml-text.ts';

function refusal(text: string): string {
  try {
    parseYaml(text, 'x.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  throw new Error('the text was taken');
}

it.each<[string, string, RegExp]>([
  ['two documents', 'a: 1\n---\nb: 2', /^x\.yaml:2:1: not YAML: a second document begins here/],
  ['a tab', 'a:\n\t- b', /^x\.yaml:2:1: not YAML: a tab; indent with blanks$/],
  ['a key twice', 'a: 1\na: 2', /^x\.yaml:2:1: not YAML: this key is there already$/],
  ['an open quote', 'a: "x', /not YAML: a quote, a bracket, a comma or a colon is missing$/],
  ['two keys on a line', 'a: b: c', /not YAML: two keys on one line/],
  [
    'a list and a mapping',
    '- a\nb: 1',
    /^x\.yaml:2:1: not YAML: this belongs to nothing before it/,
  ],
  ['brackets without end', '['.repeat(50_000), /not YAML: brackets within brackets, too deep$/],
  ['a reserved character', 'a: @b', /^x\.yaml:1:4: not YAML: a value cannot begin with this/],
  ['an alias of nothing', 'a: 1\nb: *c', /^x\.yaml:2:4: not YAML: \*c is an alias of what nobody/],
  [
    'an alias of itself',
    'a: &x\n  - *x',
    /^x\.yaml:2:5: not YAML: \*x stands within what it names$/,
  ],
  ['aliases of aliases', bomb(), /not YAML: its aliases stand for too much$/],
  ['a list as a key', '? [a]\n: b', /^x\.yaml:1:3: not YAML: a key is a word/],
  ['nothing', '', /^x\.yaml:1:1: a scenario is a mapping with name/],
  ['a letter', 'Dear reader', /^x\.yaml:1:1: a scenario is a mapping/],
])('%s', (_what, text, message) => expect(refusal(text)).toMatch(message));

/** Ten of ten of ten: what a hundred aliases may stand for is more than memory holds. */
function bomb(): string {
  const rows = [...'abcdefgh'].map((name, row) => {
    const before = row === 0 ? 'x' : `*${'abcdefgh'[row - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => before).join(', ')}]`;
  });
  return rows.join('\n');
}

it('what is YAML is taken, with the places of its values', () => {
  const { origins, raw } = parseYaml('a: &x 1\nb:\n  - *x\n', 'x.yaml');
  expect(raw).toEqual({ a: 1, b: [1] });
  expect(origins.of(['b', 0])).toMatchObject({ from: 'file', line: 3, column: 5 });
});
