/** CEE's exchange: numbers and acknowledgements, and what each pair of ends comes to. */
import { describe, expect, it } from 'vitest';
import type { LldpCee, LldpTlvInput } from '../../../../src/codecs/lldp/index.ts';
import { lldpCee } from '../../../../src/codecs/lldp/index.ts';
import type { DcbSettings } from '../../../../src/history/dcb.ts';
import { CeeEnd } from '../../../../src/net/dcbx/cee.ts';
import { convergedSettings, NO_DCB } from '../../../../src/net/dcbx/settings.ts';

const asSent = (one: CeeEnd): LldpCee =>
  lldpCee.decode(lldpCee.encode(one.tlv as Extract<LldpTlvInput, { kind: 'cee' }>));
const numbers = (one: CeeEnd) => {
  const control = asSent(one).tlvs.find((tlv) => tlv.kind === 'control')!;
  return [control.sequence, control.acknowledgement];
};

/** Lets two ends talk until neither has anything to say. */
function settle(a: CeeEnd, b: CeeEnd): number {
  let frames = 0;
  for (let says = [a, b]; says.length > 0; ) {
    expect(frames, 'it comes to an end').toBeLessThan(20);
    frames += says.length;
    const sent = says.map((one) => [one === a ? b : a, asSent(one)] as const);
    says = sent.filter(([to, tlv]) => to.heard(tlv)).map(([to]) => to);
  }
  return frames;
}

const end = (settings: DcbSettings, willing: boolean) => new CeeEnd(settings, willing);

describe('CEE', () => {
  it('counts nothing before the peer has acknowledged it', () => {
    const a = end(NO_DCB, true);
    const b = end(convergedSettings(), false);
    expect(numbers(a)).toEqual([1, 0]);
    expect(a.heard(asSent(b))).toBe(true);
    expect(a.inForce).toEqual(NO_DCB);
    expect(a.problem).toBe('priority groups: the peer has not answered');
    expect(numbers(a), 'what it heard is acknowledged').toEqual([1, 1]);
    b.heard(asSent(a));
    a.heard(asSent(b));
    expect(a.inForce).toEqual(convergedSettings());
    expect([a.problem, b.problem]).toEqual(['', '']);
  });

  it('ends that are equally willing need the same flow control', () => {
    const same = [end(convergedSettings(), false), end(convergedSettings(), false)] as const;
    settle(...same);
    expect(same.map(({ problem }) => problem)).toEqual(['', '']);
    const other = [end(convergedSettings(3), true), end(convergedSettings(4), true)] as const;
    settle(...other);
    for (const one of other) {
      expect(one.inForce.pfcEnabled).toBe(0);
      expect(one.problem).toBe('flow control: the two ends differ and neither gives way');
    }
    const pfc = asSent(other[0]).tlvs.find(({ kind }) => kind === 'pfc');
    expect(pfc, 'the peer is told of the error').toMatchObject({ error: 1 });
    expect(numbers(other[0])[0], 'under another number').toBe(2);
  });

  it('a feature that the peer leaves out, says twice or has switched off is off', () => {
    const changed = (change: (tlvs: LldpCee['tlvs']) => LldpCee['tlvs']): string => {
      const a = end(NO_DCB, true);
      const b = end(convergedSettings(), false);
      settle(a, b);
      const tlv = asSent(b);
      a.heard({ ...tlv, tlvs: change(tlv.tlvs) });
      expect(a.inForce.pfcEnabled).toBe(0);
      return a.problem;
    };
    expect(changed((tlvs) => tlvs.filter(({ kind }) => kind !== 'pfc'))).toBe(
      'flow control: the peer leaves it out',
    );
    expect(changed((tlvs) => [...tlvs, tlvs.find(({ kind }) => kind === 'pfc')!])).toBe(
      'flow control: the peer says it twice',
    );
    const off = (one: LldpCee['tlvs'][number]) =>
      one.kind === 'pfc' ? { ...one, enabled: 0 } : one;
    expect(changed((tlvs) => tlvs.map(off))).toBe('flow control: the peer has it switched off');
  });

  it('strict classes are the group without limit, on both ways', () => {
    const settings: DcbSettings = {
      ...convergedSettings(),
      groups: [0, 0, 0, 1, 0, 0, 7, 7],
      bandwidth: [60, 40, 'strict', 'strict', 'strict', 'strict', 'strict', 'strict'],
    };
    const a = end(NO_DCB, true);
    const b = end(settings, false);
    const groups = asSent(b).tlvs.find(({ kind }) => kind === 'priorityGroups');
    expect(groups).toMatchObject({ priority0: 0, priority3: 1, priority6: 15, priority7: 15 });
    settle(a, b);
    expect(a.inForce).toEqual(settings);
  });

  it('begins anew with a peer that has, and after it is gone', () => {
    const a = end(NO_DCB, true);
    const b = end(convergedSettings(), false);
    settle(a, b);
    a.expired();
    expect(a.inForce).toEqual(NO_DCB);
    expect(numbers(a)).toEqual([1, 0]);
    settle(a, b);
    expect(a.inForce).toEqual(convergedSettings());
  });

  it('passes over what has no number, two numbers or another version', () => {
    const a = end(NO_DCB, true);
    const tlv = asSent(end(convergedSettings(), false));
    const [control, ...features] = tlv.tlvs;
    for (const tlvs of [
      features,
      [control!, control!, ...features],
      [{ ...control!, operatingVersion: 1 }, ...features],
    ] as LldpCee['tlvs'][])
      expect(a.heard({ ...tlv, tlvs })).toBe(false);
    expect(numbers(a)).toEqual([1, 0]);
  });
});
