import { describe, expect, it } from 'vitest';
import {
  Conversation,
  checkFip,
  decodeFrame,
  encodeFrame,
  fipMessage,
  hexRuns,
  layerValue,
  summarize,
} from '../../../../src/codecs/index.ts';
import { sharedCaptures } from '../../../helpers/shared-captures.ts';

/** Faults that are really in the captures: frame and field, by file. */
const MALFORMED: Readonly<Record<string, readonly string[]>> = {
  // The FPIN's list is said to have 16 bytes, its one descriptor has 20.
};
/** Frames whose required descriptors their maker left out on purpose. */
const FIP_INCOMPLETE: Readonly<Record<string, number>> = { 'handmade/wireshark-gaps.pcap': 1 };

const captures = sharedCaptures();

describe.skipIf(captures.length === 0)('every shared capture', () => {
  it.each(captures.map((one) => [one.name, one] as const))(
    '%s: every frame comes back byte for byte',
    (name, { linkType, frames }) => {
      const conversation = new Conversation();
      const malformed: string[] = [];
      let incomplete = 0;
      for (const [i, { bytes, originalLength }] of frames.entries()) {
        const frame = decodeFrame(bytes, { linkType, originalLength, conversation });
        expect(encodeFrame(frame)).toEqual(bytes);
        const fault = frame.malformed;
        if (fault !== undefined) malformed.push(`${i + 1} ${fault.layer} ${fault.field}`);
        expect(frame.crc).not.toBe('bad');
        const fip = layerValue(frame, fipMessage);
        if (fip !== undefined && checkFip(fip) !== undefined) incomplete++;
        expect(summarize(frame)).not.toMatch(/undefined|NaN|\[object/);
      }
      expect(malformed).toEqual(MALFORMED[name] ?? []);
      expect(incomplete).toBe(FIP_INCOMPLETE[name] ?? 0);
    },
  );

  it('the fields of a frame cover each of its bytes once', () => {
    for (const { name, linkType, frames } of captures) {
      const conversation = new Conversation();
      for (const [i, { bytes, originalLength }] of frames.entries()) {
        const frame = decodeFrame(bytes, { linkType, originalLength, conversation });
        // Each 7th frame: all kinds are met, and the spans of 6,000 frames take long.
        if (i % 7 !== 0) continue;
        let at = 0;
        for (const run of hexRuns(frame)) {
          expect(run.offset, `${name} frame ${i + 1} ${run.fields[0]}`).toBe(at);
          at += run.bytes.length;
        }
        expect(at).toBe(bytes.length);
      }
    }
  });
});
