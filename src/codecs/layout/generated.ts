/**
 * The code that binary-parser generates for a fixed head, made fit to run in place.
 *
 * As it stands, that code makes a DataView for each message and writes and deletes two properties
 * of each value, which takes longer than the reading. So its reads are kept, in their order and with
 * their places, and what stands around them is replaced: they load bytes from the array itself, from
 * an offset that is given, into local variables. (A DataView would have to be made for each buffer
 * that a frame lies in.) Only lines of the forms below are taken; for any others there is no code,
 * and binary-parser is called as it is.
 */
import type { FixedParser, PlannedCode } from './parser.ts';

const OPENING = [
  'var dataView = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);',
  'var offset = 0;',
  'var vars = {};',
  'vars.$parent = null;',
  'vars.$root = vars;',
];
const CLOSING = ['delete vars.$parent;', 'delete vars.$root;', 'return vars;', ''];

const KEY = String.raw`vars\.[A-Za-z][A-Za-z0-9]*`;
const TEMPORARY = String.raw`\$tmp\d+`;
const GET = String.raw`dataView\.get(?:(?:Uint8|Uint16|Uint32)\(offset(?:, (?:true|false))?\)|BigUint64\(offset(?:, false)?\))`;
const GET_24 = String.raw`\(dataView\.getUint16\(offset\) << 8\) \| dataView\.getUint8\(offset \+ 2\)`;

/** Lines that are kept as they are, but for the names of the values. */
const READS = [
  `${KEY} = ${GET};`,
  `var ${TEMPORARY} = 0;`,
  `${TEMPORARY} = (?:${GET}|${GET_24});`,
  String.raw`${KEY} \|?= ${TEMPORARY} >> \d+ & 0x[0-9a-f]+;`,
  String.raw`${KEY} = \(${TEMPORARY} & 0x[0-9a-f]+\) << \d+;`,
  String.raw`offset \+= \d+;`,
].map((form) => new RegExp(`^${form}$`));

const BYTES = new RegExp(String.raw`^(${KEY}) = buffer\.subarray\(offset, offset \+ (\d+)\);$`);
const FORMAT = new RegExp(String.raw`^(${KEY}) = imports\[(\d+)\]\.call\(vars, (${KEY})\);$`);

const sameLines = (lines: readonly string[], expected: readonly string[]): boolean =>
  lines.length === expected.length && lines.every((line, i) => line === expected[i]);

/** The local variable that stands for a value; no name of binary-parser begins so. */
export const localName = (key: string): string => `_${key}`;

const withLocals = (line: string): string => line.replaceAll('vars.', '_');

const LOAD =
  /dataView\.get(Uint8|Uint16|Uint32|BigUint64)\(offset(?: \+ (\d+))?(?:, (true|false))?\)/g;

/** A read of a DataView as loads of the bytes. */
function loadOf(type: string, plus: string | undefined, little: string | undefined): string {
  const first = plus === undefined ? 'offset' : `offset + ${plus}`;
  if (type === 'BigUint64') return `u64At(bytes, ${first})`;
  const count = Number(type.slice('Uint'.length)) / 8;
  const loads = Array.from({ length: count }, (_, i) => {
    const left = 8 * (little === 'true' ? i : count - 1 - i);
    const byte = `bytes[${first}${i === 0 ? '' : ` + ${i}`}]`;
    return left === 0 ? byte : `${byte} << ${left}`;
  });
  const whole = loads.length === 1 ? loads[0]! : `(${loads.join(' | ')})`;
  return count === 4 ? `(${whole} >>> 0)` : whole;
}

const withLoads = (statements: string): string =>
  statements.replace(LOAD, (_all, type, plus, little) => loadOf(type, plus, little));

/** Reads that need no array of their own made first; see {@link FixedParser.buffer}. */
export type ReadInPlace = (bytes: Uint8Array, at: number, bit: number) => unknown;

const readsInPlace = new WeakMap<object, ReadInPlace>();

/** Tells that a formatter of bytes gives what `read` gives where those bytes lie. */
export function formatterOf<F extends (raw: Uint8Array) => unknown>(
  formatter: F,
  read: ReadInPlace,
): F {
  readsInPlace.set(formatter, read);
  return formatter;
}

/** Statements that read a head, and the functions they call by the names `import0`, `import1`, …. */
export interface HeadCode {
  readonly statements: string;
  readonly imports: readonly unknown[];
}

function rewrite({ code, imports: planned }: PlannedCode): HeadCode | undefined {
  const lines = code.split('\n');
  const body = lines.slice(OPENING.length, lines.length - CLOSING.length);
  if (!sameLines(lines.slice(0, OPENING.length), OPENING)) return undefined;
  if (!sameLines(lines.slice(OPENING.length + body.length), CLOSING)) return undefined;
  const imports = [...planned];
  const statements: string[] = [];
  for (let i = 0; i < body.length; i++) {
    const line = body[i]!;
    const bytes = BYTES.exec(line);
    const format = FORMAT.exec(line);
    if (bytes !== null) {
      const [, target, length] = bytes as unknown as [string, string, string];
      const following = FORMAT.exec(body[i + 2] ?? '');
      const at = Number(following?.[2]);
      const read = following?.[1] === target ? readsInPlace.get(planned[at] as object) : undefined;
      if (read === undefined) {
        statements.push(`${target} = partOf(bytes, offset, offset + ${length});`);
      } else {
        imports[at] = read;
        statements.push(`${target} = import${at}(bytes, offset, 0);`, body[i + 1]!);
        i += 2;
      }
    } else if (format !== null) {
      if (format[1] !== format[3]) return undefined;
      statements.push(`${format[1]} = import${format[2]}(${format[3]});`);
    } else if (READS.some((form) => form.test(line))) statements.push(line);
    else return undefined;
  }
  return { statements: withLoads(withLocals(statements.join('\n'))), imports };
}

/**
 * What a plan reads, as statements on `bytes` (the array), `offset` (in it), `partOf` and `u64At`,
 * which leave each value in {@link localName}. `undefined` where binary-parser wrote what is not known here.
 */
export function headCode(parser: FixedParser): HeadCode | undefined {
  const planned = parser.getContext?.('imports');
  return planned === undefined ? undefined : rewrite(planned);
}
