/** What a decoded frame is. */
import { describe, expect, it } from 'vitest';
import { vlanTag } from '../../../../src/codecs/ethernet/header.ts';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import {
  bytesOf,
  isRaw,
  layerOf,
  layerValue,
  rawBytes,
} from '../../../../src/codecs/frame/layer.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { COMMAND, fcoe, READ } from '../../../helpers/frames.ts';

describe('layers of a frame', () => {
  const frame = decodeFrame(fcoe(COMMAND, READ));

  it('are found by name and by codec', () => {
    expect(layerOf(frame, 'fc')?.offset).toBe(28);
    expect(layerOf(frame, 'vlan')).toBeUndefined();
    expect(layerValue(frame, fcHeader)?.oxId).toBe(0x12);
    expect(layerValue(frame, vlanTag)).toBeUndefined();
  });

  it('have their bytes', () => {
    const fc = layerOf(frame, 'fc')!;
    expect(formatHex(bytesOf(frame, fc)).slice(0, 8)).toBe('06020001');
    expect(bytesOf(frame, fc)).toHaveLength(24);
  });

  it('may be bytes as they are', () => {
    expect(isRaw(layerOf(frame, 'fc')!)).toBe(false);
    const odd = decodeFrame(parseHex('010203040506 0708090a0b0c 9999 0102'));
    const payload = layerOf(odd, 'payload')!;
    expect(isRaw(payload)).toBe(true);
    expect(payload.value).toEqual({ bytes: parseHex('0102') });
    expect(rawBytes.minBytes).toBe(0);
  });
});
