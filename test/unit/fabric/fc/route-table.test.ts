/** Ways to the domains of other switches. */
import { describe, expect, it } from 'vitest';
import { RouteTable } from '../../../../src/fabric/fc/route-table.ts';

const TO_2 = { domainId: 2, port: 3, neighbour: '02:fc:f0:00:00:02' };

describe('the route table', () => {
  it('knows the way by the upper byte of an address', () => {
    const routes = new RouteTable(1, [TO_2]);
    expect(routes.to(0x02_0001)).toBe(TO_2);
    expect(routes.to(0x02_ffff)).toBe(TO_2);
    expect(routes.to(0x03_0001)).toBeUndefined();
    expect(routes.to(0x01_0001)).toBeUndefined();
    expect(routes.to(0xff_fffe)).toBeUndefined();
    expect(routes.size).toBe(1);
  });

  it.each([
    ['its own domain', [{ ...TO_2, domainId: 1 }]],
    ['no domain', [{ ...TO_2, domainId: 0 }]],
    ['a reserved domain', [{ ...TO_2, domainId: 240 }]],
    ['a fraction', [{ ...TO_2, domainId: 2.5 }]],
    ['a domain twice', [TO_2, { ...TO_2, port: 1 }]],
  ])('refuses %s', (_, routes) => {
    expect(() => new RouteTable(1, routes)).toThrow(RangeError);
  });
});
