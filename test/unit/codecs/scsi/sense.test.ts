/** Sense data in both formats; layout: SPC-5, 4.4, as sg_decode_sense reads it. */
import { describe, expect, test } from 'vitest';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  descriptorSense,
  fixedSense,
  formatSense,
  isDeferred,
  sense,
} from '../../../../src/codecs/scsi/sense.ts';
import { parseFieldPointer, SenseKey } from '../../../../src/codecs/scsi/sense-key.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import { checkVector } from '../../../helpers/vector.ts';

const hex = (text: string) => text.replaceAll(/\s/g, '');

describe('sense data', () => {
  test('fixed format: ILLEGAL REQUEST, field 2 bit 7 of the CDB', () => {
    // SPC-5: byte 2 key, 7 additional length, 12-13 codes, 14 FRU, 15-17 sense key specific.
    const bytes = parseHex(hex('f0 00 05 00001234 0a 00000000 24 00 09 cf0002'));
    const one = sense.decode(bytes);
    if (one.kind !== 'fixed') throw new TypeError(one.kind);
    expect(one).toMatchObject({
      valid: 1,
      senseKey: SenseKey.ILLEGAL_REQUEST,
      information: 0x1234,
      asc: 0x24,
      ascq: 0,
      fieldReplaceableUnitCode: 9,
      sksv: 1,
    });
    expect(parseFieldPointer(one.senseKeySpecific)).toEqual({ inCdb: true, byte: 2, bit: 7 });
    expect(isDeferred(one)).toBe(false);
    expect(formatHex(sense.encode(one))).toBe(formatHex(bytes));
    checkTiled(sense, bytes);
    expect(checkEveryLength(sense, bytes)).toBe(1);
  });

  test('fixed format, deferred, longer than 18 bytes', () => {
    const bytes = parseHex(hex('71 00 e3 00000000 0c 00000000 11 00 00 000000 abcd'));
    const one = fixedSense.decode(bytes);
    expect(one).toMatchObject({ filemark: 1, eom: 1, ili: 1, senseKey: SenseKey.MEDIUM_ERROR });
    expect(formatHex(one.additionalSenseBytes)).toBe('abcd');
    expect(isDeferred(one)).toBe(true);
    expect(formatHex(fixedSense.encode({ ...one }))).toBe(formatHex(bytes));
  });

  test('descriptor format: information, and a descriptor nobody knows', () => {
    const bytes = parseHex(hex('72 06 2a 06 000000 10  00 0a 80 00 0000000000000005  fe 02 1234'));
    const one = sense.decode(bytes);
    if (one.kind !== 'descriptor') throw new TypeError(one.kind);
    expect(one.descriptors).toMatchObject([
      { kind: 'information', valid: 1, information: 5n },
      { kind: 'unknown', raw: parseHex('fe021234') },
    ]);
    expect(formatHex(sense.encode(one))).toBe(formatHex(bytes));
    checkTiled(sense, bytes);
    checkEveryLength(sense, bytes);
  });

  test('a descriptor that runs past the end is refused', () => {
    expect(() => sense.decode(parseHex(hex('72 06 2a 06 000000 04  00 0a 80 00')))).toThrow(
      CodecError,
    );
  });

  test('vendor specific sense is kept', () => {
    const bytes = parseHex('7f010203');
    expect(sense.decode(bytes)).toEqual({ kind: 'unknown', raw: bytes });
  });

  test('fixed format: each flag of byte 2 has its bit', () => {
    const of = (byte: string) => fixedSense.decode(parseHex(`7000${byte}${'00'.repeat(15)}`));
    expect(of('86')).toMatchObject({ filemark: 1, eom: 0, ili: 0, sdatOvfl: 0, senseKey: 6 });
    expect(of('4b')).toMatchObject({ filemark: 0, eom: 1, ili: 0, sdatOvfl: 0, senseKey: 11 });
    expect(of('2e')).toMatchObject({ filemark: 0, eom: 0, ili: 1, sdatOvfl: 0, senseKey: 14 });
    expect(of('15')).toMatchObject({ filemark: 0, eom: 0, ili: 0, sdatOvfl: 1, senseKey: 5 });
  });

  test('fixed format is made from what matters', () => {
    checkVector(
      fixedSense,
      '70 00 06 00000000 0a 00000000 29 07 00 000000',
      { kind: 'fixed', responseCode: 0x70, additionalSenseLengthBytes: 10 },
      { senseKey: SenseKey.UNIT_ATTENTION, asc: 0x29, ascq: 7 },
    );
  });

  test('descriptor format, deferred, overflown', () => {
    checkVector(descriptorSense, '73 03 11 00 80 0000 00', {
      kind: 'descriptor',
      responseCode: 0x73,
      senseKey: SenseKey.MEDIUM_ERROR,
      asc: 0x11,
      ascq: 0,
      sdatOvfl: 1,
      descriptors: [],
    });
    expect(isDeferred(descriptorSense.decode(parseHex('7303110080000000')))).toBe(true);
    expect(isDeferred(descriptorSense.decode(parseHex('7203110000000000')))).toBe(false);
  });

  test('as a person reads it', () => {
    expect(formatSense({ senseKey: 6, asc: 0x29, ascq: 7 })).toBe(
      'UNIT ATTENTION 29/07 I_T NEXUS LOSS OCCURRED',
    );
    expect(formatSense({ senseKey: 9, asc: 0x80, ascq: 1 })).toBe('VENDOR SPECIFIC 80/01');
  });
});
