/** Settings of data center bridging: which make sense, and what a converged link has. */
import { expect, it } from 'vitest';
import {
  convergedSettings,
  etsFault,
  NO_DCB,
  priorityOf,
  sameSettings,
} from '../../../../src/net/dcbx/settings.ts';

it('a converged link pauses the priority that both EtherTypes of FCoE have', () => {
  const settings = convergedSettings(5);
  expect(settings.pfc).toBe(0b10_0000);
  expect([0x8906, 0x8914, 0x0800].map((one) => priorityOf(settings, one))).toEqual([
    5,
    5,
    undefined,
  ]);
  expect(settings.ets.classes.indexOf(1)).toBe(5);
  expect(etsFault(settings.ets)).toBeUndefined();
});

it('shares of what is left make 100 % or are not there, and there are eight classes', () => {
  const { ets } = convergedSettings();
  expect(etsFault(NO_DCB.ets)).toBeUndefined();
  expect(etsFault({ ...ets, bandwidthPercent: [50, 51, 0, 0, 0, 0, 0, 0] })).toContain('101 %');
  expect(etsFault({ ...ets, classes: [0, 0, 0, 8, 0, 0, 0, 0] })).toContain('above 7');
});

it('compares what is said, not who says it', () => {
  expect(sameSettings(convergedSettings(), convergedSettings())).toBe(true);
  expect(sameSettings(convergedSettings(), NO_DCB)).toBe(false);
});
