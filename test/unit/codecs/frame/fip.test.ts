/** FIP messages, and the FC frames inside their descriptors. */
import { describe, expect, it } from 'vitest';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { fipMessage } from '../../../../src/codecs/fip/message.ts';
import { Conversation } from '../../../../src/codecs/frame/conversation.ts';
import { layerOf, layerValue } from '../../../../src/codecs/frame/layer.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { concat } from '../../../helpers/capture.ts';
import { ADDRESSES, expectLossless, names } from '../../../helpers/frames.ts';

describe('FIP', () => {
  it('shows the ELS in a FIP descriptor without counting it twice', () => {
    const header = { rCtl: 0x22, dId: 0xff_fffe, sId: 0, type: 1, fCtl: 0x29_0000, oxId: 1 };
    const logo = concat([parseHex('05000000 00010e01'), parseHex('2000001b21847463')]);
    const message = fipMessage.encode({
      operation: 2,
      subcode: 1,
      descriptors: [
        {
          kind: 'logo',
          header: fcHeader.decode(fcHeader.encode(header)),
          payload: logo,
        },
        { kind: 'mac', mac: ADDRESSES.source },
      ],
    });
    const bytes = concat([parseHex('02fcf0000001 0efc00010e01 8914'), message]);
    const conversation = new Conversation();
    const frame = expectLossless(bytes, { conversation });
    expect(names(frame)).toEqual(['ethernet', 'fip', 'fc', 'els']);
    expect(layerOf(frame, 'els')).toMatchObject({
      offset: 14 + 10 + 4 + 24,
      length: 16,
      value: { kind: 'LOGO', nPortId: 0x01_0e01, portName: 0x2000_001b_2184_7463n },
    });
    expect(conversation.find(0, 0xff_fffe, 1)?.code).toBe(5);
  });

  // esxi-cisco/fcoe1-both.pcap, frame 2: a solicitation; tshark: Discovery, 0x02 0x04 0x06.
  it('of a session has one layer', () => {
    const frame = expectLossless(
      parseHex(`011018010002 001b21847463 8914
        1000 0001 0001 0006 8000 0202 001b21847463 0403 0000 1000001b21847463 0601 086e`),
    );
    expect(names(frame)).toEqual(['ethernet', 'fip']);
    expect(frame.protocol).toBe('fip');
  });

  it('that is malformed is kept', () => {
    const frame = expectLossless(
      parseHex('011018010002 001b21847463 8914 1000 0001 0001 0006 8000'),
    );
    expect(names(frame)).toEqual(['ethernet', 'fip']);
    expect(layerValue(frame, fipMessage)).toMatchObject({ operation: 1, subcode: 1 });
    expect(frame.malformed?.layer).toBe('FIP');
  });

  it('reads a login’s reply by what its descriptor is called', () => {
    const header = fcHeader.decode(
      fcHeader.encode({
        rCtl: 0x23,
        dId: 0x01_0e01,
        sId: 0xff_fffe,
        type: 1,
        fCtl: 0x99_0000,
        oxId: 1,
      }),
    );
    const message = fipMessage.encode({
      operation: 2,
      subcode: 2,
      descriptors: [{ kind: 'fdisc', header, payload: parseHex('01000000 00092900') }],
    });
    const frame = expectLossless(concat([parseHex('0efc00010e01 02fcf0000001 8914'), message]));
    expect(layerOf(frame, 'els')?.value).toMatchObject({ kind: 'LS_RJT', explanation: 0x29 });
  });
});
