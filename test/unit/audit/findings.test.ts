import { describe, expect, it } from 'vitest';
import { Findings, notObservable } from '../../../src/audit/findings.ts';

describe('what a rule has found', () => {
  it('holds when nothing was, and is not observable when nothing was looked at', () => {
    expect(new Findings().conclude('3 things')).toEqual({
      result: 'holds',
      detail: '3 things',
      frames: [],
    });
    expect(new Findings().concludeOf(0, 'a', 'b')).toEqual(notObservable('b'));
    expect(new Findings().concludeOf(1, 'a', 'b').detail).toBe('a');
  });

  it('is kept short: a few texts, each frame once, in order', () => {
    const findings = new Findings();
    for (let i = 1; i <= 7; i++) findings.add(`${i}`, [9, i]);
    expect(findings.conclude('')).toEqual({
      result: 'violated',
      detail: '1; 2; 3; 4; 5; and 2 more',
      frames: [1, 2, 3, 4, 5, 6, 7, 9],
    });
  });

  it('tells what is of one kind once, with how often it was, also where findings are joined', () => {
    const findings = new Findings();
    const others = new Findings();
    for (const link of ['h1', 'h2', 'h3']) findings.add(`off at ${link}`, [], link, 'off');
    for (const link of ['h4', 'h5']) others.add(`off at ${link}`, [], link, 'off');
    others.add('dropped');
    findings.join(others);
    const { detail, ...rest } = findings.conclude('');
    expect(detail).toBe('off at h1, and 4 more like it; dropped');
    expect([findings.count, 'subject' in rest && rest.subject]).toEqual([6, 'h1']);
  });
});
