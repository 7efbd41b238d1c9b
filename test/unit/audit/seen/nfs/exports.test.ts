/** Exports: who was refused, and what is carried out for whom in spite of it. */
import { expect, it, test } from 'vitest';
import { SeenExports } from '../../../../../src/audit/seen/nfs/exports.ts';
import {
  encodeRecord,
  Mount3Procedure,
  MountStat3,
  mount3,
  RpcProgram,
  rpcCall,
  rpcReply,
} from '../../../../../src/codecs/index.ts';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';
import { NfsScript } from '../../../../helpers/nfs-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../../helpers/session-tap.ts';

const { MNT3_OK, MNT3ERR_ACCES } = MountStat3;
const FILE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const moment = (ms: number) => ({ at: ms * 1e6, frame: ms });

test('a handle is in the exports by which it was reached; a client is let in by any of them', () => {
  const exports = new SeenExports();
  const refusal = { status: MNT3ERR_ACCES, handle: undefined };
  const refusedIn = (client: string, handle: string, ms: number) =>
    exports.refusedIn('s', client, handle, moment(ms));
  exports.mounted('s', 'a', '/units', { status: MNT3_OK, handle: 'root' }, moment(1));
  exports.mounted('s', 'b', '/units', refusal, moment(10));
  exports.found('s', 'root', 'file');
  expect(refusedIn('a', 'file', 50)).toBe('allowed');
  expect(refusedIn('b', 'file', 50)).toBe(10);
  expect(refusedIn('b', 'file', 15)).toBeUndefined();
  expect(refusedIn('c', 'file', 50)).toBeUndefined();
  expect(refusedIn('b', 'elsewhere', 50)).toBeUndefined();
  exports.mounted('s', 'b', '/', { status: MNT3_OK, handle: 'root' }, moment(60));
  expect(refusedIn('b', 'file', 99)).toBe('allowed');
  exports.clear();
  expect(refusedIn('a', 'file', 50)).toBeUndefined();
});

/** MNT of a path whose root is the file that the script reads and writes. */
function mount({ connection }: NfsScript, xid: number, status: number): void {
  const call = { xid, program: RpcProgram.MOUNT, version: 3, procedure: Mount3Procedure.MNT };
  const parameters = mount3.MNT.args.encode({ path: '/units' });
  connection.bytes(
    true,
    encodeRecord(rpcCall.encode({ ...call, credential: {}, verifier: {}, parameters })),
  );
  const resok = status === MNT3_OK ? { resok: { fileHandle: FILE, authFlavors: [] } } : {};
  const results = mount3.MNT.res.encode({ status, ...resok });
  connection.bytes(
    false,
    encodeRecord(rpcReply.encode({ xid, verifier: {}, acceptStat: 0, results })),
  );
}

it.each([
  [MNT3ERR_ACCES, ['I21']],
  [MNT3_OK, []],
])('I21: a write of a client whose mount was answered %d', (status, violated) => {
  const tap = new SessionTap();
  mount(new NfsScript(tap), 1, MNT3_OK);
  const other = new NfsScript(tap, 'other', 9);
  mount(other, 2, status);
  tap.wait(50);
  other.write(3, 0, blocksOf(1, 1));
  const report = tap.judged();
  expect(invariantsThat('violated', report)).toEqual(violated);
  const { detail, result } = verdictOf(report, 'I21');
  expect(result).toBe(status === MNT3_OK ? 'holds' : 'violated');
  if (violated.length > 0)
    expect(detail).toMatch(
      /NFS WRITE of frame \d+ was carried out in an export whose mount was refused in frame \d+$/,
    );
});
