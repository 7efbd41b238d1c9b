/** The head of every LLDP TLV: seven bits of type, nine of length. Bytes: captures, frame named. */
import { expect, it } from 'vitest';
import { codec, parseHex, rest } from '../../../../src/codecs/layout/index.ts';
import {
  LldpOui,
  LldpType,
  ORGANIZATION_BYTES,
  organizationHead,
  TLV_HEAD_BYTES,
  tlvAt,
  tlvHead,
} from '../../../../src/codecs/lldp/tlv.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

it('reads type and length where the upper bit of the length is in the first byte', () => {
  expect(tlvAt(parseHex('0207'), 0)).toEqual({ type: 1, lengthBytes: 7 });
  expect(tlvAt(parseHex('ffff0a06'), 2)).toEqual({ type: 5, lengthBytes: 6 });
  // dcbx/lldp-infinite-loop-1.pcap, frame 1: 7 bytes; dcbx/lldp-infinite-loop-2.pcap: 522.
  expect(tlvAt(parseHex('ff07'), 0)).toEqual({ type: 127, lengthBytes: 263 });
  expect(tlvAt(parseHex('ff0a'), 0)).toEqual({ type: 127, lengthBytes: 266 });
});

it('makes the length of what varies', () => {
  const varies = codec('a TLV', 'none', { ...tlvHead(5, 1, 'text'), text: rest });
  const input = { text: parseHex('6162') };
  checkVector(varies, '0a03 6162', { type: 5, lengthBytes: 3, ...input }, input);
  const long = codec('a long TLV', 'none', { ...tlvHead(6, 0, 'text'), text: rest });
  expect(long.encode({ text: new Uint8Array(300) }).subarray(0, 2)).toEqual(parseHex('0d2c'));
  checkFixedVector(codec('a fixed TLV', 'none', tlvHead(3, 2)), '0602', { lengthBytes: 2 });
});

it('counts OUI and subtype of an organization', () => {
  const one = codec('a TLV', 'none', organizationHead(0x00_80c2, { one: 11 }, 11, 2));
  const value = { type: 127, lengthBytes: 6, oui: 0x00_80c2, subtype: 11 };
  checkFixedVector(one, 'fe06 0080c2 0b', value, {});
  expect(one.spans(parseHex('fe060080c20b')).at(-1)?.text).toContain('one');
  expect([TLV_HEAD_BYTES, ORGANIZATION_BYTES]).toEqual([2, 4]);
});

it('codes are those of tshark -G values', () => {
  // lldp.tlv.type; the OUIs of lldp.orgtlv.oui in the captures.
  expect(LldpType).toEqual({
    'End of LLDPDU': 0,
    'Chassis ID': 1,
    'Port ID': 2,
    'Time To Live': 3,
    'Port Description': 4,
    'System Name': 5,
    'System Description': 6,
    'System Capabilities': 7,
    'Management Address': 8,
    'Organizationally Specific': 127,
  });
  expect(LldpOui).toEqual({ 'IEEE 802.1': 32962, 'IEEE 802.3': 4623, 'DCBX CEE': 6945 });
});
