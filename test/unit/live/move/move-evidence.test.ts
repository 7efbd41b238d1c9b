/** What a move leaves behind: frames for the judge, and writes that came late. */
import { describe, expect, test } from 'vitest';
import { fcInitiatorPort, fcTargetPort } from '../../../../src/history/port-name.ts';
import type {
  LiveEvent,
  LiveEventListener,
  LiveFrameListener,
  LiveLink,
} from '../../../../src/live/links.ts';
import { MoveEvidence } from '../../../../src/live/move/move-evidence.ts';

function rig() {
  const events = new Set<LiveEventListener>();
  const frames = new Set<LiveFrameListener>();
  const evidence = new MoveEvidence({
    onEvent: (one) => {
      events.add(one);
      return () => events.delete(one);
    },
    onFrame: (one) => {
      frames.add(one);
      return () => frames.delete(one);
    },
  });
  const nexus = {
    initiator: fcInitiatorPort(1n),
    target: fcTargetPort(2n),
    address: 3,
    epoch: 1,
  };
  const tell = (event: object) => {
    for (const one of events) one({ at: 0, node: 'array', event: event as LiveEvent });
  };
  const state = (state: string, more = {}) =>
    tell({ type: 'nexus', state, nexus: { ...nexus, ...more } });
  const apply = (more = {}) => tell({ type: 'apply', nexus: { ...nexus, ...more } });
  const show = (bytes: Uint8Array) => {
    for (const one of frames) one({ name: 'A.1' } as LiveLink, 'in', bytes, 5);
  };
  return { evidence, state, apply, show, listeners: () => events.size + frames.size };
}

describe('a late write', () => {
  test('is one for a login that has ended', () => {
    const { evidence, state, apply } = rig();
    state('began');
    apply();
    expect(evidence.lateWrites).toBe(0);
    state('ended');
    apply();
    apply();
    expect(evidence.lateWrites).toBe(2);
  });

  test('is none for another login of the same ports, or the same one again', () => {
    const { evidence, state, apply } = rig();
    state('ended');
    apply({ epoch: 2 });
    state('began');
    apply();
    expect(evidence.lateWrites).toBe(0);
  });
});

test('frames are judged, and after that nothing is taken in', () => {
  const { evidence, show, listeners } = rig();
  const fip = new Uint8Array(60);
  fip.set([0x89, 0x14], 12);
  show(fip);
  show(fip);
  expect(listeners()).toBe(2);
  const report = evidence.judge();
  expect(report.capture.frames).toBe(2);
  expect(listeners()).toBe(0);
});
