/** LLDP and VDP in one line. */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { summarizeLldp } from '../../../../src/codecs/frame/summary-lldp.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';

const lldp = (tlvs: string) => decodeFrame(parseHex(`0180c200000e 02fcf0000001 88cc ${tlvs} 0000`));

describe('an LLDPDU in a line', () => {
  it.each([
    [
      '0207 04 02fcf0000001 0405 05 65746830 0602 0078',
      'LLDP 02:fc:f0:00:00:01 port eth0 TTL 120 s',
    ],
    [
      '0207 04 02fcf0000001 0405 05 65746830 0602 0078 0a03 737731',
      'LLDP 02:fc:f0:00:00:01 port eth0 TTL 120 s sw1',
    ],
    // 802.1Q: OUI 00-80-C2, subtype 0Bh: willing, 8 classes, priority 3.
    [
      '0207 04 02fcf0000001 0405 05 65746830 0602 0078 fe06 0080c2 0b 88 08',
      'LLDP 02:fc:f0:00:00:01 port eth0 TTL 120 s PFC 3 willing',
    ],
    // 802.1Q: subtype 01h, port VLAN ID 1002.
    [
      '0207 04 02fcf0000001 0405 05 65746830 0602 0078 fe06 0080c2 01 03ea',
      'LLDP 02:fc:f0:00:00:01 port eth0 TTL 120 s PVID 1002',
    ],
  ])('%#', (tlvs, text) => {
    expect(summarizeLldp(lldp(tlvs))).toBe(text);
  });

  it('is none of another frame', () => {
    expect(
      summarizeLldp(decodeFrame(parseHex('010203040506 0708090a0b0c 9999 0102'))),
    ).toBeUndefined();
  });
});
