import { expect, it } from 'vitest';
import { notBuilt } from '../../../../src/audit/rules/not-built.ts';

it('what is not built says so, each under a number of its own', () => {
  const rules = notBuilt();
  expect(new Set(rules.map((one) => one.invariant)).size).toBe(rules.length);
  for (const rule of rules) {
    expect(rule.conclude()).toMatchObject({
      result: 'not-observable',
      detail: expect.stringMatching(/^not built: /),
    });
    expect([...rule.needs, ...rule.hears]).toEqual([]);
  }
});
