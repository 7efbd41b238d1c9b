import { describe, expect, it } from 'vitest';
import { SenseCode } from '../../../../src/codecs/scsi/index.ts';
import type { AttentionState } from '../../../../src/history/index.ts';
import {
  ARRAY,
  ARRAY_LINK,
  AuditRig,
  CRASHED,
  done,
  LU_NAME,
  NEXUS,
  nexus,
} from '../../../helpers/audit-rig.ts';
import { command } from '../../../helpers/fc-frames.ts';

const CODE = SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED;
const attention = (state: AttentionState, code: number = CODE) =>
  ({ type: 'attention', state, luName: LU_NAME, pair: NEXUS, code }) as const;

describe('I17, unit attentions are told', () => {
  it('finds one that is queued twice, and one that nobody was owed', () => {
    const twice = new AuditRig().tell(
      ARRAY,
      nexus('began'),
      attention('queued'),
      attention('queued'),
    );
    expect(twice.verdict('I17').detail).toContain('3f/0e was queued twice for');
    const none = new AuditRig().tell(ARRAY, nexus('began'), attention('delivered'));
    expect(none.verdict('I17').detail).toContain('at port 0, which was owed none');
  });

  it('finds a command that ended well before it was told', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began'), attention('queued'));
    rig.see(ARRAY_LINK, 'out', command(1)).tell(ARRAY, done(1));
    expect(rig.verdict('I17').detail).toContain('ended well before it was told 3f/0e');
  });

  it('finds a lost login of which nothing was told', () => {
    const rig = new AuditRig().tell(
      ARRAY,
      nexus('began'),
      attention('queued'),
      attention('dropped'),
    );
    rig.tell(ARRAY, nexus('ended'), nexus('began', { epoch: 2 }), done(1));
    expect(rig.verdict('I17').detail).toContain('before it was told 29/07');
  });

  it('passes one that is told once, and a command that had come before', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began')).see(ARRAY_LINK, 'out', command(1));
    rig.tell(ARRAY, attention('queued'), done(1), attention('delivered'), done(2));
    expect(rig.verdict('I17')).toMatchObject({
      result: 'holds',
      detail: '1 unit attentions, each told once and in time',
    });
  });

  it('passes INQUIRY, and owes nothing from the life before', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began'), attention('queued'));
    rig.tell(ARRAY, done(1, { command: 'INQUIRY' }), CRASHED, done(2));
    expect(rig.verdict('I17').result).toBe('holds');
  });
});
