/** Streams whose segments were changed, cut, doubled and lost: nothing throws, and no unit loses a byte. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { readFrames } from '../../../../src/capture/index.ts';
import {
  decodeFrame,
  encodeFrame,
  summarizePdu,
  TcpStreams,
} from '../../../../src/codecs/index.ts';

const frames: Uint8Array[] = [];
beforeAll(async () => {
  for (const name of ['iscsi-test-cu-tgt', 'ipxe-login-read-tgt', 'qemu-reconnect-random-isid-tgt'])
    for await (const { bytes, index } of readFrames(`fixtures/iscsi/${name}.pcap`))
      if (index <= 120) frames.push(bytes.slice());
});

/** What happens to a frame: which, the byte that is changed and how, and where it is cut. */
const damage = fc.record({
  frame: fc.nat(),
  at: fc.nat(600),
  flip: fc.integer({ min: 1, max: 255 }),
  what: fc.constantFrom('change', 'cut', 'drop', 'double', 'swap'),
});

it('whatever happens to the frames of real initiators', () => {
  let units = 0;
  fc.assert(
    fc.property(fc.array(damage, { maxLength: 60 }), (all) => {
      const changed = frames.map((bytes) => ({ bytes, originalLength: bytes.length }));
      for (const { frame, at, flip, what } of all) {
        const i = frame % changed.length;
        const { bytes, originalLength } = changed[i]!;
        if (what === 'change' && bytes.length > 0) {
          const other = bytes.slice();
          other[at % other.length]! ^= flip;
          changed[i] = { bytes: other, originalLength };
        } else if (what === 'cut') {
          changed[i] = { bytes: bytes.subarray(0, at), originalLength };
        } else if (what === 'drop') changed[i] = { bytes: new Uint8Array(0), originalLength: 0 };
        else if (what === 'double') changed.splice(i, 0, changed[i]!);
        else changed[i] = changed.splice((i + 1) % changed.length, 1, changed[i]!)[0]!;
      }
      const streams = new TcpStreams({
        pdu: (pdu) => {
          units++;
          expect(Buffer.from(encodeFrame(pdu.frame)).equals(pdu.frame.bytes)).toBe(true);
          expect(pdu.frame.bytes.length).toBeLessThanOrEqual(pdu.lengthBytes);
          expect([...summarizePdu(pdu)].every((one) => one >= ' ')).toBe(true);
        },
        gap: ({ bytes }) => expect(bytes).toBeGreaterThan(0),
      });
      for (const [i, { bytes, originalLength }] of changed.entries())
        streams.take(decodeFrame(bytes, { originalLength }), i + 1);
      streams.finish();
    }),
    { seed: 1, numRuns: 120 },
  );
  expect(units).toBeGreaterThan(5000);
}, 60_000);
