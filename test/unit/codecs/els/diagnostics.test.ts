/** FPIN, EDC, RDF, RDP, LCB, QFPA, UVEM: bytes written from the structures of Linux' fc_els.h and lpfc_hw.h. */
import { describe, expect, test } from 'vitest';
import {
  edc,
  edcAccept,
  fpin,
  LcbSubCommand,
  LcbType,
  lcb,
  lcbAccept,
  qfpa,
  qfpaAccept,
  rdf,
  rdfAccept,
  rdp,
  rdpAccept,
  uvem,
  uvemAccept,
} from '../../../../src/codecs/els/diagnostics.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const REQUEST = '00000001 00000004 00000000';

describe('services with a list of descriptors', () => {
  const NOTIFICATION = '00020004 0000000c 0001 0000 0000000a f1000000';
  const REGISTRATION = '00030001 00000008 00000001 00020004';

  test.each([
    ['FPIN', fpin, `16000000 00000014 ${NOTIFICATION}`, 'CONGESTION_NOTIFICATION'],
    ['RDF', rdf, `19000000 00000010 ${REGISTRATION}`, 'FPIN_REGISTRATION'],
    ['RDP', rdp, '18000000 0000000c 00000003 00000004 00010203', 'N_PORT_ID'],
    [
      'EDC',
      edc,
      `17000000 00000014 0001000d 0000000c ${'00000001'.repeat(3)}`,
      'LINK_FAULT_CAPABILITY',
    ],
    ['UVEM', uvem, `b1000000 00000018 0001000a 00000010 ${'5a'.repeat(16)}`, 'VEM_ID'],
    ['LS_ACC EDC', edcAccept, `02000000 0000000c ${REQUEST}`, 'LINK_SERVICE_REQUEST_INFORMATION'],
    ['LS_ACC RDF', rdfAccept, `02000000 0000000c ${REQUEST}`, 'LINK_SERVICE_REQUEST_INFORMATION'],
    ['LS_ACC RDP', rdpAccept, `02000000 0000000c ${REQUEST}`, 'LINK_SERVICE_REQUEST_INFORMATION'],
    ['LS_ACC QFPA', qfpaAccept, '02000000 0000000c 00010009 00000004 10200301', 'PRIORITY_RANGE'],
  ] as const)('%s', (kind, by, hex, descriptor) => {
    const length = parseHex(hex).length - 8;
    expectVector(by, hex, {
      kind,
      descriptorListLengthBytes: length,
      descriptors: [{ kind: descriptor }],
    });
  });

  test('a length that says more than is there is refused, one that says less is not', () => {
    const bytes = parseHex(`16000000 00000010 ${NOTIFICATION}`);
    expect(fpin.decode(bytes).descriptors).toHaveLength(1);
    bytes[7] = 21;
    expect(() => fpin.decode(bytes)).toThrow(CodecError);
  });
});

describe('LCB', () => {
  test('sub-command, capability, type, frequency, duration: struct fc_lcb_request_frame of lpfc_hw.h', () => {
    const BODY = '01 0000 03 02 05 0078';
    const body = {
      subCommand: LcbSubCommand.ON,
      capability: 3,
      type: LcbType.AMBER,
      frequency: 5,
      durationSeconds: 120,
    };
    expectVector(lcb, `81000000 ${BODY}`, body);
    expectVector(lcbAccept, `02000000 ${BODY}`, body);
    expectEncoded(lcb, { subCommand: 2, type: 1 }, '81000000 02000000 01000000');
    expect(LcbSubCommand).toEqual({ ON: 1, OFF: 2 });
    expect(LcbType).toEqual({ GREEN: 1, AMBER: 2 });
  });
});

describe('QFPA and the accept of UVEM', () => {
  test('are a word', () => {
    expectVector(qfpa, 'b0000000', { kind: 'QFPA' });
    expectVector(uvemAccept, '02000000', { kind: 'LS_ACC UVEM' });
  });
});
