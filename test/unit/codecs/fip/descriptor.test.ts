/** FIP descriptors: sizes of fc_fip.h and FC-BB-5, bytes of captures. */
import { describe, expect, it } from 'vitest';
import {
  type FipDescriptorInput,
  fipDescriptor,
  fipDescriptorTypeOf,
  fipFabric,
  fipFc4Attributes,
  fipFkaAdvPeriod,
  fipVendorId,
  fipVlanDescriptor,
  fipVxPort,
} from '../../../../src/codecs/fip/descriptor.ts';
import { fipEncapsulate, fipHeader, fipMessage } from '../../../../src/codecs/fip/message.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectVector } from '../../../helpers/vector.ts';

const mac = (address: string): FipDescriptorInput => ({ kind: 'mac', mac: address });
const ENODE = '02:00:00:00:00:01';

describe('descriptors', () => {
  const header = { rCtl: 0x22, dId: 0xff_fffe, sId: 0, type: 1, fCtl: 0x29_0000, oxId: 1 };

  // Sizes in words as fc_fip.h and FC-BB-5 give them.
  it.each<[FipDescriptorInput, number, number]>([
    [{ kind: 'priority' }, 1, 1],
    [mac(ENODE), 2, 2],
    [{ kind: 'fcMap', fcMap: 0x0e_fc00 }, 3, 2],
    [{ kind: 'nameIdentifier', name: 1n }, 4, 3],
    [{ kind: 'fabric', fcMap: 0x0e_fc00, fabricName: 1n }, 5, 4],
    [{ kind: 'maxFcoeSize', maxFcoeSizeBytes: 2158 }, 6, 1],
    [fipEncapsulate('flogi', header, new Uint8Array(116)), 7, 36],
    [fipEncapsulate('flogi', header, new Uint8Array(8)), 7, 9],
    [fipEncapsulate('fdisc', header, new Uint8Array(116)), 8, 36],
    [fipEncapsulate('logo', header, new Uint8Array(16)), 9, 11],
    [fipEncapsulate('logo', header, new Uint8Array(4)), 9, 8],
    [fipEncapsulate('elp', header, new Uint8Array(100)), 10, 32],
    [{ kind: 'vxPort', mac: ENODE, nPortId: 0x01_0203, portName: 1n }, 11, 5],
    [{ kind: 'fkaAdvPeriod', fkaAdvPeriodMs: 8000 }, 12, 2],
    [{ kind: 'vendorId', vendorId: 'VENDOR' }, 13, 3],
    [{ kind: 'vendorId', vendorId: 'VENDOR', data: new Uint8Array(4) }, 13, 4],
    [{ kind: 'vlan', vid: 100 }, 14, 1],
    [
      { kind: 'fc4Attributes', fc4Types: new Uint8Array(32), fc4Features: new Uint8Array(128) },
      15,
      41,
    ],
    [{ kind: 'cvlReason', data: new Uint8Array(6) }, 128, 2],
    [{ kind: 'vendor', data: new Uint8Array(2) }, 241, 1],
  ])('%#: has its type and its length in words', (input, type, words) => {
    const bytes = fipDescriptor.encode(input);
    expect([bytes[0], bytes[1], bytes.length]).toEqual([type, words, 4 * words]);
    const value = fipDescriptor.decode(bytes);
    expect(value.kind).toBe(input.kind);
    expect(fipDescriptor.encode(value)).toEqual(bytes);
  });

  it('keeps an unknown type, a vendor type and a descriptor longer than its layout', () => {
    const unknown = parseHex('1001 abcd');
    expect(fipDescriptor.decode(unknown)).toEqual({ kind: 'unknown', raw: unknown });
    const vendor = parseHex('f102 010203040506');
    expect(fipDescriptor.decode(vendor)).toMatchObject({ kind: 'vendor', type: 241 });
    const long = parseHex('0203 020000000001 deadbeef');
    const value = fipDescriptor.decode(long);
    expect(value).toMatchObject({ kind: 'mac', trailing: parseHex('deadbeef') });
    expect(fipDescriptor.encode(value)).toEqual(long);
  });
});

