/** Who takes whose place. */
import { expect, test } from 'vitest';
import { IscsiScript, type ScriptLogin } from '../../../../helpers/iscsi-script.ts';
import { SessionTap } from '../../../../helpers/session-tap.ts';

const endsOf = (then: ScriptLogin, ms = 50): (string | undefined)[] => {
  const tap = new SessionTap();
  new IscsiScript(tap).login();
  tap.wait(ms);
  new IscsiScript(tap).login(then);
  return tap.judged().sessions.map(({ ended }) => ended);
};

test.each<[string, ScriptLogin, string | undefined]>([
  ['the same name and ISID', {}, 'reinstated'],
  ['another ISID', { isid: 2 }, undefined],
  ['another initiator', { initiator: 'iqn.2026-01.com.example:other' }, undefined],
  ['a discovery session', { keys: { SessionType: 'Discovery' } }, undefined],
])('a login with %s', (_name, then, first) => {
  expect(endsOf(then)).toEqual([first, undefined]);
});

test('of two logins within 20 ms neither is known to be the later one', () => {
  expect(endsOf({}, 5)).toEqual([undefined, undefined]);
});
