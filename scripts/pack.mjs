// Makes what `tsc` wrote into dist smaller, and its types nearer to what stands in the sources. The types stay the same:
//
// - where a codec is written out again that another file exports (in the members of a family), it is that export's type;
// - `import("../layout/field.ts").FixedField` becomes `FixedField`, with an import at the top;
// - a long type that a file says twice has a name there;
// - declarations that no subpath comes to are left out, docstrings of what none exports by a name; the others of a
//   folder are one file, without blanks;
// - programs lose comments, blanks, and the names of what a file keeps to itself: exported names, methods and fields stay.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';
import { transformWithEsbuild } from 'vite';

/** Shorter types than this stay where they are. */
const LONG = 120;

const CODEC = /import\("[^"]+"\)\.(?:TableCodec|FamilyCodec)</g;
const IMPORT_TYPE = /import\("(\.[^"]+)"\)\.(\w+)/g;

/** The end of the type that begins at `at`, behind its last `>`; `open` is where its first `<` is. */
function endOfType(text, open) {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const one = text[i];
    if (one === '"') i = text.indexOf('"', i + 1);
    else if (one === '<' || one === '{' || one === '(' || one === '[') depth++;
    else if (one === '>' && text[i - 1] === '=') continue;
    else if ('>})]'.includes(one) && --depth === 0) return i + 1;
  }
  return text.length;
}

/** Every codec that is written out in a file, the outer before the inner. */
function* codecsIn(text) {
  for (const found of text.matchAll(CODEC)) {
    const end = endOfType(text, found.index + found[0].length - 1);
    yield { at: found.index, end };
  }
}

/** Names that mean one thing in all files, whichever of them is named as its place. */
const OF_LAYOUT = new Set(['TableCodec', 'FamilyCodec', 'FixedField', 'TailField']);

/** The same for the same type, wherever it stands. */
const keyOf = (type, folder) =>
  type
    .replace(IMPORT_TYPE, (_, from, name) =>
      OF_LAYOUT.has(name) ? name : `${posix.normalize(posix.join(folder, from))}#${name}`,
    )
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, '');

const folderOf = (file) => posix.dirname(file);

/** Where each long codec is exported: its type by what it says. */
function exportsOf(files) {
  const exported = new Map();
  for (const [file, text] of files) {
    for (const { at, end } of codecsIn(text)) {
      const head = /export declare const (\w+): $/.exec(text.slice(Math.max(0, at - 200), at));
      if (head === null || text[end] !== ';' || end - at < LONG) continue;
      const key = keyOf(text.slice(at, end), folderOf(file));
      if (!exported.has(key)) exported.set(key, { file, name: head[1], at });
    }
  }
  return exported;
}

/** The file with `typeof` in the place of codecs that another exports. */
function withoutCopies(file, text, exported) {
  let result = '';
  let from = 0;
  for (const { at, end } of codecsIn(text)) {
    if (at < from || end - at < LONG) continue;
    const original = exported.get(keyOf(text.slice(at, end), folderOf(file)));
    if (original === undefined || (original.file === file && original.at === at)) continue;
    let path = posix.relative(folderOf(file), original.file).replace(/\.d\.ts$/, '.ts');
    if (!path.startsWith('.')) path = `./${path}`;
    const type =
      original.file === file
        ? `typeof ${original.name}`
        : `typeof import("${path}").${original.name}`;
    result += text.slice(from, at) + type;
    from = end;
  }
  return result + text.slice(from);
}

/** Imports at the top in the place of those in the middle; a name that is another thing here stays. */
function withImports(text) {
  const source = ts.createSourceFile('a.d.ts', text, ts.ScriptTarget.Latest, true);
  const taken = new Set();
  const visit = (node) => {
    if (
      'name' in node &&
      node.name !== undefined &&
      ts.isIdentifier(node.name) &&
      !ts.isImportTypeNode(node.parent)
    )
      taken.add(node.name.text);
    node.forEachChild(visit);
  };
  source.statements.forEach(visit);
  const imports = new Map();
  const short = text.replace(
    /(typeof )?import\("(\.[^"]+)"\)\.(\w+)/g,
    (whole, query, from, name) => {
      const other = imports.get(name);
      if (query !== undefined || taken.has(name) || (other !== undefined && other !== from))
        return whole;
      imports.set(name, from);
      return name;
    },
  );
  const byFile = new Map();
  for (const [name, from] of imports) byFile.set(from, [...(byFile.get(from) ?? []), name]);
  const lines = [...byFile].map(
    ([from, names]) => `import type { ${names.sort().join(', ')} } from '${from}';\n`,
  );
  return lines.sort().join('') + short;
}

