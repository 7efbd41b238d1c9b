/** GE_* and the entry object: what tshark 4.0.17 reads of them (fcdns.*). */
import { describe, expect, test } from 'vitest';
import { fc4TypeMap } from '../../../../src/codecs/ct/fc4-types.ts';
import * as ns from '../../../../src/codecs/ct/name-server-entries.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const NODE = '1000525400aa0001';
const portName = 0x2000_5254_00aa_0001n;
const nodeName = 0x1000_5254_00aa_0001n;
const IP = `${'00'.repeat(12)}0a000001`;
const OTHER_IP = `${'00'.repeat(12)}0a000002`;
const TYPES = `00000100 00000001 ${'00'.repeat(24)}`;

describe('questions', () => {
  test.each([
    ['0410', ns.geId, '00010203', { portId: 0x01_0203 }],
    ['0420', ns.gePn, PORT, { portName }],
    ['0430', ns.geNn, NODE, { nodeName }],
    ['0450', ns.geIp, IP, { nodeIpAddress: parseHex(IP) }],
    ['0470', ns.geFt, TYPES, { fc4Types: fc4TypeMap([8, 0x20]) }],
    ['04a0', ns.gePt, '00000001', { portType: 1 }],
    // tshark: Zone Member Type WWN, Flags 0, Identifier Length 8, the name.
    [
      '04b0',
      ns.geZm,
      `01000008 ${PORT}`,
      { memberType: 1, memberFlags: 0, identifierLengthBytes: 8, identifier: parseHex(PORT) },
    ],
    ['04c0', ns.geZn, '05000000 7a6f6e6531 000000', { nameLengthBytes: 5, name: 'zone1' }],
    ['04d0', ns.geIpp, IP, { portIpAddress: parseHex(IP) }],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${preamble('fc02', command)} ${body}`, fields);
  });

  test('04e0', () => {
    const fc4Features = parseHex('00000002');
    expectVector(ns.geFf, `${preamble('fc02', '04e0')} 00000002`, { fc4Features }, 5);
  });
});

describe('the entry object', () => {
  const BODY = (format: string, port: string, node: string, details: string) =>
    `${format} 000009 01 010203 ${PORT} ${port} ${NODE} ${node} 00000000ffffffff ${IP} 00000008
      ${TYPES} ${OTHER_IP} 3000525400cc0001 00 0a0b0c ${details}`;
  const fields = {
    ownerId: 9,
    portType: 1,
    portId: 0x01_0203,
    portName,
    nodeName,
    initialProcessAssociator: 0xffff_ffffn,
    nodeIpAddress: parseHex(IP),
    classOfService: 8,
    fc4Types: fc4TypeMap([8, 0x20]),
    portIpAddress: parseHex(OTHER_IP),
    fabricPortName: 0x3000_5254_00cc_0001n,
    hardAddress: 0x0a_0b0c,
  };

  test('without names is 112 bytes; each field where tshark finds it', () => {
    const entry = BODY('01', '', '', '');
    expect(parseHex(entry)).toHaveLength(112);
    expectVector(ns.nameServerEntry, entry, { format: 1, ...fields, symbolicPortName: undefined });
    for (const by of [ns.geIdAccept, ns.gePnAccept, ns.geZnAccept]) {
      const bytes = parseHex(`${preamble('fc02', ACCEPT)} 00000001 ${entry}`);
      expect(by.decode(bytes)).toMatchObject({ entryCount: 1, entries: [fields] });
    }
  });

  test('has symbolic names of 256 bytes unless its format says no, and details where it says so', () => {
    const text = (length: string, hex: string) => `${length} ${hex.padEnd(510, '0')}`;
    const details = `${'00'.repeat(128)} 08 01 0000 ${text('03', '464350')}`;
    const entry = parseHex(BODY('02', text('05', '68656c6c6f'), text('04', '6e6f6465'), details));
    expect(entry).toHaveLength(112 + 512 + 388);
    const value = ns.nameServerEntry.decode(entry);
    expect(value).toMatchObject(fields);
    expect(value.symbolicPortName?.nameLengthBytes).toBe(5);
    expect(value.symbolicNodeName?.name.slice(0, 4)).toBe('node');
    expect(value.fc4Details).toMatchObject({ fc4Type: 8, descriptorCount: 1 });
    expect(value.fc4Details?.descriptor.slice(0, 3)).toBe('FCP');
    expect(ns.nameServerEntry.encode(value)).toEqual(entry);
    expect(ns.EntryFormat).toEqual({ NO_SYMBOLIC_NAMES: 1, FC4_FEATURES_AND_DESCRIPTOR: 2 });
  });
});
