/** Which types of persistent reservations are shared, exclusive, or held by all. Source: SPC-4, table 61. */
import { expect, it } from 'vitest';
import {
  allRegistrants,
  exclusiveAccess,
  isReservationType,
  sharedByRegistrants,
} from '../../../../src/scsi/target/reservation-rules.ts';

it('tells the types apart', () => {
  const types = Array.from({ length: 16 }, (_, type) => type).filter(isReservationType);
  expect(types).toEqual([1, 3, 5, 6, 7, 8]);
  expect(types.filter(sharedByRegistrants)).toEqual([5, 6, 7, 8]);
  expect(types.filter(allRegistrants)).toEqual([7, 8]);
  expect(types.filter(exclusiveAccess)).toEqual([3, 6, 8]);
});
