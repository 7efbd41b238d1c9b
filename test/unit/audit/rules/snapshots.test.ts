/** I33 on hand-made histories: what a snapshot must have, must not have, and may have. */
import { describe, expect, it } from 'vitest';
import type { GuestFroze, Happening, ImageRead } from '../../../../src/history/index.ts';
import {
  ARRAY,
  AuditRig,
  complete,
  H1,
  LU_NAME,
  PLACES,
  stamped,
  submit,
} from '../../../helpers/audit-rig.ts';

const OTHER_LU = '60ffffffffffffffffffffffffffffff';
const PLACES_OF_TWO = {
  ...PLACES,
  units: [
    { luName: LU_NAME, name: 'data', luns: [0], keepsSnapshots: true },
    { luName: OTHER_LU, name: 'log', luns: [1], keepsSnapshots: true },
  ],
};

const rig = () => new AuditRig({ places: PLACES_OF_TWO });
const cut = (state: 'begin' | 'end', luNames = [LU_NAME]): Happening => ({
  type: 'cut',
  state,
  snapshot: 's1',
  luNames,
});
const image = (...blocks: Uint8Array[]): ImageRead => ({
  type: 'image',
  of: 'snapshot',
  snapshot: 's1',
  luName: LU_NAME,
  lba: 0,
  blocks: blocks.length,
  data: Buffer.concat(blocks),
});
const zeros = new Uint8Array(512);
const freeze = (state: GuestFroze['state'], bound?: GuestFroze['bound']): GuestFroze => ({
  type: 'freeze',
  vm: 'vm1',
  state,
  ...(bound === undefined ? {} : { bound }),
});
const kept: Happening = {
  type: 'backup',
  step: 'kept',
  vm: 'vm1',
  snapshot: 's1',
  detail: '',
  consistency: 'application',
};

describe('I33', () => {
  it('finds an acknowledged write that a snapshot lacks', () => {
    const told = rig()
      .tell(H1, submit(1), complete(1))
      .tell(ARRAY, cut('begin'), cut('end'), image(zeros));
    const verdict = told.verdict('I33');
    expect(verdict.detail).toBe(
      `LBA 0 of data (LUN 0, ${LU_NAME}) is blank in snapshot s1; by what the guest had been told it was version 1 of writer 1`,
    );
    expect(verdict.subject).toBe('snapshot s1, data, LBA 0');
  });

  it('finds a write that began when the cut was over', () => {
    const told = rig()
      .tell(H1, submit(1), complete(1))
      .tell(ARRAY, cut('begin'), cut('end'))
      .tell(H1, submit(2))
      .tell(ARRAY, image(stamped(2)));
    expect(told.verdict('I33').result).toBe('violated');
  });

  it('takes a write that was under way, one that began during the cut, and a failed one, either way', () => {
    for (const version of [1, 2, 3]) {
      const told = rig()
        .tell(H1, submit(1), complete(1), submit(2))
        .tell(ARRAY, cut('begin'))
        .tell(H1, complete(2, { result: 'failed' }), submit(3))
        .tell(ARRAY, cut('end'), image(stamped(version)));
      expect(told.verdict('I33').result).toBe('holds');
    }
  });

  it('finds a block that holds no version, and knows unmapped ones', () => {
    const unmapped = () =>
      rig()
        .tell(H1, submit(1), complete(1), submit(2, { op: 'unmap', version: 0 }), complete(2))
        .tell(ARRAY, cut('begin'), cut('end'));
    expect(unmapped().tell(ARRAY, image(zeros)).verdict('I33').result).toBe('holds');
    expect(
      unmapped()
        .tell(ARRAY, image(zeros.slice().fill(7)))
        .verdict('I33').detail,
    ).toContain('is no stamp in snapshot s1');
  });

  it('finds a snapshot of two moments: a later write without one that had ended before it', () => {
    const between = (first: Uint8Array) =>
      rig()
        .tell(ARRAY, cut('begin'))
        .tell(H1, submit(1), complete(1), submit(2, { lba: 1 }))
        .tell(ARRAY, cut('end'), image(first, stamped(2, 1)));
    expect(between(zeros).verdict('I33').detail).toMatch(
      /^snapshot s1 is no one moment: it has version 2 of writer 1 at LBA 1 .* not yet version 1/,
    );
    expect(between(stamped(1)).verdict('I33').result).toBe('holds');
  });

  it('asks nothing of what a loss of power or going back took', () => {
    for (const event of [
      { type: 'cache-lost', luName: LU_NAME, blocks: 1 },
      { type: 'snapshot', state: 'reverted', snapshot: 's0', luName: LU_NAME },
    ] as const) {
      const told = rig()
        .tell(H1, submit(1), complete(1))
        .tell(ARRAY, event, cut('begin'), cut('end'), image(zeros));
      expect(told.verdict('I33').result).toBe('holds');
    }
  });

  it('finds a backup that calls itself consistent though its guest went on', () => {
    const whole = rig()
      .tell(H1, freeze('began'), freeze('frozen'))
      .tell(ARRAY, cut('begin'), cut('end'), image(zeros))
      .tell(H1, freeze('thawed'), kept, submit(1), complete(1));
    expect(whole.verdict('I33').result).toBe('holds');
    const expired = rig()
      .tell(H1, freeze('began'), freeze('frozen'))
      .tell(ARRAY, cut('begin'))
      .tell(H1, freeze('thawed', 'hold'), submit(1), complete(1))
      .tell(ARRAY, cut('end'), image(zeros))
      .tell(H1, kept);
    expect(expired.verdict('I33').detail).toMatch(
      /did not hold its writes while it was cut \(it had thawed by its hold bound\)/,
    );
  });

  it('says nothing where no image was read, or no unit can be cut', () => {
    const unread = rig().tell(H1, submit(1), complete(1)).tell(ARRAY, cut('begin'), cut('end'));
    expect(unread.verdict('I33').result).toBe('not-observable');
    const plain = new AuditRig()
      .tell(H1, submit(1), complete(1))
      .tell(ARRAY, cut('begin'), cut('end'), image(zeros));
    expect(plain.verdict('I33')).toMatchObject({
      result: 'not-observable',
      detail: 'no snapshot was cut',
    });
  });
});
