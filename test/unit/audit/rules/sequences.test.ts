import { describe, expect, it } from 'vitest';
import { logo, lsRjt, plogi, plogiAccept } from '../../../../src/codecs/els/index.ts';
import { Eof, Sof } from '../../../../src/codecs/fcoe/index.ts';
import { ADDRESS, ARRAY_LINK, AuditRig, H1, H1_LINK } from '../../../helpers/audit-rig.ts';
import {
  command,
  dataIn,
  dataOut,
  elsReply,
  elsRequest,
  fc,
  xferRdy,
} from '../../../helpers/fc-frames.ts';
import { loginTaking } from '../../../helpers/plogi.ts';

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
    const passedOn = new AuditRig({ partial: true }).cross(H1_LINK, ARRAY_LINK, broken);
    expect(passedOn.verdict('I19').result).toBe('holds');
  });

  it('finds one that came in broken in a run, where no fault was told', () => {
    const broken = command(1);
    broken[broken.length - 20]! ^= 1;
    const { detail, frames } = new AuditRig().cross(H1_LINK, ARRAY_LINK, broken).verdict('I19');
    expect([detail, frames]).toEqual([expect.stringContaining('wrong FC CRC'), [1]]);
    const hit = { type: 'frame-hit', link: H1_LINK, fault: 'corrupt', bytes: broken } as const;
    const told = new AuditRig().tell(H1, { ...hit, sent: command(1) });
    expect(told.cross(H1_LINK, ARRAY_LINK, broken).verdict('I19').result).toBe('holds');
  });

  it('finds a frame larger than any may be', () => {
    const rig = new AuditRig({ partial: true }).see(H1_LINK, 'in', dataOut(1, 2112));
    expect(rig.verdict('I19').result).toBe('holds');
    rig.see(H1_LINK, 'in', dataOut(2, 2116));
    expect(rig.verdict('I19').detail).toContain('payload of 2116 bytes, a frame has at most 2112');
  });

  describe('of a login', () => {
    const [ASKS, GRANTS] = [1024, 2048];
    const logIn = (reply = plogiAccept.encode(loginTaking(GRANTS))) =>
      new AuditRig()
        .see(H1_LINK, 'in', elsRequest(9, plogi.encode(loginTaking(ASKS))))
        .see(H1_LINK, 'out', elsReply(9, reply));

    it('finds a frame larger than its receiver takes, either way', () => {
      const sound = logIn().see(H1_LINK, 'in', dataOut(1, GRANTS));
      sound.see(H1_LINK, 'out', dataIn(2, ASKS));
      expect(sound.verdict('I19').result).toBe('holds');
      expect(logIn().see(H1_LINK, 'in', dataOut(1, 2112)).verdict('I19').detail).toContain(
        'payload of 2112 bytes, its receiver takes 2048',
      );
      expect(logIn().see(H1_LINK, 'out', dataIn(1, 1028)).verdict('I19').detail).toContain(
        'payload of 1028 bytes, its receiver takes 1024',
      );
    });

    it('that was refused, or has ended, binds nobody', () => {
      const refused = logIn(lsRjt.encode({ reason: 3, explanation: 0 }));
      const ended = logIn().see(
        H1_LINK,
        'in',
        elsRequest(10, logo.encode({ nPortId: ADDRESS, portName: 1n })),
      );
      for (const rig of [refused, ended])
        expect(rig.see(H1_LINK, 'out', dataIn(1, 2112)).verdict('I19').result).toBe('holds');
    });
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