/** The fields that there are most of, by the short names that they have beside them. */
const withFilled = (text) =>
  text
    .replace(/(import\("[^"]+"\)\.)FixedField<number, true(?:, number)?>/g, '$1Filled')
    .replace(
      /import\("[^"]+"\)\.FixedField<(import\("[^"]+"\)\.)(CtPreamble|ClassParameters), true, \1\2Input>/g,
      '$1$2Field',
    );

/** Texts and comments, which stay as they are. */
const KEPT = /("[^"\n]*"|'[^'\n]*'|`[^`]*`|\/\*[\s\S]*?\*\/)/;

/** The text without what only makes it easier to read as a file; what `also` does is done to no text and no comment. */
const withoutBlanks = (text, also = (part) => part) =>
  text
    .split(KEPT)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : also(part.replace(/^[\t ]+/gm, '')).replace(/ ?([:,|&=?<>{}()]|=>) ?/g, '$1'),
    )
    .join('');

/** What nobody wrote says of what it takes that it is not written to, and of what may be absent that it may be undefined. */
const withoutWords = (part) =>
  part
    .replace(/\breadonly (?=\w+\??:)/g, '')
    .replace(/(\?: [^;\n{}]*) \| undefined;/g, '$1;')
    .replace(/([{;])\n/g, '$1')
    .replace(/;[\t ]*\}/g, '}');

/** A type this long that a file says twice gets a name; so much is won by it at least. */
const TWICE = 100;

/** The types in a file that are long enough for a name, each with how often it stands there. What depends on a type parameter has none. */
function longTypes(text) {
  const source = ts.createSourceFile('a.d.ts', text, ts.ScriptTarget.Latest, true);
  const found = new Map();
  const visit = (node) => {
    if (node.typeParameters !== undefined || ts.isConditionalTypeNode(node)) return;
    if (
      (ts.isTypeReferenceNode(node) ||
        ts.isTypeLiteralNode(node) ||
        ts.isUnionTypeNode(node) ||
        ts.isIntersectionTypeNode(node)) &&
      !ts.isTypeAliasDeclaration(node.parent)
    ) {
      const type = text.slice(node.getStart(source), node.end);
      if (type.length > TWICE && !/\b(?:this|infer)\b/.test(type))
        found.set(type, (found.get(type) ?? 0) + 1);
    }
    node.forEachChild(visit);
  };
  source.statements.forEach(visit);
  return found;
}

/** What a file says twice of values it says once, the longest first. */
function withNames(whole) {
  let text = whole;
  for (let shape = 1; ; shape++) {
    let best;
    for (const [type, times] of longTypes(text)) {
      const won = (times - 1) * type.length - 10 * times;
      if (won > TWICE && won > (best?.won ?? 0)) best = { type, won };
    }
    // Where nothing says what is exported, all is.
    if (best === undefined)
      return shape === 1 || /^export ?\{\};/m.test(text) ? text : `${text}export{};\n`;
    const name = `Shape${shape}`;
    const { type } = best;
    const named = text.replaceAll(`readonly${type}`, `readonly ${name}`).replaceAll(type, name);
    text = `${named}type ${name}=${type};\n`;
  }
}

/** One import from each file: of declarations nothing but types is needed. A file that hands on what it imports keeps its own. */
function withMergedImports(text) {
  if (/^export \{[^}]*\};/m.test(text)) return text;
  const names = new Map();
  const rest = text.replace(
    /^import (?:type )?\{([^}]*)\} from (['"][^'"]+['"]);\n/gm,
    (_, list, from) => {
      const before = names.get(from) ?? new Set();
      for (const name of list.split(',')) before.add(name.trim().replace(/^type /, ''));
      before.delete('');
      names.set(from, before);
      return '';
    },
  );
  const lines = [...names].map(
    ([from, list]) => `import type {${[...list].join(',')}} from ${from};\n`,
  );
  return lines.join('') + rest;
}

