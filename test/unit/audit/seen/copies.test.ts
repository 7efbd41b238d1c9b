/** Which frames are copies of a mirror port, and which are sent again by their sender. */
import { describe, expect, it } from 'vitest';
import { Copies } from '../../../../src/audit/seen/copies.ts';
import { HeldFrames } from '../../../../src/audit/seen/held-frames.ts';
import { FramePlace } from '../../../../src/capture/index.ts';
import { decodeFrame, fcHeader, layerValue, RCtl } from '../../../../src/codecs/index.ts';
import { command, dataIn, fc, response } from '../../../helpers/fc-frames.ts';

const US = 1_000;

function copiesOf(...shown: readonly (readonly [Uint8Array, number, string?])[]): boolean[] {
  const frames = new HeldFrames();
  const copies = new Copies(frames);
  const place = new FramePlace();
  return shown.map(([bytes, at, link = 'tap']) => {
    place.bytes = bytes;
    place.end = bytes.length;
    place.linkType = 1;
    place.originalLength = bytes.length;
    const header = layerValue(decodeFrame(bytes), fcHeader)!;
    return copies.has(frames.hold(place, at), header, link);
  });
}

describe('Copies', () => {
  it('knows a frame that the tap has just shown, and a copy of the copy', () => {
    const frame = command(1);
    expect(copiesOf([frame, 0], [frame.slice(), 3 * US], [frame, 1_002 * US])).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('does not take an OX_ID that is used again after the answer for a copy', () => {
    expect(copiesOf([command(1), 0], [response(1), 200 * US], [command(1), 400 * US])).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('does not take a frame from before the clock was set back for one', () => {
    const late = 3_600_000_000 * US;
    expect(copiesOf([command(1), late], [command(1), 0])).toEqual([false, false]);
  });

  it('does not take what comes late, from another tap or with other bytes for a copy', () => {
    const other = command(1).slice();
    other[other.length - 20]! ^= 1;
    expect(copiesOf([command(1), 0], [command(1), 1_001 * US])).toEqual([false, false]);
    expect(copiesOf([command(1), 0], [command(1), US, 'other tap'])).toEqual([false, false]);
    expect(copiesOf([command(1), 0], [other, US])).toEqual([false, false]);
  });

  it('tells data by their headers, length and CRC: the payload is not held', () => {
    const data = dataIn(1, 512, { parameter: 512 });
    const filled = (value: number) => {
      const header = { oxId: 1, rCtl: RCtl['Solicited Data'], fCtl: 0x09_0008, parameter: 512 };
      return fc({ header, payload: new Uint8Array(512).fill(value) });
    };
    const place = new FramePlace();
    place.bytes = data;
    place.end = data.length;
    place.linkType = 1;
    place.originalLength = data.length;
    const held = new HeldFrames().hold(place, 0);
    expect([held.isBrief, held.lengthBytes]).toEqual([true, data.length - 512]);
    expect(copiesOf([data, 0], [data.slice(), US])).toEqual([false, true]);
    expect(copiesOf([filled(1), 0], [filled(2), US])).toEqual([false, false]);
    expect(copiesOf([data, 0], [dataIn(1, 516, { parameter: 512 }), US])).toEqual([false, false]);
  });
});
