/** Types of persistent reservations in words and in bytes. Source: SPC-4, table 61. */
import { expect, it } from 'vitest';
import {
  GUEST_RESERVATION_TYPES,
  isPersistent,
  RESERVATION_TYPE_CODES,
  RESERVATION_TYPES,
} from '../../../../src/scsi/initiator/guest-reservation.ts';

it('has the TYPE of each reservation', () => {
  expect(RESERVATION_TYPES.map((type) => RESERVATION_TYPE_CODES[type])).toEqual([1, 3, 5, 6, 7, 8]);
});

it('knows which of them are persistent', () => {
  const persistent = GUEST_RESERVATION_TYPES.filter((type) =>
    isPersistent({ options: { type } } as never),
  );
  expect(persistent).toEqual(RESERVATION_TYPES);
});