/** Blanks are for readers of files: editors show declarations in a form of their own. */
function withoutIndentation(indented) {
  const text = withMergedImports(indented);
  const source = ts.createSourceFile('a.d.ts', text, ts.ScriptTarget.Latest);
  let result = '';
  let from = 0;
  for (const statement of source.statements) {
    const ofValue = ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement);
    const at = statement.getStart(source);
    result += text.slice(from, at);
    result += withoutBlanks(text.slice(at, statement.end), ofValue ? withoutWords : undefined);
    from = statement.end;
  }
  return result + text.slice(from);
}

/** Parameters that are as they would be without being said. */
const withDefaults = (text) =>
  text
    .replaceAll('Uint8Array<ArrayBufferLike>', 'Uint8Array')
    .replace(/\b(FixedField|TailField)<(\w+), (true|false), \2>/g, '$1<$2, $3>')
    .replace(/\b(FixedField|TailField)<(\w+), false>/g, '$1<$2>');

/** Nobody can name what is in such a file: its docstrings are for its makers. */
const withoutDocs = (text) => text.replace(/[\t ]*\/\*\*[\s\S]*?\*\/\n/g, '');

/** What a comment says of a whole file no editor shows. */
const withoutHeaders = (text) =>
  text.replace(/^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n(?=import |export (?:type )?[*{]|\/\*\*)/gm, '');

/** Lines that stay apart in a docstring: what it says of shape, units, errors, source; lists, tags, tables. */
const OF_THEIR_OWN = /^(?:[A-Z][a-z]+: |[-*|@]|\d+\. |```)/;

/** Docstrings with a line for a paragraph, which is what editors show. */
const withParagraphs = (text) =>
  text.replace(/\/\*\*\n[\s\S]*?\*\//g, (comment) => {
    if (comment.includes('```')) return comment;
    const lines = comment.split('\n').map((line) => line.trim().replace(/^\*(?!\/) ?/, ''));
    const joined = [];
    for (const line of lines.slice(1, -1)) {
      const before = joined.at(-1);
      const goesOn = before !== undefined && before !== '' && line !== '';
      if (goesOn && !OF_THEIR_OWN.test(line)) joined[joined.length - 1] += ` ${line}`;
      else joined.push(line);
    }
    return joined.length === 1
      ? `/** ${joined[0]} */`
      : `/**\n${joined.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */`;
  });

/**
 * The program without comments and blanks, in lines that a stack trace can name. Without a `format` esbuild takes the
 * outermost names for somebody else's and leaves them.
 */
async function compact(file, text) {
  const { code } = await transformWithEsbuild(text, file, {
    loader: 'js',
    target: 'es2023',
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    lineLimit: 1000,
    legalComments: 'none',
    sourcemap: false,
  });
  return code;
}

/** Relative imports of a declaration. */
const FROM = /(?:from |import\()['"](\.[^'"]+)['"]/g;

/** What a barrel hands on. */
const HANDED_ON = /export (?:type )?(?:\*|\* as \w+|\{[^}]*\}) from '(\.[^']+)'/g;

/** The declarations that package.json names. */
function subpathTypes() {
  const { exports } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'),
  );
  return Object.values(exports).flatMap(({ types }) =>
    types === undefined ? [] : [posix.relative('dist', posix.normalize(types))],
  );
}

/** The declarations that whoever imports the package can come to, from what package.json exports, by such references. */
function reachable(texts, references) {
  const waiting = subpathTypes();
  const reached = new Set();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const text = texts.get(file);
    if (text === undefined || reached.has(file)) continue;
    reached.add(file);
    for (const [, from] of text.matchAll(references))
      waiting.push(posix.join(folderOf(file), from).replace(/\.[jt]s$/, '.d.ts'));
  }
  return reached;
}

/** What a file exports is exported where it is declared, as its author wrote it, in the place of a list of names. */
function withExports(text) {
  const source = ts.createSourceFile('a.d.ts', text, ts.ScriptTarget.Latest);
  const declared = new Map();
  for (const statement of source.statements) {
    const named = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0]
      : statement;
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const name = named.name?.text;
    if (name === undefined || (ts.isVariableStatement(statement) && isSeveral(statement))) continue;
    const places = declared.get(name) ?? { at: [], isType: true };
    places.at.push(statement.getStart(source));
    places.isType &&= isType;
    declared.set(name, places);
  }
  const places = [];
  let result = text.slice(0, source.statements.at(-1)?.end ?? 0);
  for (const statement of source.statements.toReversed()) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) continue;
    const left = statement.exportClause.elements.filter((one) => {
      const found = one.propertyName === undefined ? declared.get(one.name.text) : undefined;
      if (found === undefined || (statement.isTypeOnly && !found.isType)) return true;
      places.push(...found.at);
      return false;
    });
    const list = left.map((one) => one.getText(source)).join(', ');
    const kind = statement.isTypeOnly ? 'export type' : 'export';
    const at = statement.getStart(source);
    result = `${result.slice(0, at)}${kind} { ${list} };${result.slice(statement.end)}`;
  }
  for (const at of places.sort((a, b) => b - a))
    result = `${result.slice(0, at)}export ${result.slice(at)}`;
  return `${result.replace(/^export type \{ {2}\};\n?/gm, '')}\n`;
}

