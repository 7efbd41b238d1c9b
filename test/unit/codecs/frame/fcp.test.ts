/** FCP information units in frames: commands, and what answers them. */
import { describe, expect, it } from 'vitest';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { fcpCmnd } from '../../../../src/codecs/fcp/cmnd.ts';
import { fcpRsp, fcpXferRdy } from '../../../../src/codecs/fcp/rsp.ts';
import { Conversation } from '../../../../src/codecs/frame/conversation.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { layerOf, layerPart, layerValue } from '../../../../src/codecs/frame/layer.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { concat } from '../../../helpers/capture.ts';
import { COMMAND, expectLossless, fcoe, names, READ } from '../../../helpers/frames.ts';

describe('FCP', () => {
  it('takes an FCP_CMND apart, CDB included', () => {
    const frame = expectLossless(fcoe(COMMAND, READ));
    expect(names(frame)).toEqual(['ethernet', 'fcoe', 'fc', 'fcp', 'scsi', 'fcoe-trailer']);
    expect(frame).toMatchObject({ protocol: 'fcp', crc: 'good', cut: false, malformed: undefined });
    expect(layerOf(frame, 'scsi')).toMatchObject({
      inside: true,
      offset: 14 + 14 + 24 + 12,
      length: 10,
      value: { kind: 'READ(10)', lba: 0x1234, transferLengthBlocks: 8 },
    });
    expect(layerValue(frame, fcHeader)?.oxId).toBe(0x12);
  });

  it('reads answers by the requests before them', () => {
    const conversation = new Conversation();
    decodeFrame(fcoe(COMMAND, READ), { conversation });
    const back = { ...COMMAND, rCtl: 7, sId: COMMAND.dId, dId: COMMAND.sId, fCtl: 0x99_0000 };
    const frame = decodeFrame(fcoe(back, new Uint8Array(24)), { conversation });
    expect(frame.exchange?.command).toMatchObject({ name: 'READ(10)', lun: 0n, fcpDl: 4096 });
    expect(decodeFrame(fcoe(back, new Uint8Array(24))).exchange).toBeUndefined();
  });

  it('keeps a malformed payload and the trailer behind it', () => {
    const frame = expectLossless(fcoe(COMMAND, new Uint8Array(8)));
    expect(names(frame)).toEqual(['ethernet', 'fcoe', 'fc', 'fcp', 'fcoe-trailer']);
    expect(layerPart(frame, fcpCmnd)).toMatchObject({ lun: 0n });
    expect(frame.malformed).toMatchObject({ fault: 'truncated', layer: 'FCP_CMND' });
    expect(frame.crc).toBe('good');
  });

  const conversation = () => {
    const one = new Conversation();
    const inquiry = fcpCmnd.encode({
      lun: 0n,
      rddata: 1,
      cdb: parseHex('12 00 00 0024 00'),
      fcpDl: 36,
    });
    decodeFrame(fcoe(COMMAND, inquiry), { conversation: one });
    return one;
  };
  const back = { ...COMMAND, sId: COMMAND.dId, dId: COMMAND.sId };

  it('reads data by its command: the first frame of a read, whole or a piece', () => {
    const data = concat([parseHex('0000 06 02 1f 000000'), new Uint8Array(28).fill(0x20)]);
    const last = { ...back, rCtl: 1, fCtl: 0x88_0008 };
    const whole = expectLossless(fcoe(last, data), { conversation: conversation() });
    expect(names(whole)).toContain('scsi');
    expect(whole.exchange?.command?.name).toBe('INQUIRY');
    const behind = expectLossless(fcoe({ ...last, parameter: 4 }, data), {
      conversation: conversation(),
    });
    expect(names(behind)).toContain('data');
    const unasked = expectLossless(fcoe(last, data));
    expect(names(unasked)).toContain('data');
  });

  it('shows the sense in a response', () => {
    const response = fcpRsp.encode({
      scsiStatus: 2,
      senseData: parseHex('70 00 06 00000000 0a 00000000 29 00 00 000000'),
    });
    const frame = expectLossless(fcoe({ ...back, rCtl: 7, fCtl: 0x99_0000 }, response));
    expect(layerOf(frame, 'sense')).toMatchObject({
      inside: true,
      offset: 14 + 14 + 24 + 24,
      length: 18,
      value: { senseKey: 6 },
    });
  });

  it('names a command that no table has by its operation code', () => {
    const odd = fcpCmnd.encode({ lun: 0n, cdb: parseHex('ee') });
    const frame = expectLossless(fcoe(COMMAND, odd));
    expect(frame.exchange?.command?.name).toBe('operation code EEh');
  });

  it('reads XFER_RDY, and gives task management no CDB', () => {
    const ready = fcoe(
      { ...back, rCtl: 5, fCtl: 0x89_0000 },
      parseHex('00000200 00001000 00000000'),
    );
    expect(layerValue(expectLossless(ready), fcpXferRdy)).toMatchObject({
      relativeOffset: 512,
      burstLengthBytes: 4096,
    });
    const reset = fcpCmnd.encode({ lun: 0n, taskManagementFlags: 0x10 });
    expect(names(expectLossless(fcoe(COMMAND, reset)))).not.toContain('scsi');
  });
});
