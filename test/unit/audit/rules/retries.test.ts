import { describe, expect, it } from 'vitest';
import { Opcode, ScsiStatus, SenseCode, SenseKey } from '../../../../src/codecs/scsi/index.ts';
import { senseData } from '../../../../src/scsi/target/reply.ts';
import {
  ARRAY,
  ARRAY_LINK,
  AuditRig,
  apply,
  complete,
  H1,
  H1_LINK,
  sent,
  submit,
} from '../../../helpers/audit-rig.ts';
import { command, response } from '../../../helpers/fc-frames.ts';

const compare = (oxId: number) =>
  command(oxId, {
    cdb: Uint8Array.of(Opcode['COMPARE AND WRITE'], 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0),
  });
const read = (oxId: number) =>
  command(oxId, { cdb: Uint8Array.of(Opcode['READ(10)'], 0, 0, 0, 0, 4, 0, 0, 1, 0) });
const miscompare = (oxId: number) =>
  response(oxId, {
    scsiStatus: ScsiStatus.CHECK_CONDITION,
    senseData: senseData(SenseKey.MISCOMPARE, SenseCode.MISCOMPARE_DURING_VERIFY_OPERATION),
  });
const repeated = () =>
  new AuditRig()
    .cross(H1_LINK, ARRAY_LINK, compare(1), compare(2))
    .cross(ARRAY_LINK, H1_LINK, miscompare(2));

describe('I4, what must not run twice', () => {
  it('finds a miscompare that was believed when nobody knew of the first', () => {
    expect(repeated().verdict('I4')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('and the MISCOMPARE that came was believed'),
    });
  });

  it('passes one whose block is looked at', () => {
    expect(repeated().cross(H1_LINK, ARRAY_LINK, read(3)).verdict('I4').result).toBe('holds');
  });

  it('passes one whose first was answered', () => {
    const rig = new AuditRig()
      .cross(H1_LINK, ARRAY_LINK, compare(1))
      .cross(ARRAY_LINK, H1_LINK, response(1));
    rig.cross(H1_LINK, ARRAY_LINK, compare(2)).cross(ARRAY_LINK, H1_LINK, miscompare(2));
    expect(rig.verdict('I4').result).toBe('holds');
  });

  it('finds one of a host beside a guest that uses the tag later, or on another fabric', () => {
    const guest = (port: number) => [
      submit(1, { op: 'compare-and-write' }),
      sent(1, { tag: 2, port }),
    ];
    // The guest's own attempts went out behind what was believed, and on no fabric that is known.
    for (const port of [0, 1])
      expect(
        repeated()
          .tell(H1, ...guest(port), complete(1))
          .verdict('I4').result,
      ).toBe('violated');
  });

  it('finds a guest that is told of a miscompare though its write was carried out', () => {
    const told = (reason: string) =>
      new AuditRig()
        .tell(H1, submit(1, { op: 'compare-and-write' }), sent(1))
        .tell(ARRAY, apply(1))
        .tell(H1, sent(1, { attempt: 2, tag: 2 }), complete(1, { result: 'failed', reason }))
        .cross(H1_LINK, ARRAY_LINK, read(3))
        .verdict('I4');
    expect(told('miscompare').detail).toContain('its guest was told of a miscompare');
    expect(told('timed out').result).toBe('holds');
  });
});
