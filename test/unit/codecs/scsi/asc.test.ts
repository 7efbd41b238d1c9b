/** Additional sense codes. Phrases: T10; sg_decode_sense of sg3_utils 1.46 prints 758 of our 764 alike. */
import { describe, expect, test } from 'vitest';
import { SenseCode, senseText } from '../../../../src/codecs/scsi/asc.ts';

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

  test('codes that name a component, a tag or an algorithm begin and end where T10 says', () => {
    expect(senseText(0x40, 0x01)).toBe('RAM FAILURE 01h');
    expect(senseText(0x40, 0x7f)).toBe('RAM FAILURE 7Fh');
    expect(senseText(0x40, 0x80)).toBe('DIAGNOSTIC FAILURE ON COMPONENT 80h');
    expect(senseText(0x40, 0x00)).toBe('RAM FAILURE (SHOULD USE 40 NN)');
    expect(senseText(0x41, 0x01)).toBe('DATA PATH FAILURE 01h');
    expect(senseText(0x42, 0xff)).toBe('POWER-ON OR SELF-TEST FAILURE FFh');
    expect(senseText(0x70, 0x00)).toBe('DECOMPRESSION EXCEPTION SHORT ALGORITHM ID OF 00h');
  });

  // Linux 6.1, scsi_dh_alua.c, scsi_error.c and target_core_transport.c compare with these numbers.
  test('the conditions that hosts tell apart have the numbers of T10', () => {
    expect(SenseCode).toMatchObject({
      ASYMMETRIC_ACCESS_STATE_TRANSITION: 0x040a,
      TARGET_PORT_IN_STANDBY_STATE: 0x040b,
      TARGET_PORT_IN_UNAVAILABLE_STATE: 0x040c,
      INVALID_FIELD_IN_CDB: 0x2400,
      LOGICAL_UNIT_NOT_SUPPORTED: 0x2500,
      POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED: 0x2900,
      I_T_NEXUS_LOSS_OCCURRED: 0x2907,
      RESERVATIONS_PREEMPTED: 0x2a03,
      ASYMMETRIC_ACCESS_STATE_CHANGED: 0x2a06,
      CAPACITY_DATA_HAS_CHANGED: 0x2a09,
      REPORTED_LUNS_DATA_HAS_CHANGED: 0x3f0e,
    });
  });
});
