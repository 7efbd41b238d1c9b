/** Which route is better: RFC 7432, clause 15; and when an address moves too often. */
import { describe, expect, it } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { isBetter, MacRoutes, MoveCounter } from '../../../../src/fabric/lan/mac-routes.ts';

const MAC = '02:00:00:00:00:01' as Mac;
const route = (vtep: string, sequence: number, sticky = false) => ({ vtep, sequence, sticky });

describe('routes to a MAC address', () => {
  it('sticky before number, number before address', () => {
    expect(isBetter(route('10.0.0.2', 0, true), route('10.0.0.1', 9))).toBe(true);
    expect(isBetter(route('10.0.0.2', 3), route('10.0.0.1', 2))).toBe(true);
    expect(isBetter(route('10.0.0.10', 3), route('10.0.0.9', 3)), 'as numbers').toBe(false);
  });

  it('an older copy through another peer changes nothing', () => {
    const routes = new MacRoutes();
    routes.reach(MAC, 'first', route('10.0.0.2', 2));
    routes.reach(MAC, 'second', route('10.0.0.1', 1));
    expect(routes.best(MAC)).toEqual(route('10.0.0.2', 2));
    routes.unreach(MAC, 'first', '10.0.0.2');
    expect(routes.best(MAC)).toEqual(route('10.0.0.1', 1));
    routes.unreach(MAC, 'second', '10.0.0.1');
    expect(routes.best(MAC)).toBeUndefined();
    expect(routes.size).toBe(0);
  });

  it('a move is one too many from the limit on, within the window', () => {
    const counter = new MoveCounter({ moves: 3, windowNs: 100 });
    expect([0, 10, 20, 30].map((now) => counter.moved(MAC, now))).toEqual([
      undefined,
      undefined,
      3,
      4,
    ]);
    expect(counter.moved(MAC, 500)).toBeUndefined();
  });
});
