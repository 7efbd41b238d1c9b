/** Lists: elements one behind the other, up to a count or to the end of their region. */
import {
  type Cursor,
  LIST_ELEMENTS_MAX,
  meetsCut,
  nest,
  type Span,
  toleratesFault,
} from './cursor.ts';
import { cutOf, isCutFault, isCutValue } from './cut.ts';
import { CodecError } from './error.ts';
import { type FixedField, showValue } from './field.ts';
import type { AnyCodec, Codec, FromOwner, TailField } from './message.ts';
import { traceFixed, wholeBytes, writeFixed } from './tail.ts';

/** Where a list ends, and what is made of one that is cut. */
export interface ListOptions {
  /** How many elements there are; without it the list goes on to the end of its region. */
  readonly count?: FromOwner<number>;
  /**
   * Bytes that the list says it has, where senders are known to count wrong: elements are read
   * until so many are behind, and the last one may run past them.
   */
  readonly lengthBytes?: FromOwner<number>;
  /** Refuse longer lists. */
  readonly max?: number;
  /** Stop in front of an element that is cut off, instead of `truncated`. */
  readonly mayBeCut?: boolean;
  /** Fewer elements than are counted: a tolerant reader takes those that are there. */
  readonly mayLack?: boolean;
  /** The list ends with the first element of which this holds: each says whether another follows. */
  readonly last?: (element: never) => boolean;
}

/** How one element is handled; `i` is its place in the list, for errors and paths. */
interface Element<T, I> {
  read(cursor: Cursor, layer: string, key: string, i: number): T;
  size(value: I, at: number): number;
  write(target: Uint8Array, at: number, value: I, layer: string, key: string, i: number): number;
  trace(cursor: Cursor, layer: string, path: string, i: number, spans: Span[]): T;
  /** Reads what is there of an element that was cut, as `trace` does; `undefined`: as bytes. */
  traceCut?(cursor: Cursor, path: string, i: number, spans: Span[]): T;
}

function fixedElement<T, I>(field: FixedField<T, boolean, I>): Element<T, I> {
  const length = wholeBytes(field as FixedField<unknown, boolean>);
  const read: Element<T, I>['read'] = (cursor, layer, key, i) => {
    if (cursor.remaining < length) cursor.need(length, layer, `${key}[${i}]`);
    const value = field.read(cursor.bytes, cursor.at, 0);
    cursor.at += length;
    return value;
  };
  return {
    read,
    size: () => length,
    write: (target, at, value, layer, key, i) =>
      writeFixed(field, target, at, value, layer, `${key}[${i}]`),
    trace(cursor, layer, path, i, spans) {
      const offset = cursor.at;
      const value = read(cursor, layer, path, i);
      traceFixed(field, cursor.bytes, offset, `${path}[${i}]`, value, spans);
      return value;
    },
  };
}

function codecElement<T, I>(codec: Codec<T, I>): Element<T, I> {
  const cut = (): Codec<T, I> => cutOf(codec) as unknown as Codec<T, I>;
  return {
    read: (cursor) => codec.read(cursor),
    size: (value, at) => (isCutValue(value) ? cut() : codec).sizeOf(value, at),
    write: (target, at, value) => (isCutValue(value) ? cut() : codec).write(target, at, value),
    trace: (cursor, _layer, path, i, spans) => codec.trace(cursor, `${path}[${i}]`, spans),
    traceCut: (cursor, path, i, spans) => cut().trace(cursor, `${path}[${i}]`, spans),
  };
}

function checkList(values: unknown, layer: string, key: string, at: number): void {
  if (Array.isArray(values)) return;
  throw new CodecError('bad-value', layer, key, at, `needs a list, got ${showValue(values)}`);
}

/** The declared number of elements, endless where none is declared. Errors: `CodecError`. */
function countOf(
  options: ListOptions,
  max: number,
  cursor: Cursor,
  owner: never,
  layer: string,
  key: string,
): number {
  if (options.count === undefined) return Number.POSITIVE_INFINITY;
  const count = options.count(owner);
  let wrong: string | undefined;
  if (!Number.isInteger(count) || count < 0) wrong = `a list of ${count} elements is impossible`;
  else if (count > max && options.mayBeCut !== true) wrong = `more than ${max} elements`;
  if (wrong !== undefined) throw new CodecError('bad-length', layer, key, cursor.at, wrong);
  return count;
}

