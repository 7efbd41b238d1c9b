/** Links of the live driver: who takes them down, who hears of it, and what is lost. */
import { describe, expect, it } from 'vitest';
import { FaultPlan, type FaultRule } from '../../../src/link/faults.ts';
import { Plug, type PlugOwner } from '../../../src/live/plug.ts';
import { streams } from '../../../src/machine/random.ts';
import { Timers } from '../../../src/machine/timers.ts';

/** A port `x` with a wire; time passes when it is told. */
function rig() {
  let now = 0;
  const timers = new Timers();
  const told: string[] = [];
  const taken: number[] = [];
  const sent: number[] = [];
  const owner: PlugOwner<string> = {
    clock: () => now,
    at: (atNs, run) => timers.set(atNs, run),
    take: (_plug, frame) => taken.push(frame[0]!),
    gather: () => {},
    tell: (plug, up) => told.push(`${plug.node} ${up ? 'up' : 'down'} ${now}`),
  };
  const plug = new Plug('x', 0, owner);
  plug.wire = { send: (frame) => void sent.push(frame[0]!), flush: () => {} };
  plug.setLink(true);
  told.length = 0;
  const passTo = (atNs: number) => {
    for (let due = timers.deadline; due !== undefined && due <= atNs; due = timers.deadline) {
      now = due;
      timers.run(now);
    }
    now = atNs;
  };
  const fault = (rule: FaultRule) =>
    plug.setFaults('a-to-b', [new FaultPlan(streams(1).stream).add(rule)]);
  const receive = (...tags: number[]) => {
    for (const tag of tags) plug.receive(Uint8Array.of(tag), false);
  };
  return { owner, plug, told, taken, sent, passTo, fault, receive };
}

describe('a link', () => {
  it('carries frames both ways while it is up, and is told of once', () => {
    const { plug, told, taken, sent, receive } = rig();
    receive(1);
    plug.send(Uint8Array.of(2), false);
    plug.setLink(false);
    plug.setLink(false);
    receive(3);
    plug.send(Uint8Array.of(4), false);
    expect([taken, sent, told]).toEqual([[1], [2], ['x down 0']]);
  });

  it('between two machines is one link, and both hear of it', () => {
    const { owner, plug, told, taken, passTo, fault, receive } = rig();
    const other = new Plug('y', 0, owner);
    [plug.peer, other.peer] = [other, plug];
    plug.setLink(true);
    expect(told).toEqual(['y up 0']);
    fault({ nth: 2, action: { kind: 'cut', forNs: 50 } });
    other.send(Uint8Array.of(1), false);
    other.send(Uint8Array.of(2), false);
    plug.send(Uint8Array.of(3), false);
    passTo(100);
    receive(4);
    expect(taken).toEqual([1, 4]);
    expect(told.slice(1)).toEqual(['x down 0', 'y down 0', 'x up 50', 'y up 50']);
  });
});

describe('a cut by a rule', () => {
  const cut = { nth: 1, action: { kind: 'cut', forNs: 50 } } as const;

  it('is told of when the change under way has ended, and loses frames at once', () => {
    const { told, taken, passTo, fault, receive } = rig();
    fault(cut);
    receive(1, 2);
    expect([told, taken]).toEqual([[], []]);
    passTo(60);
    receive(3);
    expect([told, taken]).toEqual([['x down 0', 'x up 50'], [3]]);
  });

  it('does not bring up a link that its owner has taken down', () => {
    const { plug, told, passTo, fault, receive } = rig();
    fault(cut);
    receive(1);
    passTo(10);
    plug.setLink(false);
    passTo(100);
    expect(told).toEqual(['x down 0']);
    plug.setLink(true);
    expect(told).toEqual(['x down 0', 'x up 100']);
  });

  it('ends when its owner brings the link up', () => {
    const { plug, told, passTo, fault, receive } = rig();
    fault(cut);
    receive(1);
    passTo(10);
    plug.setLink(true);
    passTo(100);
    expect(told).toEqual(['x down 0', 'x up 10']);
  });
});

it('what faults hold back is lost with the link', () => {
  const { plug, taken, passTo, fault, receive } = rig();
  fault({ action: { kind: 'delay', delayNs: 50 } });
  receive(1);
  plug.setLink(false);
  plug.setLink(true);
  receive(2);
  passTo(100);
  expect(taken).toEqual([2]);
});
