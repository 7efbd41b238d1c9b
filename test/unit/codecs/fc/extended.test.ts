/** Extended headers: the VFT_Header as tshark 4.0.17 and bfa_fc.h read it, the others as FC-FS-4 prints them. */
import { describe, expect, it } from 'vitest';
import { RCtl } from '../../../../src/codecs/fc/codes.ts';
import { encHeader, ifrHeader, vftHeader } from '../../../../src/codecs/fc/extended.ts';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('extended headers', () => {
  it('reads a VFT_Header as bfa_fc.h lays it out', () => {
    // version 1, type 2, priority 5, VF_ID 0xabc, hop count 7
    const bytes = Uint8Array.of(0x50, 0x48, 0xa0 | (0xabc >> 7), (0xabc << 1) & 0xff, 7, 0, 0, 0);
    expect(bytes).toEqual(parseHex('5048b57807000000'));
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

  it('fills in what a sender need not say', () => {
    expectEncoded(vftHeader, { vfId: 100 }, '500000c8 00000000');
    expectEncoded(ifrHeader, { dfId: 1, sfId: 2 }, '51000100 00000200');
  });

  it('shows tshark the same VFT_Header: fc.vft.ver 1, type 2, pri 5, vf_id 2748, hop_ct 7', () => {
    expectVector(vftHeader, '5048b57807000000', {
      rCtl: RCtl.VFT_Header,
      version: 1,
      type: 2,
      espFollows: 0,
      priority: 5,
      vfId: 2748,
      hopCount: 7,
    });
  });

  it('encapsulates with a frame header of its own R_CTL', () => {
    const { rCtl: _own, ...fields } = {
      ...fcHeader.decode(parseHex('22010000 00020f00 01290000 00000000 01ddffff 00000000')),
    };
    expectEncoded(encHeader, fields, '52010000 00020f00 01290000 00000000 01ddffff 00000000');
    expectVector(encHeader, '52010000 00020f00 01290000 00000000 01ddffff 00000000', {
      rCtl: RCtl.Enc_Header,
      dId: 0x01_0000,
      sId: 0x02_0f00,
      oxId: 0x01dd,
    });
  });
});
