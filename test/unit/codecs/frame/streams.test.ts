/** Connections of a capture: which are followed, which way is which, and when they end. */
import { describe, expect, test } from 'vitest';
import {
  CONNECTIONS_MAX,
  decodeFrame,
  encodeTextKeys,
  iscsiPdu,
  type StreamConnection,
  type StreamGap,
  summarizePdu,
  TcpStreams,
} from '../../../../src/codecs/index.ts';
import {
  ACK,
  type End,
  RST,
  type SegmentOptions,
  SYN,
  summed,
  tcpFrame,
} from '../../../helpers/tcp-frames.ts';

const login = iscsiPdu.encode({
  kind: 'Login Request',
  isid: new Uint8Array(6),
  initiatorTaskTag: 1,
  data: encodeTextKeys([{ key: 'InitiatorName', value: 'iqn.a' }]),
});
const nopOut = iscsiPdu.encode({ kind: 'NOP-Out', initiatorTaskTag: 2, immediate: 1 });
const nopIn = iscsiPdu.encode({ kind: 'NOP-In', initiatorTaskTag: 2 });
const A: End = [1, 50_000];
const B: End = [2, 3260];

function followed() {
  const lines: string[] = [];
  const gaps: StreamGap[] = [];
  const ended: StreamConnection[] = [];
  const streams = new TcpStreams({
    pdu: (pdu) => lines.push(`${pdu.firstFrame}-${pdu.lastFrame} ${summarizePdu(pdu)}`),
    gap: (gap) => gaps.push(gap),
    ended: (connection) => ended.push(connection),
  });
  let frame = 0;
  const take = (options: SegmentOptions): boolean =>
    streams.take(decodeFrame(tcpFrame(options)), ++frame);
  return { streams, lines, gaps, ended, take };
}

test('a connection of the port of iSCSI, from its SYN on', () => {
  const { lines, take } = followed();
  take({ from: A, to: B, seq: 99, flags: SYN });
  take({ from: B, to: A, seq: 499, ack: 100, flags: SYN | ACK });
  take({ from: A, to: B, seq: 100, ack: 500, payload: nopOut.subarray(0, 30) });
  take({ from: A, to: B, seq: 130, ack: 500, payload: nopOut.subarray(30) });
  take({ from: B, to: A, seq: 500, ack: 148, payload: nopIn });
  expect(lines).toEqual([
    '3-4 iSCSI NOP-Out 10.0.0.1:50000 → 10.0.0.2:3260 ITT 00000002',
    '5-5 iSCSI NOP-In 10.0.0.2:3260 → 10.0.0.1:50000 ITT 00000002',
  ]);
});

test('any port, once a login passes there', () => {
  const { lines, take } = followed();
  const other: End = [2, 13_260];
  take({ from: A, to: other, seq: 0, payload: nopOut });
  expect(lines).toEqual([]);
  take({ from: A, to: other, seq: 48, payload: login });
  take({ from: other, to: A, seq: 7, payload: nopIn });
  expect(lines).toEqual([
    '2-2 iSCSI Login Request 10.0.0.1:50000 → 10.0.0.2:13260 ITT 00000001 security InitiatorName=iqn.a',
    '3-3 iSCSI NOP-In 10.0.0.2:13260 → 10.0.0.1:50000 ITT 00000002',
  ]);
});

test('a segment that was damaged on its way is not there: the one that is sent again is', () => {
  const seen: string[] = [];
  const streams = new TcpStreams({
    pdu: (pdu) => seen.push(summarizePdu(pdu).slice(0, 13)),
    gap: ({ what, bytes }) => seen.push(`${what} ${bytes}`),
    damaged: (_connection, frame) => seen.push(`damaged ${frame}`),
  });
  let frame = 0;
  const take = (bytes: Uint8Array) => streams.take(decodeFrame(bytes), ++frame);
  take(summed(tcpFrame({ from: A, to: B, seq: 99, flags: SYN })));
  take(summed(tcpFrame({ from: B, to: A, seq: 499, ack: 100, flags: SYN | ACK })));
  const sent = summed(tcpFrame({ from: A, to: B, seq: 100, ack: 500, payload: nopOut }));
  const damaged = sent.slice();
  damaged[54] = 0x01;
  expect([take(damaged), take(sent)]).toEqual([true, true]);
  // The other end's acknowledgment and a reset that nobody sent are no more its word.
  const answer = summed(tcpFrame({ from: B, to: A, seq: 500, ack: 148, payload: nopIn }));
  const reset = answer.slice();
  reset[47] = RST;
  take(reset);
  take(answer);
  streams.finish();
  expect(seen).toEqual(['damaged 3', 'iSCSI NOP-Out', 'damaged 5', 'iSCSI NOP-In ']);
});

describe('what is not there', () => {
  test('a capture that begins in the middle says how much it cannot read', () => {
    const { streams, lines, gaps, take } = followed();
    take({ from: A, to: B, seq: 100, payload: nopOut.subarray(20) });
    take({ from: A, to: B, seq: 128, payload: nopOut });
    streams.finish();
    expect(lines).toHaveLength(1);
    expect(gaps).toMatchObject([{ what: 'skipped', bytes: 28, fromClient: true }]);
  });

  test('a segment that was not captured', () => {
    const { lines, gaps, take } = followed();
    take({ from: A, to: B, seq: 0, payload: nopOut });
    take({ from: A, to: B, seq: 96, payload: nopOut });
    expect(lines).toHaveLength(1);
    take({ from: B, to: A, seq: 0, ack: 144 });
    expect(lines).toHaveLength(2);
    expect(gaps).toMatchObject([{ what: 'lost', bytes: 48, frame: 3 }]);
  });
});

test('a reset ends it; what comes on the same ports is another one', () => {
  const { ended, take, lines } = followed();
  take({ from: A, to: B, seq: 0, payload: nopOut });
  take({ from: B, to: A, seq: 0, flags: RST });
  expect(ended).toHaveLength(1);
  take({ from: A, to: B, seq: 7000, flags: SYN });
  take({ from: A, to: B, seq: 7001, payload: nopOut });
  expect(lines).toHaveLength(2);
});

test('no more connections are followed than there is memory for', () => {
  const { ended, take } = followed();
  for (let i = 0; i < CONNECTIONS_MAX + 10; i++)
    take({ from: [1, 1024 + i], to: B, seq: 0, flags: SYN });
  expect(ended).toHaveLength(10);
  expect(ended[0]!.client).toBe('10.0.0.1:1024');
});
