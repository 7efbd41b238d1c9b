/** Makes src/filter/parser.ts from src/filter/grammar.peggy. A test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import peggy from 'peggy';

const at = (path: string): string =>
  fileURLToPath(new URL(`../src/filter/${path}`, import.meta.url));

/** The parser, as TypeScript that nobody checks: peggy writes JavaScript. */
export function makeParser(): string {
  const script = peggy.generate(readFileSync(at('grammar.peggy'), 'utf8'), {
    output: 'source',
    format: 'es',
    allowedStartRules: ['Filter', 'Expression'],
    commonjs: false,
  } as peggy.SourceBuildOptions<'source'>);
  const [, ...lines] = script.split('\n');
  return `// @ts-nocheck
// Made by \`npm run filter-parser\` from grammar.peggy; change that.
${lines.join('\n').trimEnd()}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(at('parser.ts'), makeParser());
