/**
 * Additional sense codes 40h to 7Fh: a sample of those that tshark -G values (scsi.sns.ascascq of
 * Wireshark 4.0.17) and `sg_decode_sense` of sg3_utils 1.46 print alike.
 */
import { expect, test } from 'vitest';
import { phrases40 } from '../../../../src/codecs/scsi/asc-40.ts';

test.each([
  [0x4300, 'MESSAGE ERROR'],
  [0x4500, 'SELECT OR RESELECT FAILURE'],
  [0x4700, 'SCSI PARITY ERROR'],
  [0x4702, 'SCSI PARITY ERROR DETECTED DURING ST DATA PHASE'],
  [0x4800, 'INITIATOR DETECTED ERROR MESSAGE RECEIVED'],
  [0x4a00, 'COMMAND PHASE ERROR'],
  [0x4c00, 'LOGICAL UNIT FAILED SELF-CONFIGURATION'],
  [0x5300, 'MEDIA LOAD OR EJECT FAILED'],
  [0x5501, 'SYSTEM BUFFER FULL'],
  [0x5503, 'INSUFFICIENT RESOURCES'],
  [0x5a00, 'OPERATOR REQUEST OR STATE CHANGE INPUT'],
  [0x5a02, 'OPERATOR SELECTED WRITE PROTECT'],
  [0x5b00, 'LOG EXCEPTION'],
  [0x5b02, 'LOG COUNTER AT MAXIMUM'],
  [0x5d00, 'FAILURE PREDICTION THRESHOLD EXCEEDED'],
  [0x5e00, 'LOW POWER CONDITION ON'],
  [0x5e02, 'STANDBY CONDITION ACTIVATED BY TIMER'],
  [0x5e04, 'STANDBY CONDITION ACTIVATED BY COMMAND'],
])('%i', (code, phrase) => expect(phrases40[code]).toBe(phrase));

test('codes lie in their range, phrases are in capitals', () => {
  const codes = Object.keys(phrases40).map(Number);
  expect(codes).toHaveLength(297);
  for (const code of codes) {
    expect(code).toBeGreaterThanOrEqual(0x4000);
    expect(code).toBeLessThanOrEqual(0x7fff);
    expect(phrases40[code]!.replace('iuCRC', '')).not.toMatch(/[a-z]/);
  }
});
