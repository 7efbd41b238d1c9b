/** VN-Tag: which interface of a port extender. Layout: Wireshark 4.0.17, packet-vntag.c. */
import { describe, expect, it } from 'vitest';
import { vnTag } from '../../../../src/codecs/ethernet/vn-tag.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

describe('VN-Tag', () => {
  it('reads a VN-Tag', () => {
    // direction 1, pointer 0, destination 0x1234, looped 0, version 1, source 0x567
    const bytes = Uint8Array.of(0x80 | 0x12, 0x34, 0x10 | 0x05, 0x67, 0x81, 0x00);
    expect(vnTag.decode(bytes)).toMatchObject({
      direction: 1,
      pointer: 0,
      destinationVif: 0x1234,
      looped: 0,
      version: 1,
      sourceVif: 0x567,
      etherType: 0x8100,
    });
    expect(vnTag.encode(vnTag.decode(bytes))).toEqual(bytes);
  });

  it('has a bit of direction, of pointer and of loop, and two of version', () => {
    // vntag.dir 80000000h, .ptr 40000000h, .dst 3fff0000h, .looped 8000h, .version 3000h, .src fffh.
    checkFixedVector(vnTag, '40018002 8906', {
      direction: 0,
      pointer: 1,
      destinationVif: 1,
      looped: 1,
      version: 0,
      sourceVif: 2,
      etherType: 0x8906,
    });
  });
});
