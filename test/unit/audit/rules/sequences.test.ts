import { describe, expect, it } from 'vitest';
import { Eof, Sof } from '../../../../src/codecs/fcoe/index.ts';
import { ARRAY_LINK, AuditRig, H1_LINK } from '../../../helpers/audit-rig.ts';
import { command, dataOut, fc, xferRdy } from '../../../helpers/fc-frames.ts';

/** A first frame of write data, and not the last of its sequence. */
const first = (header = {}) => ({ fCtl: 0x00_0008, seqCnt: 0, seqId: 1, ...header });

describe('I19, sequences keep the rules', () => {
  it('finds data that goes past what was asked for', () => {
    const rig = new AuditRig().see(H1_LINK, 'in', command(1, { wrdata: 1, fcpDl: 2048 }));
    rig.see(H1_LINK, 'out', xferRdy(1, 512)).see(H1_LINK, 'in', dataOut(1, 1024));
    expect(rig.verdict('I19').detail).toContain('write data 0 to 1024, XFER_RDY allowed 0 to 512');
  });

  it('finds an offset that does not follow', () => {
    const rig = new AuditRig().see(H1_LINK, 'in', dataOut(1, 512, first()));
    rig.see(H1_LINK, 'in', dataOut(1, 512, { ...first(), seqCnt: 1, parameter: 1024 }));
    expect(rig.verdict('I19').detail).toContain('relative offset 1024 follows 512');
  });

  it.each([
    [Sof.SOFn3, Eof.EOFt, 0x29_0000, 'SOFn3 on the first frame'],
    [Sof.SOFi3, Eof.EOFt, 0x20_0000, 'EOFt on a frame that does not end'],
    [Sof.SOFi3, Eof.EOFn, 0x29_0000, 'EOFn on the last frame'],
  ])('finds delimiters %i and %i that do not fit', (sof, eof, fCtl, words) => {
    const rig = new AuditRig().see(H1_LINK, 'in', fc({ header: { fCtl }, sof, eof }));
    expect(rig.verdict('I19').detail).toContain(words);
  });

  it('finds a CRC that a switch broke, not one that came in broken', () => {
    const broken = command(1);
    broken[broken.length - 20]! ^= 1;
    expect(new AuditRig().see(ARRAY_LINK, 'out', broken).verdict('I19').detail).toContain(
      'wrong FC CRC',
    );
    const passedOn = new AuditRig().cross(H1_LINK, ARRAY_LINK, broken);
    expect(passedOn.verdict('I19').result).toBe('holds');
  });

  it('says nothing where there is no frame of Fibre Channel', () => {
    expect(new AuditRig().verdict('I19').result).toBe('not-observable');
  });

  it('passes whole sequences, and counts a gap as no fault of its sender', () => {
    const third = { ...first(), seqCnt: 2, parameter: 1024 };
    const rig = new AuditRig().see(
      H1_LINK,
      'in',
      command(1),
      dataOut(2, 512, first(), { eof: Eof.EOFn }),
      dataOut(2, 512, third, { sof: Sof.SOFn3, eof: Eof.EOFn }),
    );
    expect(rig.verdict('I19')).toMatchObject({
      result: 'holds',
      detail: '3 FC frames, 1 gaps by lost frames',
    });
  });
});
