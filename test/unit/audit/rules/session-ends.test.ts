/** I3 in sessions: what was under way at the end is said, and nobody accused of it or acquitted. */
import { expect, it } from 'vitest';
import { sessionInvariants } from '../../../../src/audit/session-audit.ts';
import { blocksOf, IscsiScript } from '../../../helpers/iscsi-script.ts';
import { NfsScript } from '../../../helpers/nfs-script.ts';
import { SessionTap, verdictOf } from '../../../helpers/session-tap.ts';

const DATA = blocksOf(2, 1);
const says = (count: number, again: number): RegExp =>
  new RegExp(`of ${count} tasks that were under way .* ${again} were sent again; .*$`);

it('counts what was open when a session was reinstated, and what came again', () => {
  const tap = new SessionTap();
  const first = new IscsiScript(tap).login();
  first.announce(8, 2);
  first.testUnitReady();
  tap.wait(50);
  const second = new IscsiScript(tap).login();
  second.write(8, DATA);
  const { detail, result } = verdictOf(tap.judged(), 'I3');
  expect(result).toBe('not-observable');
  expect(detail).toMatch(says(2, 1));
});

it('counts calls of NFS whose connection went', () => {
  const tap = new SessionTap();
  const first = new NfsScript(tap);
  first.callWrite(1, 0, DATA);
  first.connection.close(true);
  tap.wait(50);
  const second = new NfsScript(tap);
  second.write(1, 0, DATA);
  expect(verdictOf(tap.judged(), 'I3').detail).toMatch(says(1, 1));
});

it('is none of what captures of sessions show, and says nothing where nothing was open', () => {
  expect(sessionInvariants().map(({ invariant }) => invariant)).not.toContain('I3');
  const tap = new SessionTap();
  new IscsiScript(tap).login().logout();
  expect(verdictOf(tap.judged(), 'I3').detail).not.toMatch(/under way/);
});
