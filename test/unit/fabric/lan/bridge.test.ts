/** What a bridge learns, and where it sends what. */
import { describe, expect, it } from 'vitest';
import { putMac } from '../../../../src/codecs/layout/index.ts';
import { EthernetBridge } from '../../../../src/fabric/lan/bridge.ts';
import { SECOND } from '../../../../src/machine/machine.ts';

const [A, B] = ['52:54:00:00:00:0a', '52:54:00:00:00:0b'];
const ALL_FCFS = '01:10:18:01:00:02';

function frame(to: string, from: string, vid = 0): Uint8Array {
  const bytes = new Uint8Array(60);
  putMac(bytes, 0, to);
  putMac(bytes, 6, from);
  if (vid === 0) bytes.set([0x89, 0x14], 12);
  else bytes.set([0x81, 0x00, 0x60 | (vid >>> 8), vid & 0xff, 0x89, 0x14], 12);
  return bytes;
}

class Segment {
  readonly bridge: EthernetBridge;
  now = 0;

  constructor(...enodePorts: number[]) {
    this.bridge = new EthernetBridge({ name: 'bridge', ports: 3, enodePorts });
  }

  /** The ports that a frame leaves by. */
  send(port: number, bytes: Uint8Array, given = false): number[] {
    this.bridge.handleFrame(port, bytes, given, this.now);
    return this.outputs.map((one) => one.port);
  }

  get outputs() {
    const found: { port: number; given: boolean }[] = [];
    for (let one = this.bridge.poll(); one !== undefined; one = this.bridge.poll())
      if ('send' in one) found.push(one);
    return found;
  }
}

describe('a bridge', () => {
  it('floods what is for nobody it knows, or for a group, and never back', () => {
    const segment = new Segment();
    expect(segment.send(0, frame(B, A))).toEqual([1, 2]);
    expect(segment.send(1, frame(ALL_FCFS, B))).toEqual([0, 2]);
  });

  it('sends to the one port behind which it has heard an address, and follows it', () => {
    const segment = new Segment();
    segment.send(2, frame(A, B));
    expect(segment.send(0, frame(B, A))).toEqual([2]);
    expect(segment.send(2, frame(B, A)), 'its own segment').toEqual([]);
    segment.send(1, frame(A, B));
    expect(segment.send(0, frame(B, A))).toEqual([1]);
  });

  it('lets nothing pass from one ENode to another, known or not', () => {
    const segment = new Segment(0, 1);
    expect(segment.send(0, frame(B, A))).toEqual([2]);
    expect(segment.send(2, frame(ALL_FCFS, B))).toEqual([0, 1]);
    segment.send(1, frame(A, B));
    expect(segment.send(0, frame(B, A))).toEqual([]);
  });

  it('learns by VLAN', () => {
    const segment = new Segment();
    segment.send(2, frame(A, B, 1002));
    expect(segment.send(0, frame(B, A, 1002))).toEqual([2]);
    expect(segment.send(0, frame(B, A, 1003))).toEqual([1, 2]);
    expect(segment.send(0, frame(B, A))).toEqual([1, 2]);
  });

  it('forgets who was not heard for 300 s, whose link went, and all when its power goes', () => {
    const segment = new Segment();
    segment.send(2, frame(A, B));
    segment.now = 300 * SECOND - 1;
    expect(segment.send(0, frame(B, A))).toEqual([2]);
    segment.now++;
    expect(segment.send(0, frame(B, A))).toEqual([1, 2]);
    segment.send(2, frame(A, B));
    segment.bridge.handleLink(2, false, segment.now);
    expect(segment.send(0, frame(B, A)), 'port 2 is down').toEqual([1]);
    expect(segment.send(2, frame(A, B))).toEqual([]);
    segment.bridge.handleLink(2, true, segment.now);
    segment.send(2, frame(A, B));
    segment.bridge.restart();
    expect(segment.send(0, frame(B, A))).toEqual([1, 2]);
  });

  it('gives a frame on that goes one way, and lends one that goes several', () => {
    const segment = new Segment();
    segment.bridge.handleFrame(2, frame(A, B), true, 0);
    expect(segment.outputs).toMatchObject([{ given: false }, { given: false }]);
    segment.bridge.handleFrame(0, frame(B, A), true, 0);
    expect(segment.outputs).toMatchObject([{ port: 2, given: true }]);
  });

  it('passes over what is too short, and keeps a bounded number of addresses', () => {
    const segment = new Segment();
    expect(segment.send(0, frame(B, A).subarray(0, 13))).toEqual([]);
    expect(segment.send(0, frame(B, A, 5).subarray(0, 17))).toEqual([]);
    for (let i = 0; i < 9000; i++) {
      const low = i.toString(16).padStart(4, '0');
      segment.send(0, frame(ALL_FCFS, `52:54:00:01:${low.slice(0, 2)}:${low.slice(2)}`));
    }
    expect(segment.bridge.kept()).toEqual({ 'learned addresses': 8192 });
  });
});
