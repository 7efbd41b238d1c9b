/** A FIP frame from values: as Linux's, byte for byte. */
import { expect, test } from 'vitest';
import { readFrames } from '../../../../src/capture/index.ts';
import { ethernet } from '../../../../src/codecs/ethernet/index.ts';
import { encodeFipFrame, fipMessage } from '../../../../src/codecs/fip/index.ts';
import { decodeFrame, layerValue } from '../../../../src/codecs/frame/index.ts';

test.each([2, 7])('frame %i of fabric-login.pcap is made of its own values', async (number) => {
  for await (const { bytes, index } of readFrames('fixtures/fabric-login.pcap')) {
    if (index !== number) continue;
    const frame = decodeFrame(bytes);
    const message = layerValue(frame, fipMessage);
    if (message === undefined) continue;
    const { destination, source } = layerValue(frame, ethernet)!;
    const { descriptors, flags, operation, subcode } = message;
    const made = encodeFipFrame({
      destination,
      source,
      message: { operation, subcode, flags, descriptors },
      payloadBytesMin: bytes.length - 14,
    });
    expect(made.subarray(0, bytes.length)).toEqual(bytes);
  }
});

const message = { operation: 1, subcode: 1, descriptors: [] };
const ends = { destination: '01:10:18:01:00:02', source: '02:00:00:00:00:01' };

test('tagged and untagged, padded to 60 bytes or to what is asked', () => {
  expect(encodeFipFrame({ ...ends, message })).toHaveLength(60);
  const tagged = encodeFipFrame({ ...ends, message, vlan: { vid: 1002, priority: 3 } });
  expect([...tagged.subarray(12, 18)]).toEqual([0x81, 0x00, 0x63, 0xea, 0x89, 0x14]);
  expect(encodeFipFrame({ ...ends, message, payloadBytesMin: 2158 })).toHaveLength(14 + 2158);
});

test.each([
  [{ ...ends, source: 'x' }, 'FIP frame: source at byte 6: x is no MAC address'],
  [{ ...ends, vlan: { vid: 5000 } }, 'FIP frame: vlan.vid at byte 14: 5000 does not fit 12 bits'],
  [{ ...ends, vlan: { vid: 1, priority: 8 } }, 'vlan.priority at byte 14: 8 does not fit 3 bits'],
])('what does not fit is refused: %j', (parts, words) => {
  expect(() => encodeFipFrame({ ...parts, message })).toThrow(words);
});
