/** Cyclic redundancy checks of 32 bits by table: reflected, all ones in, inverted out. */

/** The CRC of `bytes[at, end)`; `before` is that of the bytes in front of them, where they go on. */
export type CrcByTable = (bytes: Uint8Array, at?: number, end?: number, before?: number) => number;

/** Eight tables of 256 entries: table k advances a byte by k more bytes. */
function makeTables(polynomialReflected: number): Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ polynomialReflected : crc >>> 1;
    tables[0]![i] = crc;
  }
  for (let k = 1; k < 8; k++) {
    for (let i = 0; i < 256; i++) {
      const before = tables[k - 1]![i]!;
      tables[k]![i] = tables[0]![before & 0xff]! ^ (before >>> 8);
    }
  }
  return tables;
}

/** The function of a polynomial, its highest power's bit left out and its bits reflected; eight bytes a step. */
export function crcByTable(polynomialReflected: number): CrcByTable {
  const [T0, T1, T2, T3, T4, T5, T6, T7] = makeTables(polynomialReflected) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  return (bytes, at = 0, end = bytes.length, before = 0) => {
    let crc = ~before;
    let i = at;
    for (; i + 8 <= end; i += 8) {
      const low =
        crc ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
      crc =
        T7[low & 0xff]! ^
        T6[(low >>> 8) & 0xff]! ^
        T5[(low >>> 16) & 0xff]! ^
        T4[low >>> 24]! ^
        T3[bytes[i + 4]!]! ^
        T2[bytes[i + 5]!]! ^
        T1[bytes[i + 6]!]! ^
        T0[bytes[i + 7]!]!;
    }
    for (; i < end; i++) crc = T0[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}
