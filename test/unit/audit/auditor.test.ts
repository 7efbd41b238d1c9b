import { describe, expect, it } from 'vitest';
import { AuditRig, complete, H1, submit } from '../../helpers/audit-rig.ts';

describe('the auditor', () => {
  it('says of an invariant without evidence what is missing', () => {
    const { result, detail } = new AuditRig().tell(H1, submit(1)).verdict('I1');
    expect(result).toBe('not-observable');
    expect(detail).toBe('nothing here shows what the guest was told');
  });

  it('judges every invariant once', () => {
    const verdicts = new AuditRig().tell(H1, submit(1), complete(1)).conclude();
    expect(new Set(verdicts.map(({ invariant }) => invariant)).size).toBe(verdicts.length);
    for (const { detail, sentence } of verdicts) expect([detail, sentence]).not.toContain('');
  });

  it('takes what no invariant is about without a word', () => {
    const rig = new AuditRig().tell(H1, { type: 'port', port: 0, state: 'ready', reason: '' });
    expect(rig.conclude().every(({ result }) => result === 'not-observable')).toBe(true);
  });
});
