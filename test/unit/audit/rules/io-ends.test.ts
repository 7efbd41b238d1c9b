import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../../src/history/index.ts';
import {
  ARRAY_LINK,
  AuditRig,
  complete,
  H1,
  H1_LINK,
  LOST,
  runs,
  SECOND,
  STUNNED,
  sent,
  submit,
} from '../../../helpers/audit-rig.ts';
import { command, response } from '../../../helpers/fc-frames.ts';

describe('I1, exactly once and in time', () => {
  it('finds an I/O that never ends, one that ends twice, and one that is late', () => {
    const rig = new AuditRig().tell(H1, submit(1), sent(1), submit(2), sent(2), submit(3));
    rig.tell(H1, complete(2), complete(2), complete(9));
    rig.wait(31 * SECOND).tell(H1, complete(3));
    const { detail } = rig.verdict('I1');
    expect(detail).toContain('I/O 2 of vm1 ended once more');
    expect(detail).toContain('I/O 9 of vm1 ended but was never submitted');
    expect(detail).toContain('I/O 3 of vm1 took 31');
    expect(detail).toContain('I/O 1 of vm1 never ended');
  });

  it('finds a number that is used twice', () => {
    const rig = new AuditRig().tell(H1, submit(1), complete(1), submit(1), complete(1));
    expect(rig.verdict('I1').detail).toBe('I/O 1 of vm1 was submitted twice');
  });

  it('passes I/Os that end, and those whose guest died with its host', () => {
    const rig = new AuditRig().tell(H1, submit(1), sent(1), complete(1), submit(2), LOST);
    expect(rig.verdict('I1')).toMatchObject({
      result: 'holds',
      detail: expect.stringContaining("1 lost with the host that held the guest's memory"),
    });
  });
});

describe('I2, no invented status', () => {
  const asked = () =>
    new AuditRig().tell(H1, submit(1), sent(1)).cross(H1_LINK, ARRAY_LINK, command(1));

  it('finds an end without an answer', () => {
    expect(asked().tell(H1, complete(1)).verdict('I2').detail).toBe(
      'I/O 1 of vm1 ended well, and its target had answered nothing',
    );
  });

  it('finds one that belies its answer, with the frames', () => {
    const rig = asked().cross(ARRAY_LINK, H1_LINK, response(1, { scsiStatus: 8 }));
    expect(rig.tell(H1, complete(1)).verdict('I2')).toMatchObject({
      detail: expect.stringContaining('answered status 8h'),
      frames: [1, 2, 3, 4],
    });
  });

  it('finds a failure without a reason', () => {
    const rig = asked().cross(ARRAY_LINK, H1_LINK, response(1));
    rig.tell(H1, complete(1, { result: 'failed' }));
    expect(rig.verdict('I2').detail).toBe('I/O 1 of vm1 failed without a reason');
  });

  it('passes an I/O whose tag was that of an attempt before, which fails while it is under way', () => {
    const purged = { type: 'io-attempt-end', vm: 'vm1', io: 1, attempt: 1, end: 'purged' } as const;
    const failed = complete(1, { result: 'failed', reason: 'timed out' });
    const again = (...between: Happening[]) =>
      asked()
        .tell(H1, ...between, submit(2), sent(2, { tag: 1 }))
        .cross(H1_LINK, ARRAY_LINK, command(1))
        .tell(H1, failed)
        .cross(ARRAY_LINK, H1_LINK, response(1))
        .tell(H1, complete(2));
    expect(again(purged).verdict('I2').result).toBe('holds');
    expect(again().verdict('I2').result).toBe('holds');
  });

  it('takes no answer to another command for one to an attempt that had its tag and is over', () => {
    const purged = { type: 'io-attempt-end', vm: 'vm1', io: 1, attempt: 1, end: 'purged' } as const;
    const rig = asked().tell(H1, purged).cross(H1_LINK, ARRAY_LINK, command(1));
    rig.cross(ARRAY_LINK, H1_LINK, response(1)).tell(H1, complete(1));
    expect(rig.verdict('I2').detail).toContain('its target had answered nothing');
  });

  it('passes an end by its answer', () => {
    const rig = asked().cross(ARRAY_LINK, H1_LINK, response(1));
    expect(rig.tell(H1, complete(1)).verdict('I2').result).toBe('holds');
  });
});

describe('I3, nothing is dropped at the stun', () => {
  const stunned = () =>
    new AuditRig().tell(H1, runs(), submit(1), sent(1), submit(2), complete(2), STUNNED);

  it('finds an I/O that is forgotten, and one that was to be sent again', () => {
    expect(stunned().verdict('I3').detail).toBe('I/O 1 of vm1 was forgotten');
    const requeued = stunned().tell(H1, {
      type: 'io-requeue',
      vm: 'vm1',
      io: 1,
      reason: 'aborted',
    });
    expect(requeued.verdict('I3').detail).toContain('was to be sent again and never ended');
  });

  it('passes what ends later, and says nothing without a stun', () => {
    expect(stunned().tell(H1, complete(1)).verdict('I3')).toMatchObject({
      result: 'holds',
      detail: '1 I/Os under way at the stun, all accounted for',
    });
    const rig = new AuditRig().tell(H1, runs(), submit(1), complete(1));
    expect(rig.verdict('I3').detail).toBe('no guest was stunned');
  });
});
