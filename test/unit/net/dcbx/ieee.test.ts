/** Who takes what from whom in the standard's exchange. */
import { expect, it } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { type LldpTlvInput, lldpdu } from '../../../../src/codecs/lldp/index.ts';
import type { DcbSettings } from '../../../../src/history/dcb.ts';
import {
  agreeIeee,
  ieeeProblem,
  ieeeSaidIn,
  ieeeTlvs,
  yields,
} from '../../../../src/net/dcbx/ieee.ts';
import { convergedSettings, etsIn, NO_DCB } from '../../../../src/net/dcbx/settings.ts';

const saidOf = (tlvs: readonly LldpTlvInput[]) =>
  ieeeSaidIn(lldpdu.decode(lldpdu.encode({ tlvs })).tlvs);
const SETTINGS: DcbSettings = {
  ...convergedSettings(),
  applications: [
    ...convergedSettings().applications,
    { kind: 'TCP or UDP port', protocolId: 3260, priority: 4 },
  ],
};

it('what is told is what is heard, applications of both kinds among it', () => {
  const said = saidOf(ieeeTlvs(SETTINGS, SETTINGS, true))!;
  expect(said).toEqual({
    recommended: etsIn(SETTINGS),
    pfc: { willing: true, priorities: 8 },
    applications: SETTINGS.applications,
    fault: '',
  });
  expect(saidOf([{ kind: 'portVlanId', vid: 1 }])).toBeUndefined();
});

it('of two willing ends one gives way, and only one', () => {
  const [low, high] = ['02:00:00:00:00:01', '02:00:00:00:00:02'] as [Mac, Mac];
  for (const tieBreak of ['higher', 'lower'] as const)
    expect(yields(low, high, tieBreak)).toBe(!yields(high, low, tieBreak));
  expect(yields(low, high, 'higher')).toBe(true);
  expect(yields(low, low, 'higher')).toBe(false);
});

it('who is not willing keeps its own; who is takes what was said, and keeps what was not', () => {
  const said = saidOf(ieeeTlvs(SETTINGS, SETTINGS, false))!;
  expect(agreeIeee(NO_DCB, false, said, true)).toEqual(NO_DCB);
  expect(agreeIeee(NO_DCB, true, said, false)).toEqual(SETTINGS);
  const nothing = { recommended: undefined, pfc: undefined, applications: undefined, fault: '' };
  expect(agreeIeee(SETTINGS, true, nothing, true)).toEqual(SETTINGS);
  expect(ieeeProblem(SETTINGS, nothing)).toBe('the peer says nothing of flow control');
});
