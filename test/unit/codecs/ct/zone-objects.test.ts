/** Zone sets, zones, members: what tshark 4.0.17 reads of them in an active zone set (fcfzs.*). */
import { describe, expect, test } from 'vitest';
import {
  fillBytes,
  zone,
  zoneListEntry,
  zoneMember,
  zoneNameObject,
} from '../../../../src/codecs/ct/zone-objects.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('names', () => {
  test('a length, three reserved bytes, characters, zeros up to whole words', () => {
    expectVector(zoneNameObject, '05000000 7a6f6e6531 000000', {
      nameLengthBytes: 5,
      name: 'zone1',
      fill: new Uint8Array(3),
    });
    expectEncoded(zoneNameObject, { name: 'set1' }, '04000000 73657431');
    expect([0, 1, 2, 3, 4, 5].map(fillBytes)).toEqual([0, 3, 2, 1, 0, 3]);
  });

  test('in a list have a number behind them', () => {
    expectVector(zoneListEntry, '04000000 73657431 00000002', { name: 'set1', elementCount: 2 });
  });
});

describe('members', () => {
  // tshark: N_Port WWN, Domain/Physical Port 0x000501.., FC Address 01.02.03, Node WWN.
  test.each([
    ['N_PORT_NAME', '01000000 2000525400aa0001', { portName: 0x2000_5254_00aa_0001n }],
    ['DOMAIN_PORT', '02000000 00 05 0102 00000000', { domainId: 5, portNumber: 0x102 }],
    ['N_PORT_ID', '03000000 010203 00 00000000', { nPortId: 0x01_0203 }],
    ['NODE_NAME', '04000000 1000525400aa0001', { nodeName: 0x1000_5254_00aa_0001n }],
    [
      'N_PORT_NAME_LUN',
      'e1000000 2000525400aa0001 0005000000000000',
      { portName: 0x2000_5254_00aa_0001n, lun: parseHex('0005000000000000') },
    ],
    [
      'DOMAIN_PORT_LUN',
      'e2000000 00 05 0102 00000000 0005000000000000',
      { domainId: 5, portNumber: 0x102, lun: parseHex('0005000000000000') },
    ],
    [
      'N_PORT_ID_LUN',
      'e3000000 010203 00 00000000 0005000000000000',
      { nPortId: 0x01_0203, lun: parseHex('0005000000000000') },
    ],
  ] as const)('%s', (kind, hex, fields) => {
    const bytes = parseHex(hex);
    const value = zoneMember.decode(bytes);
    expect(value).toMatchObject({ kind, ...fields });
    expect(zoneMember.encode(value)).toEqual(bytes);
  });

  test('of an unknown type are 12 bytes and kept', () => {
    const bytes = parseHex(`05000000 ${'5a'.repeat(8)}`);
    expect(zoneMember.decode(bytes)).toEqual({ kind: 'unknown', raw: bytes });
  });
});

describe('a zone', () => {
  test('is a name, a count and members', () => {
    const hex = '05000000 7a6f6e6531 000000 00000001 01000000 2000525400aa0001';
    expectVector(zone, hex, {
      name: 'zone1',
      memberCount: 1,
      members: [{ kind: 'N_PORT_NAME', portName: 0x2000_5254_00aa_0001n }],
    });
    expectEncoded(
      zone,
      { name: 'zone1', members: [{ kind: 'N_PORT_NAME', portName: 0x2000_5254_00aa_0001n }] },
      hex,
    );
  });
});
