/** From values to bytes: sizes, defaults, range checks. */

import { canCompile, compileWriter, type Writer, type WriterHelp } from './compile.ts';
import { CodecError } from './error.ts';
import type { Layout, TailSlot, Value } from './layout.ts';
import type { AnyField } from './message.ts';
import { uintComplaint } from './numbers.ts';
import { checkBytes } from './tail.ts';

const isOptionalTail = (field: AnyField): boolean =>
  field.place === 'tail' && field.shape.kind === 'optional';

function makeHelp({ name, head, headBytes, tails }: Layout): WriterHelp {
  /** The value of a field that was left out. */
  function lacking(value: Value, key: string, field: AnyField, at: number): unknown {
    const computed: unknown = field.default?.(value, (other) => sizeOfKey(value, other));
    if (computed === undefined && !isOptionalTail(field))
      throw new CodecError('bad-value', name, key, at, 'is missing');
    return computed;
  }

  function sizeOfKey(value: Value, wanted: string): number {
    const slot = tails.find((one) => one.key === wanted);
    if (slot === undefined) throw new TypeError(`${name}: ${wanted} is no field of variable size`);
    const { key, field } = slot;
    const given = value[key] === undefined ? lacking(value, key, field, headBytes) : value[key];
    return field.size(given, name, key, headBytes);
  }

  return {
    checkObject(value, at) {
      if (typeof value === 'object' && value !== null) return;
      throw new CodecError('bad-value', name, 'value', at, `needs an object, got ${String(value)}`);
    },
    checkRoom(target, at, next) {
      if (at >= 0 && next <= target.length) return;
      throw new RangeError(`${name}: its head has no room in ${target.length} bytes at ${at}`);
    },
    lack(slot, at, value) {
      const { key, field, byte } = head[slot]!;
      return lacking(value as Value, key, field, at + byte);
    },
    refuse(slot, at, given, complaint) {
      const { key, field, byte } = head[slot]!;
      const why = complaint ?? uintComplaint(given, field.bits) ?? 'does not fit';
      throw new CodecError('out-of-range', name, key, at + byte, why);
    },
    lackTail(tail, at, value) {
      const { key, field } = tails[tail]!;
      return lacking(value as Value, key, field, at);
    },
    trailingBytes({ trailing }, at) {
      checkBytes(trailing, name, 'trailing', at);
      return trailing.length;
    },
  };
}

/** What `compileWriter` makes, for where code may not be made. */
function interpretWriter({ name, head, headBytes, tails }: Layout, help: WriterHelp): Writer {
  const presentTail = (value: Value, { key }: TailSlot, i: number, at: number): unknown =>
    value[key] === undefined ? help.lackTail(i, at, value) : value[key];

  const self: Writer = {
    encode(value) {
      const target = new Uint8Array(self.sizeOf(value));
      self.write(target, 0, value);
      return target;
    },

    sizeOf(value, at = 0) {
      help.checkObject(value, at);
      let next = at + headBytes;
      for (const [i, tail] of tails.entries())
        next += tail.field.size(presentTail(value, tail, i, next), name, tail.key, next);
      if (value.trailing !== undefined) next += help.trailingBytes(value, next);
      return next - at;
    },

    write(target, at, value) {
      help.checkObject(value, at);
      let next = at + headBytes;
      help.checkRoom(target, at, next);
      for (const [i, { key, field, byte, bit }] of head.entries()) {
        let given = value[key];
        if (given === undefined) given = help.lack(i, at, value);
        const complaint = field.write(target, at + byte, bit, given);
        if (complaint !== undefined) help.refuse(i, at, given, complaint);
      }
      for (const [i, tail] of tails.entries()) {
        const given = presentTail(value, tail, i, next);
        next = tail.field.write(target, next, given, name, tail.key);
      }
      if (value.trailing !== undefined) {
        const length = help.trailingBytes(value, next);
        target.set(value.trailing, next);
        next += length;
      }
      return next;
    },
  };
  return self;
}

/**
 * The writers of a message, made at the first use: importing the library must not cost the tables
 * nobody encodes. `replace` is given those that were made.
 */
export function lazyWriter(layout: Layout, replace: (writer: Writer) => void): Writer {
  let made: Writer | undefined;
  const writer = (): Writer => {
    if (made === undefined) {
      const help = makeHelp(layout);
      made = canCompile() ? compileWriter(layout, help) : interpretWriter(layout, help);
      replace(made);
    }
    return made;
  };
  return {
    encode: (value) => writer().encode(value),
    sizeOf: (value, at) => writer().sizeOf(value, at),
    write: (target, at, value) => writer().write(target, at, value),
  };
}
