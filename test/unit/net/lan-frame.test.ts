/** Frames of stations, read by the codecs. RARP: what QEMU 7.2 sends, fixtures/lan/qemu-announce-self.pcap. */
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../src/capture/index.ts';
import { addWords, checksumOf } from '../../../src/codecs/ethernet/index.ts';
import { decodeFrame } from '../../../src/codecs/frame/index.ts';
import { type Mac, macAt } from '../../../src/codecs/layout/index.ts';
import {
  arpIn,
  datagramFrame,
  datagramIn,
  lanFrame,
  rarpFrame,
} from '../../../src/net/lan-frame.ts';

const A = { mac: '02:00:00:00:00:01' as Mac, address: '192.0.2.1' };
const B = { mac: '02:00:00:00:00:02' as Mac, address: '192.0.2.2' };

describe('frames', () => {
  it("an announcement is QEMU's, byte for byte", async () => {
    let count = 0;
    for await (const { bytes } of readFrames('fixtures/lan/qemu-announce-self.pcap')) {
      count++;
      expect(rarpFrame(macAt(bytes, 6), { vid: 0, priority: 0 })).toEqual(bytes.slice());
    }
    expect(count).toBe(5);
  });

  it('a datagram is found again behind its tag, its checksum good', () => {
    const what = { guest: 3, way: 'from-guest', number: 77, sentNs: 5, packetBytes: 200 } as const;
    const frame = datagramFrame(A, B, { vid: 100, priority: 5 }, what);
    expect(decodeFrame(frame).malformed).toBeUndefined();
    expect(lanFrame(frame)).toMatchObject({ vid: 100, at: 18 });
    expect(frame).toHaveLength(218);
    expect(checksumOf(addWords(frame, 18, 38))).toBe(0);
    expect(datagramIn(frame)).toMatchObject({ guest: 3, way: 1, number: 77, sentNs: 5n });
  });

  it('what is too short, or something else, is none', () => {
    const frame = rarpFrame(A.mac, { vid: 100, priority: 0 });
    expect(datagramIn(frame)).toBeUndefined();
    for (let length = 0; length < frame.length; length++) {
      expect(() => arpIn(frame.subarray(0, length))).not.toThrow();
      expect(datagramIn(frame.subarray(0, length))).toBeUndefined();
    }
  });
});
