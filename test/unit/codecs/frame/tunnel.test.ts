/** What the readers of IP say of packets that carry no Ethernet frame. */
import { expect, it } from 'vitest';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { encodeFrame } from '../../../../src/codecs/frame/encode.ts';
import { formatHex, icmpv6, layerOf, layerValue, tcp } from '../../../../src/codecs/index.ts';
import { tcpFrame } from '../../../helpers/tcp-frames.ts';

it('a TCP segment is its header and its bytes; the frame is padded behind the packet', () => {
  const segment = tcpFrame({
    from: [1, 50_000],
    to: [2, 3225],
    seq: 7,
    payload: Uint8Array.of(1, 2),
  });
  const bytes = new Uint8Array(64);
  bytes.set(segment);
  const frame = decodeFrame(bytes);
  expect(frame).toMatchObject({ protocol: 'tcp', unread: undefined, malformed: undefined });
  expect(layerValue(frame, tcp)).toMatchObject({ sourcePort: 50_000, sequenceNumber: 7 });
  expect(layerOf(frame, 'payload')?.length).toBe(2);
  expect(layerOf(frame, 'pad')?.length).toBe(64 - segment.length);
  expect(formatHex(encodeFrame(frame))).toBe(formatHex(bytes));
});

it('a packet whose card had still to cut it says no length: it goes to the end of the frame', () => {
  const bytes = tcpFrame({
    from: [1, 50_000],
    to: [2, 3260],
    seq: 0,
    payload: new Uint8Array(3000),
  });
  bytes.set([0, 0], 16);
  expect(layerOf(decodeFrame(bytes), 'payload')?.length).toBe(3000);
});

it('IPv6: a neighbor advertisement', () => {
  const advertisement = icmpv6.encode({
    kind: 'neighbor advertisement',
    override: 1,
    targetAddress: new Uint8Array(16).fill(0xfe),
  });
  const bytes = new Uint8Array(14 + 40 + advertisement.length);
  bytes.set([0x86, 0xdd, 0x60, 0, 0, 0, 0, advertisement.length, 58, 255], 12);
  bytes.set(advertisement, 54);
  const frame = decodeFrame(bytes);
  expect(frame.protocol).toBe('icmpv6');
  expect(layerOf(frame, 'icmpv6')?.value).toMatchObject({ override: 1, solicited: 0 });
});
