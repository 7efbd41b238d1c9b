/** FDMI: what ESXi registers (esxi-cisco/fcoe1-both.pcap, frames 18 to 22), and the layouts of fc_ms.h. */
import { describe, expect, test } from 'vitest';
import * as fdmi from '../../../../src/codecs/ct/fdmi.ts';
import { FdmiCommand } from '../../../../src/codecs/ct/fdmi-codes.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const WWN = '2000001b21847463';
const wwn = 0x2000_001b_2184_7463n;
const SIZE = '0004 0008 00000840';
const size = { kind: 'MAX_FRAME_SIZE', value: 2112 };
const PORTS = '000e 0008 00000001';
const ports = { kind: 'NUMBER_OF_PORTS', value: 1 };
const ask = (command: string) => preamble('fa10', command);
const YES = preamble('fa10', ACCEPT);

describe('registrations', () => {
  test.each([
    [
      '0200',
      fdmi.rhba,
      `${WWN} 00000001 ${WWN} 00000001 ${PORTS}`,
      {
        hbaIdentifier: wwn,
        portCount: 1,
        portNames: [wwn],
        attributeCount: 1,
        attributes: [ports],
      },
    ],
    ['0201', fdmi.rhat, `${WWN} 00000001 ${PORTS}`, { hbaIdentifier: wwn, attributes: [ports] }],
    [
      '0210',
      fdmi.rprt,
      `${WWN} ${WWN} 00000001 ${SIZE}`,
      { hbaIdentifier: wwn, portName: wwn, attributes: [size] },
    ],
    ['0211', fdmi.rpa, `${WWN} 00000001 ${SIZE}`, { portName: wwn, attributes: [size] }],
    ['0300', fdmi.dhba, WWN, { hbaIdentifier: wwn }],
    ['0301', fdmi.dhat, WWN, { hbaIdentifier: wwn }],
    ['0310', fdmi.dprt, WWN, { portName: wwn }],
    ['0311', fdmi.dpa, WWN, { portName: wwn }],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${ask(command)} ${body}`, fields);
  });

  test.each([
    ['RHBA', fdmi.rhbaAccept],
    ['RPA', fdmi.rpaAccept],
    ['DHBA', fdmi.dhbaAccept],
  ] as const)('%s is accepted with the preamble alone', (name, by) => {
    expectVector(by, YES, { kind: `CT_ACC ${name}` });
  });
});

describe('questions', () => {
  test.each([
    ['0100', fdmi.grhl, '', {}],
    ['0101', fdmi.ghat, WWN, { hbaIdentifier: wwn }],
    ['0102', fdmi.grpl, WWN, { hbaIdentifier: wwn }],
    ['0110', fdmi.gpat, WWN, { portName: wwn }],
    ['0120', fdmi.gpas, WWN, { portName: wwn }],
  ] as const)('%s', (command, by, body, fields) => {
    expectVector(by, `${ask(command)} ${body}`, fields);
  });

  test.each([
    ['GRHL', fdmi.grhlAccept, `00000001 ${WWN}`, { hbaCount: 1, hbaIdentifiers: [wwn] }],
    [
      'GHAT',
      fdmi.ghatAccept,
      `00000001 ${WWN} 00000001 ${PORTS}`,
      { portNames: [wwn], attributes: [ports] },
    ],
    ['GRPL', fdmi.grplAccept, `00000001 ${WWN}`, { portCount: 1, portNames: [wwn] }],
    ['GPAT', fdmi.gpatAccept, `00000001 ${SIZE}`, { attributes: [size] }],
  ] as const)('accept of %s', (name, by, body, fields) => {
    expectVector(by, `${YES} ${body}`, { kind: `CT_ACC ${name}`, ...fields });
  });

  test('statistics stay bytes', () => {
    const statistics = parseHex('0102');
    expectEncoded(fdmi.gpasAccept, { statistics }, `${YES} 0102`);
  });
});

test('each command has a request and an accept', () => {
  expect(Object.keys(fdmi.fdmiRequests)).toEqual(Object.keys(FdmiCommand));
  expect(Object.keys(fdmi.fdmiAccepts)).toEqual(Object.keys(FdmiCommand));
});
