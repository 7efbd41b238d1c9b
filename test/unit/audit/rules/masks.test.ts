import { describe, expect, it } from 'vitest';
import { fcInitiatorDevice } from '../../../../src/history/index.ts';
import {
  ARRAY,
  AuditRig,
  apply,
  attemptEnd,
  done,
  GUEST_WWPN,
  H1,
  LU_NAME,
  sent,
  submit,
} from '../../../helpers/audit-rig.ts';

const device = fcInitiatorDevice(GUEST_WWPN);
const mask = (lunNumber: number, luName = LU_NAME) =>
  ({ type: 'mask', device, luns: [{ lunNumber, luName }] }) as const;

describe('I21, masks are kept', () => {
  it('finds a write under a number that the mask does not show', () => {
    const rig = new AuditRig().tell(ARRAY, mask(3), apply(1));
    expect(rig.verdict('I21').detail).toContain('as LUN 0, which its mask does not show it');
  });

  it('finds a command of a device that only the default mask is for', () => {
    const none = { type: 'mask', device: undefined, luns: [] } as const;
    const rig = new AuditRig().tell(ARRAY, none, apply(1));
    expect(rig.verdict('I21').result).toBe('violated');
  });

  it('finds a command at a target port where the mask does not show the unit', () => {
    const at = (targetPorts: number[]) => {
      const luns = [{ lunNumber: 0, luName: LU_NAME, targetPorts }];
      return new AuditRig().tell(ARRAY, { type: 'mask', device, luns }, apply(1)).verdict('I21');
    };
    expect(at([2]).result).toBe('violated');
    expect(at([1, 2]).result).toBe('holds');
  });

  it('finds commands that reach another unit than their guest meant', () => {
    const other = 'ff'.repeat(16);
    const rig = new AuditRig().tell(ARRAY, mask(0)).tell(H1, submit(1), sent(1));
    const wrong = rig.tell(ARRAY, mask(0, other), apply(1, { luName: other })).verdict('I21');
    expect(wrong.detail).toMatch(
      /^vm1 meant .* and changed blocks of logical unit f+, which is LUN 0 now: I\/O 1 of vm1$/,
    );
    const right = new AuditRig().tell(ARRAY, mask(0)).tell(H1, submit(1), sent(1));
    expect(right.tell(ARRAY, apply(1)).verdict('I21').result).toBe('holds');
  });

  it('passes commands under tags of I/O that is over, and I/O that comes late under a tag used again', () => {
    const other = 'ff'.repeat(16);
    const both = {
      type: 'mask',
      device,
      luns: [
        { lunNumber: 0, luName: LU_NAME },
        { lunNumber: 1, luName: other },
      ],
    } as const;
    const lun = 1n << 48n;
    const rig = () => new AuditRig().tell(ARRAY, both, apply(9));
    const read = (command: string) => done(1, { lun, luName: other, command });
    // A scan, and a host's own look at a path, under the tag of a read that is over.
    const over = () => rig().tell(H1, submit(1, { op: 'read' }), sent(1), attemptEnd(1, 0));
    for (const command of ['READ CAPACITY(16)', 'READ(10)'])
      expect(over().tell(ARRAY, read(command)).verdict('I21').result).toBe('holds');
    const open = rig().tell(H1, submit(1, { op: 'read' }), sent(1));
    expect(open.tell(ARRAY, read('READ(10)')).verdict('I21').result).toBe('violated');
    // A write of another unit came late: it is for the unit that it was meant for.
    const late = rig().tell(H1, submit(1, { luName: other }), sent(1), attemptEnd(1, 0));
    late.tell(H1, submit(2), sent(2, { tag: 1 })).tell(ARRAY, apply(1, { luName: other, lun }));
    expect(late.verdict('I21').result).toBe('holds');
  });

  it('passes what the mask shows, and an answer to what it showed before', () => {
    const rig = new AuditRig().tell(ARRAY, mask(0), apply(1), mask(3), done(2));
    expect(rig.verdict('I21')).toMatchObject({
      result: 'holds',
      detail: '2 commands and writes, all within their masks',
    });
    const late = new AuditRig().tell(ARRAY, mask(0), mask(3), apply(1));
    expect(late.verdict('I21').result).toBe('violated');
  });
});
