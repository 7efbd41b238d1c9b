/** Who may import whom, and which globals a folder may use: the arrows of the design, kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { everyCodec } from '../helpers/every-codec.ts';
import { firstOfBackup } from '../sim/audit/mutants-of-backup.ts';
import { firstOfChains } from '../sim/audit/mutants-of-chains.ts';
import { mutantsOfData } from '../sim/audit/mutants-of-data.ts';
import { mutantsOfFabric } from '../sim/audit/mutants-of-fabric.ts';
import { mutantsOfLan } from '../sim/audit/mutants-of-lan.ts';
import { mutantsOfLinks } from '../sim/audit/mutants-of-links.ts';
import { firstOfPairs } from '../sim/audit/mutants-of-pairs.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface Rule {
  /** Folders of ours it may import. */
  readonly ours: readonly string[];
  /** Packages and `node:` modules it may import. */
  readonly others: readonly (string | RegExp)[];
  /** True where the clock, timers, the process and the terminal are at home. */
  readonly touchesTheWorld?: boolean;
}

const ANY_NODE = /^node:/;
const FILES = [/^node:(fs|path|url|stream|events|zlib|buffer)(\/|$)/];

/**
 * The nearest folders that each may import; what those may import may be imported too. Packages and
 * `node:` modules are each folder's own.
 */
const NEAREST: Readonly<Record<string, Rule>> = {
  codecs: { ours: [], others: ['binary-parser'] },
  machine: { ours: [], others: [] },
  capture: { ours: ['codecs'], others: ['pcap-parser', ...FILES] },
  filter: { ours: ['codecs'], others: [] },
  history: { ours: ['codecs'], others: [] },
  link: { ours: ['machine', 'history'], others: [] },
  net: { ours: ['machine', 'history'], others: [] },
  scsi: { ours: ['codecs', 'machine', 'history'], others: [] },
  port: { ours: ['scsi', 'net'], others: [] },
  fabric: { ours: ['port', 'history', 'machine'], others: [] },
  array: { ours: ['port', 'scsi'], others: [] },
  host: { ours: ['port', 'scsi'], others: [] },
  mobility: { ours: ['host', 'fabric', 'machine'], others: [] },
  scenario: { ours: ['mobility', 'host', 'array', 'fabric', 'link'], others: ['yaml', 'zod'] },
  sim: { ours: ['link', 'machine'], others: [] },
  audit: { ours: ['history', 'capture', 'codecs'], others: [] },
  run: { ours: ['scenario', 'sim', 'audit', 'capture'], others: [] },
  campaign: {
    ours: ['run'],
    others: ['tinypool', 'bullmq', 'ioredis', 'zod', 'node:worker_threads', ...FILES],
  },
  report: { ours: ['run'], others: [] },
  testing: { ours: ['codecs', 'machine'], others: ['fast-check'] },
  live: {
    ours: ['scenario', 'mobility', 'audit', 'capture', 'link', 'report'],
    others: ['zod', 'fast-xml-parser', 'prom-client', ANY_NODE],
    touchesTheWorld: true,
  },
  cli: {
    ours: ['filter', 'live', 'campaign', 'report', 'testing'],
    others: ['commander', 'picocolors', 'pino', 'yaml', 'zod', ANY_NODE],
    touchesTheWorld: true,
  },
};

/** The root export: it loads in a browser. */
const ROOT: Rule = { ours: ['scenario', 'run', 'audit', 'capture', 'codecs'], others: [] };

/** Each folder's rule with all that its nearest ones may import. */
const RULES: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries(NEAREST).map(([folder, rule]) => [folder, { ...rule, ours: reachable(folder) }]),
);

function reachable(folder: string, found = new Set<string>()): string[] {
  for (const next of NEAREST[folder]!.ours) {
    if (found.has(next)) continue;
    found.add(next);
    reachable(next, found);
  }
  return [...found];
}

/** Names by which code reaches a clock, chance, the process or the terminal. */
const WORLD = new Set([
  'Date',
  'performance',
  'process',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'queueMicrotask',
  'setTimeout',
  'setInterval',
  'setImmediate',
]);

/** Files that may use one of those names, and why. */
const EXCEPTIONS = new Map([
  ['codecs/crc32.ts', new Set(['globalThis'])], // takes the host's CRC where there is one
  ['capture/node-modules.ts', new Set(['process'])], // asks Node, where it is Node, for its files
]);

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .sort();

