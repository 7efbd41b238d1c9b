/**
 * Which exported names of a source text say nothing about themselves, and which messages do not say
 * their size. Reads the text alone: no types are checked, so that it is fast.
 */
import ts from 'typescript';

/** Folders and files of `src` that are held to it; `''` is all of them. */
export const HELD: readonly string[] = [''];

/** True for a path inside `src` that the list names, or that lies in a folder that it names. */
export const isHeld = (path: string, held: readonly string[] = HELD): boolean =>
  held.some((one) => one === '' || path === one || path.startsWith(`${one}/`));

/** Calls that make a message or a family of messages. */
export const MESSAGE_MAKERS: readonly string[] = ['codec', 'family', 'struct', 'message', 'layout'];

/** One exported declaration. */
export interface Exported {
  readonly name: string;
  readonly kind: 'class' | 'const' | 'function' | 'interface' | 'type';
  readonly line: number;
  /** The text of the docstring in front of it, `undefined` where there is none. */
  readonly doc: string | undefined;
  /** True for a constant that a message maker, or a function of the file that calls one, makes. */
  readonly isMessage: boolean;
  /** True for a type that only names what a message decodes to, or is encoded from. */
  readonly isOfMessage: boolean;
}

/** `Infer<typeof vlanTag>`: says what `vlanTag` decodes to, whose docstring says what that is. */
const OF_A_MESSAGE = new Set(['Infer', 'InferInput']);

const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);

function docOf(node: ts.Node, text: string): string | undefined {
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const docs = ranges.filter(({ pos }) => text.startsWith('/**', pos));
  const last = docs.at(-1);
  if (last === undefined) return undefined;
  // What stands first in a file is about the file, unless it stands directly in front of the name.
  const between = text.slice(last.end, node.getStart());
  return /\n\s*\n/.test(between) ? undefined : text.slice(last.pos, last.end);
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** The name of the function that an expression calls, seen through `as` and `satisfies`. */
function calledBy(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isParenthesizedExpression(node)
  )
    return calledBy(node.expression);
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression)
    ? node.expression.text
    : undefined;
}

/** Calls whose results a function gives back. */
function returnedCalls(body: ts.ConciseBody | undefined): string[] {
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [calledBy(body)].filter((one) => one !== undefined);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) {
      const call = calledBy(node.expression);
      if (call !== undefined) found.push(call);
    }
    node.forEachChild(visit);
  };
  visit(body);
  return found;
}

/** Functions of a file by their name, with the calls whose results they give back. */
function functionsOf(source: ts.SourceFile): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const node of source.statements) {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined)
      found.set(node.name.text, returnedCalls(node.body));
    if (!ts.isVariableStatement(node)) continue;
    for (const { name, initializer } of node.declarationList.declarations) {
      if (initializer !== undefined && ts.isArrowFunction(initializer) && ts.isIdentifier(name))
        found.set(name.text, returnedCalls(initializer.body));
    }
  }
  return found;
}

/** Functions of a file that make messages, beside `makers`, which it may import. */
export function makersIn(text: string, makers: Iterable<string> = MESSAGE_MAKERS): Set<string> {
  const known = new Set(makers);
  const functions = functionsOf(parse(text));
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const [name, calls] of functions)
      if (calls.some((call) => known.has(call))) known.add(name);
  }
  return known;
}

const KINDS = new Map<ts.SyntaxKind, Exported['kind']>([
  [ts.SyntaxKind.ClassDeclaration, 'class'],
  [ts.SyntaxKind.FunctionDeclaration, 'function'],
  [ts.SyntaxKind.InterfaceDeclaration, 'interface'],
  [ts.SyntaxKind.TypeAliasDeclaration, 'type'],
]);

function isOfMessage(node: ts.Node): boolean {
  if (!ts.isTypeAliasDeclaration(node) || !ts.isTypeReferenceNode(node.type)) return false;
  const { typeName, typeArguments } = node.type;
  return (
    ts.isIdentifier(typeName) &&
    OF_A_MESSAGE.has(typeName.text) &&
    typeArguments?.length === 1 &&
    ts.isTypeQueryNode(typeArguments[0]!)
  );
}

/** What a source text exports by declaring it; re-exports are documented where they are declared. */
export function exportsOf(text: string, makers: Iterable<string> = MESSAGE_MAKERS): Exported[] {
  const source = parse(text);
  const all = makersIn(text, makers);
  const found: Exported[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const seen = new Set<string>();
  for (const node of source.statements) {
    if (!isExported(node)) continue;
    if (ts.isVariableStatement(node)) {
      for (const { name, initializer } of node.declarationList.declarations) {
        const call = calledBy(initializer);
        found.push({
          name: name.getText(source),
          kind: 'const',
          line: lineOf(node),
          doc: docOf(node, text),
          isMessage: call !== undefined && all.has(call),
          isOfMessage: false,
        });
      }
      continue;
    }
    const kind = KINDS.get(node.kind);
    if (kind === undefined) continue;
    const name = (node as ts.ClassDeclaration).name?.text ?? 'default';
    // Only the first signature of an overloaded function needs words.
    if (kind === 'function' && seen.has(name)) continue;
    seen.add(name);
    found.push({
      name,
      kind,
      line: lineOf(node),
      doc: docOf(node, text),
      isMessage: false,
      isOfMessage: isOfMessage(node),
    });
  }
  return found;
}

/** `12 bytes`, `1,024 bytes`, `12 bytes and 4 for each`: a docstring that tells a size. */
export const saysSize = (doc: string): boolean => /\d bytes?\b/.test(doc);

/** The bytes that a docstring says a message of one size has, `undefined` where it says no such. */
export function sizeSaid(doc: string): number | undefined {
  const said = /Shape: ([\d,]+) bytes?[.,]? *(?:\*|$|[A-Z])/m.exec(doc);
  return said === null ? undefined : Number(said[1]!.replaceAll(',', ''));
}

/** What is missing in a file, one line for each name. */
export function missingIn(
  path: string,
  text: string,
  makers: Iterable<string> = MESSAGE_MAKERS,
): string[] {
  const missing: string[] = [];
  for (const { name, kind, line, doc, isMessage, isOfMessage } of exportsOf(text, makers)) {
    if (isOfMessage) continue;
    if (doc === undefined) missing.push(`${path}:${line}: ${kind} ${name} has no docstring`);
    else if (isMessage && !saysSize(doc))
      missing.push(`${path}:${line}: the docstring of ${name} does not say its bytes`);
  }
  return missing;
}