const isSeveral = ({ declarationList }) => declarationList.declarations.length > 1;

/** What a file exports at its declarations: by name, whether it is a type alone. */
function exportsAtDeclarations(text) {
  const all = new Map();
  const source = ts.createSourceFile('a.d.ts', text, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const named = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement];
    for (const { name } of named) all.set(name.text, isType && all.get(name.text) !== false);
  }
  return all;
}

const HANDED_ON_BY_NAME = /^export( type)? \{([^}]*)\} from '([^']+)';\n/gm;

/** All that another file exports is handed on as a whole, not name by name. */
function withWholes(file, text, exported) {
  const handed = new Map();
  for (const [, type, list, from] of text.matchAll(HANDED_ON_BY_NAME)) {
    const names = handed.get(from) ?? new Map();
    for (const name of list.split(',')) names.set(name.trim(), type !== undefined);
    handed.set(from, names);
  }
  const isWhole = (from) => {
    const there = exported.get(posix.join(folderOf(file), from).replace(/\.js$/, '.d.ts'));
    const names = handed.get(from);
    return (
      there !== undefined &&
      there.size === names.size &&
      [...names].every(([name, isType]) => there.has(name) && (!isType || there.get(name)))
    );
  };
  const done = new Set();
  return text.replace(HANDED_ON_BY_NAME, (line, _type, _list, from) => {
    if (!isWhole(from)) return line;
    if (done.has(from)) return '';
    done.add(from);
    return `export * from '${from}';\n`;
  });
}

/** The declarations of each folder in one file, with what each subpath exports of them in its own: most imports go. */
async function joined() {
  const bundle = await rollup({
    input: Object.fromEntries(
      subpathTypes().map((file) => [file.replace(/\.d\.ts$/, ''), join(DIST, file)]),
    ),
    plugins: [dts()],
    external: (id) => !/^[./]/.test(id),
    onwarn: (warning, warn) => {
      // Types go round, and subpaths name types that they do not export.
      if (!/^(?:CIRCULAR_|CYCLIC_|PLUGIN_WARNING|EMPTY_)/.test(warning.code)) warn(warning);
    },
  });
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'types/[name].d.ts',
    manualChunks: (id) => folderOf(posix.relative(DIST, id)).replaceAll('/', '-'),
    hoistTransitiveImports: false,
    minifyInternalExports: false,
  });
  return output;
}

const DIST = process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url));
const all = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
);
const read = (ending) =>
  new Map(
    all
      .filter((file) => file.endsWith(ending))
      .map((file) => [file, readFileSync(join(DIST, file), 'utf8')]),
  );
const declarations = read('.d.ts');
const exported = exportsOf(declarations);
const packed = new Map(
  [...declarations].map(([file, text]) => [
    file,
    withParagraphs(
      withoutHeaders(withDefaults(withImports(withFilled(withoutCopies(file, text, exported))))),
    ),
  ]),
);
const reached = reachable(packed, FROM);
const exportedByName = reachable(packed, HANDED_ON);
for (const [file, text] of packed)
  if (reached.has(file))
    writeFileSync(join(DIST, file), exportedByName.has(file) ? text : withoutDocs(text));
  else rmSync(join(DIST, file));
const together = await joined();
for (const file of reached) rmSync(join(DIST, file));
mkdirSync(join(DIST, 'types'), { recursive: true });
const texts = new Map(together.map(({ fileName, code }) => [fileName, withExports(code)]));
const whole = new Map([...texts].map(([file, text]) => [file, exportsAtDeclarations(text)]));
for (const [file, text] of texts)
  writeFileSync(join(DIST, file), withNames(withoutIndentation(withWholes(file, text, whole))));
for (const [file, text] of read('.js')) writeFileSync(join(DIST, file), await compact(file, text));
