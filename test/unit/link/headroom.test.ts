/** Headroom as the annex of 802.1Q counts it; the sums are those of Cisco's chapter on congestion in lossless Ethernet. */
import { describe, expect, it } from 'vitest';
import { headroomBits, headroomBytes, responseBits } from '../../../src/link/headroom.ts';

const at10G = (metres: number) =>
  headroomBits({
    rateBitsPerSecond: 10e9,
    propagationNs: metres * 5,
    // 9,216 and 2,300 bytes with FCS; 20 bytes of preamble and gap are counted there, too.
    largestBytes: 9212,
    largestNoDropBytes: 2296,
  });

describe('headroom', () => {
  it('is 142,032 bit times for 100 m at 10 Gb/s and 332,032 for 2 km', () => {
    expect(at10G(100)).toBe(142_032);
    expect(at10G(2000)).toBe(332_032);
    const bytes = headroomBytes({
      rateBitsPerSecond: 10e9,
      propagationNs: 500,
      largestBytes: 9212,
      largestNoDropBytes: 2296,
    });
    expect(bytes).toBe(142_032 / 8);
  });

  it.each([
    [10e9, 8_192 + 30_720],
    [25e9, 6_144 + 40_960],
    [40e9, 24_576 + 60_416],
    [100e9, 122_880 + 201_728],
    [1e9, 8_192 + 30_720],
  ])('at %d bit/s a pause is obeyed after %d bit times', (rate, bits) => {
    expect(responseBits(rate)).toBe(bits);
  });
});