describe('names', () => {
  // Types and names as FC-BB-5, FIP descriptors, lists them; 15 and 128 by FC-BB-6.
  it.each([
    ['priority', 'Priority'],
    ['mac', 'MAC Address'],
    ['fcMap', 'FC-MAP'],
    ['nameIdentifier', 'Name_Identifier'],
    ['fabric', 'Fabric'],
    ['maxFcoeSize', 'Max FCoE Size'],
    ['flogi', 'FLOGI'],
    ['fdisc', 'NPIV FDISC'],
    ['logo', 'LOGO'],
    ['elp', 'ELP'],
    ['vxPort', 'Vx_Port Identification'],
    ['fkaAdvPeriod', 'FKA_ADV_Period'],
    ['vendorId', 'Vendor_ID'],
    ['vlan', 'VLAN'],
    ['fc4Attributes', 'FC-4 Attributes'],
    ['cvlReason', 'Clear Virtual Links Reason'],
    ['vendor', 'vendor'],
  ] as const)('of a %s descriptor and its source', (kind, name) => {
    const codec = Object.values(fipDescriptor.members).find((one) => one.kind === kind);
    expect(codec?.name).toBe(`FIP ${name} descriptor`);
    expect(codec?.source).toMatch(/^FC-BB-[56], FIP descriptors$/);
  });

  it('of the message, its header and its list', () => {
    expect([fipMessage.name, fipHeader.name, fipDescriptor.name]).toEqual([
      'FIP',
      'FIP header',
      'FIP descriptor',
    ]);
    for (const { source } of [fipMessage, fipHeader, fipDescriptor])
      expect(source).toMatch(/^FC-BB-5, FIP (encapsulation|descriptors)$/);
  });

  it('say what was cut', () => {
    const bytes = fipDescriptor.encode({ kind: 'fabric', fcMap: 0x0e_fc00, fabricName: 1n });
    expect(() => fipDescriptor.decode(bytes.subarray(0, 1))).toThrow('FIP descriptor: ');
    expect(() => fipMessage.decode(new Uint8Array(9))).toThrow('FIP: ');
  });
});

describe('descriptors of captures', () => {
  it('Fabric and FKA_ADV_Period: esxi-cisco/fcoe1-both.pcap, frame 3', () => {
    // fip.fab.vfid 923, fip.fab.map 0e:fc:00, fip.fab.name 10:00:00:05:33:d7:27:c2, fip.fka 8000.
    expectVector(fipFabric, '0504 039b 00 0efc00 1000000533d727c2', {
      vfId: 923,
      fcMap: 0x0e_fc00,
      fabricName: 0x1000_0005_33d7_27c2n,
    });
    expectVector(fipFkaAdvPeriod, '0c02 0000 00001f40', { flags: 0, fkaAdvPeriodMs: 8000 });
    expectVector(fipFkaAdvPeriod, '0c02 0001 00001f40', { flags: 1 });
  });

  it('Vx_Port Identification: linux/vn2vn-login.pcap, frame 10', () => {
    // fip.vn.mac 0e:fd:00:00:00:01, fip.vn.fc_id 1, fip.vn.pwwn 20:00:52:54:00:bb:00:01.
    expectVector(fipVxPort, '0b05 0efd00000001 00 000001 2000525400bb0001', {
      mac: '0e:fd:00:00:00:01',
      nPortId: 1,
      portName: 0x2000_5254_00bb_0001n,
    });
  });

  it('FC-4 Attributes, of the same frame: FCP and CT, FCP target and initiator', () => {
    const types = `00000100 00000001 ${'00'.repeat(24)}`;
    const features = `00000000 00000003 ${'00'.repeat(120)}`;
    expectVector(fipFc4Attributes, `0f29 0000 ${types} ${features}`, {
      fc4Types: parseHex(types),
      fc4Features: parseHex(features),
    });
  });

  it('VLAN: 12 bits behind 4 reserved', () => {
    expectVector(fipVlanDescriptor, '0e01 039b', { vid: 923 });
    expect(fipVlanDescriptor.decode(parseHex('0e01 f39b')).vid).toBe(923);
  });

  it('Vendor_ID: handmade/wireshark-gaps.pcap, frame 4', () => {
    const hex = '0d04 0000 56454e444f524944 deadbeef';
    const bytes = parseHex(hex);
    const value = fipVendorId.decode(bytes);
    expect(value).toMatchObject({ vendorId: 'VENDORID', data: parseHex('deadbeef') });
    expect(fipVendorId.encode(value)).toEqual(bytes);
  });

  it('have their type also where no codec reads them', () => {
    expect(fipDescriptorTypeOf(fipDescriptor.decode(parseHex('7001 0000')))).toBe(0x70);
    expect(fipDescriptorTypeOf(fipDescriptor.decode(parseHex('f001 0000')))).toBe(0xf0);
    expect(fipDescriptorTypeOf(fipDescriptor.decode(parseHex('f101 0000')))).toBe(0xf1);
    expect(fipDescriptorTypeOf(fipDescriptor.decode(parseHex('0101 0080')))).toBe(1);
  });
});
