/** FC-NVMe in frames. */
import { describe, expect, it } from 'vitest';
import { Sof } from '../../../../src/codecs/fcoe/codes.ts';
import { Conversation } from '../../../../src/codecs/frame/conversation.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { summarize } from '../../../../src/codecs/frame/summary.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { COMMAND, expectLossless, fcoe, names } from '../../../helpers/frames.ts';

describe('FC-NVMe', () => {
  it('reads FC-NVMe information units', () => {
    const header = { ...COMMAND, rCtl: 5, type: 0x28 };
    const ready = fcoe(header, parseHex('00000000 00001000 00000000'));
    expect(expectLossless(ready)).toMatchObject({ protocol: 'nvme', malformed: undefined });
    expect(summarize(decodeFrame(ready))).toMatch(/^NVMe_XFER_RDY/);
  });

  it('opens an exchange with a command, and its data belong to it', () => {
    const conversation = new Conversation();
    // A command IU: format FDh 28h, length 24 words, a READ of namespace 1.
    const sqe = `02000000 01000000 ${'00'.repeat(56)}`;
    const command = parseHex(`fd28 0018 00000001 ${'00'.repeat(16)} ${sqe} 00000000`);
    const frame = decodeFrame(fcoe({ ...COMMAND, type: 0x28 }, command), { conversation });
    expect(frame.protocol).toBe('nvme');
    expect(conversation.find(COMMAND.sId, COMMAND.dId, COMMAND.oxId)?.type).toBe(0x28);
    const back = {
      ...COMMAND,
      rCtl: 1,
      type: 0x28,
      sId: COMMAND.dId,
      dId: COMMAND.sId,
      fCtl: 0x88_0008,
    };
    const data = expectLossless(fcoe(back, new Uint8Array(64)), { conversation });
    expect(names(data)).toContain('data');
    expect(data.exchange?.type).toBe(0x28);
  });

  it('has link services of its own', () => {
    const service = { ...COMMAND, rCtl: 0x32, type: 0x28, seqCnt: 1 };
    const piece = expectLossless(fcoe(service, new Uint8Array(8), Sof.SOFn3));
    expect(piece.protocol).toBe('nvme');
    expect(names(piece)).toContain('data');
  });
});
