/** Frames for tests of `decodeFrame`, and what is true of every decoded frame. */
import { expect } from 'vitest';
import type { fcHeader } from '../../src/codecs/fc/header.ts';
import { Eof, Sof } from '../../src/codecs/fcoe/codes.ts';
import { encodeFcoeFrame } from '../../src/codecs/fcoe/frame.ts';
import { fcpCmnd } from '../../src/codecs/fcp/cmnd.ts';
import { type DecodeOptions, decodeFrame } from '../../src/codecs/frame/decode.ts';
import { encodeFrame } from '../../src/codecs/frame/encode.ts';
import type { Frame, LayerName } from '../../src/codecs/frame/layer.ts';
import { parseHex } from '../../src/codecs/layout/text.ts';

/** From an ENode to its FCF. */
export const ADDRESSES = { destination: '02:fc:f0:00:00:01', source: '0e:fc:00:01:0e:01' };
/** Header of an FCP_CMND. */
export const COMMAND = {
  rCtl: 6,
  dId: 0x02_0001,
  sId: 0x01_0e01,
  type: 8,
  fCtl: 0x29_0000,
  oxId: 0x12,
};

/** What an FC header is encoded from. */
export type Header = Parameters<typeof fcHeader.encode>[0];

/** An FCoE frame that ends its sequence. */
export function fcoe(header: Header, payload: Uint8Array, sof: number = Sof.SOFi3): Uint8Array {
  return encodeFcoeFrame({ ...ADDRESSES, sof, eof: Eof.EOFt, header, payload });
}

/** READ(10) of 8 blocks at LBA 0x1234, LUN 0. */
export const READ = fcpCmnd.encode({
  lun: 0n,
  rddata: 1,
  cdb: parseHex('28 00 00001234 00 0008 00'),
  fcpDl: 4096,
});

/** The layers of a frame, by name. */
export const names = (frame: Frame): LayerName[] => frame.layers.map((one) => one.layer);

/** Plain layers tile the frame: none overlaps, none is missing. */
export function expectTiles(frame: Frame): void {
  let at = 0;
  for (const { offset, length, inside } of frame.layers) {
    if (inside) continue;
    expect(offset).toBe(at);
    at += length;
  }
  expect(at).toBe(frame.bytes.length);
}

/** The frame, decoded: its layers tile it, and encode to its bytes. */
export function expectLossless(bytes: Uint8Array, options: DecodeOptions = {}): Frame {
  const frame = decodeFrame(bytes, options);
  expectTiles(frame);
  expect(encodeFrame(frame)).toEqual(bytes);
  return frame;
}
