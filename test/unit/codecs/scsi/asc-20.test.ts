/**
 * Additional sense codes 20h to 3Fh: a sample of those that tshark -G values (scsi.sns.ascascq of
 * Wireshark 4.0.17) and `sg_decode_sense` of sg3_utils 1.46 print alike.
 */
import { expect, test } from 'vitest';
import { phrases20 } from '../../../../src/codecs/scsi/asc-20.ts';

test.each([
  [0x2000, 'INVALID COMMAND OPERATION CODE'],
  [0x2600, 'INVALID FIELD IN PARAMETER LIST'],
  [0x2606, 'TOO MANY TARGET DESCRIPTORS'],
  [0x260c, 'INVALID OPERATION FOR COPY SOURCE OR DESTINATION'],
  [0x2801, 'IMPORT OR EXPORT ELEMENT ACCESSED'],
  [0x2905, 'TRANSCEIVER MODE CHANGED TO SINGLE-ENDED'],
  [0x2a04, 'RESERVATIONS RELEASED'],
  [0x3000, 'INCOMPATIBLE MEDIUM INSTALLED'],
  [0x3006, 'CANNOT FORMAT MEDIUM - INCOMPATIBLE MEDIUM'],
  [0x3400, 'ENCLOSURE FAILURE'],
  [0x3700, 'ROUNDED PARAMETER'],
  [0x3a03, 'MEDIUM NOT PRESENT - LOADABLE'],
  [0x3b13, 'MEDIUM MAGAZINE INSERTED'],
  [0x3e02, 'TIMEOUT ON LOGICAL UNIT'],
  [0x3f03, 'INQUIRY DATA HAS CHANGED'],
  [0x3f09, 'SPARE DELETED'],
  [0x3f0f, 'ECHO BUFFER OVERWRITTEN'],
])('%i', (code, phrase) => expect(phrases20[code]).toBe(phrase));

test('codes lie in their range, phrases are in capitals', () => {
  const codes = Object.keys(phrases20).map(Number);
  expect(codes).toHaveLength(255);
  for (const code of codes) {
    expect(code).toBeGreaterThanOrEqual(0x2000);
    expect(code).toBeLessThanOrEqual(0x3fff);
    expect(phrases20[code]!.replace('iuCRC', '')).not.toMatch(/[a-z]/);
  }
});
