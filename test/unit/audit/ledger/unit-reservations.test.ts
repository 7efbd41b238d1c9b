/** What is known of who holds a unit, and what a guest did with its own part. */
import { expect, it } from 'vitest';
import { GuestNames } from '../../../../src/audit/ledger/guest-names.ts';
import { UnitReservations } from '../../../../src/audit/ledger/unit-reservations.ts';
import { type Happening, PlaceIndex } from '../../../../src/history/index.ts';
import {
  ARRAY,
  CRASHED,
  GUEST,
  H1,
  IDENTITIES,
  LU_NAME,
  OTHER,
  PLACES,
  reservation,
  TARGET,
} from '../../../helpers/audit-rig.ts';

const pair = (initiator: typeof GUEST) => ({ initiator, target: TARGET });

function told(...events: (readonly [node: string, event: Happening])[]): UnitReservations {
  const names = new GuestNames();
  names.observe({ at: 0, node: '', event: IDENTITIES });
  const ledger = new UnitReservations(new PlaceIndex(PLACES), names);
  for (const [at, [node, event]] of events.entries()) ledger.observe({ at, node, event });
  return ledger;
}

it('knows the last one and the one before it, since the array has power', () => {
  const first = reservation({ generation: 1 });
  const second = reservation({ generation: 2 });
  const ledger = told([ARRAY, first], [ARRAY, second]);
  expect([ledger.of(LU_NAME), ledger.before(LU_NAME)]).toEqual([second, first]);
  expect(ledger.current).toEqual([second]);
  // A host that falls takes no reservation along.
  expect(told([ARRAY, first], [H1, CRASHED]).current).toEqual([first]);
  const fell = told([ARRAY, first], [ARRAY, CRASHED]);
  expect([fell.of(LU_NAME), fell.current]).toEqual([first, []]);
  const anew = told([ARRAY, first], [ARRAY, CRASHED], [ARRAY, second]);
  expect([anew.before(LU_NAME), anew.current]).toEqual([undefined, [second]]);
});

it('knows who keeps a guest out, unless that is the guest itself', () => {
  const held = (by: typeof GUEST) => reservation({ holder: pair(by) });
  const kept = (...events: Happening[]) =>
    told(...events.map((event) => [ARRAY, event] as const)).keptOutBy('vm1', LU_NAME);
  expect(kept()).toBeUndefined();
  expect(kept(held(OTHER))).toBe(`${OTHER}, which holds the unit`);
  expect(kept(held(GUEST))).toBeUndefined();
  const moved = reservation({
    holder: pair(OTHER),
    cause: 'register-and-move',
    by: { ...pair(GUEST), epoch: 1, address: 1 },
  });
  expect(kept(held(GUEST), moved)).toBeUndefined();
  expect(told([ARRAY, held(GUEST)], [ARRAY, moved]).gaveAway('vm1', LU_NAME)).toBe(true);
});
