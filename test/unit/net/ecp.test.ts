/** The Edge Control Protocol: acknowledged, sent again, in order. */
import { expect, it } from 'vitest';
import type { Mac } from '../../../src/codecs/layout/index.ts';
import { EcpEnd } from '../../../src/net/ecp.ts';

function end() {
  const sent: Uint8Array[] = [];
  const heard: number[][] = [];
  let timer: (() => void) | undefined;
  const one = new EcpEnd({
    mac: '02:00:00:00:00:01' as Mac,
    after: (_delayNs, run) => {
      timer = run;
      return { at: 0, cancel: () => (timer = undefined) };
    },
    send: (frame) => sent.push(frame),
    heard: (pdu) => heard.push([...pdu.subarray(0, 2)]),
  });
  return { one, sent, heard, ring: () => timer?.() };
}

it('sends one message at a time, each again until it is acknowledged', () => {
  const [a, b] = [end(), end()];
  a.one.send(Uint8Array.of(1, 1));
  a.one.send(Uint8Array.of(2, 2));
  expect(a.sent).toHaveLength(1);
  a.ring();
  expect(a.sent).toHaveLength(2);
  for (const frame of a.sent.splice(0)) b.one.handleFrame(frame);
  expect(b.heard, 'once, though it came twice').toEqual([[1, 1]]);
  a.one.handleFrame(b.sent[0]!);
  expect(a.sent).toHaveLength(1);
  b.one.handleFrame(a.sent[0]!);
  expect(b.heard).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

it('gives a message up after some tries, and goes on with the next', () => {
  const a = end();
  a.one.send(Uint8Array.of(1, 1));
  a.one.send(Uint8Array.of(2, 2));
  for (let i = 0; i < 4; i++) a.ring();
  expect(a.sent.map((frame) => frame[18])).toEqual([1, 1, 1, 1, 2]);
});

it('a frame that is too short is none', () => {
  const a = end();
  a.one.handleFrame(new Uint8Array(15));
  expect(a.sent).toEqual([]);
});
