import { describe, expect, it } from 'vitest';
import { accessOf, isClientPattern, OPEN_EXPORT } from '../../../../src/port/nfs/exports.ts';

describe('export rules', () => {
  it('the first that names a client decides', () => {
    const rules = [
      { clients: '10.0.0.7', access: 'read-only' },
      { clients: '10.0.0.0/24', access: 'read-write' },
      { clients: '2001:db8::1', access: 'read-write' },
    ] as const;
    expect(accessOf(rules, '10.0.0.7')).toBe('read-only');
    expect(accessOf(rules, '10.0.0.255')).toBe('read-write');
    expect(accessOf(rules, '10.0.1.0')).toBeUndefined();
    expect(accessOf(rules, '2001:db8::1')).toBe('read-write');
    expect(accessOf(rules, '2001:db8::2')).toBeUndefined();
    expect(accessOf(OPEN_EXPORT, 'anybody')).toBe('read-write');
  });

  it('a network may be all, or one address', () => {
    const all = [{ clients: '0.0.0.0/0', access: 'read-only' }] as const;
    expect(accessOf(all, '203.0.113.9')).toBe('read-only');
    expect(accessOf(all, '2001:db8::1')).toBeUndefined();
    const one = [{ clients: '10.0.0.1/32', access: 'read-only' }] as const;
    expect([accessOf(one, '10.0.0.1'), accessOf(one, '10.0.0.2')]).toEqual([
      'read-only',
      undefined,
    ]);
  });

  it.each(['*', '10.0.0.1', '10.0.0.0/8', 'fe80::1'])('%s names clients', (text) => {
    expect(isClientPattern(text)).toBe(true);
  });

  it.each(['', 'host', '10.0.0.0/33', '10.0.0.256', '10.0.0', '10.0.0.0/x'])(
    '%s does not',
    (text) => {
      expect(isClientPattern(text)).toBe(false);
    },
  );
});
