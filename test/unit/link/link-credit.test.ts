/** What is kept of the credit of a whole link. */
import { expect, it } from 'vitest';
import { LinkCredit } from '../../../src/link/link-credit.ts';

it('each direction has the sender’s hold time, and forwards as its receiver does', () => {
  const link = new LinkCredit({ ends: [{}, { holdNs: 7, forwards: true }] });
  expect(link.lanes).toMatchObject([
    { holdNs: Number.POSITIVE_INFINITY, forwards: true },
    { holdNs: 7, forwards: false },
  ]);
  expect(link.drains[0]).not.toBe(link.drains[1]);
});
