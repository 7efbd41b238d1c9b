import { describe, expect, it } from 'vitest';
import { TaskAttribute } from '../../../../src/codecs/scsi/index.ts';
import {
  ARRAY,
  ARRAY_LINK,
  AuditRig,
  apply,
  LU_NAME,
  medium,
  nexus,
  stamped,
} from '../../../helpers/audit-rig.ts';
import { abts, command, response } from '../../../helpers/fc-frames.ts';

const READ = Uint8Array.of(0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0);
const asked = (oxId: number, taskAttribute: number) => command(oxId, { cdb: READ, taskAttribute });
const { SIMPLE, ORDERED, HEAD_OF_QUEUE } = TaskAttribute;

/** Commands arrive at the target in this order; the second is answered first. */
const overtaken = (first: number, second: number) =>
  new AuditRig()
    .see(ARRAY_LINK, 'out', asked(1, first), asked(2, second))
    .see(ARRAY_LINK, 'in', response(2), response(1));

describe('I10, order is kept', () => {
  it('finds a command that overtakes an ORDERED one, or that is ORDERED itself', () => {
    expect(overtaken(ORDERED, SIMPLE).verdict('I10').detail).toContain(
      'ran an SIMPLE command of 010101 before an ORDERED one',
    );
    expect(overtaken(SIMPLE, ORDERED).verdict('I10').result).toBe('violated');
  });

  it('passes HEAD OF QUEUE, and SIMPLE among its like', () => {
    expect(overtaken(ORDERED, HEAD_OF_QUEUE).verdict('I10').result).toBe('holds');
    expect(overtaken(SIMPLE, SIMPLE).verdict('I10').result).toBe('not-observable');
  });

  it('passes what is behind an abort, and forgets the tasks of a login that went', () => {
    const aborted = new AuditRig().see(
      ARRAY_LINK,
      'out',
      asked(1, ORDERED),
      asked(2, SIMPLE),
      abts(1),
    );
    expect(aborted.see(ARRAY_LINK, 'in', response(2)).verdict('I10').result).toBe('holds');
    const gone = new AuditRig().see(ARRAY_LINK, 'out', asked(1, ORDERED), asked(2, SIMPLE));
    gone.tell(ARRAY, nexus('ended'));
    expect(gone.see(ARRAY_LINK, 'in', response(2)).verdict('I10').result).toBe('holds');
  });

  it('finds a block that lost what a cut point covered', () => {
    const written = () =>
      new AuditRig()
        .see(ARRAY_LINK, 'out', asked(1, SIMPLE))
        .tell(ARRAY, apply(1), apply(2, { durable: false }), { type: 'flushed', luName: LU_NAME })
        .tell(ARRAY, apply(3, { durable: false }), {
          type: 'cache-lost',
          luName: LU_NAME,
          blocks: 1,
        });
    expect(
      written()
        .tell(ARRAY, medium(stamped(1)))
        .verdict('I10').detail,
    ).toContain(
      'holds version 1 of writer 1 after a loss of power, version 2 of writer 1 was stable',
    );
    expect(
      written()
        .tell(ARRAY, medium(stamped(2)))
        .verdict('I10').result,
    ).toBe('holds');
    expect(
      written()
        .tell(ARRAY, medium(stamped(3)))
        .verdict('I10').result,
    ).toBe('holds');
  });

  it('believes no later flush that it kept what had been lost before', () => {
    const flushed = () =>
      new AuditRig()
        .see(ARRAY_LINK, 'out', asked(1, SIMPLE))
        .tell(
          ARRAY,
          apply(1),
          apply(2, { durable: false }),
          { type: 'cache-lost', luName: LU_NAME, blocks: 1 },
          { type: 'flushed', luName: LU_NAME },
        );
    for (const version of [1, 2]) {
      const rig = flushed().tell(ARRAY, medium(stamped(version)));
      expect(rig.verdict('I10').result).toBe('holds');
    }
    const again = flushed().tell(
      ARRAY,
      apply(3, { durable: false }),
      { type: 'flushed', luName: LU_NAME },
      medium(stamped(1)),
    );
    expect(again.verdict('I10').detail).toContain('version 3 of writer 1 was stable');
  });
});
