/** Where late frames are held: links and directions as the topology has them. */
import { describe, expect, test } from 'vitest';
import { lateFrames } from '../../../src/run/late-frames.ts';
import type { LateSchedule } from '../../../src/run/late-schedules.ts';
import type { RunReport } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const scenario = loadScenario(
  TEXT.replaceAll(/\bh1\b/g, 'h.1').replace('array:\n', 'array:\n  name: disks\n'),
  'x.yaml',
);
const timeline = [
  { phase: 'stun', atNs: 10_000_000 },
  { phase: 'resume', atNs: 14_000_000 },
];
const moved = { timeline } as unknown as RunReport;
const lanes = (schedule: LateSchedule) =>
  lateFrames(schedule, scenario, moved).map(({ direction, link }) => `${link} ${direction}`);

describe('late frames', () => {
  const array = ['disks.0-A', 'disks.1-A', 'disks.2-B', 'disks.3-B'];
  const source = ['h.1.0-A', 'h.1.1-B'];
  test.each([
    ['data', array, 'b-to-a'],
    ['commands', array, 'b-to-a'],
    ['answers', array, 'a-to-b'],
    ['uplink', source, 'a-to-b'],
    ['no-logo', source, 'a-to-b'],
  ] as const)('%s', (schedule, links, direction) => {
    expect(lanes(schedule)).toEqual(links.map((link) => `${link} ${direction}`));
  });

  test('come out behind the resume, and live no longer than R_A_TOV', () => {
    const [rule] = lateFrames('data', scenario, moved);
    expect(rule!.action).toEqual({ kind: 'delay', delayNs: 7_000_000 });
    const late = [timeline[0]!, { phase: 'resume', atNs: 20e9 }];
    const [bound] = lateFrames('data', scenario, { timeline: late } as unknown as RunReport);
    expect(bound!.action).toEqual({ kind: 'delay', delayNs: 9_999_000_000 });
  });

  test('there are none where the guest was not stunned', () => {
    expect(lateFrames('data', scenario, { timeline: [] } as unknown as RunReport)).toEqual([]);
  });
});
