/** RNC: bytes written from the tables of the Seagate and Hitachi drive manuals. */
import { describe, expect, test } from 'vitest';
import {
  RncDocument,
  RncEntryFlags,
  rnc,
  rncAccept,
  rncEntry,
} from '../../../../src/codecs/els/capability.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectVector } from '../../../helpers/vector.ts';

describe('RNC', () => {
  /** Sixteen bytes of head, FC-AL 4.5 and FC-PLDA 2.1. */
  const ACCEPT = `0200001800000000${Buffer.from('SEAGATE ').toString('hex')}00132d2d00251515`;

  test('asks, and is told standards with their revisions', () => {
    const value = rncAccept.decode(parseHex(ACCEPT));
    expect(value).toMatchObject({
      payloadLengthBytes: 24,
      vendorInformationLengthBytes: 0,
      vendorId: 'SEAGATE ',
      entries: [
        { flags: 0, document: 0x13, lowRevisionTenths: 45, highRevisionTenths: 45 },
        { flags: 0, document: 0x25, lowRevisionTenths: 21, highRevisionTenths: 21 },
      ],
    });
    expect(formatHex(rncAccept.encode(value))).toBe(ACCEPT);
    expect(formatHex(rnc.encode({ vendorId: '', entries: [] }))).toBe(
      `5300001000000000${'20'.repeat(8)}`,
    );
  });

  test('an extended entry is longer, and the vendor’s information stands at the end', () => {
    const hex = `5300001f80000003${'20'.repeat(8)}4013000000000008aabbccdd010203`;
    const value = rnc.decode(parseHex(hex));
    expect(value).toMatchObject({
      flags: 0x80,
      entries: [{ flags: 0x40, extension: { data: parseHex('aabbccdd') } }],
      vendorInformation: parseHex('010203'),
    });
    expect(formatHex(rnc.encode(value))).toBe(hex);
  });

  test('lengths that contradict one another are refused', () => {
    const head = (lengths: string) => parseHex(`5300${lengths}${'20'.repeat(8)}010203`);
    expect(() => rnc.decode(head('001000000003'))).toThrow(CodecError);
    expect(() => rnc.decode(head('000f00000000'))).toThrow(CodecError);
    expect(rnc.minBytes).toBe(16);
  });

  test('an entry is four bytes, and its document one of the Ultrastar 15K450 specification', () => {
    expectVector(rncEntry, '20132d2d', {
      flags: RncEntryFlags.VENDOR_UNIQUE_OF_RECIPIENT,
      document: RncDocument['FC-AL'],
    });
    expect(RncDocument).toMatchObject({
      'FC-LE': 0x01,
      'SCSI-FCP': 0x04,
      'FC-GS': 0x10,
      'FC-SW': 0x12,
      'FC-AL': 0x13,
      'FC-PLDA': 0x25,
    });
    expect(Object.values(RncEntryFlags)).toEqual([0x80, 0x40, 0x20, 0x10]);
  });
});
