/** YAML to what it holds, with the places of it; what is no YAML is told in our words. */
import {
  type Document,
  type ErrorCode,
  isCollection,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { type FilePlace, type Origin, Origins, type Path } from './origin.ts';
import { ScenarioError } from './scenario-error.ts';

/** Characters of a scenario file; nobody writes a longer one. */
const TEXT_LENGTH_MAX = 4_000_000;
/** Values that aliases may stand for; more are made to fill memory. */
const ALIASED_MAX = 100;

/** What the parser's codes mean to who wrote the file. */
const FAULTS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (*name) has neither anchor nor tag',
  BAD_ALIAS: 'an alias (*name) needs the name of an anchor (&name)',
  BAD_COLLECTION_TYPE: 'a tag that does not fit a list or a mapping',
  BAD_DIRECTIVE: 'a line that begins with % is a directive of YAML; put the text in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes that means nothing; use single quotes',
  BAD_INDENT: 'this does not stand as far to the right as what it belongs to',
  BAD_PROP_ORDER: 'an anchor or a tag stands before its value, on the same line',
  BAD_SCALAR_START: 'a value cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'two keys on one line; the second needs a line of its own',
  BLOCK_IN_FLOW: 'within brackets everything is written with brackets and commas',
  DUPLICATE_KEY: 'this key is there already',
  IMPOSSIBLE: 'it cannot be understood from here',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a quote, a bracket, a comma or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key stands on one line, with its colon',
  MULTIPLE_ANCHORS: 'a value has one anchor at most',
  MULTIPLE_DOCS: 'a second document begins here; a scenario is one',
  MULTIPLE_TAGS: 'a value has one tag at most',
  NON_STRING_KEY: 'a key is a word',
  RESOURCE_EXHAUSTION: 'brackets within brackets, too deep',
  TAB_AS_INDENT: 'a tab; indent with blanks',
  TAG_RESOLVE_FAILED: 'a tag (!name) that nobody knows',
  UNEXPECTED_TOKEN: 'this belongs to nothing before it; are blanks, a quote or a colon missing?',
};

/** What a YAML text holds, and where it holds it. */
export interface YamlText {
  readonly raw: Record<string, unknown>;
  readonly origins: Origins;
}

/** Reads a text. Errors: `ScenarioError`. */
export function parseYaml(text: string, file: string): YamlText {
  const start: Origin = { from: 'file', file, line: 1, column: 1 };
  if (text.length > TEXT_LENGTH_MAX) {
    const what = `longer than ${TEXT_LENGTH_MAX} characters: is this a scenario?`;
    throw new ScenarioError(start, what);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): FilePlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const refuse = (offset: number, what: string): never => {
    throw new ScenarioError({ from: 'file', ...placeAt(offset) }, `not YAML: ${what}`);
  };
  const broken = document.errors[0];
  if (broken !== undefined) refuse(broken.pos[0], FAULTS[broken.code]);
  checkNodes(document, refuse);
  const inFile = (path: Path): Origin => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range === undefined) continue;
      return { from: length === path.length ? 'file' : 'default', ...placeAt(node.range[0]) };
    }
    return start;
  };
  const raw: unknown = contentOf(document, () => refuse(0, 'its aliases stand for too much'));
  if (typeof raw !== 'object' || raw === null) {
    const what = 'a scenario is a mapping with name, fabrics, hosts, array, vms and move';
    throw new ScenarioError(inFile([]), what);
  }
  return { raw: raw as Record<string, unknown>, origins: new Origins(inFile) };
}

/** What the parser takes and nobody can use: aliases of nothing or of themselves, keys that are no words. */
function checkNodes(document: Document, refuse: (offset: number, what: string) => never): void {
  visit(document, {
    Alias(_key, alias, above) {
      const target = alias.resolve(document);
      const at = alias.range?.[0] ?? 0;
      if (target === undefined)
        refuse(at, `*${alias.source} is an alias of what nobody before it names &${alias.source}`);
      else if (above.includes(target)) refuse(at, `*${alias.source} stands within what it names`);
    },
    Pair(_key, { key }) {
      if (isCollection(key)) refuse(key.range?.[0] ?? 0, 'a key is a word, no list and no mapping');
    },
  });
}

function contentOf(document: Document, tooMuch: () => never): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASED_MAX });
  } catch (error) {
    if (error instanceof ReferenceError) return tooMuch();
    throw error;
  }
}
