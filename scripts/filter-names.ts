/** Makes the names in docs/filter.md from the tables of src/filter/names. A test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FieldKind, NAME_TABLES } from '../src/filter/index.ts';

const PAGE = fileURLToPath(new URL('../docs/filter.md', import.meta.url));
const HEAD = '## Names\n';

const KINDS: Readonly<Record<FieldKind, string>> = {
  number: 'number',
  flag: 'true or false',
  octets: 'octets',
  text: 'text',
  presence: 'there or not',
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The page as it should be. */
export function pageWithNames(): string {
  const page = readFileSync(PAGE, 'utf8');
  const count = NAME_TABLES.reduce((sum, [, table]) => sum + Object.keys(table).length, 0);
  const tables = NAME_TABLES.map(([title, table]) => {
    const rows = Object.entries(table).map(
      ([name, { kind, label }]) => `| \`${name}\` | ${KINDS[kind]} | ${cell(label)} |`,
    );
    return `### ${title}\n\n| name | value | |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  const before = page.slice(0, page.indexOf(HEAD));
  return `${before}${HEAD}\nMade by \`npm run filter-names\`: ${count} names.\n\n${tables.join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, pageWithNames());
