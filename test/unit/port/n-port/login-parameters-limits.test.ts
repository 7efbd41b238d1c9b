import { describe, expect, it } from 'vitest';
import {
  FlogiAcceptFeatures,
  type FlogiAcceptServiceParameters,
  flogiAcceptServiceParameters,
} from '../../../../src/codecs/els/index.ts';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
import { fabricTimesOf } from '../../../../src/port/n-port/login-parameters.ts';

const common = (rATovMs: number, eDTov: number, features = 0): FlogiAcceptServiceParameters =>
  flogiAcceptServiceParameters.decode(
    flogiAcceptServiceParameters.encode({
      bbCredit: 0,
      features,
      bbReceiveDataFieldSizeBytes: 2112,
      rATovMs,
      eDTov,
    }),
  );

describe('the times that a fabric announces', () => {
  it('are taken as they are', () => {
    expect(fabricTimesOf(common(10_000, 2_000))).toEqual({
      eDTovNs: 2 * SECOND,
      rATovNs: 10 * SECOND,
    });
    const { E_D_TOV_IN_NS } = FlogiAcceptFeatures;
    expect(fabricTimesOf(common(5, 3_000_000, E_D_TOV_IN_NS))).toEqual({
      eDTovNs: 3 * MILLISECOND,
      rATovNs: 5 * MILLISECOND,
    });
  });

  it('that are left out are the standard’s', () => {
    expect(fabricTimesOf(common(0, 0))).toEqual({ eDTovNs: 2 * SECOND, rATovNs: 10 * SECOND });
  });

  it('are whole milliseconds, which PLOGI and RTV can say, and none that stops a port', () => {
    const { E_D_TOV_IN_NS } = FlogiAcceptFeatures;
    expect(fabricTimesOf(common(1, 1_500_001, E_D_TOV_IN_NS)).eDTovNs).toBe(2 * MILLISECOND);
    expect(fabricTimesOf(common(1, 1, E_D_TOV_IN_NS)).eDTovNs).toBe(MILLISECOND);
    expect(fabricTimesOf(common(0xffff_ffff, 0xffff_ffff))).toEqual({
      eDTovNs: 600 * SECOND,
      rATovNs: 600 * SECOND,
    });
  });
});
