/** A feature of CEE: when what a peer says counts, and what of it is news for the peer. */
import { expect, it } from 'vitest';
import { CeeFeature, type CeeFeatureSaid } from '../../../../src/net/dcbx/cee-feature.ts';

const feature = (own: number, willing: boolean) => new CeeFeature('it', own, willing, true, 1);
const said = (settings: number | undefined, more: Partial<CeeFeatureSaid<number>> = {}) => ({
  enabled: true,
  willing: false,
  error: false,
  operatingVersion: 0,
  settings,
  ...more,
});

it('waits for its own number to come back', () => {
  const one = feature(1, true);
  one.heard(said(2), 0, 2);
  expect(one.inForce).toBeUndefined();
  one.heard(said(2), 1, 2);
  expect([one.inForce, one.isSynced]).toEqual([2, true]);
});

it('an error is told under the next number, and so is its end', () => {
  const one = feature(1, false);
  one.heard(said(2), 1, 2);
  expect(one).toMatchObject({ error: true, isSynced: false, inForce: undefined });
  one.heard(said(1), 1, 3);
  expect(one.error, 'the peer has not heard of the error yet').toBe(true);
  one.heard(said(1), 2, 3);
  expect(one).toMatchObject({ error: false, isSynced: false, inForce: 1 });
  one.heard(said(1), 3, 4);
  expect(one).toMatchObject({ isSynced: true, problem: '' });
});

it('does not operate where the peer reports an error or wants what makes no sense', () => {
  const one = feature(1, true);
  one.heard(said(2, { error: true }), 1, 2);
  expect(one).toMatchObject({ inForce: undefined, problem: 'the peer reports an error' });
  one.heard(said(undefined), 1, 2);
  expect(one).toMatchObject({ error: true, problem: 'what the peer wants makes no sense' });
  one.reset();
  expect(one).toMatchObject({ error: false, problem: 'the peer has not answered' });
});
