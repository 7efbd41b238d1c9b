/** Calls and replies, held to what libnfs 4.0.0 sends and to the layouts that RFC 5531 prints. */
import { describe, expect, it } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  AcceptStat,
  AuthFlavor,
  AuthStat,
  callerOf,
  RejectStat,
  ReplyStat,
  RpcProgram,
  rpcCall,
  rpcMessage,
  rpcReply,
} from '../../../../src/codecs/rpc/index.ts';
import { bareHex, checkRead, checkVector } from '../../../helpers/vector.ts';

/** MNT of `/` by `nfs-ls` of libnfs 4.0.0, without its record mark. */
const LIBNFS_MNT = bareHex(`4bb8bded 00000000 00000002 000186a5 00000003 00000001
  00000001 0000001c 00c4bdec 00000006 6c69626e66730000 00000000 00000000 00000000 00000000 00000000
  00000001 2f000000`);

describe('an RPC call', () => {
  it('is read as libnfs writes it', () => {
    checkRead(rpcCall, LIBNFS_MNT, {
      kind: 'call',
      xid: 0x4bb8_bded,
      rpcVersion: 2,
      program: RpcProgram.MOUNT,
      version: 3,
      procedure: 1,
      credential: { flavor: AuthFlavor.AUTH_SYS, bodyLengthBytes: 28 },
      verifier: { flavor: AuthFlavor.AUTH_NONE, bodyLengthBytes: 0 },
      parameters: parseHex('00000001 2f000000'),
    });
    const { credential } = rpcCall.decode(parseHex(LIBNFS_MNT));
    expect(callerOf(credential)).toMatchObject({
      machineName: 'libnfs',
      uid: 0,
      gid: 0,
      gids: [],
    });
  });

  it('is refused with a credential of more than 400 bytes', () => {
    const bytes = parseHex(LIBNFS_MNT);
    bytes.set([0, 0, 1, 0x94], 28);
    expect(() => rpcCall.decode(bytes)).toThrow('404 bytes, 400 at most');
  });
});

describe('an RPC reply', () => {
  const accepted = { xid: 7, replyStat: ReplyStat.MSG_ACCEPTED, verifier: {} };
  const head = '00000007 00000001 00000000 00000000 00000000';

  it('carries results', () => {
    const value = {
      ...accepted,
      acceptStat: AcceptStat.SUCCESS,
      results: Uint8Array.of(0, 0, 0, 1),
    };
    checkVector(rpcReply, `${head} 00000000 00000001`, value);
  });

  it('says which versions of a program are there', () => {
    const versions = { low: 2, high: 4 };
    const value = { ...accepted, acceptStat: AcceptStat.PROG_MISMATCH, versions };
    checkVector(rpcReply, `${head} 00000002 00000002 00000004`, value);
  });

  it('refuses a caller', () => {
    checkVector(rpcReply, '00000007 00000001 00000001 00000001 00000001', {
      xid: 7,
      replyStat: ReplyStat.MSG_DENIED,
      rejectStat: RejectStat.AUTH_ERROR,
      authStat: AuthStat.AUTH_BADCRED,
    });
  });

  it('refuses a version of RPC', () => {
    checkVector(rpcReply, '00000007 00000001 00000001 00000000 00000002 00000002', {
      xid: 7,
      replyStat: ReplyStat.MSG_DENIED,
      rejectStat: RejectStat.RPC_MISMATCH,
      versions: { low: 2, high: 2 },
    });
  });
});

describe('an RPC message', () => {
  it('is told by its type', () => {
    expect(rpcMessage.decode(parseHex(LIBNFS_MNT)).kind).toBe('call');
    expect(rpcMessage.decode(rpcReply.encode({ xid: 1, verifier: {}, acceptStat: 0 })).kind).toBe(
      'reply',
    );
  });

  it('of another type is kept as it is', () => {
    const bytes = parseHex('00000007 00000102');
    expect(rpcMessage.decode(bytes)).toEqual({ kind: 'unknown', raw: bytes });
    expect(formatHex(rpcMessage.encode(rpcMessage.decode(bytes)))).toBe('0000000700000102');
  });
});
