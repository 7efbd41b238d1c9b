/** The credit of one direction by itself: what each frame and each primitive does to it. */
import { describe, expect, it } from 'vitest';
import { CreditLane, resetAfterNs } from '../../../src/link/credit.ts';

const lane = (credit = 4, bbScN = 0) => {
  const made = new CreditLane({}, {});
  made.login(credit, bbScN);
  return made;
};

describe('credit', () => {
  it('is one before a login, what the receiver gave after it, and one again without the link', () => {
    const made = new CreditLane({ holdNs: 5 }, { forwards: true });
    expect(made).toMatchObject({ max: 1, available: 1, holdNs: 5, forwards: true });
    made.spend();
    made.login(8, 0);
    expect(made).toMatchObject({ max: 8, available: 7 });
    made.login(0, 0);
    expect(made.max).toBe(1);
    const { epoch } = made;
    made.end();
    expect(made).toMatchObject({ max: 1, available: 1, epoch: epoch + 1 });
  });

  it('goes with each frame and comes with each R_RDY, never more than there was', () => {
    const made = lane(2);
    made.spend();
    made.spend();
    expect(made.available).toBe(0);
    made.credit();
    made.credit();
    made.credit();
    expect(made.available).toBe(2);
  });

  it('is found by BB_SCr where R_RDYs were lost: 2^n less those that came', () => {
    const made = lane(16, 2);
    for (let i = 0; i < 4; i++) made.spend();
    expect([made.give(), made.give(), made.give(), made.give()]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    made.credit();
    expect(made.creditsLost()).toBe(3);
    expect(made.available).toBe(16);
    expect(made.give()).toBe(false);
  });

  it('is given back by the receiver of BB_SCs for frames that did not come', () => {
    const made = lane(16, 2);
    expect([made.spend(), made.spend(), made.spend(), made.spend()]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    made.take();
    made.take();
    made.take();
    expect(made.framesLost()).toBe(1);
    for (let i = 0; i < 4; i++) made.take();
    expect(made.framesLost()).toBe(0);
  });

  it('is whole after a link reset, and counts begin anew', () => {
    const made = lane(3, 1);
    made.spend();
    made.spend();
    made.blockedNs = 7;
    made.restore();
    expect(made).toMatchObject({ available: 3, blockedNs: Number.POSITIVE_INFINITY });
    expect(made.spend()).toBe(false);
  });

  it('is waited for during E_D_TOV, 2 s unless the link says otherwise', () => {
    expect(resetAfterNs({ ends: [{}, {}] })).toBe(2e9);
    expect(resetAfterNs({ ends: [{}, {}], eDTovNs: 9 })).toBe(9);
  });
});
