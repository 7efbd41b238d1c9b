import { describe, expect, it } from 'vitest';
import { MoveFinder } from '../../../../src/audit/ledger/move-finder.ts';
import type { ExchangeRow } from '../../../../src/audit/seen/exchange-row.ts';
import type { LoginChange } from '../../../../src/audit/seen/login-watch.ts';
import {
  ADDRESS,
  ADDRESS_2,
  GUEST_WWPN,
  login,
  logout,
  OTHER_WWPN,
} from '../../../helpers/audit-rig.ts';
import { exchangeRow } from '../../../helpers/exchange-row.ts';

const H1_MAC = '00:25:b5:00:01:00';
const H2_MAC = '00:25:b5:00:02:00';
const NODE = 0x2000_0025_b500_0001n;

function change(enodeMac: string, event: LoginChange['event'], frame: number): LoginChange {
  return { event, frame, wwnn: NODE, mac: undefined, enodeMac, place: enodeMac, fabric: 'A' };
}

function io(originator: number, command: string, startNs: bigint, endNs: bigint): ExchangeRow {
  const [firstFrame, lastFrame] = [Number(startNs), Number(endNs)];
  return exchangeRow({ originator, command, startNs, endNs, firstFrame, lastFrame });
}

describe('moves in a capture', () => {
  it('are names that log in on another ENode', () => {
    const finder = new MoveFinder();
    finder.login(change(H1_MAC, login(), 1), 1n);
    finder.exchange(io(ADDRESS, 'WRITE(10)', 5n, 10n));
    finder.login(change(H1_MAC, logout(), 20), 20n);
    finder.exchange(io(ADDRESS, 'READ(10)', 15n, 25n));
    finder.login(change(H2_MAC, login({ nPortId: ADDRESS_2 }), 30), 30n);
    finder.exchange(io(ADDRESS_2, 'READ(10)', 35n, 40n));
    finder.exchange(io(ADDRESS_2, 'WRITE(10)', 45n, 60n));
    const [move] = finder.finish();
    expect(move).toMatchObject({
      kind: 'same',
      from: { enodeMac: H1_MAC, logout: { frame: 20, by: 'LOGO' } },
      to: { enodeMac: H2_MAC, login: { frame: 30 } },
      blackoutNs: 15n,
      writeBlackoutNs: 50n,
      open: [{ command: 'READ(10)', end: 'completed', endFrame: 25 }],
    });
  });

  it('are names of one node of which the second takes the place of the first', () => {
    const finder = new MoveFinder();
    finder.login(change(H1_MAC, login(), 1), 1n);
    finder.exchange(io(ADDRESS, 'WRITE(10)', 5n, 10n));
    finder.login(change(H2_MAC, login({ nPortId: ADDRESS_2, wwpn: OTHER_WWPN }), 20), 20n);
    finder.exchange(io(ADDRESS_2, 'WRITE(10)', 25n, 30n));
    finder.login(change(H1_MAC, logout(), 40), 40n);
    expect(finder.finish()).toMatchObject([{ kind: 'pair', blackoutNs: 20n }]);
  });

  it('are none where a name stays, or both names stay at work', () => {
    const stays = new MoveFinder();
    stays.login(change(H1_MAC, login(), 1), 1n);
    stays.login(change(H1_MAC, logout(), 2), 2n);
    stays.login(change(H1_MAC, login({ wwpn: GUEST_WWPN }), 3), 3n);
    expect(stays.finish()).toEqual([]);
    const both = new MoveFinder();
    both.login(change(H1_MAC, login(), 1), 1n);
    both.login(change(H2_MAC, login({ nPortId: ADDRESS_2, wwpn: OTHER_WWPN }), 2), 2n);
    both.exchange(io(ADDRESS_2, 'WRITE(10)', 5n, 6n));
    both.exchange(io(ADDRESS, 'WRITE(10)', 7n, 9n));
    expect(both.finish()).toEqual([]);
  });
});
