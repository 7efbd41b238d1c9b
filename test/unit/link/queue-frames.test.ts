import { expect, it } from 'vitest';
import { decodeFrame } from '../../../src/codecs/frame/index.ts';
import { priorityOf } from '../../../src/link/qos-options.ts';
import { controlIn, otherFrame, pfcFrame } from '../../../src/link/queue-frames.ts';

it('a PFC frame is 60 bytes as every reader has it', () => {
  const frame = pfcFrame('02:00:00:00:00:01', 0x08, 0xffff);
  expect(frame).toHaveLength(60);
  expect(controlIn(frame)).toMatchObject({
    kind: 'PFC',
    classEnableVector: 8,
    quanta: [0, 0, 0, 0xffff, 0, 0, 0, 0],
  });
  expect(decodeFrame(frame).layers.map(({ layer }) => layer)).toContain('mac-control');
  expect(controlIn(frame.subarray(0, 20))).toBeUndefined();
});

it('other traffic has its priority and its length', () => {
  const other = { priority: 5, frameBytes: 900, everyNs: 1000, untilNs: 1 };
  const frame = otherFrame('02:00:00:00:00:01', other);
  expect([frame.length, priorityOf(frame)]).toEqual([900, 5]);
});
