/** TCP headers: a SYN of Linux with its options, from fixtures/iscsi/iscsi-test-cu-tgt.pcap. */
import { expect, test } from 'vitest';
import { TcpFlags, tcp } from '../../../../src/codecs/ethernet/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const SYN = 'dc4c33cc b6a1d997 00000000 a002ffd7 fe300000 0204ffd70402080a2628364c000000000103030a';

test('a SYN and its options', () => {
  const value = expectVector(tcp, SYN, {
    sourcePort: 56_396,
    destinationPort: 13_260,
    sequenceNumber: 3_064_060_311,
    dataOffsetWords: 10,
    flags: TcpFlags.SYN,
    window: 65_495,
  });
  expect(value.options.length).toBe(20);
});

test('the offset counts the options', () => {
  expectEncoded(
    tcp,
    { sourcePort: 1, destinationPort: 2, sequenceNumber: 3, options: Uint8Array.of(1, 1, 1, 0) },
    '00010002 00000003 00000000 6000 0000 0000 0000 01010100',
  );
});

test('an offset within the header itself is refused', () => {
  expect(() => tcp.decode(parseHex('0001000200000003000000004000000000000000'))).toThrow(
    CodecError,
  );
});
