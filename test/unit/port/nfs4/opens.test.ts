import { describe, expect, test } from 'vitest';
import { NfsStat4 } from '../../../../src/codecs/index.ts';
import { Opens4 } from '../../../../src/port/nfs4/opens.ts';
import type { Client4 } from '../../../../src/port/nfs4/sessions.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const client = (id: bigint): Client4 => ({
  id,
  owner: 'h1',
  verifier: '1',
  confirmed: true,
  sequence: 1,
  created: undefined,
  seenAt: 0,
  reclaimed: false,
  sessions: 1,
});
const BOOT = new Uint8Array(8).fill(3);
const OWNER = Uint8Array.of(1);
const [READ, WRITE] = [1, 2];
const fault = (status: number) => expect.objectContaining({ status });

describe('opens', () => {
  const files = fileSystemOf(2);
  const [first, second] = files.files as [(typeof files.files)[0], (typeof files.files)[0]];

  test('of one owner and file are one, whose seqid counts', () => {
    const opens = new Opens4(BOOT);
    const one = opens.open(client(1n), OWNER, first, READ);
    const c = client(1n);
    const again = opens.open(c, OWNER, first, WRITE);
    expect(again).toEqual({ seqid: 2, other: one.other });
    expect(opens.size).toBe(1);
    expect(opens.open(c, OWNER, second, READ).other).not.toEqual(one.other);
  });

  test('know older and newer stateids, and files of others', () => {
    const opens = new Opens4(BOOT);
    const c = client(1n);
    const one = opens.open(c, OWNER, first, READ);
    const two = opens.open(c, OWNER, first, WRITE);
    const check = (stateid: typeof one, node = first) => opens.check(c, stateid, node, true);
    expect(() => check(one)).toThrow(fault(NfsStat4.NFS4ERR_OLD_STATEID));
    expect(() => check({ ...two, seqid: 9 })).toThrow(fault(NfsStat4.NFS4ERR_BAD_STATEID));
    expect(() => check(two, second)).toThrow(fault(NfsStat4.NFS4ERR_BAD_STATEID));
    expect(() => check({ ...two, seqid: 0 })).not.toThrow();
  });

  test('are narrowed, and gone with their client', () => {
    const opens = new Opens4(BOOT);
    const c = client(1n);
    const one = opens.open(c, OWNER, first, READ | WRITE);
    const left = opens.downgrade(c, one, READ);
    expect(() => opens.check(c, left, first, true)).toThrow(fault(NfsStat4.NFS4ERR_OPENMODE));
    expect(() => opens.downgrade(c, left, WRITE)).toThrow(fault(NfsStat4.NFS4ERR_INVAL));
    expect(opens.test(c, left)).toBe(NfsStat4.NFS4_OK);
    opens.forget(c);
    expect([opens.size, opens.test(c, left)]).toEqual([0, NfsStat4.NFS4ERR_BAD_STATEID]);
  });
});
