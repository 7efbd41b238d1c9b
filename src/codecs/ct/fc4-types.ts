/** The FC-4 TYPEs object: which of the 256 FC-4 types a port speaks. */
import { bytes, type FixedField } from '../layout/index.ts';

const TYPES = 256;
const MAP_BYTES = TYPES / 8;

/** Byte of a type's bit: words of 32 types in order, the lowest type in the lowest bit of its word. */
const byteOf = (type: number): number => (type >> 5) * 4 + 3 - ((type >> 3) & 3);

/** The map of these FC-4 types. Errors: `RangeError` for a type above 255. */
export function fc4TypeMap(types: Iterable<number>): Uint8Array {
  const map = new Uint8Array(MAP_BYTES);
  for (const type of types) {
    if (!Number.isInteger(type) || type < 0 || type >= TYPES) {
      throw new RangeError(`an FC-4 type is 0 to ${TYPES - 1}, not ${type}`);
    }
    map[byteOf(type)]! |= 1 << (type & 7);
  }
  return map;
}

/** True when a map holds an FC-4 type. */
export function hasFc4Type(map: Uint8Array, type: number): boolean {
  return ((map[byteOf(type)] ?? 0) & (1 << (type & 7))) !== 0;
}

/** The FC-4 types of a map, in order. */
export function fc4TypesOf(map: Uint8Array): number[] {
  return Array.from({ length: TYPES }, (_, type) => type).filter((type) => hasFc4Type(map, type));
}

/** FC-4 TYPEs object. Shape: 32 bytes. Source: FC-GS-7, FC-4 TYPEs object. */
export const fc4Types: FixedField<Uint8Array> = {
  ...bytes(MAP_BYTES),
  format(map) {
    const types = fc4TypesOf(map).map((type) => `0x${type.toString(16).padStart(2, '0')}`);
    return types.length === 0 ? 'none' : types.join(' ');
  },
};
