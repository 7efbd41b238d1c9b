import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Conversation,
  decodeFrame,
  Eof,
  encodeFcoeFrame,
  encodeFrame,
  type Frame,
  fcHeader,
  fieldSpans,
  LinkType,
  layerValue,
  Sof,
  summarize,
} from '../../../../src/codecs/index.ts';
import { sharedCaptures } from '../../../helpers/shared-captures.ts';

const SEED = 20260101;
const LINK_TYPES = Object.values(LinkType);

/** Bytes of every frame whatever they are: a value or a fault, the same bytes back, a summary. */
function expectSound(bytes: Uint8Array, linkType: number, originalLength?: number): Frame {
  const frame = decodeFrame(bytes, { linkType, originalLength });
  const back = encodeFrame(frame);
  if (Buffer.compare(back, bytes) !== 0) expect(back).toEqual(bytes);
  expect(typeof summarize(frame)).toBe('string');
  return frame;
}

/** Frames of all kinds, a few of each: one per protocol, R_CTL and length. */
const samples = (() => {
  const kinds = new Map<string, { bytes: Uint8Array; linkType: number }>();
  for (const { linkType, frames } of sharedCaptures()) {
    for (const { bytes } of frames) {
      const frame = decodeFrame(bytes, { linkType });
      const rCtl = layerValue(frame, fcHeader)?.rCtl;
      const key = `${frame.protocol} ${rCtl} ${frame.layers.length} ${bytes.length}`;
      if (bytes.length < 400 && !kinds.has(key)) kinds.set(key, { bytes, linkType });
    }
  }
  return [...kinds.values()];
})();

describe('decodeFrame', () => {
  it('takes arbitrary bytes of every link type', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...LINK_TYPES),
        fc.option(fc.nat(300), { nil: undefined }),
        (bytes, linkType, originalLength) => {
          expectSound(bytes, linkType, originalLength);
        },
      ),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('takes arbitrary bytes behind each EtherType it knows', () => {
    const etherTypes = [
      0x8906, 0x8914, 0x8100, 0x88cc, 0x0806, 0x8808, 0x0800, 0x86dd, 0x8926, 0x8940,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...etherTypes),
        fc.uint8Array({ maxLength: 160 }),
        (etherType, body) => {
          const bytes = new Uint8Array(14 + body.length);
          bytes[12] = etherType >> 8;
          bytes[13] = etherType;
          bytes.set(body, 14);
          expectSound(bytes, LinkType.ETHERNET);
        },
      ),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('takes arbitrary payloads in FCoE frames of every R_CTL and TYPE', () => {
    const header = fc.record({
      rCtl: fc.constantFrom(
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        0x22,
        0x23,
        0x32,
        0x33,
        0x50,
        0x81,
        0x84,
        0x85,
        0xc2,
      ),
      type: fc.constantFrom(0, 1, 5, 8, 0x20, 0x22, 0x28),
      dId: fc.nat(0xff_ffff),
      sId: fc.nat(0xff_ffff),
      fCtl: fc.nat(0xff_ffff),
      dfCtl: fc.constantFrom(0, 0, 0, 0x20, 0x40, 1),
      oxId: fc.nat(3),
    });
    const conversation = new Conversation();
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 140 }), (fields, payload) => {
        const bytes = encodeFcoeFrame({
          destination: '02:00:00:00:00:01',
          source: '02:00:00:00:00:02',
          sof: Sof.SOFi3,
          eof: Eof.EOFt,
          header: fields,
          payload,
        });
        const frame = decodeFrame(bytes, { conversation });
        expect(frame.crc).toBe('good');
        expect(encodeFrame(frame)).toEqual(bytes);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it.skipIf(samples.length === 0)('takes every cut of every kind of frame', () => {
    for (const { bytes, linkType } of samples) {
      for (let length = 0; length < bytes.length; length += bytes.length > 150 ? 3 : 1) {
        expectSound(bytes.subarray(0, length), linkType);
        expectSound(bytes.subarray(0, length), linkType, bytes.length);
      }
    }
  });

  it.skipIf(samples.length === 0)('takes every kind of frame with bytes flipped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        ({ bytes, linkType }, flips) => {
          const flipped = bytes.slice();
          for (const [at, value] of flips) flipped[at % flipped.length] = value;
          expectSound(flipped, linkType);
        },
      ),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it.skipIf(samples.length === 0)('changes only the field whose span holds a flipped bit', () => {
    const fields = (frame: Frame) =>
      new Map(
        fieldSpans(frame).map((one) => [`${one.layer.layer}@${one.layer.offset}.${one.path}`, one]),
      );
    fc.assert(
      fc.property(
        fc.constantFrom(...samples.filter(({ linkType }) => linkType === 1)),
        fc.nat(11),
        fc.nat(7),
        ({ bytes, linkType }, at, bit) => {
          const before = fields(decodeFrame(bytes, { linkType }));
          const flipped = bytes.slice();
          flipped[at]! ^= 1 << bit;
          const after = fields(decodeFrame(flipped, { linkType }));
          expect([...after.keys()]).toEqual([...before.keys()]);
          for (const [path, span] of before) {
            const holds = at >= span.offset && at < span.offset + span.length;
            expect(after.get(path)!.text !== span.text, path).toBe(holds);
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});
