/** What the table of coverage is made from: a family of messages and its code tables. */
import type { AnyCodec } from '../../src/codecs/layout/index.ts';
import type { Source } from './sources.ts';
import type { TsharkField } from './tshark-codes.ts';

/** A code table of ours, and tshark's field for the same codes. */
export interface CodeTable {
  readonly name: string;
  readonly codes: Readonly<Record<string, number>>;
  readonly tshark?: TsharkField;
  /** Codes that tshark names and we leave out, and why. */
  readonly without?: Readonly<Record<number, string>>;
}

export interface Family {
  readonly title: string;
  readonly tables: readonly CodeTable[];
  /** Messages under what they are, such as `requests`. */
  readonly messages: Readonly<Record<string, readonly AnyCodec[]>>;
  readonly sources: readonly Source[];
  /** What tshark 4.0.17 makes of the family. */
  readonly tshark: string;
  /** What our own codecs leave as bytes, or do beyond messages. */
  readonly note?: string;
}

export function table(
  name: string,
  codes: Readonly<Record<string, number>>,
  tshark?: TsharkField,
  without?: Readonly<Record<number, string>>,
): CodeTable {
  return { name, codes, ...(tshark && { tshark }), ...(without && { without }) };
}

/** The members of a family codec, each once; without those that hold what has no layout. */
export function membersOf(codec: unknown, but: readonly string[] = []): AnyCodec[] {
  const { members } = codec as { members: Readonly<Record<string, AnyCodec>> };
  return [...new Set(Object.values(members))].filter(({ kind }) => !but.includes(kind ?? ''));
}

export const all = (messages: Readonly<Record<string, unknown>>): AnyCodec[] =>
  Object.values(messages) as AnyCodec[];

export const some = (...messages: readonly unknown[]): AnyCodec[] =>
  messages as readonly AnyCodec[] as AnyCodec[];
