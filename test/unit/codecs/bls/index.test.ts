import { describe, expect, it } from 'vitest';
import {
  ABTS_SEQUENCE_ONLY,
  abts,
  BaRjtExplanation,
  BaRjtReason,
  baAcc,
  baRjt,
  SeqIdValidity,
} from '../../../../src/codecs/bls/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

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

  it('whole: the exchange, and one sequence of it', () => {
    checkFixedVector(baAcc, '00 00 0000 1234 8765 0000 ffff', { oxId: 0x1234, rxId: 0x8765 });
    checkFixedVector(baAcc, '80 01 0000 1234 ffff 0000 0005', {
      seqIdValidity: SeqIdValidity['SEQ_ID valid'],
      seqId: 1,
      oxId: 0x1234,
      rxId: 0xffff,
      highSeqCnt: 5,
    });
    checkFixedVector(baRjt, '00 ff 00 a5', { reason: 0xff, vendor: 0xa5 });
  });

  // fc_ba_rjt_reason and fc_ba_rjt_explan of fc_fs.h; tshark -G values: fc.bls_reason.
  it('has the codes of the standard', () => {
    expect(Object.values(BaRjtReason)).toEqual([1, 3, 5, 7, 9, 0xff]);
    expect(BaRjtReason['Unable to perform command request']).toBe(9);
    expect(Object.values(BaRjtExplanation)).toEqual([0, 3, 5]);
    expect(ABTS_SEQUENCE_ONLY).toBe(1);
  });
});
