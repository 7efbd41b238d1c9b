/**
 * docs/scenarios.md: every key of a scenario file, what it takes, its default and what it means; and
 * scenario.schema.json, the same for editors. Made from the shape (`src/scenario/schema.ts`) and the comments in it.
 *
 * Run: `npm run -s scenario-keys`; with `--check` it only says whether both are up to date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { scenarioSchema } from '../src/scenario/schema.ts';
import { bareShape, type Shape, tagsOf } from '../src/scenario/schema-tree.ts';
import { meaningsIn, type ShapeMeanings, shapeKey } from './scenario-meanings.ts';

const PAGE = fileURLToPath(new URL('../docs/scenarios.md', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../scenario.schema.json', import.meta.url));
const SHAPES = fileURLToPath(new URL('../src/scenario', import.meta.url));
const SOURCES = readdirSync(SHAPES)
  .filter((name) => name === 'schema.ts' || name.endsWith('-schema.ts'))
  .map((name) => join(SHAPES, name));

const HEAD = `# Scenario files

A scenario is one YAML document: fabrics, hosts, an array, virtual machines and a move. A file says only
what matters to it; all else has a default. The shortest that there is:

\`\`\`yaml
name: short
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], luns: [{ name: data }] }
vms: [{ name: vm1, host: h1, luns: [data] }]
move: { vm: vm1, to: h2 }
\`\`\`

\`sanmotion init mine.yaml\` writes one with comments, \`sanmotion init --from move.pcap mine.yaml\` one with the fabrics, timers,
names, units and the move that a capture shows (in a clone read \`npm run -s sanmotion --\` for \`sanmotion\`). Its first line names the JSON Schema
(\`scenario.schema.json\` of the package), by which an editor with the YAML language server completes and checks it.
\`sanmotion scenarios\` lists those that are built in: each goes by its name, from any folder, and \`-\` is standard input.

\`move\`, \`campaign\`, \`quiesce\`, \`zoo\` and \`serve\` take such a file; options of the command line win over it, and it over
a vendor's profile. [moves.md](moves.md) says what strategies, drains, defences and settings do; the folder
\`scenarios\` has examples. All mistakes of a file are told at once, each with its line and column.

A name is a letter, then up to 31 letters, digits, \`.\`, \`_\` or \`-\`; a World Wide Name is eight hex bytes with colons.
\`npm run -s scenario-keys\` writes the tables, and the schema, from the shape that files are checked against (\`src/scenario/schema.ts\`).
`;

const COLUMNS = '| key | takes | default | |\n|---|---|---|---|\n';

/** The page as it should be. */
export function scenarioPage(): string {
  const meanings = meaningsIn(SOURCES.map((path) => readFileSync(path, 'utf8')));
  return new Page(meanings).of(scenarioSchema);
}

/** A mapping whose keys are to be shown. */
interface Section {
  readonly title: string;
  readonly shape: z.ZodObject;
  /** Keys that are shown elsewhere, with those of all kinds. */
  readonly common?: ReadonlySet<string>;
  /** The keys that all kinds of a union have: nothing else of this one is shown. */
  readonly only?: ReadonlySet<string>;
}

/** The keys that every kind of a union has, but the one that tells them apart. */
function commonKeys(kinds: readonly z.ZodObject[]): ReadonlySet<string> {
  const [first, ...others] = kinds.map((kind) => Object.keys(kind.shape));
  return new Set(
    first!.filter((key) => key !== 'do' && others.every((keys) => keys.includes(key))),
  );
}

/** Sections in the order in which their keys are met; a shape that is met again is the one before. */
class Page {
  readonly #meanings: ReadonlyMap<string, ShapeMeanings>;
  readonly #titles = new Map<Shape, string>();
  readonly #waiting: Section[] = [];

  constructor(meanings: ReadonlyMap<string, ShapeMeanings>) {
    this.#meanings = meanings;
  }

  of(whole: z.ZodObject): string {
    const sections: string[] = [];
    this.#waiting.push({ title: 'The whole file', shape: whole });
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const behind = this.#waiting.splice(0);
      sections.push(this.#section(next));
      this.#waiting.push(...behind);
    }
    return `${HEAD}\n${sections.join('\n')}`;
  }