const parse = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** What a file imports or re-exports, types included, also by `import()`. */
function importsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(source, (node) => {
    let specifier: ts.Node | undefined;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
      specifier = node.moduleSpecifier;
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      specifier = node.arguments[0];
    else if (ts.isImportTypeNode(node)) specifier = node.argument;
    if (specifier !== undefined)
      found.push(specifier.getText(source).replace(/^['"`]|['"`]$/g, ''));
  });
  return found;
}

/** True for a name that stands for itself: no property, no key, nothing that declares it. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  return !('name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent));
}

/** Names of the world that a file uses without having declared them itself. */
function worldOf(source: ts.SourceFile): Set<string> {
  const declared = new Set<string>();
  const used = new Set<string>();
  walk(source, (node) => {
    if (ts.isPropertyAccessExpression(node) && node.getText(source) === 'Math.random')
      used.add('Math.random');
    if (!ts.isIdentifier(node) || !WORLD.has(node.text)) return;
    if (isFreeName(node)) used.add(node.text);
    else if (!ts.isPropertyAccessExpression(node.parent)) declared.add(node.text);
  });
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** Why a file may not import something; `undefined` when it may. */
function complaintAbout(path: string, specifier: string): string | undefined {
  const folder = path.split('/')[0]!;
  const rule = path === 'index.ts' ? ROOT : RULES[folder];
  if (rule === undefined) return `${path}: no rule for the folder ${folder}`;
  if (!specifier.startsWith('.')) {
    const allowed = rule.others.some((one) =>
      typeof one === 'string' ? one === specifier : one.test(specifier),
    );
    return allowed ? undefined : `${path} imports ${specifier}`;
  }
  const target = targetOf(path, specifier);
  if (target.startsWith('..')) return `${path} imports ${specifier}, outside of src`;
  const ours = target.split('/')[0]!;
  const allowed = ours === folder || rule.ours.includes(ours) || rule.ours.includes(target);
  return allowed ? undefined : `${path} imports ${target}`;
}

function complaintsAbout(path: string, text: string): string[] {
  const source = parse(path, text);
  const imports = importsOf(source).map((specifier) => complaintAbout(path, specifier));
  const atHome = RULES[path.split('/')[0]!]?.touchesTheWorld === true;
  const excepted = EXCEPTIONS.get(path);
  const world = atHome ? [] : [...worldOf(source)].filter((name) => !excepted?.has(name));
  return [...imports, ...world.map((name) => `${path} uses ${name}`)].filter(
    (complaint) => complaint !== undefined,
  );
}

describe('the folders', () => {
  it('import along the arrows only, and reach the world only where it is at home', () => {
    expect(files.length).toBeGreaterThan(50);
    const complaints = files.flatMap((path) =>
      complaintsAbout(path, readFileSync(join(SRC, path), 'utf8')),
    );
    expect(complaints).toEqual([]);
  });

  it.each([
    ['fabric/x.ts', "import { a } from '../sim/index.ts';"],
    ['fabric/x.ts', "import type { A } from '../audit/index.ts';"],
    ['sim/x.ts', "export * from '../fabric/index.ts';"],
    ['audit/x.ts', "const a = await import('../fabric/index.ts');"],
    ['codecs/fip/x.ts', "import { a } from '../../fabric/index.ts';"],
    ['codecs/x.ts', "import { readFileSync } from 'node:fs';"],
    ['codecs/x.ts', "type A = import('../capture/index.ts').A;"],
    ['fabric/x.ts', "import { Parser } from 'binary-parser';"],
    ['codecs/x.ts', "import { a } from '../../test/x.ts';"],
    ['campaign/x.ts', 'const now = Date.now();'],
    ['fabric/x.ts', 'const now = new Date();'],
    ['fabric/x.ts', 'const chance = Math.random();'],
    ['sim/x.ts', 'setTimeout(() => {}, 1);'],
    ['sim/x.ts', 'const { env } = process;'],
    ['audit/x.ts', "console.log('a');"],
    ['capture/x.ts', 'const now = performance.now();'],
    ['capture/x.ts', 'const now = globalThis.performance.now();'],
    ['elsewhere/x.ts', "import { a } from '../codecs/index.ts';"],
  ])('would be caught: in %s: %s', (path, text) => {
    expect(complaintsAbout(path, text)).not.toEqual([]);
  });

  it.each([
    ['codecs/x.ts', "import * as process from './process-login.ts';\nconst a = process.prli;"],
    ['sim/x.ts', "import type { Machine } from '../machine/machine.ts';"],
    ['fabric/x.ts', 'const a = frame.process;\nconst b = { performance: 1 };'],
    ['cli/x.ts', "import pc from 'picocolors';\nconsole.log(Date.now());"],
  ])('would not be: in %s: %s', (path, text) => {
    expect(complaintsAbout(path, text)).toEqual([]);
  });
});

/** The table of docs/architecture.md: the folders that each imports, as it is printed. */
function paperTable(): Map<string, string> {
  const page = readFileSync(
    fileURLToPath(new URL('../../docs/architecture.md', import.meta.url)),
    'utf8',
  );
  const rows = page.matchAll(/^\| (`src\/[^|]+) \|[^|]*\| ([^|]+) \|$/gm);
  return new Map(
    [...rows].flatMap(([, folders, imports]) =>
      [...folders!.matchAll(/`src\/([a-z]+)`/g)].map(([, folder]) => [folder!, imports!] as const),
    ),
  );
}

/** The words of a cell as folders. `undefined`: all of them. */
function foldersOf(imports: string): string[] | undefined {
  if (imports === 'everything') return undefined;
  return imports === 'nothing of ours' ? [] : imports.split(', ').sort();
}

describe('the table of the layers', () => {
  const folders = readdirSync(SRC, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name)
    .sort();

  it('has a row for each folder that is there, and no other, here and in docs/architecture.md', () => {
    expect(Object.keys(NEAREST).sort()).toEqual(folders);
    expect([...paperTable().keys()].sort()).toEqual(folders);
  });

  it.each(Object.keys(NEAREST))('says the same of %s in both', (folder) => {
    const told = foldersOf(paperTable().get(folder)!);
    if (told !== undefined) expect(told).toEqual([...NEAREST[folder]!.ours].sort());
    else expect(RULES[folder]!.ours.toSorted()).toEqual(folders.filter((one) => one !== folder));
  });
});

/** The groups of files that import one another round in a circle, types included. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const waiting = new Set<string>();
  const circles: string[][] = [];
  const go = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    waiting.add(file);
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      if (!index.has(next)) go(next);
      if (waiting.has(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    for (const one of circle) waiting.delete(one);
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of imports.keys()) if (!index.has(file)) go(file);
  return circles;
}

/** A file of ours that an import names, from `src`. */
const targetOf = (path: string, specifier: string): string =>
  relative(SRC, resolve(SRC, dirname(path), specifier))
    .split(sep)
    .join('/');

const importsOfFiles = new Map(
  files.map((path) => [
    path,
    importsOf(parse(path, readFileSync(join(SRC, path), 'utf8')))
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => targetOf(path, specifier)),
  ]),
);

describe('imports', () => {
  it('go round in no circle, types included', () => {
    expect(circlesIn(importsOfFiles)).toEqual([]);
  });

  it.each([
    [{ a: ['b'], b: ['a'] }, [['a', 'b']]],
    [{ a: ['b'], b: ['c'], c: ['a'], d: ['a'] }, [['a', 'b', 'c']]],
    [{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    [
      { a: ['b'], b: ['a'], c: ['d'], d: ['c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [{ a: ['a'] }, []],
  ])('a circle would be found: %j', (imports, circles) => {
    expect(circlesIn(new Map(Object.entries(imports))).sort()).toEqual(circles);
  });
});

/** Protocols that carry SCSI today: what stands above the seam knows none of them. */
const CARRIERS = /^codecs\/(?:fc|fcp|fcoe|fip|els)\//;
const ABOVE_THE_SEAM = /^(?:scsi|history|audit\/rules)\//;
/** Rules that are about these protocols by their sentence. */
const RULES_OF_CARRIERS = new Set([
  'audit/rules/clearing-effects.ts', // I16: after which link services tasks are gone
  'audit/rules/fabric-logins.ts', // I13, I14: logins with a fabric
  'audit/rules/ox-ids.ts', // I12: OX_IDs rest
  'audit/rules/process-login.ts', // I15: PRLI
  'audit/rules/sequences.ts', // I19: sequences of frames and their CRC
  'audit/rules/virtual-links.ts', // I18: FIP keep-alives
  'audit/rules/vlans.ts', // I25: VLANs that FIP announces
]);

const carriersIn = (path: string, imports: readonly string[]): readonly string[] =>
  ABOVE_THE_SEAM.test(path) && !RULES_OF_CARRIERS.has(path)
    ? imports.filter((target) => CARRIERS.test(target))
    : [];

describe('SCSI, the history and the rules', () => {
  it('know no protocol that carries SCSI', () => {
    const found = [...importsOfFiles].flatMap(([path, imports]) =>
      carriersIn(path, imports).map((target) => `${path} imports ${target}`),
    );
    expect(found).toEqual([]);
    const unneeded = [...RULES_OF_CARRIERS].filter(
      (path) => !importsOfFiles.get(path)?.some((target) => CARRIERS.test(target)),
    );
    expect(unneeded).toEqual([]);
  });

  it('would be caught where they did', () => {
    expect(carriersIn('scsi/target/x.ts', ['codecs/fcp/index.ts'])).not.toEqual([]);
    expect(carriersIn('audit/rules/masks.ts', ['codecs/els/index.ts'])).not.toEqual([]);
    expect(carriersIn('audit/rules/ox-ids.ts', ['codecs/els/index.ts'])).toEqual([]);
    expect(carriersIn('scsi/x.ts', ['codecs/scsi/index.ts'])).toEqual([]);
    expect(carriersIn('audit/seen/x.ts', ['codecs/fc/index.ts'])).toEqual([]);
  });

  it('SCSI does not say WWPN', () => {
    const saying = files.filter(
      (path) => path.startsWith('scsi/') && /wwpn/i.test(readFileSync(join(SRC, path), 'utf8')),
    );
    expect(saying).toEqual([]);
  });
});

const TESTS = fileURLToPath(new URL('.', import.meta.url));
/** Files that are shorter, or only hand on what others export, need no test of their own. */
const LINES_MIN = 40;
const MIRRORED_SHARE_MIN = 0.9;
/** What peggy makes, and tables of names: test/unit/scripts/filter.test.ts, test/oracle/filter. */
const TRIED_ELSEWHERE = /^filter\/(?:parser\.ts|names\/)/;

describe('tests', () => {
  it('lie at the path of the source that they are about', () => {
    const held = files.filter((path) => {
      const lines = readFileSync(join(SRC, path), 'utf8').split('\n').length - 1;
      return lines > LINES_MIN && !TRIED_ELSEWHERE.test(path);
    });
    const without = held.filter(
      (path) => !existsSync(join(TESTS, path.replace(/\.ts$/, '.test.ts'))),
    );
    expect(
      1 - without.length / held.length,
      `of ${held.length} sources these have none:\n${without.join('\n')}`,
    ).toBeGreaterThanOrEqual(MIRRORED_SHARE_MIN);
  });
});

/** The invariants that a file of rules decides. */
const invariantsOf = (text: string): string[] =>
  [...text.matchAll(/\binvariant(?: =|:) '(I\d+)'/g)].map((found) => found[1]!);

describe('every rule', () => {
  it('has cases beside it, and a broken machine that it must catch', () => {
    const broken = {
      ...mutantsOfData,
      ...mutantsOfFabric,
      ...firstOfBackup,
      ...firstOfChains,
      ...firstOfPairs,
      ...mutantsOfLan,
      ...mutantsOfLinks,
    };
    const files = readdirSync(join(SRC, 'audit/rules'));
    const rules = files.flatMap((file) => {
      const test = readFileSync(
        join(TESTS, 'audit/rules', file.replace(/\.ts$/, '.test.ts')),
        'utf8',
      );
      const ids = invariantsOf(readFileSync(join(SRC, 'audit/rules', file), 'utf8'));
      return ids.map((id) => ({
        id,
        isTried: test.includes(`'${id}'`) && test.includes('expect(') && id in broken,
      }));
    });
    expect(rules.length).toBeGreaterThanOrEqual(30);
    expect(rules.filter(({ isTried }) => !isTried).map(({ id }) => id)).toEqual([]);
    expect(new Set(rules.map(({ id }) => id))).toEqual(new Set(Object.keys(broken)));
  });
});

describe('every message', () => {
  it('names itself and the standard and clause that declares it', async () => {
    const codecs = await everyCodec();
    expect(codecs.length).toBeGreaterThan(100);
    const nameless = codecs.filter(({ name }) => name.trim() === '');
    const sourceless = codecs.filter(({ source }) => !/[A-Za-z0-9]/.test(source));
    expect(nameless).toEqual([]);
    expect(sourceless.map(({ name }) => name)).toEqual([]);
  });
});
