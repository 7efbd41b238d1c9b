/** The fabric configuration server: what tshark 4.0.17 reads of its messages (fcs.*). */
import { describe, expect, test } from 'vitest';
import * as fcs from '../../../../src/codecs/ct/configuration-server.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const NODE = '1000525400aa0001';
const portName = 0x2000_5254_00aa_0001n;
const nodeName = 0x1000_5254_00aa_0001n;
const HELLO = '05 68656c6c6f';
const HELLO_OBJECT = `${HELLO} ${'00'.repeat(250)}`;
const object = { nameLengthBytes: 5, name: 'hello'.padEnd(255, '\0') };
const element = { interconnectElementName: portName };
const ask = (command: string) => preamble('fa01', command);
const YES = preamble('fa01', ACCEPT);

describe('questions about an interconnect element', () => {
  test.each([
    ['0111', fcs.giet],
    ['0112', fcs.gdid],
    ['0113', fcs.gmid],
    ['0114', fcs.gfn],
    ['0115', fcs.gieln],
    ['0116', fcs.gmal],
    ['0117', fcs.gieil],
    ['0118', fcs.gpl],
  ] as const)('%s', (command, by) => {
    expectVector(by, `${ask(command)} ${PORT}`, element);
  });

  test.each([
    // tshark: Switch (0x01); Domain ID 0x05; Mgmt. ID ff.fc.05; Fabric Name; Logical Name hello.
    [
      'GIEL',
      fcs.gielAccept,
      `00000001 ${PORT} 00000001`,
      { entries: [{ ...element, elementType: 1 }] },
    ],
    ['GIET', fcs.gietAccept, '00000001', { elementType: 1 }],
    ['GDID', fcs.gdidAccept, '00050000', { domainId: 5 }],
    ['GMID', fcs.gmidAccept, '00fffc05', { managementId: 0xff_fc05 }],
    ['GFN', fcs.gfnAccept, NODE, { fabricName: nodeName }],
    ['GIELN', fcs.gielnAccept, HELLO, { name: 'hello' }],
    // tshark: SFP with Serial ID (0x08), Short Wave Laser (0x03), F_Port (0x81).
    [
      'GPL',
      fcs.gplAccept,
      `00000001 ${PORT} 00080381`,
      { entries: [{ portName, moduleType: 8, transmitterType: 3, portType: 0x81 }] },
    ],
  ] as const)('accept of %s', (name, by, body, fields) => {
    expectVector(by, `${YES} ${body}`, { kind: `CT_ACC ${name}`, ...fields });
  });

  test('addresses and information: List Length 8, Model Mod, Release Code R (tshark)', () => {
    const addresses = fcs.gmalAccept.decode(parseHex(`${YES} 00000001 ${HELLO_OBJECT}`));
    expect(addresses.entries).toEqual([object]);
    const value = expectVector(fcs.gieilAccept, `${YES} 000000 08 5600 4d6f6400 5200`, {
      informationLengthBytes: 8,
      information: 'V\0Mod\0R\0',
    });
    expect(fcs.informationOf(value.information)).toEqual(['V', 'Mod', 'R']);
    expect(fcs.informationOf('')).toEqual([]);
  });
});

describe('questions about a port', () => {
  test.each([
    ['0121', fcs.gpt],
    ['0122', fcs.gppn],
    ['0124', fcs.gapnl],
    ['0126', fcs.gps],
  ] as const)('%s', (command, by) => {
    expectVector(by, `${ask(command)} ${PORT}`, { portName });
  });

  test.each([
    ['GPT', fcs.gptAccept, '00000081', { portType: 0x81 }],
    ['GPPN', fcs.gppnAccept, '00000007', { physicalPortNumber: 7 }],
    // tshark: RTIN ELS Supported, N_Port.
    [
      'GAPNL',
      fcs.gapnlAccept,
      `00000001 ${PORT} 00000101`,
      { entries: [{ portFlags: 1, portType: 1 }] },
    ],
    ['GPS', fcs.gpsAccept, '00000001 00000002', { portType: 1, portState: 2 }],
  ] as const)('accept of %s', (name, by, body, fields) => {
    expectVector(by, `${YES} ${body}`, { kind: `CT_ACC ${name}`, ...fields });
  });
});

