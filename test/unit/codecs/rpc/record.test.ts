/** Records in streams: marks by the layout of RFC 5531, 11, and streams cut anywhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { encodeRecord, RecordReader, recordMark } from '../../../../src/codecs/rpc/index.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

const LIMITS = { recordBytesMax: 100, fragmentsMax: 3 };

function recordsOf(pieces: readonly Uint8Array[]): string[] {
  const reader = new RecordReader(LIMITS);
  const records: string[] = [];
  for (const piece of pieces) reader.take(piece, (record) => records.push(formatHex(record)));
  return records;
}

describe('a record mark', () => {
  it('has the last fragment in its first bit, and 31 bits of length', () => {
    checkFixedVector(recordMark, '80000044', { lastFragment: 1, lengthBytes: 0x44 });
    checkFixedVector(recordMark, '7fffffff', { lastFragment: 0, lengthBytes: 0x7fff_ffff });
  });

  it('stands before a message', () => {
    expect(formatHex(encodeRecord(Uint8Array.of(1, 2)))).toBe('800000020102');
  });
});

describe('a reader of records', () => {
  it('puts fragments together, whatever the pieces', () => {
    const stream = parseHex('00000002 0102 00000000 80000001 03 80000000 80000003 040506');
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 9 }), (places) => {
        const cuts = [0, ...places.sort((a, b) => a - b), stream.length];
        const pieces = cuts.slice(1).map((end, i) => stream.subarray(cuts[i], end));
        expect(recordsOf(pieces)).toEqual(['010203', '', '040506']);
      }),
      { seed: 14 },
    );
  });

  it.each([
    ['that is too long', '80000065'],
    ['that is too long in all', `00000064 ${'00'.repeat(100)} 80000001`],
    ['of too many fragments', '00000000 00000000 00000000 80000000'],
  ])('refuses a record %s, before its bytes come', (_what, hex) => {
    expect(() => recordsOf([parseHex(hex)])).toThrow(CodecError);
  });

  it('keeps what came, not what a mark claims', () => {
    const reader = new RecordReader({ recordBytesMax: 1 << 30, fragmentsMax: 1 });
    reader.take(parseHex('bfffffff 01'), () => {});
    expect(reader.waitingBytes).toBe(1);
  });

  it('hands over bytes that it does not change any more', () => {
    const reader = new RecordReader(LIMITS);
    const kept: Uint8Array[] = [];
    for (let i = 0; i < 3; i++)
      reader.take(encodeRecord(Uint8Array.of(i, i)), (one) => kept.push(one));
    expect(kept.map((one) => formatHex(one))).toEqual(['0000', '0101', '0202']);
  });
});
