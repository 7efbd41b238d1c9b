/** Path attributes. Bytes: the layouts of RFC 4271. */
import { describe, expect, it } from 'vitest';
import {
  asPathSegment,
  asPathSegmentAs4,
  pathAttribute,
} from '../../../../src/codecs/bgp/index.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('attributes', () => {
  it('have a length of one byte, or of two where it is said or needed', () => {
    const one = pathAttribute.encode({ kind: 'localPref', preference: 100 });
    expect(formatHex(one)).toBe('40050400000064');
    const said = pathAttribute.encode({ kind: 'localPref', flags: 0x50, preference: 100 });
    expect(formatHex(said)).toBe('5005000400000064');
    const clusterIds = Array.from({ length: 70 }, () => new Uint8Array(4));
    const long = pathAttribute.encode({ kind: 'clusterList', clusterIds });
    expect(formatHex(long.subarray(0, 4))).toBe('900a0118');
  });

  it('an AS path has numbers of two or of four octets', () => {
    checkVector(asPathSegment, '0202 fde8fde9', { type: 2, ases: [65_000, 65_001] });
    checkVector(asPathSegmentAs4, '0201 00010000', { type: 2, ases: [65_536] });
  });

  it('of another type are kept as bytes', () => {
    expect(pathAttribute.decode(parseHex('c0630201ff'))).toMatchObject({ kind: 'unknown' });
  });
});
