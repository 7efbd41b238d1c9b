/** Zoning objects of switches. Layout: packet-fcswils.h; read alike by tshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  activeZoneSet,
  fullZoneSet,
  ZoningMemberType,
  ZoningObjectType,
  zoneObject,
  zoningMember,
  zoningObject,
} from '../../../../src/codecs/swils/zoning-objects.ts';
import { bareHex, checkRead, checkVector } from '../../../helpers/vector.ts';

const WWPN = '2000000000000001';

describe('members', () => {
  test.each([
    ['N_PORT_NAME', `01 00 00 08 ${WWPN}`, { portName: 0x2000_0000_0000_0001n }],
    ['DOMAIN_PORT', '02 00 00 04 00 03 0021', { domainId: 3, portNumber: 0x21 }],
    ['N_PORT_ID', '03 00 00 04 010203 00', { nPortId: 0x01_0203 }],
    ['ALIAS', '04 00 00 0c 05000000 616c696173000000', { name: 'alias' }],
    [
      'N_PORT_NAME_LUN',
      `e1 00 00 10 ${WWPN} 0001000000000000`,
      { portName: 0x2000_0000_0000_0001n, lun: parseHex('0001000000000000') },
    ],
    [
      'DOMAIN_PORT_LUN',
      'e2 00 00 0c 00 03 0021 0001000000000000',
      { domainId: 3, portNumber: 0x21, lun: parseHex('0001000000000000') },
    ],
    [
      'N_PORT_ID_LUN',
      'e3 00 00 0c 010203 00 0001000000000000',
      { nPortId: 0x01_0203, lun: parseHex('0001000000000000') },
    ],
  ])('%s', (kind, hex, value) => {
    checkVector(zoningMember, hex, { kind, ...value });
  });

  test('zone members say their own length; strange ones stay bytes', () => {
    expect(zoningMember.decode(parseHex('0200000400030021'))).toMatchObject({
      kind: 'DOMAIN_PORT',
      domainId: 3,
      portNumber: 0x21,
    });
    expect(zoningMember.decode(parseHex('0100000400030021')).kind).toBe('unknown');
    expect(zoningMember.decode(parseHex('7700000400030021')).kind).toBe('unknown');
  });

  test('types are those of tshark: swils.zone.mbrtype, swils.zone.zoneobjtype', () => {
    expect(Object.values(ZoningMemberType)).toEqual([1, 2, 3, 4, 0xe1, 0xe2, 0xe3]);
    expect(ZoningObjectType).toEqual({ ZONE_SET: 1, ZONE: 2, ZONE_ALIAS: 3 });
  });
});

describe('objects', () => {
  const member = { kind: 'N_PORT_NAME', portName: 0x2000_0000_0000_0001n };
  const ZONE = `02 00 0000 04000000 7a6f6e65 00000001 01 00 00 08 ${WWPN}`;
  const zone = { type: ZoningObjectType.ZONE, name: 'zone', members: [member] };

  test('a zone holds members, a zone set zones', () => {
    checkVector(zoneObject, ZONE, { memberCount: 1, ...zone });
    checkVector(zoningObject, ZONE, { memberCount: 1, ...zone });
    checkVector(zoningObject, `01 00 0000 04000000 73657431 00000001 ${ZONE}`, {
      type: ZoningObjectType.ZONE_SET,
      name: 'set1',
      zones: [zone],
    });
    expect(zoningObject.decode(parseHex(bareHex(ZONE))).zones).toBeUndefined();
  });

  test('a set in force has a name and counts its objects; all sets have no name', () => {
    checkVector(activeZoneSet, `05000000 7365746135000000 00000001 ${ZONE}`, {
      name: 'seta5',
      objectCount: 1,
      objects: [zone],
    });
    checkVector(fullZoneSet, `00000002 ${ZONE} ${ZONE}`, { objectCount: 2, objects: [zone, zone] });
    checkRead(fullZoneSet, '00000000', { objects: [] });
  });
});
