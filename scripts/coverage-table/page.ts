/** docs/coverage.md, made from the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type AnyCodec, CodecError } from '../../src/codecs/layout/index.ts';
import { hasLayout } from '../../src/codecs/without-layout.ts';
import { arbitraryOf } from '../../src/testing/index.ts';
import type { CodeTable, Family } from './family.ts';
import { files } from './files.ts';
import { fcp, network } from './network.ts';
import { scsi } from './scsi.ts';
import { services } from './services.ts';
import { sources } from './sources.ts';
import { tsharkCodes } from './tshark-codes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SEED = 1;
/** Random values may be impossible ones: so many are tried. */
const VALUES_MAX = 80;
const LIST_MAX = 8;

export const families: readonly Family[] = [...network, ...services, ...fcp, ...scsi, ...files];

/** The bytes, unless the parts of a value contradict one another. */
function orRefused(make: () => Uint8Array): Uint8Array | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** True when a random value of a message encodes, and decodes to what encodes to the same bytes. */
export function encodes(codec: AnyCodec): boolean {
  const options = { seed: SEED, numRuns: VALUES_MAX };
  const values: unknown[] = fc.sample(arbitraryOf(codec, { listMax: LIST_MAX }), options);
  return values.some((value) => {
    const bytes = orRefused(() => codec.encode(value));
    const again = bytes && orRefused(() => codec.encode(codec.decode(bytes)));
    return again !== undefined && Buffer.compare(again, bytes!) === 0;
  });
}

const hex = (code: number): string =>
  `${code
    .toString(16)
    .toUpperCase()
    .padStart(code > 0xff ? 4 : 2, '0')}h`;

/** Codes that tshark names and the table does not, less those left out for a reason. */
export function missing({ codes, tshark, without = {} }: CodeTable): number[] {
  if (tshark === undefined) return [];
  const ours = new Set(Object.values(codes));
  return tsharkCodes[tshark].filter((code) => !ours.has(code) && !(code in without));
}

/** Names of ours whose codes tshark does not name. */
function ahead({ codes, tshark }: CodeTable): string[] {
  if (tshark === undefined) return [];
  const theirs = new Set<number>(tsharkCodes[tshark]);
  return Object.entries(codes)
    .filter(([, code]) => !theirs.has(code))
    .map(([name]) => name);
}

const distinct = ({ codes }: CodeTable): number => new Set(Object.values(codes)).size;
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
export const messagesOf = ({ messages }: Family): AnyCodec[] => [
  ...new Set(Object.values(messages).flat()),
];

/** Tables that stand twice, for two lists of tshark's, count once. */
const tablesOf = ({ tables }: Family): CodeTable[] =>
  tables.filter(({ codes }, i) => tables.findIndex((other) => other.codes === codes) === i);

function row(family: Family): string {
  const codes = sum(tablesOf(family).map(distinct));
  const theirs = sum(
    family.tables.map(({ tshark }) => (tshark === undefined ? 0 : tsharkCodes[tshark].length)),
  );
  const messages = messagesOf(family);
  const encoded = messages.filter(encodes).length;
  const named = codes === 0 ? '' : `${codes}${theirs === 0 ? '' : ` (tshark ${theirs})`}`;
  const cells = [
    `[${family.title}](#${anchor(family.title)})`,
    named,
    String(messages.length),
    String(messages.filter(hasLayout).length),
    String(encoded),
    family.sources.join(' '),
    family.tshark,
  ];
  return `| ${cells.join(' | ')} |`;
}

const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replace(/ /g, '-');

const AHEAD_MAX = 40;

function tableLine(one: CodeTable): string {
  const { name, tshark, without = {} } = one;
  const parts = [`\`${name}\` ${distinct(one)}`];
  if (tshark !== undefined) {
    const theirs = tsharkCodes[tshark].length;
    const left = missing(one);
    const more = ahead(one);
    parts.push(`tshark’s \`${tshark}\` ${theirs}`);
    if (left.length > 0) parts.push(`not here: ${left.map(hex).join(' ')}`);
    for (const reason of new Set(Object.values(without))) {
      const codes = Object.keys(without).filter((code) => without[Number(code)] === reason);
      parts.push(`left out: ${codes.map((code) => hex(Number(code))).join(' ')} (${reason})`);
    }
    if (more.length > AHEAD_MAX) parts.push(`${more.length} more than there`);
    else if (more.length > 0) parts.push(`not there: ${more.join(', ')}`);
  }
  return `- ${parts.join('; ')}`;
}

const title = ({ kind, name }: AnyCodec): string => kind ?? name;

function section(family: Family): string {
  const lines = [`### ${family.title}`, ''];
  for (const [what, messages] of Object.entries(family.messages))
    lines.push(`${what} (${messages.length}): ${messages.map(title).join(', ')}`, '');
  const bare = messagesOf(family).filter((one) => !hasLayout(one));
  if (bare.length > 0)
    lines.push(`layout: no public source (${bare.length}): ${bare.map(title).join(', ')}`, '');
  if (family.note !== undefined) lines.push(family.note, '');
  if (family.tables.length > 0) lines.push(...family.tables.map(tableLine), '');
  return lines.join('\n');
}

function legend(): string {
  return Object.entries(sources)
    .map(
      ([letter, { name, how, tests }]) =>
        `- **${letter}**, ${name}: ${how} (${tests.map((test) => `[${test.replace(/^test\//, '')}](../${test})`).join(', ')}).`,
    )
    .join('\n');
}

/** Tests that ask somebody else, by their text; vectors by hand are our own. */
const asked: readonly string[] = Object.entries(sources)
  .filter(([letter]) => letter !== 'V')
  .flatMap(([, { tests }]) => tests.map((test) => readFileSync(join(ROOT, test), 'utf8')));

/** True for a table that tshark has too, or that a test holds to another source by name. */
const hasWitness = ({ name, tshark }: CodeTable): boolean =>
  tshark !== undefined || asked.some((text) => new RegExp(`\\b${name}\\b`).test(text));

/** Code tables that only a standard's own text and our tests stand for, family by family. */
function withoutWitness(): string {
  return families
    .map((family) => ({
      title: family.title,
      names: tablesOf(family)
        .filter((one) => !hasWitness(one))
        .map(({ name }) => `\`${name}\``),
    }))
    .filter(({ names }) => names.length > 0)
    .map(({ title: family, names }) => `- ${family}: ${names.join(', ')}`)
    .join('\n');
}

/** The whole page. */
export function coveragePage(): string {
  return `# Coverage

What the codecs know, family by family. This page is made from the code by \`npm run coverage-table\`, and
a test fails when it is out of date.

*Codes* counts the entries of the code tables, and in brackets those that tshark 4.0.17 has for the same
fields; *messages* the messages and their parts that are told apart by a code. *Laid out* counts those whose
fields are told apart; of the rest no document or program in public has the layout, and they are named, decoded
and encoded with a \`payload\` of bytes. *Encoded* counts those that random values were encoded with and decoded
again, when this page was made. Every message
goes through the property tests (bytes to value to bytes, spans that tile it, views), so the column of sources
names only those that are not this project:

${legend()}

| family | codes | messages | laid out | encoded | checked against | tshark 4.0.17 |
|---|---|---|---|---|---|---|
${families.map(row).join('\n')}

## Codes with one witness

Tables of codes that no test holds, code by code, to tshark's table, to a header of Linux or to a tool. Those of their values
that stand in captures are confirmed frame by frame, in place and value (T and C above); for the others the standard's text, or the
source of a public program, is all there is, and our own tests.

${withoutWitness()}

## In full

${families.map(section).join('\n')}`;
}
