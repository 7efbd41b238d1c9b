/** Queries of the name server: what tshark 4.0.17 reads of them and of their accepts (fcdns.*). */
import { describe, expect, test } from 'vitest';
import { fc4TypeMap } from '../../../../src/codecs/ct/fc4-types.ts';
import * as ns from '../../../../src/codecs/ct/name-server-get.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const NODE = '1000525400aa0001';
const portName = 0x2000_5254_00aa_0001n;
const nodeName = 0x1000_5254_00aa_0001n;
const IP = `${'00'.repeat(12)}0a000001`;
const TYPES = `00000100 00000001 ${'00'.repeat(24)}`;
const ask = (command: string) => preamble('fc02', command);
const YES = preamble('fc02', ACCEPT);

describe('what is asked by port identifier', () => {
  test.each([
    ['0100', ns.gaNxt],
    ['0112', ns.gpnId],
    ['0113', ns.gnnId],
    ['0114', ns.gcsId],
    ['0117', ns.gftId],
    ['0118', ns.gspnId],
    ['011a', ns.gptId],
    ['011b', ns.gippId],
    ['011c', ns.gfpnId],
    ['011d', ns.ghaId],
    ['011f', ns.gffId],
  ] as const)('%s', (command, by) => {
    expectVector(by, `${ask(command)} 00010203`, { portId: 0x01_0203 });
  });

  test('GFD_ID adds the types', () => {
    expectVector(ns.gfdId, `${ask('011e')} 00010203 ${TYPES}`, {
      portId: 0x01_0203,
      fc4Types: fc4TypeMap([0x08, 0x20]),
    });
  });

  test.each([
    [ns.gpnIdAccept, PORT, { portName }],
    [ns.gnnIdAccept, NODE, { nodeName }],
    [ns.gcsIdAccept, '00000008', { classOfService: 8 }],
    [ns.gftIdAccept, TYPES, { fc4Types: fc4TypeMap([0x08, 0x20]) }],
    [ns.gspnIdAccept, '05 68656c6c6f', { nameLengthBytes: 5, name: 'hello' }],
    [ns.gptIdAccept, '01000000', { portType: 1 }],
    [ns.gippIdAccept, IP, { portIpAddress: parseHex(IP) }],
    [ns.gfpnIdAccept, PORT, { fabricPortName: portName }],
    [ns.ghaIdAccept, '000a0b0c', { hardAddress: 0x0a_0b0c }],
    [ns.gffIdAccept, `00000000 00000002 ${'00'.repeat(120)}`, {}],
    [ns.gidPnAccept, '00010203', { portId: 0x01_0203 }],
    [ns.gippPnAccept, IP, { portIpAddress: parseHex(IP) }],
    [ns.gipNnAccept, IP, { nodeIpAddress: parseHex(IP) }],
    [ns.gipaNnAccept, '00000000ffffffff', { initialProcessAssociator: 0xffff_ffffn }],
    [ns.gsnnNnAccept, '04 6e6f6465', { name: 'node' }],
    [ns.gnnIpAccept, NODE, { nodeName }],
    [ns.gipaIpAccept, '00000000ffffffff', { initialProcessAssociator: 0xffff_ffffn }],
  ] as const)('accept %#', (by, body, fields) => {
    expectVector(by, `${YES} ${body}`, fields);
  });
});

