import { describe, expect, it } from 'vitest';
import { FcType } from '../../../../src/codecs/fc/codes.ts';
import { FC_HEADER_BYTES, fcHeader } from '../../../../src/codecs/fc/header.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectVector } from '../../../helpers/vector.ts';

// The first PLOGI of shared/captures/fc-raw (bluecmd/fibrechannel, 0001.fc).
const PLOGI = parseHex('22010000 00020f00 01290000 00000000 01ddffff 00000000');
const PLOGI_VALUE = {
  rCtl: 0x22,
  dId: 0x01_0000,
  csCtl: 0,
  sId: 0x02_0f00,
  type: FcType.ELS,
  fCtl: 0x29_0000,
  seqId: 0,
  dfCtl: 0,
  seqCnt: 0,
  oxId: 0x01dd,
  rxId: 0xffff,
  parameter: 0,
};

describe('fcHeader', () => {
  it('deconstructs and constructs a PLOGI header, through decode and view', () => {
    expect(fcHeader.decode(PLOGI)).toEqual(PLOGI_VALUE);
    expect(fcHeader.encode(PLOGI_VALUE)).toEqual(PLOGI);
    const view = fcHeader.view(PLOGI);
    expect(view.sId).toBe(PLOGI_VALUE.sId);
    expect(view.oxId).toBe(PLOGI_VALUE.oxId);
  });

  it('fills in what a sender need not say', () => {
    const { rCtl, dId, sId, type, fCtl, oxId } = PLOGI_VALUE;
    expect(fcHeader.encode({ rCtl, dId, sId, type, fCtl, oxId })).toEqual(PLOGI);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < PLOGI.length; length++) {
      expect(() => fcHeader.decode(PLOGI.subarray(0, length))).toThrow(CodecError);
    }
  });

  it('refuses a value that does not fit, and says where', () => {
    expect(() => fcHeader.encode({ ...PLOGI_VALUE, dId: 0x100_0000 })).toThrow(
      'FC frame header: dId at byte 1: 16777216 does not fit 3 bytes',
    );
  });

  it('has a field at each place that tshark marks: fixtures/fabric-io.pcap, frame 141', () => {
    const header = '0101aa00 0001bb00 08880008 01000001 00020001 00000840';
    expectVector(fcHeader, header, {
      rCtl: 0x01,
      dId: 0x01_aa00,
      sId: 0x01_bb00,
      csCtl: 0,
      type: 0x08,
      fCtl: 0x88_0008,
      seqId: 1,
      dfCtl: 0,
      seqCnt: 1,
      oxId: 2,
      rxId: 1,
      parameter: 2112,
    });
    expect(FC_HEADER_BYTES).toBe(fcHeader.headBytes);
  });
});
