/**
 * Bodies of the REST surface, in JSON and in XML from the same values: an object of members, a list of
 * objects or of texts under one name. XML cannot tell a list with one member from that member, so readers of
 * requests take either for either.
 */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/** A value of a body. */
export type RestValue =
  | string
  | number
  | boolean
  | readonly RestValue[]
  | { readonly [name: string]: RestValue };

/** The two ways in which a body is written. */
export type RestMedia = 'json' | 'xml';

/** A body that cannot be read, in one line. */
export class RestBodyError extends Error {
  override readonly name = 'RestBodyError';
}

const MEDIA_TYPES: Readonly<Record<RestMedia, string>> = {
  json: 'application/yang-data+json',
  xml: 'application/yang-data+xml',
};
const DEPTH_MAX = 16;
/** Characters that XML has no way to write; names that ports give themselves may have them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
const NOT_IN_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const builder = new XMLBuilder({ suppressEmptyNode: true });
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  // Names and WWPNs are texts, also where they look like numbers; nothing is fetched or expanded.
  parseTagValue: false,
  processEntities: false,
});

/** JSON when it is asked for, else XML, as the switch does. */
export function mediaOf(header: string | undefined): RestMedia {
  return /json/i.test(header ?? '') ? 'json' : 'xml';
}

/** A body, and what its media type is. */
export function writeRest(
  media: RestMedia,
  root: string,
  value: RestValue,
): { readonly type: string; readonly body: string } {
  const body =
    media === 'json'
      ? JSON.stringify({ [root]: value })
      : `<?xml version="1.0"?>\n${builder.build({ [root]: value }).replace(NOT_IN_XML, '?')}\n`;
  return { type: MEDIA_TYPES[media], body };
}

/** The members of a request's body; none for an empty one. Errors: `RestBodyError`. */
export function readRest(media: RestMedia, text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = media === 'json' ? JSON.parse(text) : parser.parse(text, true);
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    throw new RestBodyError(`the body is no ${media.toUpperCase()}: ${line.slice(0, 200)}`);
  }
  if (!isObject(value)) throw new RestBodyError('the body has no members');
  checkDepth(value, 0);
  return value;
}

/** True for an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkDepth(value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new RestBodyError(`the body is deeper than ${DEPTH_MAX} members`);
  if (typeof value !== 'object' || value === null) return;
  for (const one of Object.values(value)) checkDepth(one, depth + 1);
}

/** One or several, as a list; nothing for `undefined` and an empty element. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

/** The same of texts. Errors: `RestBodyError`. */
export function textsOf(value: unknown, name: string): string[] {
  return listOf(value).map((one) => {
    if (typeof one !== 'string') throw new RestBodyError(`${name} must be text`);
    return one.trim();
  });
}
