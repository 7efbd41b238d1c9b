/**
 * Additional sense codes 00h to 1Fh: a sample of those that tshark -G values (scsi.sns.ascascq of
 * Wireshark 4.0.17) and `sg_decode_sense` of sg3_utils 1.46 print alike.
 */
import { expect, test } from 'vitest';
import { phrases00 } from '../../../../src/codecs/scsi/asc-00.ts';

test.each([
  [0x0000, 'NO ADDITIONAL SENSE INFORMATION'],
  [0x0017, 'CLEANING REQUESTED'],
  [0x001c, 'VERIFY OPERATION IN PROGRESS'],
  [0x0401, 'LOGICAL UNIT IS IN PROCESS OF BECOMING READY'],
  [0x0407, 'LOGICAL UNIT NOT READY, OPERATION IN PROGRESS'],
  [0x0800, 'LOGICAL UNIT COMMUNICATION FAILURE'],
  [0x0900, 'TRACK FOLLOWING ERROR'],
  [0x0b02, 'WARNING - ENCLOSURE DEGRADED'],
  [0x0c06, 'BLOCK NOT COMPRESSIBLE'],
  [0x0d04, 'COPY TARGET DEVICE DATA UNDERRUN'],
  [0x1102, 'ERROR TOO LONG TO CORRECT'],
  [0x110c, 'UNRECOVERED READ ERROR - RECOMMEND REWRITE THE DATA'],
  [0x1400, 'RECORDED ENTITY NOT FOUND'],
  [0x1501, 'MECHANICAL POSITIONING ERROR'],
  [0x1603, 'DATA SYNC ERROR - DATA AUTO-REALLOCATED'],
  [0x1703, 'RECOVERED DATA WITH NEGATIVE HEAD OFFSET'],
  [0x1709, 'RECOVERED DATA WITHOUT ECC - DATA REWRITTEN'],
  [0x1806, 'RECOVERED DATA - RECOMMEND REWRITE'],
])('%i', (code, phrase) => expect(phrases00[code]).toBe(phrase));

test('codes lie in their range, phrases are in capitals', () => {
  const codes = Object.keys(phrases00).map(Number);
  expect(codes).toHaveLength(212);
  for (const code of codes) {
    expect(code).toBeGreaterThanOrEqual(0x0000);
    expect(code).toBeLessThanOrEqual(0x1fff);
    expect(phrases00[code]!.replace('iuCRC', '')).not.toMatch(/[a-z]/);
  }
});
