import { describe, expect, it } from 'vitest';
import { RspFlags } from '../../../../src/codecs/fcp/index.ts';
import { ARRAY_LINK, AuditRig } from '../../../helpers/audit-rig.ts';
import { command, dataIn, response } from '../../../helpers/fc-frames.ts';

/** A command that asks for so much data gets so much, and a response. */
function read(asked: number, given: number, residualCount = 0): AuditRig {
  const flags = residualCount > 0 ? RspFlags.RESID_UNDER : 0;
  const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1, { rddata: 1, fcpDl: asked }));
  return rig.see(ARRAY_LINK, 'in', dataIn(1, given), response(1, { flags, residualCount }));
}

describe('I5, the residual is true', () => {
  it('finds a response that hides what is missing', () => {
    expect(read(1024, 512).verdict('I5')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining(
        '512 of 1024 bytes were moved, the response tells of no residual',
      ),
      frames: [1, 3],
    });
  });

  it('passes one that tells it, and one with all its data', () => {
    expect(read(1024, 512, 512).verdict('I5').result).toBe('holds');
    expect(read(512, 512).verdict('I5').result).toBe('holds');
  });

  it('says nothing of a command of which a frame was lost', () => {
    const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1, { rddata: 1, fcpDl: 1024 }));
    rig.tell('', { type: 'frame-hit', link: ARRAY_LINK, fault: 'drop', bytes: dataIn(1, 512) });
    rig.see(ARRAY_LINK, 'in', response(1));
    expect(rig.verdict('I5').result).toBe('not-observable');
  });
});
