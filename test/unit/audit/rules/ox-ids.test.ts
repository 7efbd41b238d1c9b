import { describe, expect, it } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/index.ts';
import { AuditRig, H1, H1_LINK, SECOND, STARTED } from '../../../helpers/audit-rig.ts';
import { abts, baAcc, command, elsRequest, response } from '../../../helpers/fc-frames.ts';

const aborted = () =>
  new AuditRig().see(H1_LINK, 'in', command(7), abts(7)).see(H1_LINK, 'out', baAcc(7));

describe('I12, an OX_ID rests', () => {
  it('finds one that is used again behind an abort, and behind nothing at all', () => {
    expect(aborted().see(H1_LINK, 'in', command(7)).verdict('I12')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('OX_ID 0007: used again'),
      frames: [1, 4],
    });
    const open = new AuditRig().see(H1_LINK, 'in', command(7), command(7));
    expect(open.verdict('I12').detail).toContain('an exchange that has not ended');
  });

  it('passes one after an answer, after R_A_TOV, and after RRQ', () => {
    const answered = new AuditRig().see(H1_LINK, 'in', command(7)).see(H1_LINK, 'out', response(7));
    expect(answered.see(H1_LINK, 'in', command(7)).verdict('I12').result).toBe('holds');
    const rested = aborted()
      .wait(10 * SECOND)
      .see(H1_LINK, 'in', command(7));
    expect(rested.verdict('I12').result).toBe('holds');
    const rrq = new Uint8Array(12);
    rrq.set([ElsCommand.RRQ, 0, 0, 0, 0, 0x01, 0x01, 0x01, 0, 7]);
    const given = aborted().see(H1_LINK, 'in', elsRequest(8, rrq), command(7));
    expect(given.verdict('I12').result).toBe('holds');
  });

  it('of a capture without an answer of the responder says nothing', () => {
    const oneWay = new AuditRig().see(H1_LINK, 'unknown', command(7), command(7));
    expect(oneWay.verdict('I12').result).toBe('not-observable');
    const heard = new AuditRig().see(H1_LINK, 'unknown', command(6), response(6));
    heard.see(H1_LINK, 'unknown', command(7), command(7));
    expect(heard.verdict('I12').result).toBe('violated');
  });

  it('knows nothing of the exchanges of a machine that started anew', () => {
    const rig = aborted().tell(H1, STARTED).see(H1_LINK, 'in', command(7));
    expect(rig.verdict('I12').result).toBe('holds');
  });
});
