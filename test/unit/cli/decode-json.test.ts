/** JSON of frames, beside what JSON.stringify makes of the same values. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CaptureError, openCapture } from '../../../src/capture/index.ts';
import { putJson } from '../../../src/cli/decode-json.ts';
import type { LineOutput } from '../../../src/cli/line-output.ts';
import { Conversation, decodeFrame, formatWwn, summarize } from '../../../src/codecs/index.ts';

const FOLDERS = ['fixtures', 'fixtures/field'];
const captures = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => `${folder}/${name}`),
);

/** A value as JSON has it: bytes as hex digits, World Wide Names in their own form. */
function plain(value: unknown, key = ''): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return /name$/i.test(key) ? formatWwn(value) : value.toString();
  if (Array.isArray(value)) return value.map((one) => plain(one, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, name)]));
  }
  return value;
}

describe('JSON of frames', () => {
  it.each(captures)('is what JSON.stringify makes of %s', async (file) => {
    const conversation = new Conversation();
    const capture = await openCapture(file);
    let frames = 0;
    const visit: Parameters<typeof capture.visitAll>[0] = (place) => {
      frames++;
      const { linkType, originalLength, fcsBytes } = place;
      const bytes = place.bytes.slice(place.at, place.end);
      const options = { linkType, originalLength, fcsBytes, conversation };
      const frame = decodeFrame(bytes, options);
      let text = '';
      const out = { put: (piece: string) => (text += piece) } as unknown as LineOutput;
      putJson(out, frame, place, summarize(frame), { pdus: [], gaps: [] });
      const { malformed } = frame;
      const expected = {
        frame: place.index,
        timeNs: place.timeNs.toString(),
        interface: place.interfaceName ?? null,
        length: originalLength,
        cut: originalLength > bytes.length,
        summary: summarize(frame),
        layers: frame.layers.map(({ layer, offset, length, value, codec, inside }) => ({
          layer,
          name: codec.name,
          offset,
          length,
          ...(inside ? { inside } : {}),
          fields: plain(value),
        })),
        crc: frame.crc,
        malformed:
          malformed === undefined
            ? null
            : {
                layer: malformed.layer,
                field: malformed.field,
                offset: malformed.offset,
                fault: malformed.fault,
              },
      };
      expect(text).toBe(`${JSON.stringify(expected)}\n`);
    };
    // Some captures are damaged on purpose.
    await capture.visitAll(visit).catch((error: unknown) => {
      if (!(error instanceof CaptureError)) throw error;
    });
    expect(frames).toBeGreaterThan(0);
  });
});
