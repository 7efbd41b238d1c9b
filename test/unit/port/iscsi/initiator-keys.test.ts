import { describe, expect, it } from 'vitest';
import { InitiatorKeys, KeyFault } from '../../../../src/port/iscsi/initiator-keys.ts';

describe('the keys of an initiator', () => {
  it('are proposed once, and hold as the target answers', () => {
    const keys = new InitiatorKeys({ FirstBurstLength: '100000', MaxBurstLength: '4096' }, false);
    expect(keys.propose().map(({ key }) => key)).toContain('FirstBurstLength');
    expect(keys.propose()).toEqual([]);
    expect(keys.take({ key: 'FirstBurstLength', value: '100000' })).toBeUndefined();
    expect(keys.take({ key: 'MaxBurstLength', value: '4096' })).toBeUndefined();
    // A first burst is no longer than any.
    expect(keys.values).toMatchObject({ FirstBurstLength: 4096, MaxBurstLength: 4096 });
  });

  it('decide by themselves where no answer can change them, as LIO takes it', () => {
    const keys = new InitiatorKeys({ InitialR2T: 'Yes', ImmediateData: 'No' }, false);
    keys.propose();
    expect(keys.values).toMatchObject({ InitialR2T: true, ImmediateData: false });
    const others = new InitiatorKeys({ InitialR2T: 'No', ImmediateData: 'Yes' }, false);
    others.propose();
    // What needs the other end's word is as it is by default without it.
    expect(others.values).toMatchObject({ InitialR2T: true, ImmediateData: true });
    expect(keys.take({ key: 'ImmediateData', value: 'Reject' })).toBeUndefined();
    expect(keys.values.ImmediateData).toBe(true);
  });

  it('an answer is told from a proposal by what was proposed', () => {
    const keys = new InitiatorKeys({ MaxConnections: undefined } as never, true);
    expect(keys.take({ key: 'MaxConnections', value: '4' })).toEqual({
      key: 'MaxConnections',
      value: 'Irrelevant',
    });
    expect(keys.take({ key: 'ErrorRecoveryLevel', value: '2' })).toEqual({
      key: 'ErrorRecoveryLevel',
      value: '0',
    });
    expect(keys.take({ key: 'SendTargets', value: 'All' })?.value).toBe('Reject');
  });

  it('that cannot be are a fault', () => {
    const keys = new InitiatorKeys(undefined, false);
    expect(() => keys.declared('TargetPortalGroupTag', '-1')).toThrow(KeyFault);
    expect(() => keys.declared('MaxRecvDataSegmentLength', '511')).toThrow(KeyFault);
    expect(keys.declared('TargetAlias', 'a')).toBe(true);
    expect(keys.declared('X-key', 'a')).toBe(false);
  });
});
