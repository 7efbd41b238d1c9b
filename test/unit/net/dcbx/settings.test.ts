/** Settings of data center bridging: which make sense, and what a converged link has. */
import { expect, it } from 'vitest';
import {
  convergedSettings,
  etsFault,
  NO_DCB,
  priorityOf,
  queuesOf,
  sameSettings,
} from '../../../../src/net/dcbx/settings.ts';

it('a converged link pauses the priority that both EtherTypes of FCoE have', () => {
  const settings = convergedSettings(5);
  expect(settings.pfcEnabled).toBe(0b10_0000);
  expect([0x8906, 0x8914, 0x0800].map((one) => priorityOf(settings, one))).toEqual([
    5,
    5,
    undefined,
  ]);
  expect(settings.groups.indexOf(1)).toBe(5);
  expect(queuesOf(settings)).toEqual({
    groups: [0, 0, 0, 0, 0, 1, 0, 0],
    bandwidth: [50, 50, 'strict', 'strict', 'strict', 'strict', 'strict', 'strict'],
    pfcEnabled: 0b10_0000,
    fcoePriority: 5,
  });
  expect(etsFault(settings)).toBeUndefined();
});

it('shares of what is left make 100 % or are not there, and there are eight groups', () => {
  const ets = convergedSettings();
  expect(etsFault(NO_DCB)).toBeUndefined();
  expect(etsFault({ ...ets, bandwidth: [50, 51, 0, 0, 0, 0, 0, 0] })).toContain('101 %');
  expect(etsFault({ ...ets, groups: [0, 0, 0, 8, 0, 0, 0, 0] })).toContain('above 7');
});

it('compares what is said, not who says it', () => {
  expect(sameSettings(convergedSettings(), convergedSettings())).toBe(true);
  expect(sameSettings(convergedSettings(), NO_DCB)).toBe(false);
});
