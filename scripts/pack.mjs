// Makes what `tsc` wrote into dist smaller, and its types nearer to what stands in the sources. The types stay the same:
//
// - where a codec is written out again that another file exports (in the members of a family), it is that export's type;
// - `import("../layout/field.ts").FixedField` becomes `FixedField`, with an import at the top;
// - declarations that no subpath comes to are left out, docstrings of what none exports by a name; the others are
//   indented by tabs;
// - programs lose comments, blanks, and the names of what a file keeps to itself: exported names, methods and fields stay.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
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
const KEPT = /("[^"\n]*"|\/\*[\s\S]*?\*\/)/;
/**
 * Types of values and functions, which nobody wrote: what they take is not written to, which needs no word, and blanks are for readers
 * of files.
 */
const withShortValues = (text) =>
  text.replace(/^(?:export )?declare (?:const|function) [\s\S]*?;\n(?=\S|$)/gm, (one) =>
    one
      .split(KEPT)
      .map((part, i) =>
        i % 2 === 1
          ? part
          : part
              .replace(/\breadonly (?=\w+\??:)/g, '')
              .replace(/(\?: [^;\n{}]*) \| undefined;/g, '$1;')
              .replace(/([:,|]) /g, '$1')
              .replace(/ \|/g, '|'),
      )
      .join(''),
  );

/** Parameters that are as they would be without being said. */
const withDefaults = (text) =>
  text
    .replaceAll('Uint8Array<ArrayBufferLike>', 'Uint8Array')
    .replace(/\b(FixedField|TailField)<(\w+), (true|false), \2>/g, '$1<$2, $3>')
    .replace(/\b(FixedField|TailField)<(\w+), false>/g, '$1<$2>');

/** Nobody can name what is in such a file: its docstrings are for its makers. */
const withoutDocs = (text) => text.replace(/[\t ]*\/\*\*[\s\S]*?\*\/\n/g, '');

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

/** Editors show declarations in a form of their own. */
const withoutIndentation = (text) => text.replace(/^[\t ]+(?!\*)/gm, '');

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

/** The declarations that whoever imports the package can come to, from what package.json exports, by such references. */
function reachable(texts, references) {
  const { exports } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'),
  );
  const waiting = Object.values(exports).flatMap(({ types }) =>
    types === undefined ? [] : [posix.relative('dist', posix.normalize(types))],
  );
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
    withoutIndentation(
      withParagraphs(
        withShortValues(withDefaults(withImports(withFilled(withoutCopies(file, text, exported))))),
      ),
    ),
  ]),
);
const reached = reachable(packed, FROM);
const exportedByName = reachable(packed, HANDED_ON);
for (const [file, text] of packed)
  if (exportedByName.has(file)) writeFileSync(join(DIST, file), text);
  else if (reached.has(file)) writeFileSync(join(DIST, file), withoutDocs(text));
  else rmSync(join(DIST, file));
for (const [file, text] of read('.js')) writeFileSync(join(DIST, file), await compact(file, text));
