import { describe, expect, it } from 'vitest';
import { LittleNet } from '../../../src/testing/little-net.ts';
import { Echo, Recorder, tagged } from '../../helpers/sim-machines.ts';

function pair(right: Recorder = new Recorder()) {
  const left = new Recorder();
  const events: unknown[] = [];
  const net = new LittleNet(
    new Map([
      ['left', left],
      ['right', right],
    ]),
    [
      [
        { node: 'left', port: 0 },
        { node: 'right', port: 3 },
      ],
    ],
    (node, event) => events.push([node, event]),
  );
  return { net, left, right, events };
}

describe('a little net', () => {
  it('plugs every cable in, and lets it flap', () => {
    const { net, left, right } = pair();
    net.plugIn();
    net.flap(7);
    const told = (port: number) => [true, false, true].map((up) => ({ port, up, now: 0 }));
    expect([left.links, right.links]).toEqual([told(0), told(3)]);
  });

  it('carries frames in their order, and wakes machines in between', () => {
    const { net, left, right, events } = pair();
    left.outputs.push({ port: 0, send: tagged(1), given: true }, { event: 'sent' });
    left.outputs.push({ port: 0, send: tagged(2), given: true });
    left.outputs.push({ port: 9, send: tagged(3), given: true });
    right.deadline = 400;
    net.drain();
    while (net.step());
    expect(right.timeouts).toEqual([400]);
    expect(right.tags).toEqual([1, 2]);
    expect(right.received.map(({ port, now }) => [port, now])).toEqual([
      [3, 1_000],
      [3, 1_000],
    ]);
    expect(events).toEqual([['left', 'sent']]);
  });

  it('counts what one frame brings about, and may deliver another in its place', () => {
    const { net, left, right } = pair(new Echo());
    net.onFrame = (to, frame) => (to.node === 'right' ? tagged(frame[0]! + 10) : frame);
    left.outputs.push({ port: 0, send: tagged(1), given: true });
    net.drain();
    while (net.step());
    expect([left.tags, right.tags]).toEqual([[11], []]);
    expect(net.outputsMost).toBe(1);
    expect(net.last).toEqual({ to: { node: 'left', port: 0 }, frame: tagged(11) });
  });

  it('refuses deadlines that are no instants, and cables to nobody', () => {
    const { net, left } = pair();
    left.deadline = 2 ** 53;
    expect(() => net.step()).toThrow(/left is due at/);
    expect(() => net.machine('nobody')).toThrow(TypeError);
  });
});
