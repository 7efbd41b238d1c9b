/** Frames of the services: as many as the receiver's size asks for. */
import { describe, expect, it } from 'vitest';
import type { FcHeader } from '../../../../src/codecs/fc/index.ts';
import { isWholeSequence, ServiceSender } from '../../../../src/fabric/fc/service-sender.ts';
import { FabricRig } from '../../../helpers/f-port.ts';

const REQUEST = {
  rCtl: 2,
  dId: 0xff_fffc,
  sId: 0x01_0001,
  type: 0x20,
  oxId: 0x123,
  rxId: 0xffff,
} as FcHeader;

function make(receiveBytes: number) {
  const rig = new FabricRig();
  const to = rig.login('FLOGI', 1n);
  to.receiveBytes = receiveBytes;
  rig.fPort.takeFrames();
  return { to, sender: new ServiceSender(rig.fPort), sent: () => rig.fPort.takeFrames() };
}

describe('a reply', () => {
  it.each([
    [2112, 0, [0]],
    [2112, 2112, [2112]],
    [2112, 2113, [2112, 1]],
    [256, 512, [256, 256]],
    // Frames but the last are whole words.
    [259, 600, [256, 256, 88]],
    // No frame holds more than 2112 bytes, whatever the receiver says.
    [9000, 3000, [2112, 888]],
  ])('to a port that takes %i bytes, of %i: %o', (receiveBytes, bytes, lengths) => {
    const { to, sender, sent } = make(receiveBytes);
    const payload = Uint8Array.from({ length: bytes }, (_, i) => i);
    sender.ctReply(to, REQUEST, payload);
    const frames = sent();
    expect(frames.map((one) => one.payload.length)).toEqual(lengths);
    expect(frames.map((one) => one.header.seqCnt)).toEqual(lengths.map((_, i) => i));
    expect(frames.map((one) => one.last)).toEqual(lengths.map((_, i) => i === lengths.length - 1));
    // End of sequence, end of exchange: in the last frame alone.
    const ends = frames.map((one) => one.header.fCtl);
    expect(ends).toEqual(lengths.map((_, i) => (i === lengths.length - 1 ? 0x99_0000 : 0x80_0000)));
    expect(Buffer.concat(frames.map((one) => one.payload))).toEqual(Buffer.from(payload));
  });

  it('goes back where the request came from, in its exchange', () => {
    const { to, sender, sent } = make(2112);
    sender.elsReply(to, { ...REQUEST, type: 1 }, Uint8Array.of(2));
    sender.ctReply(to, REQUEST, Uint8Array.of(1));
    sender.blsReply(to, { ...REQUEST, type: 1 }, 0x85, Uint8Array.of(0));
    const headers = sent().map(({ header }) => header);
    for (const header of headers)
      expect(header).toMatchObject({ dId: 0x01_0001, sId: 0xff_fffc, oxId: 0x123, rxId: 0xffff });
    expect(headers.map(({ rCtl, type }) => [rCtl, type])).toEqual([
      [0x23, 1],
      [3, 0x20],
      [0x85, 0],
    ]);
  });
});

describe('a sequence of one frame', () => {
  it.each([
    [0, 0x29_0000, true],
    [1, 0x29_0000, false],
    [0, 0x21_0000, false],
  ])('SEQ_CNT %i, F_CTL %i: %s', (seqCnt, fCtl, whole) => {
    expect(isWholeSequence({ ...REQUEST, seqCnt, fCtl } as FcHeader)).toBe(whole);
  });
});
