/** Who is logged in, found by every name. */
import { describe, expect, it } from 'vitest';
import { Adapter, Login, Logins, RouteBits, serviceBit } from '../../../../src/fabric/fc/logins.ts';
import { newNameServerObject } from '../../../../src/fabric/fc/name-server-object.ts';

const DOMAIN = 5;
const at = (low: number) => (DOMAIN << 16) | low;

function login(low: number, wwpn: bigint, adapter: Adapter, more: object = {}): Login {
  return new Login({
    nPortId: at(low),
    wwpn,
    saidWwpn: wwpn,
    wwnn: 1n,
    linkAddress: '',
    by: 'FDISC',
    adapter,
    since: 7,
    receiveBytes: 2112,
    object: newNameServerObject(1n),
    ...more,
  });
}

function make() {
  const logins = new Logins(DOMAIN, 3);
  const adapter = new Adapter(1, 'a', 0);
  const base = login(1, 10n, adapter, { by: 'FLOGI' });
  logins.add(base);
  return { logins, adapter, base };
}

describe('logins', () => {
  it('are found by N_Port_ID in their own domain only', () => {
    const { logins, base } = make();
    expect(logins.byId(at(1))).toBe(base);
    expect(logins.byId(0x06_0001)).toBeUndefined();
    expect(logins.byId(at(2))).toBeUndefined();
    expect(logins.routeOf(at(1)) & RouteBits.PORT).toBe(2);
    expect(logins.routeOf(0x06_0001)).toBe(0);
    expect(logins.routeOf(at(2))).toBe(0);
  });

  it('say in their route that they are fenced, or called otherwise, until they end', () => {
    const { logins, adapter, base } = make();
    const renamed = login(2, 20n, adapter, { saidWwpn: 21n });
    logins.add(renamed);
    logins.fence(base);
    expect(logins.routeOf(at(1))).toBe(2 | RouteBits.FENCED);
    expect(logins.routeOf(at(2))).toBe(2 | RouteBits.RENAMED);
    logins.remove(base);
    expect(logins.routeOf(at(1))).toBe(0);
    logins.add(login(1, 10n, adapter));
    expect(logins.routeOf(at(1))).toBe(2);
  });

  it('take no name and no address twice', () => {
    const { logins, adapter } = make();
    expect(() => logins.add(login(2, 10n, adapter))).toThrow(RangeError);
    expect(() => logins.add(login(1, 11n, adapter))).toThrow(RangeError);
    expect(logins.size).toBe(1);
  });

  it('count FDISCs by port, and keep an adapter while one of its logins lasts', () => {
    const { logins, adapter, base } = make();
    const second = login(2, 20n, adapter);
    logins.add(second);
    expect([logins.npivCount(1), logins.npivCount(0)]).toEqual([1, 0]);
    let stopped = 0;
    adapter.supervision = { cancel: () => stopped++ } as never;
    logins.remove(base);
    expect(adapter.base).toBeUndefined();
    expect(logins.adapter(1, 'a')).toBe(adapter);
    expect(logins.npivCount(1)).toBe(1);
    expect(stopped).toBe(0);
    logins.remove(second);
    expect(logins.adapter(1, 'a')).toBeUndefined();
    expect(logins.adaptersOn(1)).toEqual([]);
    expect(logins.npivCount(1)).toBe(0);
    expect(stopped).toBe(1);
  });

  it('end once, with their timer', () => {
    const { logins, adapter } = make();
    const second = login(2, 20n, adapter);
    logins.add(second);
    let stopped = 0;
    second.supervision = { cancel: () => stopped++ } as never;
    logins.remove(second);
    logins.remove(second);
    expect([second.live, stopped, logins.npivCount(1)]).toEqual([false, 1, 0]);
  });

  it('tell adapters of one address behind two ports apart', () => {
    const { logins, adapter } = make();
    const other = new Adapter(2, 'a', 0);
    logins.add(login(3, 30n, other));
    expect(logins.adapter(2, 'a')).toBe(other);
    expect(logins.adapter(1, 'a')).toBe(adapter);
    expect(logins.adapter(9, 'a')).toBeUndefined();
    expect([adapter.attachment, other.attachment]).toEqual(['1 a', '2 a']);
  });

  it('replaced keep name and address behind another adapter', () => {
    const { logins, adapter } = make();
    const former = login(2, 20n, adapter);
    logins.add(former);
    const next = login(2, 20n, new Adapter(2, 'b', 0));
    logins.replace(former, next);
    expect(former.live).toBe(false);
    expect(logins.byId(at(2))).toBe(next);
    expect(logins.byWwpn(20n)).toBe(next);
    expect(logins.routeOf(at(2))).toBe(3);
  });

  it('are walked by ascending N_Port_ID, round and round, from any address', () => {
    const { logins, adapter } = make();
    for (const low of [0xffff, 7]) logins.add(login(low, BigInt(low), adapter));
    const next = (nPortId: number) => logins.nextAfter(nPortId, () => true)!.nPortId & 0xffff;
    expect([at(0), at(1), at(7), at(0xffff)].map(next)).toEqual([1, 7, 0xffff, 1]);
    // Domains below lie in front of ours, those above behind it.
    expect([0, 0x04_ffff, 0x06_0000, 0xff_ffff].map(next)).toEqual([1, 1, 1, 1]);
    expect(logins.nextAfter(at(1), (one) => one.wwpn === 10n)!.nPortId).toBe(at(1));
    expect(logins.nextAfter(0, () => false)).toBeUndefined();
  });

  it('have a bit for each well-known address', () => {
    const bits = [0xff_fff0, 0xff_fffc, 0xff_ffff].map(serviceBit);
    expect(bits).toEqual([1, 1 << 12, 1 << 15]);
  });
});
