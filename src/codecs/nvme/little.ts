/** Numbers of NVMe itself, which stand low byte first inside Fibre Channel's high byte first. */
import { type FixedField, hex, u16, u64 } from '../layout/index.ts';

const turned = (bytes: Uint8Array, at: number, length: number): Uint8Array =>
  bytes.slice(at, at + length).reverse();

/** A field whose bytes stand in the other order. */
function reversed<T>(field: FixedField<T>): FixedField<T> {
  const length = field.bits / 8;
  return {
    ...field,
    read: (bytes, at) => field.read(turned(bytes, at, length), 0, 0),
    write(bytes, at, _bit, value) {
      const turn = new Uint8Array(length);
      const complaint = field.write(turn, 0, 0, value);
      if (complaint === undefined) bytes.set(turn.reverse(), at);
      return complaint;
    },
    plan: (parser, key) =>
      parser.buffer(key, {
        length,
        formatter: (raw: Uint8Array) => field.read(turned(raw, 0, length), 0, 0),
      }),
  };
}

/** Unsigned 16-bit number, little-endian. */
export const u16le: FixedField<number> = reversed(u16);
/** Unsigned 64-bit number, little-endian, as a bigint. */
export const u64le: FixedField<bigint> = reversed(u64);
/** Unsigned 16-bit number, little-endian, shown in hex. */
export const u16leHex: FixedField<number> = hex(u16le);
