import { describe, expect, it } from 'vitest';
import { FabricLogins, sameHolder } from '../../../../src/audit/ledger/fabric-logins.ts';
import { type Happening, PlaceIndex } from '../../../../src/history/index.ts';
import {
  ADDRESS,
  ADDRESS_2,
  CRASHED,
  FABRIC,
  GUEST_WWPN,
  H1_LINK,
  H2_LINK,
  login,
  logout,
  OTHER_WWPN,
  PLACES,
  SWITCH,
  SWITCH_PORTS,
} from '../../../helpers/audit-rig.ts';

function told(...events: Happening[]): FabricLogins {
  const logins = new FabricLogins(new PlaceIndex(PLACES));
  for (const [at, event] of events.entries()) logins.observe({ at, node: SWITCH, event });
  return logins;
}

describe('logins of a fabric', () => {
  it('live behind their links until they end, and are remembered', () => {
    const live = told(login()).live(FABRIC, ADDRESS)!;
    expect(live).toMatchObject({ wwpn: GUEST_WWPN, link: H1_LINK });
    const over = told(login(), logout());
    expect(over.live(FABRIC, ADDRESS)).toBeUndefined();
    expect(over.past(FABRIC, ADDRESS)).toMatchObject({ wwpn: GUEST_WWPN, endedAt: 1 });
    expect(over.live('B', ADDRESS)).toBeUndefined();
  });

  it('go over to another link', () => {
    const { nPortId, wwpn, port } = login();
    const toPort = SWITCH_PORTS[H2_LINK];
    const logins = told(login(), { type: 'handed-over', nPortId, wwpn, port, toPort });
    expect([...logins.all()]).toMatchObject([{ wwpn: GUEST_WWPN, link: H2_LINK }]);
    expect(logins.addressesOf(FABRIC, GUEST_WWPN)).toEqual(new Set([ADDRESS]));
  });

  it('are found by name, under every address it has', () => {
    const logins = told(login(), login({ nPortId: ADDRESS_2 }), login({ wwpn: OTHER_WWPN }));
    expect(logins.addressesOf(FABRIC, GUEST_WWPN)).toEqual(new Set([ADDRESS_2]));
    expect(logins.addressesOf(FABRIC, OTHER_WWPN)).toEqual(new Set([ADDRESS]));
    expect(logins.addressesOf('B', OTHER_WWPN).size).toBe(0);
  });

  it('are gone with their switch', () => {
    const logins = told(login(), logout(), login(), CRASHED);
    expect([...logins.all()]).toEqual([]);
    expect(logins.past(FABRIC, ADDRESS)).toBeUndefined();
  });

  it('of one name from two ENodes are two holders', () => {
    const one = told(login()).live(FABRIC, ADDRESS)!;
    expect(sameHolder(one, { ...one })).toBe(true);
    expect(sameHolder(one, { ...one, enodeMac: 'other' })).toBe(false);
    expect(sameHolder(one, { ...one, link: H2_LINK })).toBe(false);
  });
});
