/** Capabilities of an OPEN. Bytes: the layouts of RFC 5492. */
import { describe, expect, it } from 'vitest';
import { bgpCapability, openParameter } from '../../../../src/codecs/bgp/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('capabilities', () => {
  it('a capability is as long as it says', () => {
    expect(() => bgpCapability.decode(parseHex('410400'))).toThrow(CodecError);
  });

  it('are told apart by their codes; others keep their bytes', () => {
    checkFixedVector(bgpCapability.members[1], '0104 0019 00 46', { afi: 25, safi: 70 });
    checkVector(bgpCapability, '4903 010203', {
      kind: 'other',
      code: 0x49,
      information: Uint8Array.of(1, 2, 3),
    });
    expect(openParameter.decode(parseHex('0101ff'))).toMatchObject({ kind: 'unknown' });
  });
});
