/** What a tunnel endpoint tells of the stations behind its access ports, and when. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { LocalRoutes, routeDistinguisherOf } from '../../../../src/fabric/lan/local-routes.ts';
import type { LanEvent } from '../../../../src/history/lan.ts';
import { MachineCore } from '../../../../src/machine/machine-core.ts';

const GUEST = '02:00:00:00:00:01' as Mac;
const OPTIONS = { address: '10.0.0.1', vni: 100, evpn: { advertiseDelayNs: 50 } };

describe('a station behind an access port', () => {
  let core: MachineCore<LanEvent>;
  let routes: LocalRoutes;
  let said: string[];
  beforeEach(() => {
    core = new MachineCore<LanEvent>();
    said = [];
    const speaker = {
      advertise: (route: { kind: string; ip: Uint8Array }, { sequence = -1 }) =>
        said.push(`${core.now}: ${route.kind} ${route.ip.join('.')} ${sequence}`),
      withdraw: (route: { kind: string }) => said.push(`${core.now}: withdrawn ${route.kind}`),
    } as unknown as ConstructorParameters<typeof LocalRoutes>[2];
    routes = new LocalRoutes(OPTIONS, core, speaker, () => said.push('drained'));
  });
  const until = (now: number): void => {
    core.handleTimeout(now);
  };

  it('is told after the delay, with a number above that of the place before, and its address', () => {
    routes.came(GUEST, { sequence: 6 });
    expect(routes.addressIs(GUEST, '10.1.0.7')).toBe(true);
    expect(routes.addressIs(GUEST, '10.1.0.7')).toBe(false);
    until(49);
    expect(said).toEqual([]);
    until(50);
    expect(said).toEqual(['50: macIp 10.1.0.7 7', 'drained']);
    expect([routes.size, routes.get(GUEST)?.isAdvertised]).toEqual([1, true]);
  });

  it('is taken back when it has gone, as late, and not where it has come back', () => {
    routes.came(GUEST, undefined);
    until(50);
    routes.gone(GUEST);
    expect(routes.size).toBe(0);
    until(100);
    expect(said.slice(2)).toEqual(['100: withdrawn macIp', 'drained']);
  });

  it('is not told where it left before, nor where it is held for a duplicate', () => {
    routes.came(GUEST, undefined);
    routes.gone(GUEST);
    routes.came(GUEST, undefined);
    routes.get(GUEST)!.isFrozen = true;
    until(10);
    routes.came(GUEST, { sequence: 3 });
    expect(routes.get(GUEST)!.sequence).toBe(4);
    expect(routes.addressIs('02:00:00:00:00:02' as Mac, '10.1.0.8')).toBe(false);
  });
});

it('an endpoint is known by its address', () => {
  expect([...routeDistinguisherOf('10.0.0.1')]).toEqual([0, 1, 10, 0, 0, 1, 0, 2]);
});
