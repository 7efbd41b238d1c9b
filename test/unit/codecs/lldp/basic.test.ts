/**
 * TLVs of LLDP itself. Bytes: a Big Switch leaf, dcbx/lldp-app-priority.pcap, frame 1; field bits and
 * codes as tshark 4.0.17 prints them.
 */
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  ChassisIdSubtype,
  lldpChassisId,
  lldpEnd,
  lldpManagementAddress,
  lldpPortDescription,
  lldpPortId,
  lldpSystemCapabilities,
  lldpSystemDescription,
  lldpSystemName,
  lldpTimeToLive,
  PortIdSubtype,
  SystemCapability,
} from '../../../../src/codecs/lldp/basic.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('of a captured LLDPDU', () => {
  it.each([
    [
      lldpChassisId,
      '0207 04 000000020002',
      { kind: 'chassisId', subtype: 4, chassisId: parseHex('000000020002') },
    ],
    [
      lldpPortId,
      '040d 05 6c65616630622d6574683130',
      { kind: 'portId', subtype: 5, portId: parseHex('6c65616630622d6574683130') },
    ],
    [lldpSystemName, '0a06 6c6561663062', { kind: 'systemName', text: 'leaf0b' }],
    [
      lldpSystemDescription,
      '0c11 35633a31363a63373a30303a30303a3031',
      { kind: 'systemDescription', text: '5c:16:c7:00:00:01' },
    ],
    [lldpPortDescription, '0803 426967', { kind: 'portDescription', text: 'Big' }],
  ])('%o', (codec, hex, value) => checkVector(codec, hex, value));

  it('a time to live of two minutes', () => {
    checkFixedVector(lldpTimeToLive, '0602 0078', { kind: 'timeToLive', timeToLiveSeconds: 120 });
  });

  it('the end, and the padding behind it', () => {
    checkVector(lldpEnd, '0000', { kind: 'end', lengthBytes: 0 }, {});
    checkVector(lldpEnd, '0000 00000000', { pad: new Uint8Array(4) });
  });
});

describe('system capabilities', () => {
  it('able to bridge and route, bridging', () => {
    checkFixedVector(lldpSystemCapabilities, '0e04 0014 0004', {
      kind: 'systemCapabilities',
      capabilities: SystemCapability['MAC bridge'] | SystemCapability.Router,
      enabled: 4,
    });
  });

  it('have the bits of lldp.tlv.system_cap', () => {
    expect(SystemCapability).toMatchObject({
      Other: 1,
      Repeater: 2,
      'MAC bridge': 4,
      'WLAN access point': 8,
      Router: 0x10,
      Telephone: 0x20,
      'DOCSIS cable device': 0x40,
      'Station only': 0x80,
    });
  });
});

describe('management address', () => {
  // The layout of IEEE 802.1AB, 8.5.9: string length counts the subtype; OID length comes last.
  const value = {
    kind: 'managementAddress',
    addressSubtype: 1,
    address: Uint8Array.of(192, 0, 2, 1),
    interfaceSubtype: 2,
    interfaceNumber: 7,
    objectId: parseHex('2b06'),
  };

  it('IPv4, ifIndex 7, an object identifier', () => {
    checkVector(
      lldpManagementAddress,
      '100e 05 01 c0000201 02 00000007 02 2b06',
      { ...value, lengthBytes: 14, addressBytes: 5, objectIdBytes: 2 },
      value,
    );
  });
});

it('subtypes are those of tshark -G values', () => {
  // lldp.chassis.subtype and lldp.port.subtype: the same kinds, differently numbered.
  expect(Object.entries(ChassisIdSubtype)).toEqual([
    ['Chassis component', 1],
    ['Interface alias', 2],
    ['Port component', 3],
    ['MAC address', 4],
    ['Network address', 5],
    ['Interface name', 6],
    ['Locally assigned', 7],
  ]);
  expect(Object.entries(PortIdSubtype)).toEqual([
    ['Interface alias', 1],
    ['Port component', 2],
    ['MAC address', 3],
    ['Network address', 4],
    ['Interface name', 5],
    ['Agent circuit ID', 6],
    ['Locally assigned', 7],
  ]);
});
