/** A frame in full: its fields as a tree, its bytes by field. */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import {
  detailLines,
  fieldSpans,
  hexLines,
  hexRuns,
  spansOf,
} from '../../../../src/codecs/frame/detail.ts';
import { layerOf } from '../../../../src/codecs/frame/layer.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { COMMAND, fcoe, READ } from '../../../helpers/frames.ts';

describe('details', () => {
  const frame = decodeFrame(fcoe(COMMAND, READ));

  it('list every field under its layer', () => {
    const lines = detailLines(frame);
    expect(lines[0]).toBe('Ethernet, bytes 0-13');
    expect(lines).toContain('  etherType: FCoE (0x8906)');
    expect(lines).toContain('SCSI CDB (inside), bytes 64-73');
    expect(lines).toContain('  fCtl: 0x290000 (First_Sequence End_Sequence Sequence Initiative)');
  });

  it('give every byte of the frame to a field, once', () => {
    let at = 0;
    for (const { offset, bytes } of hexRuns(frame)) {
      expect(offset).toBe(at);
      at += bytes.length;
    }
    expect(at).toBe(frame.bytes.length);
    const digits = hexLines(frame)
      .map((one) => one.slice(6, 6 + 47).replaceAll(' ', ''))
      .join('');
    expect(parseHex(digits)).toEqual(frame.bytes);
    expect(hexLines(frame)[0]).toBe(
      `0000  02 fc f0 00 00 01${' '.repeat(32)}ethernet.destination 02:fc:f0:00:00:01`,
    );
  });

  it('have the spans of each layer, and of no layer twice', () => {
    const fc = layerOf(frame, 'fc')!;
    expect(spansOf(frame, fc)[1]).toMatchObject({ path: 'dId', offset: 29, length: 3 });
    const fields = fieldSpans(frame);
    expect(fields.every(({ layer }) => !layer.inside)).toBe(true);
    expect(fields.filter(({ path }) => path === 'dId')).toHaveLength(1);
  });

  it('join fields that share a byte', () => {
    const run = hexRuns(frame).find(({ offset }) => offset === 14)!;
    expect(run.fields).toEqual(['fcoe.version', 'fcoe.reserved1']);
  });
});
