/** The zone server: what tshark 4.0.17 reads of its messages (fcfzs.*). */
import { describe, expect, test } from 'vitest';
import {
  ZoneCapability,
  ZoneCommand,
  ZoneEnforcement,
} from '../../../../src/codecs/ct/zone-codes.ts';
import * as z from '../../../../src/codecs/ct/zone-server.ts';
import { formatHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectVector } from '../../../helpers/vector.ts';

const SET = '04000000 73657431';
const ZONE = '05000000 7a6f6e6531 000000';
const MEMBER = '01000000 2000525400aa0001';
const member = { kind: 'N_PORT_NAME', portName: 0x2000_5254_00aa_0001n } as const;
const WHOLE = `${SET} 00000001 ${ZONE} 00000001 ${MEMBER}`;
const whole = {
  name: 'set1',
  zoneCount: 1,
  zones: [{ name: 'zone1', memberCount: 1, members: [member] }],
};
const ask = (command: string) => preamble('fa03', command);
const YES = preamble('fa03', ACCEPT);

describe('requests', () => {
  test.each([
    ['0100', z.gzc, '', {}],
    ['0111', z.gest, '', {}],
    ['0112', z.gzsn, '', {}],
    ['0113', z.gzd, SET, { name: 'set1' }],
    ['0114', z.gzm, ZONE, { name: 'zone1' }],
    ['0115', z.gazs, '', {}],
    ['0116', z.gzs, SET, { name: 'set1' }],
    ['0200', z.adzs, WHOLE, whole],
    ['0201', z.azsd, WHOLE, whole],
    ['0202', z.azs, SET, { name: 'set1' }],
    ['0203', z.dzs, '', {}],
    ['0205', z.azd, `${SET} ${ZONE}`, { zoneSet: { name: 'set1' }, zone: { name: 'zone1' } }],
    ['0301', z.rzd, `${SET} ${ZONE}`, { zoneSet: { name: 'set1' }, zone: { name: 'zone1' } }],
    ['0302', z.rzs, SET, { name: 'set1' }],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${ask(command)} ${body}`, fields);
  });

  test.each([
    ['0204', z.azm],
    ['0300', z.rzm],
  ] as const)('%s: members follow without a count', (command, by) => {
    expectVector(by, `${ask(command)} ${ZONE} ${MEMBER}`, { name: 'zone1', members: [member] }, 13);
  });

  test('names are filled up to whole words', () => {
    expect(formatHex(z.azs.encode({ name: 'seta5' })).slice(32)).toBe('050000007365746135000000');
  });
});

describe('accepts', () => {
  test.each([
    // tshark: 0xc1, Hard Zones, Soft Zones, ZoneSet Database; 0x80, Soft Zone Set.
    [
      'GZC',
      z.gzcAccept,
      'c1000000 00000007',
      {
        capabilities:
          ZoneCapability.HARD_ZONES | ZoneCapability.SOFT_ZONES | ZoneCapability.ZONE_SET_DATABASE,
        vendorCapabilities: 7,
      },
    ],
    ['GEST', z.gestAccept, '80000000 00000000', { state: ZoneEnforcement.SOFT_ZONE_SET }],
    [
      'GZSN',
      z.gzsnAccept,
      `00000001 ${SET} 00000002`,
      { entryCount: 1, entries: [{ name: 'set1', elementCount: 2 }] },
    ],
    [
      'GZD',
      z.gzdAccept,
      `00000001 ${ZONE} 00000003`,
      { entries: [{ name: 'zone1', elementCount: 3 }] },
    ],
    ['GZM', z.gzmAccept, `00000001 ${MEMBER}`, { memberCount: 1, members: [member] }],
    ['GAZS', z.gazsAccept, WHOLE, whole],
    ['GZS', z.gzsAccept, WHOLE, whole],
    ['ADZS', z.adzsAccept, '', {}],
    ['RZS', z.rzsAccept, '', {}],
  ] as const)('of %s', (name, by, body, fields) => {
    expectVector(by, `${YES} ${body}`, { kind: `CT_ACC ${name}`, ...fields });
  });
});

test('each command has a request and an accept', () => {
  expect(Object.keys(z.zoneRequests)).toEqual(Object.keys(ZoneCommand));
  expect(Object.keys(z.zoneAccepts)).toEqual(Object.keys(ZoneCommand));
});
