/** A program's file as a part of the page's: what it takes of others, what it gives, and what has to go for that. */
import { parseAst } from 'rollup/parseAst';

/** What an import or export calls a name: an identifier, or a text. */
const wordOf = (node) => (node.type === 'Literal' ? node.value : node.name);

/** Calls `visit` with a node and every node below it. */
function walk(node, visit) {
  visit(node);
  for (const value of Object.values(node))
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one?.type === 'string') walk(one, visit);
}

/** The names that a declaration makes. */
const namesOf = ({ declarations, id }) =>
  (declarations?.map((one) => one.id) ?? [id]).map((one) => {
    if (one.type !== 'Identifier') throw new TypeError('an exported pattern has no one name');
    return one.name;
  });

/** Throws `TypeError` for what no part of a page can do: say where it is, or give something without a name. */
export class Module {
  /** `{local, name, from}`; the name `*` is all. */
  imports = [];
  /** By exported name: the local name, or `{name, from}`. */
  exports = new Map();
  /** From where all is handed on. */
  stars = [];
  /** `{at, end}` of what is left out, and `{at, end, from}` of each `import()`. */
  cuts = [];
  /** Of its exports, those that others take. */
  taken = new Set();
  #body;

  constructor(path, text) {
    this.path = path;
    this.text = text;
    this.#body = parseAst(text).body;
    for (const node of this.#body) this.#read(node);
    this.cuts.sort((a, b) => a.at - b.at);
    for (const [name, local] of this.exports)
      this.exports.set(name, this.imports.find((one) => one.local === local) ?? local);
  }

  /** What it asks of a name that stands for many: `z` in `z.object`. */
  membersOf(local) {
    const members = new Set();
    for (const statement of this.#body)
      walk(statement, ({ computed, object, property, type }) => {
        if (type === 'MemberExpression' && !computed && object.name === local)
          members.add(property.name);
      });
    return members;
  }

  #read(node) {
    const from = node.source?.value;
    if (node.type === 'ImportDeclaration') this.#readImport(node, from);
    else if (node.type === 'ExportAllDeclaration') {
      if (node.exported === null) this.stars.push(from);
      else this.exports.set(wordOf(node.exported), { name: '*', from });
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const { exported, local } of node.specifiers)
        this.exports.set(
          wordOf(exported),
          from === undefined ? local.name : { name: wordOf(local), from },
        );
      for (const name of node.declaration === null ? [] : namesOf(node.declaration))
        this.exports.set(name, name);
    } else if (node.type === 'ExportDefaultDeclaration')
      throw new TypeError(`${this.path} exports something without a name`);
    if (/^(?:Im|Ex)port/.test(node.type))
      this.cuts.push({ at: node.start, end: node.declaration?.start ?? node.end });
    walk(node, ({ end, meta, source, start, type }) => {
      if (type === 'MetaProperty' && meta.name === 'import')
        throw new TypeError(`${this.path} asks where it is`);
      if (type === 'ImportExpression') this.cuts.push({ at: start, end, from: source.value });
    });
  }

  #readImport({ specifiers }, from) {
    if (specifiers.length === 0) throw new TypeError(`${this.path} takes no name of ${from}`);
    for (const { imported, local, type } of specifiers) {
      const name = type === 'ImportNamespaceSpecifier' ? '*' : imported && wordOf(imported);
      if (name === undefined) throw new TypeError(`${this.path} takes of ${from} what has no name`);
      this.imports.push({ local: local.name, name, from });
    }
  }
}
