/** Opens and layouts of version 4.1, as calls and answers tell them. */
import { expect, test } from 'vitest';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';
import { Nfs4Script, stateidOf } from '../../../../helpers/nfs4-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../../helpers/session-tap.ts';

const DATA = blocksOf(8, 1);

function two(): { tap: SessionTap; first: Nfs4Script; second: Nfs4Script } {
  const tap = new SessionTap();
  const first = new Nfs4Script(tap).login();
  const options = { owner: 'other', clientId: 2n, session: 2, host: 3 };
  return { tap, first, second: new Nfs4Script(tap, options).login() };
}

test('a close that gives layouts back lets another have them', () => {
  const { tap, first, second } = two();
  first.open({ sequence: 1 }, 5);
  first.layoutGet({ sequence: 2 }, 1);
  tap.wait(50);
  first.close({ sequence: 3 }, 5);
  second.layoutGet({ sequence: 1 }, 2);
  expect(verdictOf(tap.judged(), 'I20').result).toBe('holds');
});

test('a stateid that is opened again is open', () => {
  const { tap, first } = two();
  first.open({ sequence: 1 }, 5);
  first.close({ sequence: 2 }, 5);
  first.open({ sequence: 3 }, 5);
  tap.wait(50);
  first.write({ sequence: 4 }, 0, DATA, stateidOf(5));
  expect(verdictOf(tap.judged(), 'I20').result).toBe('holds');
});

test('frames that are missing take with them what is known', () => {
  const { tap, first } = two();
  first.open({ sequence: 1 }, 5);
  first.close({ sequence: 2 }, 5);
  tap.wait(50);
  const lost = tap.frames.length;
  first.open({ sequence: 3 }, 5);
  tap.frames.splice(lost, 1);
  first.write({ sequence: 4 }, 0, DATA, stateidOf(5));
  expect(invariantsThat('violated', tap.judged())).toEqual([]);
});
