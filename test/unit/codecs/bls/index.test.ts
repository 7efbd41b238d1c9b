import { describe, expect, it } from 'vitest';
import {
  abts,
  BaRjtReason,
  baAcc,
  baRjt,
  CodecError,
  parseHex,
} from '../../../../src/codecs/index.ts';

describe('basic link services', () => {
  it('ABTS has no payload', () => {
    expect(abts.encode({})).toHaveLength(0);
    expect(abts.decode(new Uint8Array(0))).toMatchObject({ kind: 'ABTS' });
  });

  // struct fc_ba_acc of Linux uapi/scsi/fc/fc_fs.h: validity, SEQ_ID, 2 reserved, then 4 x 16 bits.
  it('BA_ACC is laid out as struct fc_ba_acc', () => {
    const bytes = parseHex('8007 0000 1234 8765 0001 ffff');
    const value = baAcc.decode(bytes);
    expect(value).toEqual({
      kind: 'BA_ACC',
      seqIdValidity: 0x80,
      seqId: 7,
      reserved: 0,
      oxId: 0x1234,
      rxId: 0x8765,
      lowSeqCnt: 1,
      highSeqCnt: 0xffff,
    });
    expect(baAcc.encode(value)).toEqual(bytes);
    // An accept that aborts the whole exchange is what is encoded when nothing else is said.
    expect(baAcc.encode({ oxId: 0x1234, rxId: 0x8765 })).toEqual(
      parseHex('0000 0000 1234 8765 0000 ffff'),
    );
  });

  it('BA_RJT is laid out as struct fc_ba_rjt', () => {
    const bytes = parseHex('00 03 05 00');
    expect(baRjt.decode(bytes)).toMatchObject({
      reason: BaRjtReason['Logical error'],
      explanation: 5,
      vendor: 0,
    });
    expect(baRjt.encode({ reason: 3, explanation: 5 })).toEqual(bytes);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < 12; length++)
      expect(() => baAcc.decode(new Uint8Array(length))).toThrow(CodecError);
    for (let length = 0; length < 4; length++)
      expect(() => baRjt.decode(new Uint8Array(length))).toThrow(CodecError);
  });
});
