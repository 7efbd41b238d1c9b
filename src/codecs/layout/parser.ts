/**
 * The part of binary-parser that fixed layouts use. Its other types (`choice`, `readUntil`,
 * `lengthInBytes`, `string`) are left out on purpose: they loop or read past their bounds.
 */
// @ts-expect-error binary-parser's package.json hides its declarations from ESM importers
import { Parser } from 'binary-parser';

/** What binary-parser reads: any window on an ArrayBuffer with these members. */
export interface ParserInput {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly length: number;
  subarray(from: number, to: number): Uint8Array;
}

/** A value made from what was read. */
export interface FormatterOption<T> {
  readonly formatter?: (raw: T) => unknown;
}

/** The code that binary-parser generates for a plan, and the formatters it calls. */
export interface PlannedCode {
  readonly code: string;
  readonly imports: readonly unknown[];
}

/** A plan of fixed fields; every call appends one. */
export interface FixedParser {
  uint8(key: string, options?: FormatterOption<number>): FixedParser;
  uint16be(key: string, options?: FormatterOption<number>): FixedParser;
  uint32be(key: string, options?: FormatterOption<number>): FixedParser;
  uint32le(key: string, options?: FormatterOption<number>): FixedParser;
  uint64be(key: string, options?: FormatterOption<bigint>): FixedParser;
  buffer(
    key: string,
    options: { readonly length: number } & FormatterOption<Uint8Array>,
  ): FixedParser;
  create(type: new () => object): FixedParser;
  parse(input: ParserInput): object;
  /** Not declared by binary-parser, so not to be relied on. */
  getContext?(importPath: string): PlannedCode;
}

/** An empty plan, big-endian. */
export function newParser(): FixedParser {
  return new (Parser as new () => { endianess(order: string): FixedParser })().endianess('big');
}

/** Appends a run of `bits` bits; binary-parser joins it with the runs next to it. */
export function planBits(parser: FixedParser, bits: number, key: string): void {
  (parser as unknown as Record<string, (name: string) => void>)[`bit${bits}`]!(key);
}
