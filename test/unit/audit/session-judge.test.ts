import { expect, test } from 'vitest';
import { SessionJudge } from '../../../src/audit/session-judge.ts';
import type { Verdict } from '../../../src/audit/verdict.ts';
import { IscsiScript } from '../../helpers/iscsi-script.ts';
import { SessionTap } from '../../helpers/session-tap.ts';

const NONE: Verdict = {
  invariant: 'I1',
  sentence: '',
  result: 'not-observable',
  detail: '',
  frames: [],
};

test('what was seen by now is told, as often as somebody asks, and what comes later is added', () => {
  const judge = new SessionJudge();
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  let seen = 0;
  const pass = (): void => {
    for (; seen < tap.frames.length; seen++)
      judge.see(tap.frames[seen]!.bytes, tap.frames[seen]!.at, seen + 1);
  };
  pass();
  judge.see(Uint8Array.of(1, 2, 3), 0, 99);
  expect(judge.join([NONE])).toEqual([NONE]);
  script.good(script.testUnitReady());
  pass();
  for (let i = 0; i < 2; i++)
    expect(judge.join([NONE])[0]!.detail).toBe('1 tasks of sessions were answered, none twice');
});
