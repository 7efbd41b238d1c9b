import { describe, expect, it } from 'vitest';
import { ScsiStatus } from '../../../../src/codecs/scsi/index.ts';
import { fcInitiatorDevice, type Happening } from '../../../../src/history/index.ts';
import {
  ARRAY,
  AuditRig,
  apply,
  attemptEnd,
  CRASHED,
  complete,
  GUEST,
  GUEST_WWPN,
  H1,
  IDENTITIES,
  LU_NAME,
  OTHER,
  reservation,
  SECOND,
  STARTED,
  SWITCH,
  submit,
  TARGET,
} from '../../../helpers/audit-rig.ts';

const FAILED = { result: 'failed', reason: 'x' } as const;
const fails = (rig: AuditRig, status: number = ScsiStatus.CHECK_CONDITION) =>
  rig.tell(H1, submit(1), attemptEnd(1, status), complete(1, FAILED)).verdict('I1');
const { RESERVATION_CONFLICT } = ScsiStatus;
const pair = (initiator: typeof GUEST) => ({ initiator, target: TARGET });
const registered = (...names: (typeof GUEST)[]) =>
  names.map((name) => ({ ...pair(name), key: 1n }));

describe('a failed I/O', () => {
  it('counts, by guest and reason', () => {
    expect(fails(new AuditRig())).toMatchObject({
      result: 'violated',
      detail: 'I/O 1 of vm1 failed: x (first at 0.003 ms)',
    });
    const many = new AuditRig().tell(H1, submit(1), submit(2), complete(1, FAILED));
    expect(many.tell(H1, complete(2, FAILED)).verdict('I1').detail).toContain(
      'I/O 1 of vm1 and 1 more after it failed: x',
    );
  });

  it('does not count where a COMPARE AND WRITE was answered that it does not compare', () => {
    const rig = new AuditRig().tell(
      H1,
      submit(1),
      complete(1, { ...FAILED, reason: 'miscompare' }),
    );
    expect(rig.verdict('I1').result).toBe('holds');
  });

  it('is excused by what was done to the world, until that is long over', () => {
    const fell = () => new AuditRig().tell(SWITCH, CRASHED, STARTED);
    expect(fails(fell())).toMatchObject({
      detail: expect.stringContaining('1 failed for the fall of switch'),
      excused: { what: '1 I/Os failed', by: 'the fall of switch' },
    });
    expect(fails(fell().wait(31 * SECOND)).result).toBe('violated');
  });

  it("is excused by another's reservation, and not by the guest's own", () => {
    const by = (holder: typeof GUEST) =>
      new AuditRig().tell('', IDENTITIES).tell(ARRAY, reservation({ holder: pair(holder) }));
    expect(fails(by(OTHER), RESERVATION_CONFLICT).result).toBe('holds');
    expect(fails(by(GUEST), RESERVATION_CONFLICT).result).toBe('violated');
    // Another status has nothing to do with it.
    expect(fails(by(OTHER)).result).toBe('violated');
  });

  it('is not excused where the guest gave its registration up itself', () => {
    const given = (by: typeof GUEST) =>
      new AuditRig().tell('', IDENTITIES).tell(
        ARRAY,
        reservation({ holder: pair(OTHER), registrations: registered(OTHER, GUEST) }),
        reservation({
          holder: pair(OTHER),
          registrations: registered(OTHER),
          cause: 'preempt',
          by: { ...pair(by), epoch: 1, address: 1 },
        }),
      );
    expect(fails(given(GUEST), RESERVATION_CONFLICT).result).toBe('violated');
    expect(fails(given(OTHER), RESERVATION_CONFLICT).result).toBe('holds');
  });

  it('is not excused where the guest gave the reservation away itself', () => {
    const moved = (by: typeof GUEST, ...more: Happening[]) =>
      new AuditRig().tell('', IDENTITIES).tell(
        ARRAY,
        reservation({ holder: pair(GUEST) }),
        reservation({
          holder: pair(OTHER),
          cause: 'register-and-move',
          by: { ...pair(by), epoch: 1, address: 1 },
        }),
        ...more,
      );
    const given = moved(GUEST);
    expect(fails(given, RESERVATION_CONFLICT).result).toBe('violated');
    expect(given.tell(ARRAY, apply(9)).verdict('I20').detail).toMatch(
      /vm1 is kept out of .*, which it gave to .* by REGISTER AND MOVE: 1 I\/Os failed/,
    );
    expect(fails(moved(OTHER), RESERVATION_CONFLICT).result).toBe('holds');
    // Somebody else has taken it since.
    const third = { ...pair(OTHER), initiator: '21:00:00:00:00:00:00:09' as typeof GUEST };
    const taken = reservation({ holder: third, cause: 'preempt', by: undefined });
    expect(fails(moved(GUEST, taken), RESERVATION_CONFLICT).result).toBe('holds');
  });

  it('is excused by a mask that was taken away, and by zones that were changed', () => {
    const device = fcInitiatorDevice(GUEST_WWPN);
    const mask = (...luns: { lunNumber: number; luName: string }[]): Happening => ({
      type: 'mask',
      device,
      luns,
    });
    const line = { lunNumber: 0, luName: LU_NAME };
    const masked = (...masks: Happening[]) =>
      fails(new AuditRig().tell('', IDENTITIES).tell(ARRAY, ...masks)).result;
    expect(masked(mask(line), mask())).toBe('holds');
    expect(masked(mask(line), mask(), mask(line))).toBe('violated');
    const zones = (...names: string[]): Happening => ({
      type: 'zone-change',
      enforced: 'hard',
      zones: names.map((name) => ({ name, members: [GUEST_WWPN] })),
      defaultZone: 'deny',
      affected: 0,
    });
    expect(fails(new AuditRig().tell(SWITCH, zones('a'), zones())).result).toBe('holds');
    expect(fails(new AuditRig().tell(SWITCH, zones('a'), zones('a'))).result).toBe('violated');
  });
});
