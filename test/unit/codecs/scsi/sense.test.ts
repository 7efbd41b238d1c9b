/** Sense data in both formats; layout: SPC-5, 4.4, as sg_decode_sense reads it. */
import { describe, expect, test } from 'vitest';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  fieldPointerBits,
  fixedSense,
  formatSense,
  isDeferred,
  PROGRESS_WHOLE,
  parseFieldPointer,
  progressOf,
  SenseCode,
  SenseKey,
  sense,
  senseText,
} from '../../../../src/codecs/scsi/index.ts';
import { checkEveryLength, checkTiled } from '../every-length.ts';

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

  test('field pointers and progress', () => {
    // SPC-5: SKSV aside, C/D is bit 6, BPV bit 3, bit pointer bits 2-0 of the first byte.
    expect(fieldPointerBits({ inCdb: true, byte: 0x1234 })).toBe(0x40_1234);
    expect(fieldPointerBits({ inCdb: false, byte: 3, bit: 5 })).toBe(0x0d_0003);
    expect(parseFieldPointer(0x00_0007)).toEqual({ inCdb: false, byte: 7 });
    expect(() => fieldPointerBits({ inCdb: true, byte: 0x1_0000 })).toThrow(RangeError);
    expect(() => fieldPointerBits({ inCdb: true, byte: 0, bit: 8 })).toThrow(RangeError);
    expect(progressOf(0x00_8000) / PROGRESS_WHOLE).toBe(0.5);
  });
});

describe('additional sense codes', () => {
  // Phrases as T10 assigned them, those that a move of a path or a port can meet.
  test.each([
    [0x04, 0x01, 'LOGICAL UNIT IS IN PROCESS OF BECOMING READY'],
    [0x04, 0x0a, 'LOGICAL UNIT NOT ACCESSIBLE, ASYMMETRIC ACCESS STATE TRANSITION'],
    [0x04, 0x0b, 'LOGICAL UNIT NOT ACCESSIBLE, TARGET PORT IN STANDBY STATE'],
    [0x04, 0x0c, 'LOGICAL UNIT NOT ACCESSIBLE, TARGET PORT IN UNAVAILABLE STATE'],
    [0x08, 0x01, 'LOGICAL UNIT COMMUNICATION TIME-OUT'],
    [0x0d, 0x02, 'COPY TARGET DEVICE NOT REACHABLE'],
    [0x25, 0x00, 'LOGICAL UNIT NOT SUPPORTED'],
    [0x26, 0x04, 'INVALID RELEASE OF PERSISTENT RESERVATION'],
    [0x29, 0x00, 'POWER ON, RESET, OR BUS DEVICE RESET OCCURRED'],
    [0x29, 0x07, 'I_T NEXUS LOSS OCCURRED'],
    [0x2a, 0x03, 'RESERVATIONS PREEMPTED'],
    [0x2a, 0x06, 'ASYMMETRIC ACCESS STATE CHANGED'],
    [0x2a, 0x07, 'IMPLICIT ASYMMETRIC ACCESS STATE TRANSITION FAILED'],
    [0x2a, 0x09, 'CAPACITY DATA HAS CHANGED'],
    [0x2c, 0x09, 'PREVIOUS RESERVATION CONFLICT STATUS'],
    [0x2f, 0x02, 'COMMANDS CLEARED BY DEVICE SERVER'],
    [0x38, 0x07, 'THIN PROVISIONING SOFT THRESHOLD REACHED'],
    [0x3f, 0x0e, 'REPORTED LUNS DATA HAS CHANGED'],
    [0x44, 0x01, 'PERSISTENT RESERVATION INFORMATION LOST'],
    [0x4e, 0x00, 'OVERLAPPED COMMANDS ATTEMPTED'],
    [0x55, 0x04, 'INSUFFICIENT REGISTRATION RESOURCES'],
    [0x74, 0x71, 'LOGICAL UNIT ACCESS NOT AUTHORIZED'],
  ])('%i/%i', (asc, ascq, phrase) => {
    expect(senseText(asc, ascq)).toBe(phrase);
  });

  test('codes with a number of their own', () => {
    expect(senseText(0x4d, 0x1f)).toBe('TAGGED OVERLAPPED COMMANDS, TASK TAG 1Fh');
    expect(senseText(0x40, 0x85)).toBe('DIAGNOSTIC FAILURE ON COMPONENT 85h');
    expect(senseText(0x70, 0x03)).toBe('DECOMPRESSION EXCEPTION SHORT ALGORITHM ID OF 03h');
  });

  test('vendor specific and unassigned codes have none', () => {
    expect(senseText(0x80, 0x00)).toBeUndefined();
    expect(senseText(0xff, 0xff)).toBeUndefined();
    expect(senseText(0x04, 0xfe)).toBeUndefined();
  });

  test('every named condition is one that T10 assigned', () => {
    for (const [name, code] of Object.entries(SenseCode)) {
      const phrase = senseText(code >> 8, code & 0xff);
      expect(phrase, name).toBeDefined();
      const words = phrase!.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
      const tail = name.split('_').filter((word) => !words.includes(word));
      expect(tail, `${name}: ${phrase}`).toEqual([]);
    }
  });

  test('as a person reads it', () => {
    expect(formatSense({ senseKey: 6, asc: 0x29, ascq: 7 })).toBe(
      'UNIT ATTENTION 29/07 I_T NEXUS LOSS OCCURRED',
    );
    expect(formatSense({ senseKey: 9, asc: 0x80, ascq: 1 })).toBe('VENDOR SPECIFIC 80/01');
  });
});
