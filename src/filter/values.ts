/** Values of fields and of literals, in forms that can be compared. */
import type { Comparison, Literal } from './ast.ts';
import { FilterError } from './error.ts';
import type { FieldKind } from './field.ts';

/** A value as it is compared. */
export type Value = number | bigint | string | Uint8Array;

const MAC = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** `widthBytes` octets of a number, most significant first. */
function octetsOf(value: bigint, widthBytes: number): Uint8Array {
  const bytes = new Uint8Array(widthBytes);
  for (let i = widthBytes - 1, left = value; i >= 0; i--, left >>= 8n)
    bytes[i] = Number(left & 0xffn);
  return bytes;
}

const bytesOfNumber = (value: bigint): Uint8Array =>
  octetsOf(value, Math.max(1, Math.ceil(value.toString(16).length / 2)));

const latin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (one) => one.charCodeAt(0) & 0xff);

/** Octets with separators between them; `undefined` where they are none. */
function separated(written: string): Uint8Array | undefined {
  if (written.includes('::')) return ipv6Of(written);
  const digits = written.split(/[:.-]/).filter((one) => one !== '');
  if (digits.some((one) => !/^[0-9a-f]{1,4}$/i.test(one) || one.length === 3)) return undefined;
  const whole = digits.map((one) => (one.length === 1 ? `0${one}` : one)).join('');
  return Uint8Array.from(whole.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
}

/** An IPv6 address that is written short. */
function ipv6Of(written: string): Uint8Array | undefined {
  const [front = '', back = ''] = written.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16));
  const [head, tail] = [groups(front), groups(back)];
  const missing = 8 - head.length - tail.length;
  if (missing < 0) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((one) => [one >> 8, one & 0xff]));
}

const ipv4Of = (written: string): Uint8Array => Uint8Array.from(written.split('.'), Number);

/** A value of a frame as it is compared; `undefined` for what no comparison takes. */
export function normalized(
  value: unknown,
  kind: FieldKind,
  widthBytes?: number,
): Value | undefined {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
    case 'bigint':
      if (kind === 'octets') return octetsOf(BigInt(value), widthBytes ?? 4);
      return value;
    case 'string':
      if (kind !== 'octets') return value;
      return MAC.test(value) ? separated(value) : IPV4.test(value) ? ipv4Of(value) : latin1(value);
    default:
      return value instanceof Uint8Array ? value : undefined;
  }
}

const NUMBERS: Readonly<Record<string, number>> = { true: 1, false: 0 };

/** A literal in the form of what it is compared with. Errors: {@link FilterError} where it has none. */
export function literalFor(literal: Literal, kind: FieldKind, widthBytes?: number): Value {
  const wrong = (wanted: string): never => {
    throw new FilterError(literal.at, `“${literal.written}” is no ${wanted}`);
  };
  switch (kind) {
    case 'number':
    case 'flag': {
      if (literal.kind === 'number') return literal.number;
      if (literal.kind === 'fraction') return literal.fraction;
      if (literal.kind === 'octets') {
        const bytes = separated(literal.written);
        return bytes === undefined
          ? wrong('number')
          : bytes.reduce((sum, one) => sum * 256n + BigInt(one), 0n);
      }
      const truth = kind === 'flag' ? NUMBERS[literal.text.toLowerCase()] : undefined;
      return truth ?? wrong('number');
    }
    case 'octets': {
      if (literal.kind === 'text') return latin1(literal.text);
      if (literal.kind === 'number')
        return widthBytes === undefined
          ? bytesOfNumber(literal.number)
          : octetsOf(literal.number, widthBytes);
      if (literal.kind === 'word' && /^[0-9a-f]{2}$/i.test(literal.text))
        return Uint8Array.of(Number.parseInt(literal.text, 16));
      if (literal.kind !== 'octets') return wrong('octets, such as 01:00:05');
      if (widthBytes !== 3 && IPV4.test(literal.written)) return ipv4Of(literal.written);
      return separated(literal.written) ?? wrong('octets, such as 01:00:05');
    }
    default:
      if (literal.kind === 'text' || literal.kind === 'word') return literal.text;
      return literal.written;
  }
}

/** Less than 0, 0 or more, as `one` lies before, at or behind `other`; `undefined` where neither can be said. */
export function compared(one: Value, other: Value): number | undefined {
  if (typeof one === 'string' || typeof other === 'string') {
    if (typeof one !== 'string' || typeof other !== 'string') return undefined;
    return one < other ? -1 : one === other ? 0 : 1;
  }
  if (one instanceof Uint8Array || other instanceof Uint8Array) {
    if (!(one instanceof Uint8Array) || !(other instanceof Uint8Array)) return undefined;
    for (let i = 0; i < one.length && i < other.length; i++)
      if (one[i] !== other[i]) return one[i]! - other[i]!;
    return one.length - other.length;
  }
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether two values stand in a relation; the one about all or any is the caller's. */
export function stands(one: Value, operator: Comparison, other: Value): boolean {
  if (operator === '&') return sharesBit(one, other);
  const order = compared(one, other);
  if (order === undefined) return false;
  switch (operator) {
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    default:
      return (order === 0) === (operator === '==' || operator === '===');
  }
}

function sharesBit(one: Value, other: Value): boolean {
  if (typeof one === 'string' || typeof other === 'string') return false;
  if (one instanceof Uint8Array || other instanceof Uint8Array) {
    if (!(one instanceof Uint8Array) || !(other instanceof Uint8Array)) return false;
    return one.some((octet, i) => (octet & (other[i] ?? 0)) !== 0);
  }
  if (!Number.isInteger(Number(one)) || !Number.isInteger(Number(other))) return false;
  return (BigInt(one) & BigInt(other)) !== 0n;
}

/** Whether a value holds a part. */
export function holds(whole: Value, part: Value): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  if (!(whole instanceof Uint8Array) || !(part instanceof Uint8Array)) return false;
  for (let at = 0; at + part.length <= whole.length; at++) {
    let same = 0;
    while (same < part.length && whole[at + same] === part[same]) same++;
    if (same === part.length) return true;
  }
  return false;
}