describe('what is asked by name, address, type', () => {
  test.each([
    ['0121', ns.gidPn, PORT, { portName }],
    ['012b', ns.gippPn, PORT, { portName }],
    ['0131', ns.gidNn, NODE, { nodeName }],
    ['0132', ns.gpnNn, NODE, { nodeName }],
    ['0135', ns.gipNn, NODE, { nodeName }],
    ['0136', ns.gipaNn, NODE, { nodeName }],
    ['0139', ns.gsnnNn, NODE, { nodeName }],
    ['0153', ns.gnnIp, IP, { nodeIpAddress: parseHex(IP) }],
    ['0156', ns.gipaIp, IP, { nodeIpAddress: parseHex(IP) }],
    ['01b1', ns.gidIpp, IP, { portIpAddress: parseHex(IP) }],
    ['01b2', ns.gpnIpp, IP, { portIpAddress: parseHex(IP) }],
    // tshark: Domain ID Scope 1, Area ID Scope 2, FC-4 Type FCP.
    ['0171', ns.gidFt, '00010208', { domainIdScope: 1, areaIdScope: 2, fc4Type: 8 }],
    ['0172', ns.gpnFt, '00010208', { domainIdScope: 1, areaIdScope: 2, fc4Type: 8 }],
    ['0173', ns.gnnFt, '00010208', { domainIdScope: 1, areaIdScope: 2, fc4Type: 8 }],
    // tshark: N_Port, Domain ID Scope 2, Area ID Scope 3.
    ['01a1', ns.gidPt, '01020300', { portType: 1, domainIdScope: 2, areaIdScope: 3 }],
    // tshark: Domain ID Scope 1, Area ID Scope 2, FC-4 Feature Bits 2, FCP.
    [
      '01f1',
      ns.gidFf,
      '0001020000000208',
      { domainIdScope: 1, areaIdScope: 2, fc4Features: 2, fc4Type: 8 },
    ],
    ['0101', ns.gidA, '00050000', { domainIdScope: 5 }],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${ask(command)} ${body}`, fields);
  });
});

describe('lists', () => {
  test('a list ends at its last entry, whatever follows', () => {
    const entry = '80010e01';
    const bytes = parseHex(`01000000fc0200008002000000000000${entry}00ffffff`);
    const value = ns.gidFtAccept.decode(bytes);
    expect(value.ports).toHaveLength(1);
    expect(formatHex(value.trailing!)).toBe('00ffffff');
    expect(formatHex(ns.gidFtAccept.encode(value))).toBe(formatHex(bytes));
  });

  test.each([
    [ns.gidFtAccept],
    [ns.gidNnAccept],
    [ns.gidPtAccept],
    [ns.gidIppAccept],
    [ns.gidFfAccept],
    [ns.gidAAccept],
  ] as const)('of port identifiers %#', (by) => {
    const list = by.decode(parseHex(`${YES} 00010203 80010204`));
    expect(list.ports).toEqual([
      { control: 0, portId: 0x01_0203 },
      { control: 0x80, portId: 0x01_0204 },
    ]);
  });

  test('of names, each behind an identifier: a Cisco switch, esxi-cisco/fcoe1-both.pcap, frame 39', () => {
    const first = '00010800 00000000 50050768021031e6';
    const last = '80010e01 00000000 2000001b21847463';
    for (const by of [ns.gpnFtAccept, ns.gpnNnAccept, ns.gpnIppAccept]) {
      expectVector(
        by,
        `${YES} ${first} ${last}`,
        {
          ports: [
            { control: 0, portId: 0x01_0800, portName: 0x5005_0768_0210_31e6n },
            { control: 0x80, portId: 0x01_0e01, portName: 0x2000_001b_2184_7463n },
          ],
        },
        33,
      );
    }
    expectVector(ns.portNameEntry, first, { portName: 0x5005_0768_0210_31e6n });
    expectVector(ns.nodeNameEntry, last, { control: 0x80, nodeName: 0x2000_001b_2184_7463n });
    expectVector(ns.portIdEntry, '80010e01', { control: 0x80, portId: 0x01_0e01 });
    expectVector(ns.gnnFtAccept, `${YES} ${last}`, { ports: [{ portId: 0x01_0e01 }] }, 17);
  });

  test('of descriptors of 256 bytes', () => {
    const descriptor = `04 46435000 ${'00'.repeat(251)}`;
    expectVector(ns.fc4Descriptor, descriptor, { descriptorLengthBytes: 4 });
    const value = ns.gfdIdAccept.decode(parseHex(`${YES} ${descriptor}${descriptor}`));
    expect(value.descriptors).toHaveLength(2);
  });
});

describe('GA_NXT', () => {
  test('all objects of a port, each where tshark finds it', () => {
    const text = (length: string, hex: string) => `${length} ${hex.padEnd(510, '0')}`;
    const body = `01 010203 ${PORT} ${text('05', '68656c6c6f')} ${NODE} ${text('04', '6e6f6465')}
      00000000ffffffff ${IP} 00000008 ${TYPES} ${IP} 3000525400cc0001 00 0a0b0c`;
    const bytes = parseHex(`${YES} ${body}`);
    expect(bytes).toHaveLength(636);
    const value = ns.gaNxtAccept.decode(bytes);
    expect(value).toMatchObject({
      portType: 1,
      portId: 0x01_0203,
      portName,
      nodeName,
      initialProcessAssociator: 0xffff_ffffn,
      nodeIpAddress: parseHex(IP),
      classOfService: 8,
      fc4Types: fc4TypeMap([0x08, 0x20]),
      portIpAddress: parseHex(IP),
      fabricPortName: 0x3000_5254_00cc_0001n,
      hardAddress: 0x0a_0b0c,
    });
    expect(formatHex(ns.gaNxtAccept.encode(value))).toBe(formatHex(bytes));
    expect(ns.gaNxtAccept.minBytes).toBe(636);
  });

  test('what is not known of a port is left out', () => {
    expectEncoded(ns.gpnFt, { fc4Type: 8 }, `${ask('0172')} 00000008`);
  });
});
