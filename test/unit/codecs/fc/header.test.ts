import { describe, expect, it } from 'vitest';
import {
  CodecError,
  DfCtl,
  deviceHeader32,
  espHeader,
  FCTL_LAST_REPLY,
  FCTL_REQUEST,
  FCtl,
  FcType,
  fcHeader,
  ifrHeader,
  namesOf,
  networkHeader,
  optionalHeaders,
  parseHex,
  RCtl,
  RejectReason,
  rejectParameter,
  vftHeader,
} from '../../../../src/codecs/index.ts';

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
});

describe('F_CTL', () => {
  it('names the bits of the usual values as fc_fs.h does', () => {
    expect(namesOf(FCtl, FCTL_REQUEST)).toEqual([
      'First_Sequence',
      'End_Sequence',
      'Sequence Initiative',
    ]);
    expect(namesOf(FCtl, FCTL_LAST_REPLY)).toEqual([
      'Exchange Context',
      'Last_Sequence',
      'End_Sequence',
      'Sequence Initiative',
    ]);
  });
});

describe('extended headers', () => {
  it('reads a VFT_Header as bfa_fc.h lays it out', () => {
    // version 1, type 2, priority 5, VF_ID 0xabc, hop count 7
    const bytes = Uint8Array.of(0x50, 0x48, 0xa0 | (0xabc >> 7), (0xabc << 1) & 0xff, 7, 0, 0, 0);
    const value = vftHeader.decode(bytes);
    expect(value).toMatchObject({ rCtl: 0x50, version: 1, type: 2, priority: 5 });
    expect(value).toMatchObject({ vfId: 0xabc, hopCount: 7 });
    expect(
      vftHeader.encode({ version: 1, type: 2, priority: 5, vfId: 0xabc, hopCount: 7 }),
    ).toEqual(bytes);
  });

  it('has bit 16 of a VFT_Header for an ESP_Header behind it', () => {
    expect(vftHeader.decode(parseHex('5001000210000000'))).toMatchObject({
      espFollows: 1,
      vfId: 1,
      hopCount: 16,
    });
  });

  it('reads an IFR_Header as FC-FS-4 table 49 lays it out', () => {
    // R_CTL 51h, DF_ID 0x123, expiration time 0x7f; version 1, priority 5, both valid, SF_ID 0x456, hops 9
    const bytes = parseHex('5101237f6b045609');
    const fields = {
      dfId: 0x123,
      expirationTime: 0x7f,
      version: 1,
      priority: 5,
      expirationTimeValid: 1,
      hopCountValid: 1,
      sfId: 0x456,
      hopCount: 9,
    };
    expect(ifrHeader.decode(bytes)).toMatchObject({ rCtl: RCtl.IFR_Header, ...fields });
    expect(ifrHeader.encode(fields)).toEqual(bytes);
  });
});

describe('optional headers', () => {
  it('come in the order of DF_CTL, with their sizes', () => {
    const dfCtl = DfCtl.ESP_Header | DfCtl.Network_Header | DfCtl['Device_Header 32'];
    const present = optionalHeaders(dfCtl);
    expect(present).toEqual([espHeader, networkHeader, deviceHeader32]);
    expect(present.map((one) => one.headBytes)).toEqual([8, 16, 32]);
    expect(optionalHeaders(0)).toEqual([]);
    expect(optionalHeaders(3).map((one) => one.headBytes)).toEqual([64]);
    expect(optionalHeaders(DfCtl.Association_Header).map((one) => one.headBytes)).toEqual([32]);
  });
});

describe('link control', () => {
  it('reads a P_RJT parameter as fc_pf_rjt lays it out', () => {
    const value = rejectParameter.decode(Uint8Array.of(1, 0x16, 0, 0x7f));
    expect(value).toEqual({
      action: 1,
      reason: RejectReason['Login required'],
      reserved: 0,
      vendor: 0x7f,
    });
  });
});
