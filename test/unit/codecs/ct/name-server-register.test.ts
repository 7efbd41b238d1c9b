/** Registrations: what tshark 4.0.17 reads of them (fcdns.*), and what Linux and ESXi send. */
import { describe, expect, test } from 'vitest';
import { fc4TypeMap } from '../../../../src/codecs/ct/fc4-types.ts';
import * as ns from '../../../../src/codecs/ct/name-server-register.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const NODE = '1000525400aa0001';
const portName = 0x2000_5254_00aa_0001n;
const nodeName = 0x1000_5254_00aa_0001n;
const IP = `${'00'.repeat(12)}0a000001`;
const TYPES = `00000100 00000001 ${'00'.repeat(24)}`;
const port = { portId: 0x01_0203 };

describe('registrations of a port', () => {
  test.each([
    ['0212', ns.rpnId, `00010203 ${PORT}`, { ...port, portName }],
    ['0213', ns.rnnId, `00010203 ${NODE}`, { ...port, nodeName }],
    ['0214', ns.rcsId, '00010203 00000008', { ...port, classOfService: 8 }],
    ['0217', ns.rftId, `00010203 ${TYPES}`, { ...port, fc4Types: fc4TypeMap([8, 0x20]) }],
    ['0218', ns.rspnId, '00010203 05 68656c6c6f', { ...port, nameLengthBytes: 5, name: 'hello' }],
    ['021a', ns.rptId, '00010203 01000000', { ...port, portType: 1 }],
    ['021b', ns.rippId, `00010203 ${IP}`, { ...port, portIpAddress: parseHex(IP) }],
    ['021d', ns.rhaId, '00010203 000a0b0c', { ...port, hardAddress: 0x0a_0b0c }],
    ['021f', ns.rffId, '00010203 00000208', { ...port, fc4Features: 2, fc4Type: 8 }],
    ['0235', ns.ripNn, `${NODE} ${IP}`, { nodeName, nodeIpAddress: parseHex(IP) }],
    ['0239', ns.rsnnNn, `${NODE} 04 6e6f6465`, { nodeName, name: 'node' }],
    ['0300', ns.daId, '00010203', port],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${preamble('fc02', command)} ${body}`, fields);
  });

  test('RFD_ID: types, then a descriptor of 256 bytes for each', () => {
    const descriptor = `04 46435000 ${'00'.repeat(251)}`;
    const bytes = parseHex(`${preamble('fc02', '021e')} 00010203 ${TYPES} ${descriptor}`);
    const value = ns.rfdId.decode(bytes);
    expect(value.descriptors).toHaveLength(1);
    expect(ns.rfdId.encode(value)).toEqual(bytes);
  });

  test.each([
    ['RPN_ID', ns.rpnIdAccept],
    ['RFT_ID', ns.rftIdAccept],
    ['RFF_ID', ns.rffIdAccept],
    ['RSNN_NN', ns.rsnnNnAccept],
    ['DA_ID', ns.daIdAccept],
  ] as const)('%s is accepted with the preamble alone', (name, by) => {
    expectVector(by, preamble('fc02', ACCEPT), { kind: `CT_ACC ${name}` });
  });

  test('Linux sends RFT_ID and RFF_ID so (fabric-advloss.pcap, esxi-cisco)', () => {
    const fc4Types = fc4TypeMap([0x08, 0x20]);
    expect(formatHex(ns.rftId.encode({ portId: 0x01_0e01, fc4Types }))).toBe(
      `01000000fc020000021700000000000000010e010000010000000001${'00'.repeat(24)}`,
    );
    expect(formatHex(ns.rffId.encode({ portId: 0x01_0001, fc4Features: 2, fc4Type: 8 }))).toBe(
      '01000000fc020000021f0000000000000001000100000208',
    );
    expect(ns.rftId.minBytes).toBe(52);
  });
});
