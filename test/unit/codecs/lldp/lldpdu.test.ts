import { describe, expect, it } from 'vitest';
import { decodeFrame, layerValue } from '../../../../src/codecs/frame/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  LLDP_NEAREST_BRIDGE,
  lldpdu,
  lldpTlv,
  lldpTlvOf,
} from '../../../../src/codecs/lldp/lldpdu.ts';
import { concat } from '../../../helpers/capture.ts';
import { hasTshark, sharedCaptures, tsharkFields } from '../../../helpers/shared-captures.ts';

/** A TLV by type and information. */
function tlv(type: number, hex: string): Uint8Array {
  const information = parseHex(hex);
  return concat([
    Uint8Array.of((type << 1) | (information.length >> 8), information.length & 0xff),
    information,
  ]);
}

const MANDATORY = [tlv(1, '04 08002700f13c'), tlv(2, '05 6574 68 30'), tlv(3, '0078')];

describe('lldpdu', () => {
  it('reads the mandatory TLVs and keeps the padding in the last', () => {
    const bytes = concat([...MANDATORY, tlv(0, ''), new Uint8Array(7).fill(1)]);
    const unit = lldpdu.decode(bytes);
    expect(unit.tlvs.map((one) => one.kind)).toEqual(['chassisId', 'portId', 'timeToLive', 'end']);
    expect(lldpTlvOf(unit, 'timeToLive')?.timeToLiveSeconds).toBe(120);
    expect(lldpTlvOf(unit, 'end')?.pad).toHaveLength(7);
    expect(lldpdu.encode(unit)).toEqual(bytes);
    expect(lldpTlvOf(unit, 'evb')).toBeUndefined();
  });

  it('derives the lengths it is not given', () => {
    const unit = lldpdu.encode({
      tlvs: [
        { kind: 'chassisId', subtype: 4, chassisId: parseHex('08002700f13c') },
        { kind: 'portId', subtype: 5, portId: parseHex('65746830') },
        { kind: 'timeToLive', timeToLiveSeconds: 120 },
        { kind: 'end' },
      ],
    });
    expect(unit).toEqual(concat([...MANDATORY, tlv(0, '')]));
  });

  it('refuses a TLV that runs past the frame, and every other cut', () => {
    const bytes = concat(MANDATORY);
    for (let length = 1; length < bytes.length; length++) {
      if (length === 9 || length === 16) continue;
      expect(() => lldpdu.decode(bytes.subarray(0, length)), String(length)).toThrow(CodecError);
    }
  });
});

describe('TLVs by their type', () => {
  it('keep an unknown organization and an unknown type', () => {
    expect(lldpTlv.decode(tlv(127, '0026e1 01 ff'))).toMatchObject({
      kind: 'organizational',
      oui: 0x00_26e1,
      information: Uint8Array.of(0xff),
    });
    const reserved = tlv(42, '0102');
    expect(lldpTlv.decode(reserved)).toEqual({ kind: 'unknown', raw: reserved });
  });

  // One of each organization and subtype; types and subtypes as tshark -G values prints them.
  it.each([
    ['0080c2 01 0001', 'portVlanId'],
    ['0080c2 03 0001 07 64656661756c74', 'vlanName'],
    ['0080c2 08 20 00', 'congestionNotification'],
    ['0080c2 09 00 00010000 3232000000000000 0202000000000000', 'etsConfiguration'],
    ['0080c2 0a 00 00010000 461e000000000000 0202000000000000', 'etsRecommendation'],
    ['0080c2 0b 04 34', 'pfcConfiguration'],
    ['0080c2 0c 00', 'applicationPriority'],
    ['0080c2 0d 03 05 68 b4 34', 'evb'],
    ['0080c2 0e 00 0000a7 001001', 'cdcp'],
    ['0080c2 02 020000', 'organizational'],
    ['00120f 04 05ee', 'maximumFrameSize'],
    ['00120f 01 03 6c00 0010', 'organizational'],
    ['001b21 01', 'cee'],
    ['001b21 02', 'cee'],
    ['001b21 03', 'organizational'],
  ])('%s is %s', (hex, kind) => {
    const bytes = tlv(127, hex);
    const value = lldpTlv.decode(bytes);
    expect(value.kind).toBe(kind);
    expect(lldpTlv.encode(value)).toEqual(bytes);
  });

  it('an organization that is not there whole does not fit', () => {
    expect(() => lldpTlv.decode(tlv(127, '0080c2'))).toThrow(/Organizationally Specific/);
  });
});

it('LLDP goes to the nearest bridge', () => {
  // Destination of frame 1, dcbx/lldp-app-priority.pcap.
  expect(LLDP_NEAREST_BRIDGE).toBe('01:80:c2:00:00:0e');
});

const captures = sharedCaptures().filter(({ name }) => name.startsWith('dcbx/'));

describe.skipIf(captures.length === 0 || !hasTshark)('tshark reads the same', () => {
  const FIELDS = [
    'frame.number',
    'lldp.tlv.type',
    'lldp.tlv.len',
    'lldp.time_to_live',
    'lldp.ieee.802_1.port_vlan.id',
  ];

  it.each(captures.map((one) => [one.name, one] as const))('%s', (name, { path, frames }) => {
    const lines = tsharkFields(path, FIELDS, 'lldp && !_ws.malformed');
    for (const [number, types, lengths, seconds, vids] of lines) {
      const frame = decodeFrame(frames[Number(number![0]) - 1]!.bytes);
      const unit = layerValue(frame, lldpdu);
      if (unit === undefined) throw new Error(`${name} frame ${number}: no LLDPDU`);
      const heads = unit.tlvs.map((one) =>
        one.kind === 'unknown' ? { type: one.raw[0]! >> 1, lengthBytes: one.raw.length - 2 } : one,
      );
      expect(types!.map(Number)).toEqual(heads.map((one) => one.type));
      expect(lengths!.map(Number)).toEqual(heads.map((one) => one.lengthBytes));
      expect(seconds!.map(Number)).toEqual([lldpTlvOf(unit, 'timeToLive')?.timeToLiveSeconds]);
      const vid = lldpTlvOf(unit, 'portVlanId')?.vid;
      expect(vids!.map(Number)).toEqual(vid === undefined ? [] : [vid]);
    }
  });
});
