/** FC frames: extended headers, optional headers, fill bytes. */
import { describe, expect, it } from 'vitest';
import { encHeader, ifrHeader, vftHeader } from '../../../../src/codecs/fc/extended.ts';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { LinkType } from '../../../../src/codecs/frame/decode.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { concat } from '../../../helpers/capture.ts';
import { COMMAND, expectLossless, fcoe, names, READ } from '../../../helpers/frames.ts';

describe('an FC frame', () => {
  it('has extended and optional headers in front of its payload', () => {
    const inner = fcHeader.encode({ ...COMMAND, dfCtl: 0x21 });
    const vft = vftHeader.encode({ vfId: 100 });
    const ifr = ifrHeader.encode({ dfId: 1, sfId: 2 });
    const body = concat([vft, ifr, inner, new Uint8Array(16 + 16), READ]);
    const frame = expectLossless(body, { linkType: LinkType.FC_2 });
    expect(names(frame)).toEqual([
      'vft',
      'ifr',
      'fc',
      'optional-header',
      'optional-header',
      'fcp',
      'scsi',
    ]);
  });

  it('leaves what an ESP_Header of the link protects alone, the FC header too', () => {
    const esp = new Uint8Array(8);
    const hidden = new Uint8Array(24).fill(0x5a);
    const vft = vftHeader.encode({ vfId: 100, espFollows: 1 });
    const tagged = expectLossless(concat([vft, esp, hidden]), { linkType: LinkType.FC_2 });
    expect(names(tagged)).toEqual(['vft', 'optional-header', 'payload']);
    const enc = encHeader.encode({ ...COMMAND, rCtl: 0x52, dfCtl: 0x40 });
    const between = expectLossless(concat([enc, esp, hidden]), { linkType: LinkType.FC_2 });
    expect(names(between)).toEqual(['enc', 'optional-header', 'payload']);
  });

  it('leaves what an ESP_Header protects alone', () => {
    const frame = expectLossless(fcoe({ ...COMMAND, dfCtl: 0x40 }, new Uint8Array(40)));
    expect(names(frame).slice(3, 5)).toEqual(['optional-header', 'payload']);
  });

  it('has fill bytes behind its payload, as many as F_CTL says', () => {
    const frame = expectLossless(fcoe({ ...COMMAND, rCtl: 4, type: 0xe0 }, parseHex('0102030405')));
    expect(names(frame)).toEqual(['ethernet', 'fcoe', 'fc', 'payload', 'fill', 'fcoe-trailer']);
    expect(frame.layers.slice(3, 5).map(({ length }) => length)).toEqual([5, 3]);
  });

  it('with more fill bytes than payload is malformed', () => {
    const body = fcHeader.encode({ ...COMMAND, fCtl: 0x29_0003 });
    const frame = expectLossless(concat([body, parseHex('0102')]), { linkType: LinkType.FC_2 });
    expect(frame.malformed?.message).toBe(
      'FC frame header: fCtl at byte 9: 3 fill bytes in a data field of 2',
    );
  });

  it('without a SOF begins a sequence where SEQ_CNT is 0', () => {
    const request = { ...COMMAND, rCtl: 0x22, type: 1 };
    const of = (seqCnt: number) =>
      expectLossless(concat([fcHeader.encode({ ...request, seqCnt }), parseHex('0e000000')]), {
        linkType: LinkType.FC_2,
      });
    expect(names(of(0))).toEqual(['fc', 'els']);
    expect(names(of(1))).toEqual(['fc', 'data']);
  });
});
