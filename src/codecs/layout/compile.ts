/**
 * Straight-line code made from a table, where the host lets a program make code: the constructor
 * of a message's values, the writer of its fixed head, and its view. Whatever is made here, the
 * interpreters in `read.ts`, `write.ts` and `view.ts` do as well, only slower.
 */
import { Cursor } from './cursor.ts';
import { headCode, localName } from './generated.ts';
import type { Layout, Slot, TailSlot, Value } from './layout.ts';
import { isPlainUint, u64At } from './numbers.ts';
import type { FixedParser } from './parser.ts';
import { partOf } from './part.ts';

let allowed: boolean | undefined;

/** False where the host forbids it (a content security policy, a Node flag). */
export function canCompile(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function('return true')() as boolean;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** Makes a value from the source of an expression and the names it uses. */
function evaluate<T>(expression: string, scope: Readonly<Record<string, unknown>>): T {
  const make = new Function(...Object.keys(scope), `'use strict';return ${expression}`);
  return make(...Object.values(scope)) as T;
}

/**
 * A constructor whose objects have all properties from the start, in wire order, so that the
 * engine keeps them as flat records; its prototype swallows binary-parser's `$parent` and `$root`.
 */
export function compileRecord(
  kind: string | undefined,
  keys: readonly string[],
  zeros: readonly unknown[],
): new () => object {
  const lines = keys.map((key, i) => `this.${key}=zeros[${i}];`);
  if (kind !== undefined) lines.unshift(`this.kind=${JSON.stringify(kind)};`);
  const record = evaluate<new () => object>(`function Message(){${lines.join('')}}`, { zeros });
  for (const name of ['$parent', '$root']) {
    Object.defineProperty(record.prototype, name, {
      get: () => undefined,
      set: () => {},
      configurable: true,
    });
  }
  return record;
}

/** A message's readers; see `Codec`. */
export interface Reader {
  decode(bytes: Uint8Array, at?: number, end?: number): Value;
  read(cursor: Cursor): Value;
}

/** What a compiled reader calls where a head does not lie in its region. */
export interface ReaderHelp {
  checkRegion(bytes: Uint8Array, at: number, end: number): void;
  checkHead(at: number, end: number): void;
}

/**
 * The readers of a message: binary-parser's reads in place, a value with all properties from the
 * start, in wire order, then the fields behind the head, one by one. `undefined` where
 * binary-parser's code is not known.
 */
export function compileReader(
  layout: Layout,
  parser: FixedParser,
  help: ReaderHelp,
): Reader | undefined {
  const code = headCode(parser);
  if (code === undefined) return undefined;
  const { name, kind, head, headBytes, tails } = layout;
  const locals = head.map(({ key }) => localName(key));
  const stores = [
    ...(kind === undefined ? [] : [`this.kind=${JSON.stringify(kind)};`]),
    ...head.map(({ key }, i) => `this.${key}=${locals[i]};`),
    ...tails.map(({ key }) => `this.${key}=undefined;`),
  ];
  const readHead = `let offset=at${locals.map((local) => `,${local}`).join('')};
${code.statements}
const value=new Message(${locals.join(',')});`;
  const readTails = tails.map(
    ({ key }, i) => `value.${key}=tail${i}.read(cursor,value,name,${JSON.stringify(key)});`,
  );
  const body =
    tails.length === 0
      ? ''
      : `const cursor=new Cursor(bytes,next,end);${readTails.join('\n')}\nnext=cursor.at;`;
  return evaluate<Reader>(
    `(function(){
function Message(${locals.join(',')}){${stores.join('')}}
return{decode(bytes,at=0,end=bytes.length){
if(!(at>=0&&end<=bytes.length))help.checkRegion(bytes,at,end);
if(end-at<${headBytes})help.checkHead(at,end);
${readHead}
let next=at+${headBytes};
${body}
if(next<end)value.trailing=partOf(bytes,next,end);
return value;
},read(cursor){
const{bytes,at}=cursor;
if(cursor.end-at<${headBytes})help.checkHead(at,cursor.end);
${readHead}
cursor.at=at+${headBytes};
${readTails.join('\n')}
return value;
}}})()`,
    {
      help,
      name,
      Cursor,
      partOf,
      u64At,
      ...Object.fromEntries(code.imports.map((one, i) => [`import${i}`, one])),
      ...Object.fromEntries(tails.map(({ field }, i) => [`tail${i}`, field])),
    },
  );
}

/** The unsigned numbers that code can be made for; other fields are called. */
type UintShape = { readonly bits: number; readonly little: boolean };

function uintShape({ field }: Slot): UintShape | undefined {
  const { shape } = field;
  if (shape.kind !== 'uint' || !isPlainUint(field)) return undefined;
  return { bits: shape.bits, little: shape.little === true };
}

const shifted = (value: string, left: number): string => {
  if (left === 0) return value;
  return left > 0 ? `${value}<<${left}` : `${value}>>>${-left}`;
};

/** For each byte that a number touches: how far left the number is shifted to lie right in it. */
function shiftsOf(slot: Slot, { bits, little }: UintShape): { byte: number; left: number }[] {
  const count = (slot.bit + bits + 7) >> 3;
  return Array.from({ length: count }, (_, i) => {
    const left = little ? -8 * i : 8 * (i + 1) - slot.bit - bits;
    return { byte: slot.byte + i, left };
  });
}

/** An expression that reads a number from `b`, `p` being where the head begins. */
function loadCode(slot: Slot, shape: UintShape): string {
  const mask = 2 ** shape.bits - 1;
  const parts = shiftsOf(slot, shape).map(
    ({ byte, left }) => `(${shifted(`b[p+${byte}]`, -left)})`,
  );
  if (shape.bits === 32) return `(${parts.join('|')})>>>0`;
  return `(${parts.join('|')})&${mask}`;
}

/** A condition that holds for what is not an unsigned number of `bits` bits, -0 included. */
function misfitCode(value: string, bits: number): string {
  const cut = bits === 32 ? `${value}>>>0` : `(${value}&${2 ** bits - 1})`;
  return `typeof ${value}!=='number'||${cut}!==${value}||Object.is(${value},-0)`;
}

/** The writers of a message; see `Codec`. */
export interface Writer {
  encode(value: Value): Uint8Array;
  sizeOf(value: Value, at?: number): number;
  write(target: Uint8Array, at: number, value: Value): number;
}

/** What a writer calls when a value is left out or does not fit. */
export interface WriterHelp {
  checkObject(value: unknown, at: number): void;
  checkRoom(target: Uint8Array, at: number, next: number): void;
  /** The value of a field that was left out; throws where it has no default. */
  lack(slot: number, at: number, value: object): unknown;
  refuse(slot: number, at: number, given: unknown, complaint?: string): never;
  /** The same as `lack` of the fields behind the head. */
  lackTail(tail: number, at: number, value: object): unknown;
  /** Bytes behind the last field; throws where `trailing` is none. */
  trailingBytes(value: Value, at: number): number;
}

/** Lines that write a head: each number is checked once, and each byte is stored once. */
function headLines(head: readonly Slot[]): string[] {
  const lines: string[] = [];
  const bytes = new Map<number, string[]>();
  head.forEach((slot, i) => {
    const v = `v${i}`;
    const lacking = slot.field.constant === undefined ? `help.lack(${i},at,value)` : `d${i}`;
    lines.push(`let ${v}=value.${slot.key};if(${v}===undefined)${v}=${lacking};`);
    const shape = uintShape(slot);
    if (shape === undefined) {
      lines.push(
        `const c${i}=f${i}.write(target,at+${slot.byte},${slot.bit},${v});`,
        `if(c${i}!==undefined)help.refuse(${i},at,${v},c${i});`,
      );
      return;
    }
    lines.push(`if(${misfitCode(v, shape.bits)})help.refuse(${i},at,${v});`);
    for (const { byte, left } of shiftsOf(slot, shape)) {
      const parts = bytes.get(byte) ?? [];
      parts.push(`(${shifted(v, left)})`);
      bytes.set(byte, parts);
    }
  });
  for (const [byte, parts] of bytes) lines.push(`target[at+${byte}]=${parts.join('|')};`);
  return lines;
}

/** A field that takes no bytes where it is left out. */
const mayStayOut = ({ shape, default: filled }: TailSlot['field']): boolean =>
  shape.kind === 'optional' && filled === undefined;

/**
 * The writers of a message: its head in straight lines, then the fields behind it, one by one. Each
 * message has code of its own, so that the engine knows the shape of the values it meets there.
 */
export function compileWriter(layout: Layout, help: WriterHelp): Writer {
  const { name, head, headBytes, tails } = layout;
  /** What is done with a field behind the head; one that is left out may be filled in. */
  const withTail = ({ key, field }: TailSlot, i: number, line: string): string =>
    mayStayOut(field)
      ? `const t${i}=value.${key};if(t${i}!==undefined){${line}}`
      : `let t${i}=value.${key};if(t${i}===undefined)t${i}=help.lackTail(${i},next,value);${line}`;
  const quoted = tails.map(({ key }) => JSON.stringify(key));
  const sizes = tails.map((tail, i) =>
    withTail(tail, i, `next+=tail${i}.size(t${i},name,${quoted[i]},next);`),
  );
  const writes = tails.map((tail, i) =>
    withTail(tail, i, `next=tail${i}.write(target,next,t${i},name,${quoted[i]});`),
  );
  return evaluate<Writer>(
    `(function(){
function sizeOf(value,at=0){
if(typeof value!=='object'||value===null)help.checkObject(value,at);
let next=at+${headBytes};
${sizes.join('\n')}
if(value.trailing!==undefined)next+=help.trailingBytes(value,next);
return next-at;
}
function write(target,at,value){
if(typeof value!=='object'||value===null)help.checkObject(value,at);
let next=at+${headBytes};
if(!(at>=0&&next<=target.length))help.checkRoom(target,at,next);
${headLines(head).join('\n')}
${writes.join('\n')}
if(value.trailing!==undefined){
const length=help.trailingBytes(value,next);
target.set(value.trailing,next);
next+=length;
}
return next;
}
return{sizeOf,write,encode(value){const target=new Uint8Array(sizeOf(value));write(target,0,value);return target;}};
})()`,
    {
      help,
      name,
      ...Object.fromEntries(head.map(({ field }, i) => [`f${i}`, field])),
      ...Object.fromEntries(head.map(({ field }, i) => [`d${i}`, field.constant])),
      ...Object.fromEntries(tails.map(({ field }, i) => [`tail${i}`, field])),
    },
  );
}

/** A view's constructor; `check` refuses a place where the head has no room. */
export function compileView(
  head: readonly Slot[],
  check: (bytes: Uint8Array, at: number) => void,
): new (
  bytes: Uint8Array,
  at: number,
) => object {
  const getters = head.map((slot, i) => {
    const shape = uintShape(slot);
    const read =
      shape === undefined ? `f${i}.read(b,p+${slot.byte},${slot.bit})` : loadCode(slot, shape);
    return `get ${slot.key}(){const b=this.bytes,p=this.at;return ${read}}`;
  });
  const place = 'this.bytes=bytes;this.at=at';
  return evaluate(
    `class MessageView{constructor(bytes,at){${place}}move(bytes,at){check(bytes,at);${place}}${getters.join('\n')}}`,
    { check, ...Object.fromEntries(head.map(({ field }, i) => [`f${i}`, field])) },
  );
}
