/** What a codec gives as JSON, which has neither bytes nor large numbers. */
import { formatHex, formatWwn } from './layout/index.ts';

/** Texts that stand in JSON as they are. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;
/** A World Wide Name's field. */
const NAME_FIELD = /name$/i;

/** A text as JSON. */
export const jsonText = (text: string): string =>
  PLAIN_TEXT.test(text) ? `"${text}"` : JSON.stringify(text);

/** Field names as they stand in front of values, and whether they name a World Wide Name. */
const keys = new Map<string, { readonly text: string; readonly isName: boolean }>();
const KEYS_MAX = 10_000;

function keyOf(name: string) {
  let key = keys.get(name);
  if (key === undefined) {
    if (keys.size >= KEYS_MAX) keys.clear();
    key = { text: `${jsonText(name)}:`, isName: NAME_FIELD.test(name) };
    keys.set(name, key);
  }
  return key;
}

/** How bytes become hex digits; a host may have a faster way than ours. */
export type HexOf = (bytes: Uint8Array) => string;

/**
 * A value that a codec decoded, as JSON on one line: bytes as hex digits, World Wide Names as `20:00:…`, other
 * large numbers in digits as a text. What `sanmotion decode --json` prints of a layer.
 *
 * @example
 * toJson(flogi.decode(bytes)); // {"command":4,…,"portName":"20:00:52:54:00:aa:00:01",…}
 */
export function toJson(value: unknown, hexOf: HexOf = formatHex): string {
  return jsonOf(value, false, hexOf) || 'null';
}

/** Empty for what JSON leaves out. */
function jsonOf(value: unknown, isName: boolean, hexOf: HexOf): string {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'string':
      return jsonText(value);
    case 'bigint':
      return `"${isName ? formatWwn(value) : value}"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : objectOf(value, isName, hexOf);
    default:
      return '';
  }
}

function objectOf(value: object, isName: boolean, hexOf: HexOf): string {
  if (value instanceof Uint8Array) return `"${hexOf(value)}"`;
  if (Array.isArray(value)) {
    const members = value.map((one: unknown) => jsonOf(one, isName, hexOf) || 'null');
    return `[${members.join(',')}]`;
  }
  let text = '';
  for (const name in value) {
    const { text: key, isName: holdsName } = keyOf(name);
    const member = jsonOf((value as Record<string, unknown>)[name], holdsName, hexOf);
    if (member !== '') text += text === '' ? key + member : `,${key}${member}`;
  }
  return `{${text}}`;
}
