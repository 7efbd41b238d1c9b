/** The data field by R_CTL and TYPE: ELS, CT, SW_ILS, basic link services, link control. */
import { describe, expect, it } from 'vitest';
import { baAcc } from '../../../../src/codecs/bls/index.ts';
import { rejectParameter } from '../../../../src/codecs/fc/link-control.ts';
import { Sof } from '../../../../src/codecs/fcoe/codes.ts';
import { Conversation } from '../../../../src/codecs/frame/conversation.ts';
import { layerOf, layerValue } from '../../../../src/codecs/frame/layer.ts';
import { summarize } from '../../../../src/codecs/frame/summary.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { COMMAND, expectLossless, fcoe, names } from '../../../helpers/frames.ts';

describe('the data field', () => {
  it('reads SW_ILS requests and the replies to them', () => {
    const conversation = new Conversation();
    const request = { ...COMMAND, rCtl: 2, type: 0x22, dId: 0xff_fffd, sId: 0xff_fffd };
    const asked = fcoe(request, parseHex('17000000'), Sof.SOFf);
    expect(summarize(expectLossless(asked, { conversation }))).toMatch(/^BF fffffd → fffffd/);
    const back = { ...request, rCtl: 3, fCtl: 0x99_0000 };
    const rejected = expectLossless(fcoe(back, parseHex('01000000 00050000'), Sof.SOFf), {
      conversation,
    });
    expect(rejected.protocol).toBe('swils');
    expect(summarize(rejected)).toBe('SW_RJT (BF) fffffd → fffffd OX_ID 0012 logical busy');
    const accepted = fcoe(back, parseHex('02000000'), Sof.SOFf);
    expect(summarize(expectLossless(accepted, { conversation }))).toMatch(/^SW_ACC \(BF\)/);
  });

  it('takes frames of a longer sequence as pieces', () => {
    const read = { ...COMMAND, rCtl: 1, fCtl: 0x80_0008, seqCnt: 1, parameter: 2048 };
    const frame = expectLossless(fcoe(read, new Uint8Array(512), Sof.SOFn3));
    expect(names(frame)).toContain('data');
    const request = { ...COMMAND, rCtl: 0x22, type: 1, fCtl: 0x20_0000 };
    const first = expectLossless(fcoe(request, parseHex('04000000')));
    expect(first.malformed).toBeUndefined();
    expect(names(first)).toContain('data');
  });

  it('of link control lies in Parameter', () => {
    const reject = { ...COMMAND, rCtl: 0xc3, parameter: 0x0216_0000 };
    const rejected = expectLossless(fcoe(reject, new Uint8Array(0)));
    expect(rejected.protocol).toBe('link-control');
    expect(layerValue(rejected, rejectParameter)?.reason).toBe(0x16);
  });

  it('is read by the reject, busy or acknowledgement that it is', () => {
    const of = (rCtl: number, parameter: number) => {
      const frame = expectLossless(fcoe({ ...COMMAND, rCtl, parameter }, new Uint8Array(0)));
      return layerOf(frame, 'link-control')?.value;
    };
    expect(of(0xc2, 0x0116_0000)).toMatchObject({ action: 1, reason: 0x16 });
    expect(of(0xc4, 0x0103_0000)).toMatchObject({ action: 1, reason: 3 });
    expect(of(0xc0, 1)).toMatchObject({ count: 1 });
    expect(of(0xc7, 1)).toBeUndefined();
  });

  it('of a basic link service is its accept or reject', () => {
    const accepted = expectLossless(
      fcoe(
        { ...COMMAND, rCtl: 0x84, type: 0, fCtl: 0x99_0000 },
        parseHex('00000000 00120034 0000ffff'),
      ),
    );
    expect(layerValue(accepted, baAcc)).toMatchObject({ oxId: 0x12, rxId: 0x34 });
    expect(accepted.protocol).toBe('bls');
  });

  it('of CT is read by server and command, and its answer by the request', () => {
    const conversation = new Conversation();
    const request = { ...COMMAND, rCtl: 2, type: 0x20, dId: 0xff_fffc };
    const asked = parseHex('01000000 fc020000 0112 0000 00000000 00010e01');
    const frame = expectLossless(fcoe(request, asked), { conversation });
    expect(layerOf(frame, 'ct')?.value).toMatchObject({ kind: 'GPN_ID', portId: 0x01_0e01 });
    expect(frame.exchange).toMatchObject({ gsType: 0xfc, gsSubtype: 2, code: 0x112 });
    const back = { ...request, rCtl: 3, sId: 0xff_fffc, dId: COMMAND.sId, fCtl: 0x99_0000 };
    const answer = parseHex('01000000 fc020000 8002 0000 00000000 2000001b21847463');
    expect(
      layerOf(expectLossless(fcoe(back, answer), { conversation }), 'ct')?.value,
    ).toMatchObject({
      kind: 'CT_ACC GPN_ID',
      portName: 0x2000_001b_2184_7463n,
    });
    expect(layerOf(expectLossless(fcoe(back, answer)), 'ct')?.value).toMatchObject({
      kind: 'CT_ACC',
    });
  });

  it('of an FC-4 link service of FCP looks like an ELS: field/23-rec-srr-recovery.pcap, frame 8', () => {
    const srr = { ...COMMAND, rCtl: 0x32 };
    const frame = expectLossless(fcoe(srr, parseHex('14000000 03eafee9 00000800 01000000')));
    expect(frame.protocol).toBe('fcp');
    expect(layerOf(frame, 'els')?.value).toMatchObject({ kind: 'SRR', relativeOffset: 2048 });
  });

  it('of what nobody knows is a payload', () => {
    const frame = expectLossless(fcoe({ ...COMMAND, rCtl: 4, type: 5 }, parseHex('01020304')));
    expect(names(frame)).toContain('payload');
    expect(frame.protocol).toBe('fc');
  });
});