describe('platforms', () => {
  test.each([
    ['0191', fcs.gplnl],
    ['0192', fcs.gplt],
    ['0193', fcs.gplml],
    ['0380', fcs.dpl],
    ['0393', fcs.dplml],
  ] as const)('%s: by name', (command, by) => {
    expectVector(by, `${ask(command)} ${HELLO}`, { name: 'hello' });
  });

  test.each([
    ['01a1', fcs.gnpl, NODE, { nodeName }],
    ['0391', fcs.dpln, NODE, { nodeName }],
    ['0215', fcs.rieln, `${PORT} ${HELLO}`, { ...element, name: 'hello' }],
    ['0291', fcs.rpln, `${HELLO_OBJECT} ${NODE}`, { platformName: object, nodeName }],
    // tshark: Host Computer (0x0a).
    ['0292', fcs.rplt, `${HELLO_OBJECT} 0000000a`, { platformName: object, platformType: 10 }],
    [
      '0293',
      fcs.rplm,
      `${HELLO_OBJECT} ${HELLO_OBJECT}`,
      { platformName: object, managementAddress: object },
    ],
    [
      '0280',
      fcs.rpl,
      `${HELLO_OBJECT} 0000000a 00000001 ${HELLO_OBJECT} 00000001 ${NODE}`,
      {
        platformName: object,
        platformType: 10,
        addressCount: 1,
        managementAddresses: [object],
        nodeNameCount: 1,
        nodeNames: [nodeName],
      },
    ],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${ask(command)} ${body}`, fields);
  });

  test.each([
    ['GPLNL', fcs.gplnlAccept, `00000001 ${NODE}`, { entryCount: 1, entries: [nodeName] }],
    ['GPLT', fcs.gpltAccept, '0000000a', { platformType: 10 }],
    ['GPLML', fcs.gplmlAccept, `00000001 ${HELLO_OBJECT}`, { entries: [object] }],
    ['GNPL', fcs.gnplAccept, HELLO, { name: 'hello' }],
    ['GPNL', fcs.gpnlAccept, `00000001 ${HELLO_OBJECT}`, { entries: [object] }],
    ['RPL', fcs.rplAccept, '', {}],
    ['DPLML', fcs.dplmlAccept, '', {}],
  ] as const)('accept of %s', (name, by, body, fields) => {
    expectVector(by, `${YES} ${body}`, { kind: `CT_ACC ${name}`, ...fields });
  });
});

describe('the server itself', () => {
  test('Basic+Platform+Topology Discovery (tshark: mask 7 behind the subtype)', () => {
    expectVector(fcs.gcap, ask('e020'), { kind: 'GCAP' });
    expectVector(fcs.gcapAccept, `${YES} 00000001 01000000 00000007`, {
      entries: [{ subtype: 1, vendorCapabilities: 0, capabilities: 7 }],
    });
    expectVector(fcs.giel, ask('0101'), { kind: 'GIEL' });
    expectVector(fcs.gpnl, ask('01a2'), { kind: 'GPNL' });
  });

  test('messages without a public layout keep their payload', () => {
    const payload = parseHex('c0ffee');
    expectEncoded(fcs.gtin, { payload }, `${ask('0100')} c0ffee`);
    expectEncoded(fcs.gatin, { payload }, `${ask('0128')} c0ffee`);
    expectEncoded(fcs.gnid, { payload }, `${ask('01b1')} c0ffee`);
    expectEncoded(fcs.gnidAccept, { payload }, `${YES} c0ffee`);
  });
});
