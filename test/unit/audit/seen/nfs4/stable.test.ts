/** Data that are not stable yet, as WRITE and COMMIT of version 4.1 tell. */
import { expect, test } from 'vitest';
import { NfsStat4 } from '../../../../../src/codecs/index.ts';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';
import { Nfs4Script } from '../../../../helpers/nfs4-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../../helpers/session-tap.ts';

const OLD = blocksOf(8, 1);

test.each([
  ['forgets', false, ['I6']],
  ['sends again', true, []],
] as const)('I6: a client that %s what its server lost', (_name, again, violated) => {
  const tap = new SessionTap();
  const client = new Nfs4Script(tap).login();
  const write = (sequence: number, verifier: number) => {
    const op = { ...client.writeOf(0, OLD), stable: 0 };
    client.call({ sequence }, op as never, client.writtenOf(OLD, 0, verifier));
  };
  const commit = (sequence: number) =>
    client.call(
      { sequence },
      { kind: 'COMMIT', offset: 0n, count: 0 },
      {
        kind: 'COMMIT',
        status: NfsStat4.NFS4_OK,
        resok: { writeVerifier: new Uint8Array(8).fill(5) },
      },
    );
  write(1, 1);
  commit(2);
  if (again) write(3, 5);
  tap.wait(90_000);
  commit(again ? 4 : 3);
  const report = tap.judged();
  expect(invariantsThat('violated', report)).toEqual(violated);
  expect(verdictOf(report, 'I6').result).toBe(again ? 'holds' : 'violated');
});
