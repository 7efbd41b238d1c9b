/** Delimiter codes of FCoE: tshark -G values, fcoe.sof and fcoe.eof; Linux scsi/fc/fc_encaps.h. */
import { describe, expect, it } from 'vitest';
import { Eof, Sof } from '../../../../src/codecs/fcoe/codes.ts';

describe('SOF and EOF codes', () => {
  it('are those that tshark names', () => {
    expect(Sof).toEqual({
      SOFf: 0x28,
      SOFi4: 0x29,
      SOFi2: 0x2d,
      SOFi3: 0x2e,
      SOFn4: 0x31,
      SOFn2: 0x35,
      SOFn3: 0x36,
      SOFc4: 0x39,
    });
    expect(Eof).toEqual({
      EOFn: 0x41,
      EOFt: 0x42,
      EOFrt: 0x44,
      EOFdt: 0x46,
      EOFni: 0x49,
      EOFdti: 0x4e,
      EOFrti: 0x4f,
      EOFa: 0x50,
    });
  });
});
