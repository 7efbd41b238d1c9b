import { describe, expect, it } from 'vitest';
import { NPortIds } from '../../../../src/fabric/fc/n-port-ids.ts';

const holder = (i: number) => ({ wwpn: BigInt(i), attachment: 'port 0' });

describe('N_Port_IDs of a domain', () => {
  it('are all given before one goes out that rests, and that one is not clean', () => {
    const ids = new NPortIds(0x0a, 100, false);
    const wrong: number[] = [];
    for (let i = 1; i <= 0xffff; i++)
      if (ids.take(holder(i), 0)!.nPortId !== 0x0a_0000 + i) wrong.push(i);
    expect(wrong).toEqual([]);
    expect(ids.take(holder(0), 0)).toBeUndefined();
    ids.release(0x0a_0007, 10);
    ids.release(0x0a_0003, 20);
    expect(ids.take(holder(0), 30)).toEqual({ nPortId: 0x0a_0007, clean: false });
    expect(ids.take(holder(0), 120)).toEqual({ nPortId: 0x0a_0003, clean: true });
    expect(ids.take(holder(0), 121)).toBeUndefined();
  });

  it('that are persistent are taken from another WWPN only when none is left', () => {
    const ids = new NPortIds(1, 100, true);
    for (let i = 1; i <= 0xffff; i++) ids.take(holder(i), 0);
    ids.release(0x01_0007, 10);
    ids.release(0x01_0003, 20);
    expect(ids.take(holder(3), 30)!.nPortId).toBe(0x01_0003);
    expect(ids.take(holder(99_999), 30)).toEqual({ nPortId: 0x01_0007, clean: false });
    expect(ids.take(holder(7), 30)).toBeUndefined();
  });

  it('of a WWPN that comes and goes for ever take no more room', () => {
    const ids = new NPortIds(1, 100, true);
    for (let now = 0; now < 400_000; now++) {
      const { nPortId } = ids.take(holder(now % 3), now)!;
      ids.release(nPortId, now);
    }
    expect(ids.givenUp).toBeLessThan(150_000);
    // Entries that still count were kept: the oldest id goes out when there is no other.
    for (let i = 3; i < 0xffff; i++) ids.take(holder(i), 400_000);
    expect(ids.take(holder(70_000), 400_001)!.nPortId).toBe(0x01_0002);
  });

  it('that are persistent outlive a power cycle', () => {
    const ids = new NPortIds(1, 100, true);
    ids.take(holder(1), 0);
    ids.take(holder(2), 0);
    ids.restart(1000);
    expect(ids.take(holder(2), 1001)).toEqual({ nPortId: 0x01_0002, clean: false });
    expect(ids.take(holder(5), 1100)).toEqual({ nPortId: 0x01_0003, clean: true });
    expect(ids.take(holder(1), 1100)).toEqual({ nPortId: 0x01_0001, clean: true });
  });

  it('that are set aside go to their WWPN and to nobody else', () => {
    const reserved = [{ wwpn: 1n, nPortId: 0x01_0001 }];
    for (const persistent of [false, true]) {
      const ids = new NPortIds(1, 100, persistent, reserved);
      expect(ids.take(holder(2), 0)!.nPortId).toBe(0x01_0002);
      expect(ids.take(holder(1), 0)).toEqual({ nPortId: 0x01_0001, clean: true });
      ids.release(0x01_0001, 10);
      for (let i = 3; i <= 0xffff; i++) ids.take(holder(i), 500);
      expect(ids.take(holder(99_999), 500)).toBeUndefined();
      expect(ids.take(holder(1), 20)).toEqual({ nPortId: 0x01_0001, clean: true });
    }
  });
});
