/** Layers back to bytes. */
import { describe, expect, it } from 'vitest';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { fcpCmnd } from '../../../../src/codecs/fcp/cmnd.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { encodeFrame } from '../../../../src/codecs/frame/encode.ts';
import { layerOf, layerValue } from '../../../../src/codecs/frame/layer.ts';
import { concat } from '../../../helpers/capture.ts';
import { COMMAND, fcoe, READ } from '../../../helpers/frames.ts';

describe('encodeFrame', () => {
  it('changes the bytes of a changed layer and nothing else', () => {
    const bytes = fcoe(COMMAND, READ);
    const frame = decodeFrame(bytes);
    const layers = frame.layers.map((one) =>
      one.layer === 'fc' ? { ...one, value: { ...(one.value as object), oxId: 0x99 } } : one,
    );
    const changed = encodeFrame({ layers });
    const differing = [...changed].flatMap((byte, i) => (byte === bytes[i] ? [] : [i]));
    expect(differing).toEqual([14 + 14 + 17]);
    expect(decodeFrame(changed).crc).toBe('bad');
    const good = encodeFrame({ layers }, { recompute: ['crc'] });
    expect(decodeFrame(good)).toMatchObject({ crc: 'good' });
    expect(good).toEqual(fcoe({ ...COMMAND, oxId: 0x99 }, READ));
  });

  it('derives lengths and fill bytes anew when asked', () => {
    const frame = decodeFrame(fcoe(COMMAND, READ));
    const layers = frame.layers.map((one) =>
      one.layer === 'fcp' ? { ...one, codec: fcpCmnd, value: { ...(one.value as object) } } : one,
    );
    const fcp = layers.find((one) => one.layer === 'fcp')!;
    Object.assign(fcp.value as object, {
      additionalCdb: new Uint8Array(4),
      trailing: Uint8Array.of(1),
    });
    const longer = decodeFrame(encodeFrame({ layers }, { recompute: ['crc', 'lengths'] }));
    expect(longer.crc).toBe('good');
    expect(layerValue(longer, fcpCmnd)).toMatchObject({ additionalCdbLengthWords: 1 });
    expect(layerValue(longer, fcHeader)!.fCtl & 3).toBe(3);
    expect(layerOf(longer, 'fill')?.length).toBe(3);
    expect(layerOf(longer, 'fcp')?.length).toBe(32 + 4 + 1);
  });

  it('gives a frame back unchanged when everything is computed anew', () => {
    const bytes = fcoe(COMMAND, concat([READ, new Uint8Array(3)]));
    expect(encodeFrame(decodeFrame(bytes), { recompute: ['crc', 'lengths'] })).toEqual(bytes);
  });
});
