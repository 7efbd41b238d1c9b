/** The FCFs that an ENode has heard. */
import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
import { FcfList } from '../../../../src/port/enode/fcf-list.ts';
import { type Advertised, advertisement, FCF_MAC, SWITCH_NAME } from '../../../helpers/fip-port.ts';

const B = '02:fc:f0:00:00:02';

function listOf(...heard: Advertised[]) {
  const list = new FcfList();
  for (const one of heard) list.note(advertisement(one), 0);
  return list;
}
const chosen = (list: FcfList) => {
  const choice = list.choose();
  return typeof choice === 'object' ? choice.mac : choice;
};

describe('the choice of an FCF', () => {
  it('is the lowest priority value, and the first of equals', () => {
    expect(chosen(listOf({ priority: 2 }, { mac: B, priority: 1 }))).toBe(B);
    expect(chosen(listOf({ priority: 1 }, { mac: B, priority: 1 }))).toBe(FCF_MAC);
  });

  it('is one of the fabric that is asked for, however they rank', () => {
    const both = listOf({ priority: 2 }, { mac: B, priority: 1, fabricName: 1n });
    expect([SWITCH_NAME, 1n].map((name) => (both.choose(name) as { mac: string }).mac)).toEqual([
      FCF_MAC,
      B,
    ]);
    expect(both.choose(2n)).toBe('foreign');
    expect(new FcfList().choose(2n)).toBeUndefined();
  });

  it.each([
    ['never answered a solicitation', { solicited: false }],
    ['is not available', { available: false }],
  ])('leaves out what %s', (_, more) => {
    expect(chosen(listOf({ priority: 2 }, { mac: B, priority: 1, ...more }))).toBe(FCF_MAC);
    expect(chosen(listOf(more))).toBeUndefined();
  });

  it.each([
    ['fabric', { fabricName: 1n }],
    ['virtual fabric', { vfId: 9 }],
    ['FC-MAP', { fcMap: 0x0e_fc01 }],
  ])('is none where two are of another %s', (_, more) => {
    expect(chosen(listOf({}, { mac: B, ...more }))).toBe('differ');
    expect(chosen(listOf({}, { mac: B, ...more, available: false }))).toBe(FCF_MAC);
  });
});

describe('an FCF', () => {
  it('stays solicited once it answered', () => {
    const list = listOf({});
    expect(list.note(advertisement({ solicited: false }), 1)!.solicited).toBe(true);
  });

  it.each([
    [499, 8000],
    [500, 500],
    [90_000, 90_000],
  ])('with a period of %i ms is believed %i', (said, believed) => {
    const entry = new FcfList().note(advertisement({ fkaAdvPeriodMs: said }), 0);
    expect(entry!.fkaPeriodMs).toBe(believed);
  });

  it('says whether it wants keep-alives', () => {
    const wants = (dBit: boolean) => !new FcfList().note(advertisement({ dBit }), 0)!.noKeepAlive;
    expect([wants(false), wants(true)]).toEqual([true, false]);
  });

  it('is one of 20; those that are known are heard on', () => {
    const list = new FcfList();
    const mac = (i: number) => `02:fc:f0:00:01:${i.toString(16).padStart(2, '0')}`;
    for (let i = 0; i < 20; i++) expect(list.note(advertisement({ mac: mac(i) }), 0)).toBeDefined();
    expect(list.note(advertisement({ mac: mac(20) }), 0)).toBeUndefined();
    expect(list.note(advertisement({ mac: mac(3), priority: 1 }), 0)!.priority).toBe(1);
  });

  it('is gone when it was not heard for 2.5 of its own periods', () => {
    const list = listOf({}, { mac: B, fkaAdvPeriodMs: 1000 });
    expect(list.nextGoneAt).toBe(2500 * MILLISECOND);
    expect(list.forgetSilent(2500 * MILLISECOND - 1)).toEqual([]);
    expect(list.forgetSilent(2500 * MILLISECOND)).toEqual([B]);
    list.note(advertisement(), 5 * SECOND);
    expect(list.nextGoneAt).toBe(25 * SECOND);
    expect(list.forgetSilent(25 * SECOND)).toEqual([FCF_MAC]);
    expect(list.nextGoneAt).toBeUndefined();
  });
});
