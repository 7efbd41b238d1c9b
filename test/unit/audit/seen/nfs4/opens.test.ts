/** Opens by their stateids: which writes they allow. */
import { expect, test } from 'vitest';
import { SeenOpens } from '../../../../../src/audit/seen/nfs4/opens.ts';
import type { SeenTask } from '../../../../../src/audit/seen/session.ts';

const stateid = (number: number) => ({ seqid: 1, other: new Uint8Array(12).fill(number) });
const write = (at: number) =>
  ({ command: 'NFS WRITE', frame: 9, sent: { at, frame: 9 } }) as unknown as SeenTask;

test('a write by an open, by one that was closed, by one of another, and by none', () => {
  const opens = new SeenOpens();
  const wrong = (of: number, at: number, client = 'a') =>
    opens.wrongWith('s', client, stateid(of), write(at))?.what;
  opens.opened('s', 'a', stateid(5));
  expect(wrong(5, 1)).toBe('');
  expect(wrong(5, 1, 'b')).toBe(
    'NFS WRITE of frame 9 was carried out by an open of another client',
  );
  opens.closed('s', stateid(5), { at: 10e6, frame: 4 });
  expect(wrong(5, 20e6)).toBe('');
  expect(wrong(5, 50e6)).toBe(
    'NFS WRITE of frame 9 was carried out by an open that was closed in frame 4',
  );
  expect(wrong(6, 50e6)).toBeUndefined();
  opens.clear();
  expect(wrong(5, 50e6)).toBeUndefined();
});

test('the stateids that stand for no open are none', () => {
  const opens = new SeenOpens();
  for (const special of [0, 0xff]) {
    opens.opened('s', 'a', stateid(special));
    expect(opens.wrongWith('s', 'b', stateid(special), write(1))).toBeUndefined();
  }
});