/** Where the list says that it ends, endless where it does not say. Errors: `CodecError`. */
function endOf(
  options: ListOptions,
  cursor: Cursor,
  owner: never,
  layer: string,
  key: string,
): number {
  const length = options.lengthBytes?.(owner);
  if (length === undefined) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(length) && length >= 0) return cursor.at + length;
  const what = `a list of ${length} bytes is impossible`;
  throw new CodecError('bad-length', layer, key, cursor.at, what);
}

/** The element with which a list ends must not stand before others. (A list that was cut has none.) */
function checkLast(
  values: readonly unknown[],
  isLast: (element: never) => boolean,
  layer: string,
  key: string,
  at: number,
): void {
  const end = values.findIndex((one) => isLast(one as never));
  if (end < 0 || end === values.length - 1) return;
  const what = `element ${end} ends the list, ${values.length - 1 - end} more follow`;
  throw new CodecError('bad-value', layer, key, at, what);
}

/** Elements one behind the other. An element that takes no bytes is `bad-length`, never a loop. */
export function list<T, I = T>(
  element: Codec<T, I> | FixedField<T, boolean, I>,
  options: ListOptions = {},
): TailField<T[], false, readonly I[]> {
  const max = options.max ?? LIST_ELEMENTS_MAX;
  const { last } = options;
  const each: Element<T, I> = 'place' in element ? fixedElement(element) : codecElement(element);

  function walk(
    cursor: Cursor,
    owner: never,
    layer: string,
    key: string,
    one: (i: number) => T,
    spans: Span[],
  ): T[] {
    const count = countOf(options, max, cursor, owner, layer, key);
    const end = endOf(options, cursor, owner, layer, key);
    const values: T[] = [];
    const isCounted =
      options.count !== undefined || options.lengthBytes !== undefined || last !== undefined;
    while (values.length < count && cursor.at < end && (isCounted || cursor.remaining > 0)) {
      const i = values.length;
      const before = cursor.at;
      if (i >= max)
        throw new CodecError('bad-length', layer, key, before, `more than ${max} elements`);
      try {
        values.push(one(i));
      } catch (error) {
        const cut = isCutFault(error);
        const atCut = cut && meetsCut(cursor.end);
        const tolerated = atCut || (cut && options.mayBeCut === true);
        const partly = before < cursor.end && each.traceCut !== undefined;
        // A tolerant reader takes the elements before the last one, and of that what is there.
        const lacking = cut && (before < cursor.end ? partly : options.mayLack === true);
        if (!tolerated && !(lacking && toleratesFault(error))) throw error;
        cursor.at = before;
        if (partly && (atCut || options.mayBeCut !== true))
          values.push(each.traceCut!(cursor, key, i, spans));
        break;
      }
      if (cursor.at === before)
        throw new CodecError('bad-length', layer, `${key}[${i}]`, before, 'has no bytes');
      if (last?.(values[i] as never) === true) break;
    }
    return values;
  }
  return {
    place: 'tail',
    optional: false,
    shape: {
      kind: 'list',
      element: element as unknown as AnyCodec | FixedField<unknown, boolean>,
      ...(options.count === undefined ? {} : { count: options.count }),
      ...(last === undefined ? {} : { last }),
      max,
    },
    read: (cursor, owner, layer, key) =>
      nest(layer, key, cursor.at, () =>
        walk(cursor, owner, layer, key, (i) => each.read(cursor, layer, key, i), []),
      ),
    size(values, layer, key, at) {
      checkList(values, layer, key, at);
      if (last !== undefined) checkLast(values, last, layer, key, at);
      return nest(layer, key, at, () => {
        let next = at;
        for (let i = 0; i < values.length; i++) next += each.size(values[i]!, next);
        return next - at;
      });
    },
    write(target, at, values, layer, key) {
      checkList(values, layer, key, at);
      return nest(layer, key, at, () => {
        let next = at;
        for (let i = 0; i < values.length; i++)
          next = each.write(target, next, values[i]!, layer, key, i);
        return next;
      });
    },
    trace: (cursor, owner, layer, path, spans) =>
      nest(layer, path, cursor.at, () =>
        walk(
          cursor,
          owner,
          layer,
          path,
          (i) => {
            const kept = spans.length;
            try {
              return each.trace(cursor, layer, path, i, spans);
            } catch (error) {
              spans.length = kept;
              throw error;
            }
          },
          spans,
        ),
      ),
  };
}
