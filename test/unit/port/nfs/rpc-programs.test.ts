/** From a call to its procedure: the refusals of RPC. */
import { describe, expect, it } from 'vitest';
import { nfs3 } from '../../../../src/codecs/nfs/index.ts';
import {
  AcceptStat,
  AuthFlavor,
  AuthStat,
  encodeRecord,
  RejectStat,
  rpcReply,
} from '../../../../src/codecs/rpc/index.ts';
import { concat } from '../../../helpers/capture.ts';
import { fileSystemOf, messageOf, NfsRig } from '../../../helpers/nfs.ts';

const NFS = { program: 100_003, version: 3 };

/** The reply to a message. */
function replyTo(message: Uint8Array) {
  const rig = new NfsRig();
  const replies = rig.send(rig.open(), encodeRecord(message));
  expect(replies.length).toBe(1);
  return rpcReply.decode(replies[0]!);
}

describe('a call that is for no procedure', () => {
  it.each([
    ['of another program', { ...NFS, program: 7 }, AcceptStat.PROG_UNAVAIL],
    ['of NFSACL, which Linux tries', { ...NFS, program: 100_227 }, AcceptStat.PROG_UNAVAIL],
    ['of another version', { ...NFS, version: 2 }, AcceptStat.PROG_MISMATCH],
    ['of no procedure', { ...NFS, procedure: 22 }, AcceptStat.PROC_UNAVAIL],
    ['of the port mapper for another', { program: 100_000, version: 2, procedure: 5 }, 3],
    ['without its parameters', { ...NFS, procedure: 6 }, AcceptStat.GARBAGE_ARGS],
  ])('%s', (_what, call, acceptStat) => {
    expect(replyTo(messageOf({ procedure: 0, xid: 5, ...call }))).toMatchObject({
      xid: 5,
      acceptStat,
    });
  });

  it('tells the versions that are there', () => {
    const reply = replyTo(messageOf({ ...NFS, version: 2, procedure: 0, xid: 5 }));
    expect(reply.versions).toMatchObject({ low: 3, high: 4 });
  });

  it('of another version of RPC, or by nobody it knows', () => {
    const call = { ...NFS, procedure: 0, xid: 5 };
    expect(replyTo(messageOf({ ...call, rpcVersion: 3 }))).toMatchObject({
      rejectStat: RejectStat.RPC_MISMATCH,
      versions: { low: 2, high: 2 },
    });
    const gss = { flavor: AuthFlavor.RPCSEC_GSS };
    expect(replyTo(messageOf(call, new Uint8Array(), gss))).toMatchObject({
      authStat: AuthStat.AUTH_REJECTEDCRED,
    });
    const garbled = { flavor: AuthFlavor.AUTH_SYS, body: Uint8Array.of(1) };
    expect(replyTo(messageOf(call, new Uint8Array(), garbled))).toMatchObject({
      authStat: AuthStat.AUTH_BADCRED,
    });
  });

  it('with parameters that go on, or a WRITE that says two lengths', () => {
    const { files } = fileSystemOf();
    const args = { file: files[0]!.handle, offset: 0n, stable: 2, data: new Uint8Array(4) };
    const wrong = nfs3.WRITE.args.encode({ ...args, count: 3 });
    const longer = concat([nfs3.WRITE.args.encode({ ...args, count: 4 }), new Uint8Array(4)]);
    for (const parameters of [wrong, longer])
      expect(replyTo(messageOf({ ...NFS, procedure: 7, xid: 5 }, parameters))).toMatchObject({
        acceptStat: AcceptStat.GARBAGE_ARGS,
      });
  });
});