  #section({ common, only, shape, title }: Section): string {
    const entries = Object.entries(shape.shape as Record<string, Shape>);
    const meanings = this.#meanings.get(
      shapeKey(
        entries.map(([key]) => key),
        tagsOf(shape, 'do'),
      ),
    );
    const parent = title === 'The whole file' ? '' : `${title}.`;
    const shown = entries.filter(([key]) => only?.has(key) ?? common?.has(key) !== true);
    const rows = shown.map(([key, one]) => {
      const cells = [`\`${key}\``, this.#takes(one, `${parent}${key}`), defaultOf(one)];
      return `| ${[...cells, meanings?.keys.get(key) ?? ''].join(' | ')} |`;
    });
    const text =
      only === undefined
        ? meanings?.about
        : 'Every event has these keys, and those of what it does.';
    const about = text === undefined ? '' : `${text}\n\n`;
    return `## ${title}\n\n${about}${COLUMNS}${rows.join('\n')}\n`;
  }

  /** What a value may be, in words; mappings get a section of their own. */
  #takes(shape: Shape, title: string): string {
    const bare = bareShape(shape);
    if (bare instanceof z.ZodObject) return `[mapping](#${this.#linkTo(bare, title)})`;
    if (bare instanceof z.ZodDiscriminatedUnion) {
      const kinds = bare.options as readonly z.ZodObject[];
      const common = commonKeys(kinds);
      this.#waiting.push({ title, shape: kinds[0]!, only: common });
      const links = kinds.map((kind) => {
        const tag = tagsOf(kind, bare.def.discriminator).join(', ');
        return `[${tag}](#${this.#linkTo(kind, `${title} ${tag}`, common)})`;
      });
      return `[mapping](#${anchorOf(title)}) of a kind: ${links.join(', ')}`;
    }
    if (bare instanceof z.ZodArray) return this.#list(bare, `${title}[]`);
    if (bare instanceof z.ZodRecord)
      return `mapping: ${this.#takes(bare.keyType, title)} to ${this.#takes(bare.valueType, title)}`;
    if (bare instanceof z.ZodUnion && bare.options.every((one) => one instanceof z.ZodLiteral))
      return bare.options.map((one) => this.#takes(one, title)).join(', ');
    if (bare instanceof z.ZodUnion)
      return bare.options.map((one) => this.#takes(one, title)).join(' or ');
    return wordsOf(bare);
  }

  #list(list: z.ZodArray, title: string): string {
    const bound = (check: string, name: string): number | undefined =>
      list.def.checks
        ?.map((one) => one._zod.def as unknown as Record<string, unknown>)
        .find((one) => one.check === check)?.[name] as number | undefined;
    const least = bound('min_length', 'minimum') ?? 0;
    const most = bound('max_length', 'maximum');
    const bounds =
      most === undefined
        ? least === 0
          ? ''
          : ` (${least} or more)`
        : ` (${least} to ${count(most)})`;
    return `list${bounds} of ${this.#takes(list.element, title)}`;
  }

  #linkTo(shape: z.ZodObject, title: string, common?: ReadonlySet<string>): string {
    const known = this.#titles.get(shape);
    if (known === undefined) {
      this.#titles.set(shape, title);
      this.#waiting.push({ title, shape, ...(common === undefined ? {} : { common }) });
    }
    return anchorOf(known ?? title);
  }
}

/** As GitHub makes anchors of headings. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

function wordsOf(shape: Shape): string {
  if (shape instanceof z.ZodBoolean) return 'true, false';
  if (shape instanceof z.ZodEnum) return shape.options.map((one) => `\`${one}\``).join(', ');
  if (shape instanceof z.ZodLiteral) return [...shape.values].map((one) => `\`${one}\``).join(', ');
  if (shape instanceof z.ZodNumber) {
    const whole = shape.isInt ? 'whole number' : 'number';
    return `${whole}, ${count(shape.minValue ?? 0)} to ${count(shape.maxValue ?? 0)}`;
  }
  if (shape instanceof z.ZodString) {
    const issue = shape.safeParse('\u0000').error?.issues[0];
    return issue?.code === 'invalid_format' ? issue.message.split(':')[0]! : 'text';
  }
  throw new TypeError(`scenario keys: no words for ${shape._zod.def.type}`);
}

/** Powers of two that nobody reads as digits. */
const POWERS = new Map([
  [Number.MAX_SAFE_INTEGER, '2^53 - 1'],
  [2 ** 40, '2^40'],
]);

const count = (value: number): string => POWERS.get(value) ?? value.toLocaleString('en-US');

function defaultOf(shape: Shape): string {
  if (shape instanceof z.ZodPrefault) return 'its own defaults';
  if (shape instanceof z.ZodOptional) return '–';
  if (!(shape instanceof z.ZodDefault)) return '**needed**';
  const value: unknown = shape.def.defaultValue;
  const isNone = value === '' || (value instanceof Object && Object.keys(value).length === 0);
  if (isNone) return 'none';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The JSON Schema of scenario files, with the comments as descriptions. Draft-07 is what editors of YAML read. */
export function scenarioJsonSchema(): string {
  const meanings = meaningsIn(SOURCES.map((path) => readFileSync(path, 'utf8')));
  const schema = z.toJSONSchema(scenarioSchema, {
    target: 'draft-07',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (!(zodSchema instanceof z.ZodObject)) return;
      const keys = Object.keys(zodSchema.shape);
      const said = meanings.get(shapeKey(keys, tagsOf(zodSchema, 'do')));
      if (said?.about !== undefined) jsonSchema.description = said.about;
      for (const [key, meaning] of said?.keys ?? []) {
        const property = jsonSchema.properties?.[key];
        if (typeof property === 'object') property.description = meaning;
      }
    },
  });
  return `${JSON.stringify({ title: 'A scenario of sanmotion', ...schema })}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = [
    { path: PAGE, text: scenarioPage() },
    { path: SCHEMA, text: scenarioJsonSchema() },
  ];
  if (process.argv.includes('--check')) {
    const stale = made.filter(({ path, text }) => readFileSync(path, 'utf8') !== text);
    for (const { path } of stale)
      console.error(`${path} is out of date: run npm run -s scenario-keys`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else for (const { path, text } of made) writeFileSync(path, text);
}
