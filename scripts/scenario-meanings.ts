/** What the comments of the scenario's shape say of its keys. */
import ts from 'typescript';

/** What is said of one mapping and of its keys. */
export interface ShapeMeanings {
  readonly about: string | undefined;
  readonly keys: ReadonlyMap<string, string>;
}

/** What a mapping is known by: its keys, and of a kind of a union the words that tell it. */
export function shapeKey(keys: readonly string[], tags: readonly unknown[]): string {
  return `${keys.join(' ')} | ${tags.join(' ')}`;
}

/** The comments in sources, by the mappings that they stand in. Errors: `TypeError` for a part that nobody declares. */
export function meaningsIn(sources: readonly string[]): Map<string, ShapeMeanings> {
  const found = new Map<string, ShapeMeanings>();
  for (const text of sources) {
    const source = ts.createSourceFile('schema.ts', text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const literal = mappingIn(node);
      if (literal !== undefined) {
        const keys = keysOf(literal, source);
        const tags = wordsIn(keys.get('do')?.value, source);
        const said = [...keys].map(([key, { comment }]) => [key, comment] as const);
        found.set(shapeKey([...keys.keys()], tags), {
          about: aboutOf(node, source),
          keys: new Map(said.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]))),
        });
      }
      node.forEachChild(visit);
    };
    visit(source);
  }
  return found;
}

/** The literal of `z.strictObject({…})`. */
function mappingIn(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'z.strictObject')
    return undefined;
  const [literal] = node.arguments;
  return literal !== undefined && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}

interface Key {
  readonly comment: string | undefined;
  readonly value: ts.Node | undefined;
}

function keysOf(literal: ts.ObjectLiteralExpression, source: ts.SourceFile): Map<string, Key> {
  const keys = new Map<string, Key>();
  for (const property of literal.properties) {
    if (ts.isSpreadAssignment(property)) {
      const part = declared(property.expression.getText(source), source);
      for (const [key, one] of keysOf(part, source)) keys.set(key, one);
    } else if (property.name !== undefined) {
      const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
      keys.set(property.name.getText(source), { comment: commentBefore(property, source), value });
    }
  }
  return keys;
}

/** The literal that a name stands for. */
function declared(name: string, source: ts.SourceFile): ts.ObjectLiteralExpression {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const one of statement.declarationList.declarations) {
      const { initializer } = one;
      if (one.name.getText(source) !== name || initializer === undefined) continue;
      if (ts.isObjectLiteralExpression(initializer)) return initializer;
    }
  }
  throw new TypeError(`scenario keys: nothing declares ${name}`);
}

/** The comment of the mapping itself: before its declaration, or before it in a list. */
function aboutOf(node: ts.Node, source: ts.SourceFile): string | undefined {
  const { parent } = node;
  const holder = ts.isVariableDeclaration(parent) ? parent.parent.parent : node;
  return commentBefore(holder, source);
}

/** The words of the last documenting comment before a node. */
function commentBefore(node: ts.Node, source: ts.SourceFile): string | undefined {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const text = ranges
    .map(({ pos, end }) => source.text.slice(pos, end))
    .findLast((one) => one.startsWith('/**'));
  return text
    ?.replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function wordsIn(node: ts.Node | undefined, source: ts.SourceFile): string[] {
  if (node === undefined) return [];
  return [...node.getText(source).matchAll(/'([^']+)'/g)].map((one) => one[1]!);
}
