/**
 * VSI discovery. Bytes: `lldpad` 1.1 as station and bridge, the shared capture
 * network/lldpad-vdp-preassoc-assoc-deassoc.pcap; codes: open-lldp, include/qbg_vdp22def.h and
 * qbg_vdp22.h; Wireshark 4.0.17, packet-ecp.c.
 */
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  encodeFrame,
  layerValue,
  summarize,
} from '../../../../src/codecs/frame/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  EcpOperation,
  EcpSubtype,
  ecp,
  VDP_RESPONSE,
  VdpError,
  VdpFilterFormat,
  VdpRequestFlags,
  VdpResponseFlags,
  VdpType,
  VsiidFormat,
  vdpAssociate,
  vdpDeAssociate,
  vdpdu,
  vdpGroupFilter,
  vdpGroupMacFilter,
  vdpMacFilter,
  vdpManagerId,
  vdpPreAssociate,
  vdpPreAssociateReserve,
  vdpTlv,
  vdpVidFilter,
} from '../../../../src/codecs/lldp/vdp.ts';
import { bareHex, checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const MANAGER = '0a10 6d310000000000000000000000000000';
const VSI = '000007 01 05 11111111222233334444555555555555';
const ENTRY = '02 0001 525400aa0011 0064';
/** `lldptool vdp -V "mode=…,hints=to"`: one MAC address in VLAN 100. */
const moved = {
  vsiTypeId: 7,
  vsiTypeVersion: 1,
  vsiidFormat: VsiidFormat.UUID,
  vsiid: parseHex('11111111222233334444555555555555'),
  filterFormat: VdpFilterFormat['MAC/VID'],
  macs: [{ mac: '52:54:00:aa:00:11', ps: 0, priority: 0, vid: 100 }],
};

describe('associations of a captured conversation', () => {
  it.each([
    [
      'frame 14: room is kept, the machine migrates to here',
      vdpPreAssociateReserve,
      '0421 10',
      0x10,
    ],
    ['frame 16: its answer', vdpPreAssociateReserve, '0421 40', 0x40],
    ['frame 18: associate', vdpAssociate, '0621 10', 0x10],
    ['frame 20: its answer', vdpAssociate, '0621 40', 0x40],
    ['frame 22: de-associate', vdpDeAssociate, '0821 10', 0x10],
    ['frame 24: its answer', vdpDeAssociate, '0821 40', 0x40],
    ['frame 30: de-associate by the bridge', vdpDeAssociate, '0821 00', 0],
  ] as const)('%s', (_name, codec, head, status) => {
    checkVector(codec, `${head} ${VSI} ${ENTRY}`, {
      ...moved,
      kind: codec.kind,
      status,
      filterEntryCount: 1,
      lengthBytes: 33,
    });
  });

  it('the whole of frame 18 reads as one and comes out the same', () => {
    const bytes = parseHex(
      bareHex(`0180c2000000 aa725c35bc5a 8940 1001 0002 ${MANAGER} 0621 10 ${VSI} ${ENTRY}`),
    );
    const frame = decodeFrame(bytes);
    expect(layerValue(frame, ecp)).toEqual({
      version: 1,
      operation: EcpOperation.Request,
      subtype: EcpSubtype.VDP,
      sequence: 2,
    });
    expect(layerValue(frame, vdpdu)?.tlvs).toMatchObject([
      { kind: 'managerId', managerId: parseHex('6d310000000000000000000000000000') },
      { kind: 'associate', status: VdpRequestFlags.M, macs: [{ vid: 100 }] },
    ]);
    expect(encodeFrame(frame)).toEqual(bytes);
    expect(summarize(frame)).toBe('VDP request 2 Associate 11111111222233334444555555555555');
  });

  it('the acknowledgement of frame 19 is a header alone', () => {
    checkFixedVector(ecp, '1401 0002', { version: 1, operation: 1, subtype: 1, sequence: 2 });
  });
});

describe('the status octet', () => {
  const shown = (status: number) =>
    vdpAssociate
      .spans(vdpAssociate.encode({ ...moved, status }))
      .find(({ path }) => path === 'status')?.text;

  it('has the bits that open-lldp and Wireshark give it', () => {
    // VDP22_MIGTO 16, VDP22_MIGFROM 32; VDP22_HARDBIT 10h, VDP22_KEEPBIT 20h, VDP22_ACKBIT 40h.
    expect(VdpRequestFlags).toEqual({ M: 16, S: 32 });
    expect(VdpResponseFlags).toEqual({ HARD_ERROR: 0x10, KEEP: 0x20, RESPONSE: 0x40 });
    expect(VDP_RESPONSE).toBe(0x40);
  });

  it('means one thing in a request and another in an answer', () => {
    expect(shown(0x00)).toBe('0x00');
    expect(shown(0x10)).toBe('0x10 (M)');
    expect(shown(0x20)).toBe('0x20 (S)');
    expect(shown(0x40)).toBe('0x40 (RESPONSE Success)');
    expect(shown(0x72)).toBe('0x72 (HARD_ERROR KEEP RESPONSE Insufficient resources)');
    expect(shown(0x4f)).toBe('0x4f (RESPONSE error 15)');
  });
});

describe('filter entries', () => {
  // PS is the upper bit, PCP the next three: 8000h and 7000h of the 16 bits, as IEEE 802.1Q has them.
  it.each([
    ['VID', vdpVidFilter, 'b064', { ps: 1, priority: 3, vid: 100 }],
    [
      'MAC/VID',
      vdpMacFilter,
      '525400aa0011 7fff',
      { mac: '52:54:00:aa:00:11', priority: 7, vid: 4095 },
    ],
    ['GroupID/VID', vdpGroupFilter, '00010203 0064', { groupId: 0x10203, vid: 100 }],
    [
      'GroupID/MAC/VID',
      vdpGroupMacFilter,
      '00010203 525400aa0011 8001',
      { groupId: 0x10203, mac: '52:54:00:aa:00:11', ps: 1, vid: 1 },
    ],
  ] as const)('%s', (_name, codec, hex, value) => checkFixedVector(codec, hex, value));

  it.each([
    [
      'two VIDs',
      '061d',
      '01 0002 0064 00c8',
      { filterEntryCount: 2, vids: [{ vid: 100 }, { vid: 200 }] },
    ],
    ['a group', '061f', '03 0001 00000005 0064', { groups: [{ groupId: 5, vid: 100 }] }],
    [
      'a group and a MAC address',
      '0625',
      '04 0001 00000005 525400aa0011 0064',
      { groupMacs: [{ groupId: 5, mac: '52:54:00:aa:00:11', vid: 100 }] },
    ],
    ['an unknown format', '061c', '09 0000 abcdef', { filterInfo: parseHex('abcdef') }],
  ])('%s in an association', (_name, head, filter, value) => {
    const { macs: _macs, filterFormat: _format, ...rest } = moved;
    const filterFormat = Number.parseInt(filter.slice(0, 2), 16);
    checkVector(vdpAssociate, `${head} 00 ${VSI} ${filter}`, { ...rest, filterFormat, ...value });
  });

  it('are counted, and make the length, where neither is said', () => {
    const bytes = vdpAssociate.encode({
      vsiTypeId: 1,
      vsiidFormat: 5,
      vsiid: new Uint8Array(16),
      filterFormat: 1,
      vids: [{ vid: 100 }],
    });
    expect(bytes[1]).toBe(23 + 4);
    expect(bytes).toHaveLength(2 + 23 + 4);
    expect(bytes.subarray(-4)).toEqual(parseHex('00010064'));
  });

  it('that are counted and not there stay bytes', () => {
    const bytes = parseHex(bareHex(`061e 00 ${VSI} 01 0005 0064 00c8 07`));
    const value = vdpAssociate.decode(bytes);
    expect(value).toMatchObject({
      filterEntryCount: 5,
      vids: [{ vid: 100 }, { vid: 200 }],
      filterInfo: parseHex('07'),
    });
    expect(vdpAssociate.encode(value)).toEqual(bytes);
  });
});

describe('VDP TLVs', () => {
  it('are told apart by seven bits of type', () => {
    const of = (head: string) => vdpTlv.decode(parseHex(bareHex(`${head} 00 ${VSI} ${ENTRY}`)));
    expect(of('0221')).toMatchObject({ kind: 'preAssociate', type: 1 });
    expect(of('0421')).toMatchObject({ kind: 'preAssociateReserve', type: 2 });
    expect(of('0621')).toMatchObject({ kind: 'associate', type: 3 });
    expect(of('0821')).toMatchObject({ kind: 'deAssociate', type: 4 });
    expect(of('0c21')).toMatchObject({ kind: 'unknown' });
    expect(vdpPreAssociate.kind).toBe('preAssociate');
  });

  it('name the manager in 16 bytes', () => {
    checkFixedVector(vdpManagerId, MANAGER, {
      kind: 'managerId',
      managerId: parseHex('6d310000000000000000000000000000'),
    });
  });

  it('refuse to run past the frame, and keep its padding', () => {
    expect(() => vdpdu.decode(parseHex(bareHex(`${MANAGER} 0640 00 ${VSI} ${ENTRY}`)))).toThrow(
      CodecError,
    );
    const padded = parseHex(bareHex(`${MANAGER} 0000 0000`));
    expect(vdpdu.decode(padded).tlvs.map(({ kind }) => kind)).toEqual(['managerId', 'unknown']);
    expect(vdpdu.encode(vdpdu.decode(padded))).toEqual(padded);
  });
});

it('codes are those of tshark -G values', () => {
  // vdp21.tlvtype, vdp21.vsiidformat, vdp21.filterformat, vdp21.assoc.error, ecp.op, ecp.subtype.
  expect(Object.values(VdpType)).toEqual([1, 2, 3, 4, 5, 127]);
  expect(VsiidFormat).toEqual({ IPv4: 1, IPv6: 2, MAC: 3, Local: 4, UUID: 5 });
  expect(VdpFilterFormat).toEqual({
    VID: 1,
    'MAC/VID': 2,
    'GroupID/VID': 3,
    'GroupID/MAC/VID': 4,
  });
  expect(VdpError).toEqual({
    Success: 0,
    'Invalid format': 1,
    'Insufficient resources': 2,
    'Unable to contact VSI manager': 3,
    'Other failure': 4,
    'Invalid VID, GroupID or MAC address': 5,
  });
  expect(EcpOperation).toEqual({ Request: 0, Acknowledgement: 1 });
  expect(EcpSubtype).toEqual({ VDP: 1, PECSP: 2 });
});
