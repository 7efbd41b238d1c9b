import { expect, test } from 'vitest';
import type { SeenSession } from '../../../src/audit/seen/session.ts';
import { SessionAudit, sessionInvariants } from '../../../src/audit/session-audit.ts';
import type { Verdict } from '../../../src/audit/verdict.ts';

const verdict = (result: Verdict['result'], detail: string): Verdict => ({
  invariant: 'I19',
  sentence: 'of frames',
  result,
  detail,
  frames: result === 'violated' ? [9] : [],
});
const session = { client: 'a:1', server: 'b:2', initiator: '' } as SeenSession;
const fault = { kind: 'numbering', session, what: 'wrong', frames: [3] } as const;

test('the graver verdict counts, and both where they are alike', () => {
  const broken = new SessionAudit();
  broken.hear({ type: 'fault', fault });
  expect(broken.join([verdict('holds', 'well')])[0]).toMatchObject({
    result: 'violated',
    sentence: 'Numbers, ranges and lengths of PDUs keep the rules',
    frames: [3],
  });
  const both = broken.join([verdict('violated', 'ill')])[0]!;
  expect(both).toMatchObject({ sentence: 'of frames', frames: [3, 9] });
  expect(both.detail).toBe('ill; the session (a:1 → b:2): wrong');
  const sound = new SessionAudit();
  sound.hear({ type: 'checked', kind: 'numbering', count: 2 });
  expect(sound.join([verdict('violated', 'ill')])[0]!.detail).toBe('ill');
  expect(sound.join([verdict('not-observable', 'nothing')])[0]!.result).toBe('holds');
});

test('what no session put to the test stays as it was', () => {
  const one = verdict('not-observable', 'nothing');
  expect(new SessionAudit().join([one])).toEqual([one]);
});

test('every invariant is there once', () => {
  const ids = sessionInvariants().map(({ invariant }) => invariant);
  expect(new Set(ids).size).toBe(ids.length);
});
