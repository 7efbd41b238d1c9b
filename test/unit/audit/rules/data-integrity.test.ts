import { describe, expect, it } from 'vitest';
import {
  ARRAY,
  AuditRig,
  apply,
  CRASHED,
  complete,
  H1,
  medium,
  nexus,
  STARTED,
  sent,
  stamped,
  submit,
} from '../../../helpers/audit-rig.ts';

/** A write that is asked for, sent, applied and acknowledged. */
function written(rig: AuditRig, io: number): AuditRig {
  return rig.tell(H1, submit(io), sent(io)).tell(ARRAY, apply(io)).tell(H1, complete(io));
}

/** What a read of the first block found. */
function read(rig: AuditRig, io: number, version: number): AuditRig {
  return rig.tell(
    H1,
    submit(io, { op: 'read' }),
    complete(io, { readings: [{ found: 'stamp', writerId: 1, version }] }),
  );
}

describe('I6, no acknowledged write is lost', () => {
  it('finds an older version on the medium in the end', () => {
    const rig = written(written(new AuditRig(), 1), 2).tell(ARRAY, medium(stamped(1)));
    const { result, detail } = rig.verdict('I6');
    expect(result).toBe('violated');
    expect(detail).toContain('holds version 1 of writer 1');
  });

  it('passes the version that was acknowledged last', () => {
    const rig = written(written(new AuditRig(), 1), 2).tell(ARRAY, medium(stamped(2)));
    expect(rig.verdict('I6')).toMatchObject({
      result: 'holds',
      detail: '1 blocks read back from the medium',
    });
  });

  it('cannot know without the medium', () => {
    expect(written(new AuditRig(), 1).verdict('I6').result).toBe('not-observable');
  });
});

describe('I7, no ghost write', () => {
  it('finds a write that is applied when its guest has been told that it ended', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began')).tell(H1, submit(1), sent(1));
    rig.tell(H1, complete(1, { result: 'failed', reason: 'timed out' })).tell(ARRAY, apply(1));
    expect(rig.verdict('I7').detail).toContain('was applied after the guest had been told');
  });

  it('finds one that is applied after its login has ended', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began')).tell(H1, submit(1), sent(1));
    rig.tell(ARRAY, nexus('ended'), apply(1)).tell(H1, complete(1));
    expect(rig.verdict('I7').detail).toContain('after its login (epoch 1) had ended');
  });

  it('finds an attempt that a later one had overtaken', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began')).tell(H1, submit(1), sent(1));
    rig.tell(H1, sent(1, { attempt: 2, tag: 9 }));
    rig.tell(ARRAY, apply(9, { data: stamped(1) }), apply(1)).tell(H1, complete(1));
    expect(rig.verdict('I7').detail).toContain('by an attempt that a later one had overtaken');
  });

  it('finds it also where its tag has gone to another I/O since', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began')).tell(H1, submit(1), sent(1));
    rig.tell(H1, sent(1, { attempt: 2, tag: 9 }), submit(2), sent(2, { tag: 1 }));
    rig.tell(ARRAY, apply(9, { data: stamped(1) }), apply(1)).tell(H1, complete(1));
    expect(rig.verdict('I7').detail).toContain('by an attempt that a later one had overtaken');
  });

  it("passes a write in its time, and one of a login of the array's next life", () => {
    const rig = written(new AuditRig().tell(ARRAY, nexus('began', { epoch: 3 })), 1);
    rig.tell(ARRAY, nexus('ended', { epoch: 3 }), CRASHED, STARTED, nexus('began'));
    expect(written(rig, 2).verdict('I7').result).toBe('violated');
    const again = new AuditRig().tell(ARRAY, nexus('began'), nexus('ended'), CRASHED, STARTED);
    expect(written(again.tell(ARRAY, nexus('began')), 2).verdict('I7').result).toBe('holds');
  });
});

describe('I8, no stale read', () => {
  it('finds a read of what was overwritten before it began', () => {
    const rig = read(written(written(new AuditRig(), 1), 2), 3, 1);
    const { result, detail } = rig.verdict('I8');
    expect(result).toBe('violated');
    expect(detail).toContain('was read as version 1 of writer 1');
  });

  it('passes a read of the last version, and says nothing without reads', () => {
    expect(read(written(written(new AuditRig(), 1), 2), 3, 2).verdict('I8').result).toBe('holds');
    expect(written(new AuditRig(), 1).verdict('I8').result).toBe('not-observable');
  });
});

describe('I9, no torn write', () => {
  it('finds the data of two versions in one command', () => {
    const data = new Uint8Array(1024);
    data.set(stamped(1));
    data.set(stamped(2, 1), 512);
    const rig = new AuditRig().tell(H1, submit(1, { blocks: 2 }), sent(1));
    rig.tell(ARRAY, apply(1, { blocks: 2, data }));
    expect(rig.verdict('I9').detail).toContain('brought version 1 of writer 1 and version 2');
  });

  it("finds another I/O's data in an exchange", () => {
    const rig = new AuditRig().tell(H1, submit(1), sent(1), submit(2, { lba: 8 }), sent(2));
    rig.tell(ARRAY, apply(1, { data: stamped(2) }));
    expect(rig.verdict('I9').detail).toContain('the exchange of I/O 1 of vm1 brought version 2');
  });

  it.each([
    ['other blocks', 8],
    ['the same blocks', 0],
  ])('passes a late write whose tag has gone to a write of %s: that is I7', (_which, lba) => {
    const rig = new AuditRig().tell(ARRAY, nexus('began')).tell(H1, submit(1), sent(1));
    rig.tell(H1, complete(1, { result: 'failed', reason: 'timed out' }));
    rig.tell(H1, submit(2, { lba }), sent(2, { tag: 1 })).tell(ARRAY, apply(1));
    const said = rig.tell(H1, complete(2)).conclude();
    const of = (name: string) => said.find(({ invariant }) => invariant === name)?.result;
    expect([of('I7'), of('I9')]).toEqual(['violated', 'holds']);
  });

  it('passes a write in one piece', () => {
    expect(written(new AuditRig(), 1).verdict('I9').result).toBe('holds');
  });
});

describe('I11, data is intact', () => {
  it('finds a block that was written at another place than its stamp says', () => {
    const rig = new AuditRig().tell(H1, submit(1), sent(1));
    rig.tell(ARRAY, apply(1, { data: stamped(1, 7) })).tell(H1, complete(1));
    expect(rig.verdict('I11').result).toBe('violated');
  });

  it('passes stamps in their places', () => {
    expect(written(new AuditRig(), 1).verdict('I11')).toMatchObject({
      result: 'holds',
      detail: '1 stamped blocks, all unharmed and in their place',
    });
  });
});
