/** From values to bytes: sizes, defaults, range checks. */
import type { AnyField } from './codec.ts';
import { canCompile, compileHeadWriter, type WriteHead, type WriterHelp } from './compile.ts';
import { CodecError } from './error.ts';
import type { Layout, Slot, TailSlot, Value } from './layout.ts';
import { uintComplaint } from './numbers.ts';
import { checkBytes } from './tail.ts';

const isOptionalTail = (field: AnyField): boolean =>
  field.place === 'tail' && field.shape.kind === 'optional';

function checkObject(value: unknown, name: string, at: number): void {
  if (typeof value === 'object' && value !== null) return;
  throw new CodecError('bad-value', name, 'value', at, `needs an object, got ${String(value)}`);
}

export interface Writer {
  encode(value: Value): Uint8Array;
  sizeOf(value: Value, at?: number): number;
  write(target: Uint8Array, at: number, value: Value): number;
}

function interpretHeadWriter(head: readonly Slot[], help: WriterHelp): WriteHead {
  return (target, at, value) => {
    for (let i = 0; i < head.length; i++) {
      const { key, field, byte, bit } = head[i]!;
      let given = (value as Value)[key];
      if (given === undefined) given = help.lack(i, at, value);
      const complaint = field.write(target, at + byte, bit, given);
      if (complaint !== undefined) help.refuse(i, at, given, complaint);
    }
  };
}

export function makeWriter(layout: Layout): Writer {
  const { name, head, headBytes, tails } = layout;

  /** The value of a field that was left out. */
  function lacking(value: Value, key: string, field: AnyField, at: number): unknown {
    const computed: unknown = field.default?.(value, (other) => sizeOfKey(value, other));
    if (computed === undefined && !isOptionalTail(field))
      throw new CodecError('bad-value', name, key, at, 'is missing');
    return computed;
  }

  function sizeOfTail(value: Value, { key, field }: TailSlot, at: number): number {
    const given = value[key];
    return field.size(given === undefined ? lacking(value, key, field, at) : given, name, key, at);
  }

  function sizeOfKey(value: Value, key: string): number {
    const slot = tails.find((one) => one.key === key);
    if (slot === undefined) throw new TypeError(`${name}: ${key} is no field of variable size`);
    return sizeOfTail(value, slot, headBytes);
  }

  const help: WriterHelp = {
    lack(slot, at, value) {
      const { key, field, byte } = head[slot]!;
      return lacking(value as Value, key, field, at + byte);
    },
    refuse(slot, at, given, complaint) {
      const { key, field, byte } = head[slot]!;
      const why = complaint ?? uintComplaint(given, field.bits) ?? 'does not fit';
      throw new CodecError('out-of-range', name, key, at + byte, why);
    },
  };

  // Compiled at the first use: importing the library must not cost the tables nobody encodes.
  let writeHead: WriteHead = (target, at, value) => {
    writeHead = canCompile() ? compileHeadWriter(head, help) : interpretHeadWriter(head, help);
    writeHead(target, at, value);
  };

  const self: Writer = {
    encode(value) {
      const target = new Uint8Array(self.sizeOf(value));
      self.write(target, 0, value);
      return target;
    },

    sizeOf(value, at = 0) {
      checkObject(value, name, at);
      let next = at + headBytes;
      for (let i = 0; i < tails.length; i++) next += sizeOfTail(value, tails[i]!, next);
      if (value.trailing !== undefined) {
        checkBytes(value.trailing, name, 'trailing', next);
        next += value.trailing.length;
      }
      return next - at;
    },

    write(target, at, value) {
      checkObject(value, name, at);
      let next = at + headBytes;
      if (!(at >= 0 && next <= target.length))
        throw new RangeError(`${name}: its head has no room in ${target.length} bytes at ${at}`);
      writeHead(target, at, value);
      for (let i = 0; i < tails.length; i++) {
        const { key, field } = tails[i]!;
        const given = value[key];
        const present = given === undefined ? lacking(value, key, field, next) : given;
        next = field.write(target, next, present, name, key);
      }
      if (value.trailing !== undefined) {
        checkBytes(value.trailing, name, 'trailing', next);
        target.set(value.trailing, next);
        next += value.trailing.length;
      }
      return next;
    },
  };
  return self;
}
