import { describe, expect, it } from 'vitest';
import {
  CodecError,
  ceeTlv,
  decodeFrame,
  ecp,
  encodeFrame,
  layerValue,
  lldpdu,
  lldpTlv,
  lldpTlvOf,
  parseHex,
  summarize,
  vdpAssociate,
  vdpdu,
} from '../../../../src/codecs/index.ts';
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

describe('organizational TLVs', () => {
  it('read PFC: priorities 2, 4 and 5, four classes', () => {
    expect(lldpTlv.decode(tlv(127, '0080c2 0b 04 34'))).toMatchObject({
      kind: 'pfcConfiguration',
      willing: 0,
      capability: 4,
      enabled: 0x34,
    });
  });

  it('read application priorities: FCoE and FIP at 3', () => {
    const bytes = tlv(127, '0080c2 0c 00 618906 618914');
    const value = lldpTlv.decode(bytes);
    expect(value).toMatchObject({
      kind: 'applicationPriority',
      applications: [
        { priority: 3, selector: 1, protocolId: 0x8906 },
        { priority: 3, selector: 1, protocolId: 0x8914 },
      ],
    });
    expect(lldpTlv.encode(value)).toEqual(bytes);
  });

  it('read CDCP channels of 12 bits each', () => {
    expect(lldpTlv.decode(tlv(127, '0080c2 0e 80 00 00a7 001064 00a0c8'))).toMatchObject({
      kind: 'cdcp',
      role: 1,
      channelCapacity: 167,
      channels: [
        { scid: 1, svid: 100 },
        { scid: 10, svid: 200 },
      ],
    });
  });

  it('keep an unknown organization and an unknown type', () => {
    expect(lldpTlv.decode(tlv(127, '0026e1 01 ff'))).toMatchObject({
      kind: 'organizational',
      oui: 0x00_26e1,
      information: Uint8Array.of(0xff),
    });
    const reserved = tlv(42, '0102');
    expect(lldpTlv.decode(reserved)).toEqual({ kind: 'unknown', raw: reserved });
  });

  it('read CEE: control, PFC and FCoE application in one TLV', () => {
    const inner = concat([
      tlv(1, '0000 00000001 00000002'),
      tlv(3, '0000 c000 0808'),
      tlv(4, '0000 8000 8906 001b2108'),
    ]);
    const bytes = concat([Uint8Array.of(0xfe, inner.length + 4, 0x00, 0x1b, 0x21, 0x02), inner]);
    const value = lldpTlv.decode(bytes);
    expect(value).toMatchObject({
      kind: 'cee',
      tlvs: [
        { kind: 'control', sequence: 1, acknowledgement: 2 },
        { kind: 'pfc', enabled: 1, willing: 1, enabledPriorities: 8, trafficClasses: 8 },
        {
          kind: 'applicationProtocol',
          applications: [{ protocolId: 0x8906, selector: 0, ouiLower: 0x1b21, priorityMap: 8 }],
        },
      ],
    });
    expect(lldpTlv.encode(value)).toEqual(bytes);
    expect(ceeTlv.decode(tlv(2, '0000 c000 00010000 3232000000000000 02'))).toMatchObject({
      kind: 'priorityGroups',
      priority3: 1,
      trafficClasses: 2,
    });
  });
});

describe('VDP', () => {
  // VSI type 1 version 2, VSIID a UUID, filter MAC/VID: one MAC address in VLAN 100.
  const bytes = concat([
    tlv(5, '00112233445566778899aabbccddeeff'),
    tlv(3, '00 000001 02 05 0123456789abcdef0123456789abcdef 02 0001 525400000001 0064'),
  ]);

  it('reads an association behind ECP', () => {
    const head = parseHex('0180c2000000 525400000001 8940 1001 0007');
    const frame = decodeFrame(concat([head, bytes]));
    expect(layerValue(frame, ecp)).toMatchObject({ version: 1, operation: 0, sequence: 7 });
    expect(layerValue(frame, vdpdu)?.tlvs).toMatchObject([
      { kind: 'managerId' },
      {
        kind: 'associate',
        vsiTypeId: 1,
        vsiTypeVersion: 2,
        vsiidFormat: 5,
        filterFormat: 2,
        filterInfo: parseHex('0001 525400000001 0064'),
      },
    ]);
    expect(encodeFrame(frame)).toEqual(concat([head, bytes]));
    expect(summarize(frame)).toBe('VDP request 7 Associate 0123456789abcdef0123456789abcdef');
  });

  it('derives the length of an association', () => {
    const value = vdpAssociate.encode({
      vsiTypeId: 1,
      vsiidFormat: 5,
      vsiid: new Uint8Array(16),
      filterFormat: 1,
      filterInfo: parseHex('0001 0064'),
    });
    expect(value[1]).toBe(23 + 4);
    expect(value).toHaveLength(2 + 23 + 4);
  });
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
