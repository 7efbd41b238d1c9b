/** Sessions, slots, opens and files of NFS version 4.1, as RFC 8881 has them. */
import { describe, expect, test } from 'vitest';
import {
  compound4args,
  compound4res,
  decodeAttributes,
  ExchangeIdFlags4,
  maskOf,
  type NfsArgOp4Input,
  type NfsResOp4,
  NfsStat4,
  type Stateid4,
} from '../../../../src/codecs/index.ts';
import { Nfs4Service } from '../../../../src/port/nfs4/service.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const CHANNEL = {
  headerPadBytes: 0,
  maxRequestBytes: 65_536,
  maxResponseBytes: 65_536,
  maxResponseCachedBytes: 4096,
  maxOperations: 16,
  maxRequests: 8,
  rdmaIrd: [],
};
const OTHER: Stateid4 = { seqid: 0, other: new Uint8Array(12) };

/** A server, and a client that calls it. */
function rig(boot = 1) {
  const fileSystem = fileSystemOf();
  const applied: string[] = [];
  const service = new Nfs4Service({
    name: 'array',
    fileSystem,
    writeVerifier: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, boot),
    transferBytesMax: 65_536,
    observer: {
      changed: (_, { data }) => applied.push(String.fromCharCode(data[0]!)),
      flushed: () => {},
    },
    done: () => {},
  });
  const call = (operations: NfsArgOp4Input[], minorVersion = 1) => {
    const args = compound4args.decode(compound4args.encode({ tag: 't', minorVersion, operations }));
    return compound4res.decode(service.call(args, { access: 'read-write', now: 0 }));
  };
  const identify = (verifier: number, flags = 0) =>
    call([
      {
        kind: 'EXCHANGE_ID',
        verifier: new Uint8Array(8).fill(verifier),
        ownerId: Uint8Array.of(0x68, 0x31),
        flags,
        protect: 0,
        implId: [],
      },
    ]).results[0] as Extract<NfsResOp4, { kind: 'EXCHANGE_ID' }>;
  const create = (clientId: bigint, sequence: number) =>
    call([
      {
        kind: 'CREATE_SESSION',
        clientId,
        sequence,
        flags: 0,
        fore: CHANNEL,
        back: CHANNEL,
        callbackProgram: 0,
        security: [{ flavor: 0 }],
      },
    ]).results[0] as Extract<NfsResOp4, { kind: 'CREATE_SESSION' }>;
  /** A session of a client that starts with this verifier. */
  const login = (verifier = 1) => {
    const { clientId, sequence } = identify(verifier).resok!;
    const { sessionId } = create(clientId, sequence).resok!;
    let sequenceId = 0;
    const sequence4 = (id: number, cacheThis = 1): NfsArgOp4Input => ({
      kind: 'SEQUENCE',
      sessionId,
      sequenceId: id,
      slotId: 0,
      highestSlotId: 0,
      cacheThis,
    });
    return {
      clientId,
      sessionId,
      sequence4,
      run: (...operations: NfsArgOp4Input[]) => call([sequence4(++sequenceId), ...operations]),
    };
  };
  return { call, identify, create, login, fileSystem, applied };
}

const open = (shareAccess = 3): NfsArgOp4Input => ({
  kind: 'OPEN',
  seqid: 0,
  shareAccess,
  shareDeny: 0,
  owner: { clientId: 0n, owner: Uint8Array.of(1) },
  openType: 0,
  claim: { claim: 0, file: { name: 'lun0.img' } },
});
const write = (text: string, stateid = OTHER): NfsArgOp4Input => ({
  kind: 'WRITE',
  stateid,
  offset: 0n,
  stable: 2,
  data: new Uint8Array(512).fill(text.charCodeAt(0)),
});
const root: NfsArgOp4Input = { kind: 'PUTROOTFH' };
const lookup: NfsArgOp4Input = { kind: 'LOOKUP', name: 'lun0.img' };

describe('a session', () => {
  test('is created once for a sequence number', () => {
    const { identify, create } = rig();
    const { clientId, sequence } = identify(1).resok!;
    const first = create(clientId, sequence);
    expect(create(clientId, sequence).resok!.sessionId).toEqual(first.resok!.sessionId);
    expect(create(clientId, sequence + 2).status).toBe(NfsStat4.NFS4ERR_SEQ_MISORDERED);
    expect(create(99n, 1).status).toBe(NfsStat4.NFS4ERR_STALE_CLIENTID);
    expect(identify(1).resok!.flags & ExchangeIdFlags4.CONFIRMED_R).not.toBe(0);
  });

  test('runs a call once: the same call gets its reply, a late one is refused', () => {
    const { call, login, applied } = rig();
    const { sequence4 } = login();
    const a = [sequence4(1), root, lookup, write('A')];
    const first = call(a);
    expect(call(a)).toEqual(first);
    expect(call([sequence4(2), root, lookup, write('B')]).status).toBe(NfsStat4.NFS4_OK);
    // RFC 8881, 2.10.6: the first A comes last, and does not go over B.
    expect(call(a).status).toBe(NfsStat4.NFS4ERR_SEQ_MISORDERED);
    expect(applied).toEqual(['A', 'B']);
  });

  test('knows another call under the same number', () => {
    const { call, login } = rig();
    const { sequence4 } = login();
    call([sequence4(1), root, lookup, write('A')]);
    expect(call([sequence4(1), root, lookup, write('B')]).status).toBe(
      NfsStat4.NFS4ERR_SEQ_FALSE_RETRY,
    );
  });

  test('a fault of SEQUENCE does not use the number up', () => {
    const { call, login } = rig();
    const { sequence4 } = login();
    expect(call([sequence4(3), root]).status).toBe(NfsStat4.NFS4ERR_SEQ_MISORDERED);
    expect(call([{ ...sequence4(1), slotId: 8 } as NfsArgOp4Input, root]).status).toBe(
      NfsStat4.NFS4ERR_BADSLOT,
    );
    expect(call([sequence4(1), root]).status).toBe(NfsStat4.NFS4_OK);
  });

  test('a large reply that nobody asked to keep is not there again', () => {
    const { call, login } = rig();
    const { sequence4 } = login();
    const read: NfsArgOp4Input = { kind: 'READ', stateid: OTHER, offset: 0n, count: 4096 };
    const asked = [sequence4(1, 0), root, lookup, read];
    expect(call(asked).status).toBe(NfsStat4.NFS4_OK);
    expect(call(asked).status).toBe(NfsStat4.NFS4ERR_RETRY_UNCACHED_REP);
  });

  test('of a client that starts anew is gone, and with it what was still under way', () => {
    const { call, login, applied } = rig();
    const before = login(1);
    const { run } = login(2);
    expect(run(root, lookup, write('B')).status).toBe(NfsStat4.NFS4_OK);
    expect(call([before.sequence4(1), root, lookup, write('A')]).status).toBe(
      NfsStat4.NFS4ERR_BADSESSION,
    );
    expect(applied).toEqual(['B']);
  });

  test('of a server that starts anew is unknown', () => {
    const { sessionId, sequence4 } = rig(1).login();
    expect(sessionId.length).toBe(16);
    expect(rig(2).call([sequence4(1), root]).status).toBe(NfsStat4.NFS4ERR_BADSESSION);
  });

  test('and client end when they are told to', () => {
    const { call, login } = rig();
    const { clientId, sessionId } = login();
    const destroyClient: NfsArgOp4Input = { kind: 'DESTROY_CLIENTID', clientId };
    expect(call([destroyClient]).status).toBe(NfsStat4.NFS4ERR_CLIENTID_BUSY);
    expect(call([{ kind: 'DESTROY_SESSION', sessionId }]).status).toBe(NfsStat4.NFS4_OK);
    expect(call([destroyClient]).status).toBe(NfsStat4.NFS4_OK);
    expect(call([destroyClient]).status).toBe(NfsStat4.NFS4ERR_STALE_CLIENTID);
  });
});

describe('a COMPOUND', () => {
  test('stops at the first operation that fails', () => {
    const { login } = rig();
    const missing: NfsArgOp4Input = { kind: 'LOOKUP', name: 'none' };
    const { status, results } = login().run(root, missing, { kind: 'GETFH' });
    expect(status).toBe(NfsStat4.NFS4ERR_NOENT);
    expect(results.map(({ kind }) => kind)).toEqual(['SEQUENCE', 'PUTROOTFH', 'LOOKUP']);
  });

  test.each<[string, NfsArgOp4Input[], number]>([
    ['outside a session', [root], NfsStat4.NFS4ERR_OP_NOT_IN_SESSION],
    [
      'beside one that stands alone',
      [{ kind: 'DESTROY_CLIENTID', clientId: 1n }, root],
      NfsStat4.NFS4ERR_NOT_ONLY_OP,
    ],
  ])('has no operation %s', (_, operations, status) => {
    expect(rig().call(operations).status).toBe(status);
  });

  test('of another minor version is refused', () => {
    expect(rig().call([root], 0).status).toBe(NfsStat4.NFS4ERR_MINOR_VERS_MISMATCH);
    expect(rig().call([root], 2).status).toBe(NfsStat4.NFS4ERR_MINOR_VERS_MISMATCH);
  });

  test('says of operations that are none, and of those that are not here', () => {
    const { login } = rig();
    const raw = (op: number): NfsArgOp4Input => ({
      kind: 'unknown',
      raw: Uint8Array.of(0, 0, 0, op),
    });
    expect(login().run(raw(99)).status).toBe(NfsStat4.NFS4ERR_OP_ILLEGAL);
    expect(login().run(root, raw(56)).status).toBe(NfsStat4.NFS4ERR_NOTSUPP);
    const test = login().run(root, {
      kind: 'LOCKT',
      lockType: 1,
      offset: 0n,
      length: 1n,
      owner: { clientId: 0n, owner: new Uint8Array() },
    });
    expect(test.status).toBe(NfsStat4.NFS4ERR_NOTSUPP);
  });
});

describe('opens', () => {
  test('give a stateid that reads and writes, and is gone behind its CLOSE', () => {
    const { login, applied } = rig();
    const client = login();
    const opened = client.run(root, open(), { kind: 'GETFH' });
    const { stateid } = (opened.results[2] as Extract<NfsResOp4, { kind: 'OPEN' }>).resok!;
    expect(stateid.seqid).toBe(1);
    expect(client.run(root, lookup, write('A', stateid)).status).toBe(NfsStat4.NFS4_OK);
    expect(client.run(root, lookup, { kind: 'CLOSE', seqid: 0, stateid }).status).toBe(0);
    expect(client.run(root, lookup, write('B', stateid)).status).toBe(NfsStat4.NFS4ERR_BAD_STATEID);
    expect(applied).toEqual(['A']);
  });

  test('for reading alone do not write', () => {
    const { login } = rig();
    const client = login();
    const opened = client.run(root, open(1));
    const { stateid } = (opened.results[2] as Extract<NfsResOp4, { kind: 'OPEN' }>).resok!;
    expect(client.run(root, lookup, write('A', stateid)).status).toBe(NfsStat4.NFS4ERR_OPENMODE);
  });

  test('of another client are none of this one', () => {
    const { login, identify, create, call } = rig();
    const opened = login().run(root, open());
    const { stateid } = (opened.results[2] as Extract<NfsResOp4, { kind: 'OPEN' }>).resok!;
    expect([identify, create, call].length).toBe(3);
    const second = rig().login();
    expect(second.run(root, lookup, write('A', stateid)).status).toBe(NfsStat4.NFS4ERR_BAD_STATEID);
  });
});

describe('attributes', () => {
  test('are those that are asked for', () => {
    const { login, fileSystem } = rig();
    const { results } = login().run(root, lookup, {
      kind: 'GETATTR',
      attributes: maskOf(['type', 'size', 'fileid', 'maxread']),
    });
    const { resok } = results[3] as Extract<NfsResOp4, { kind: 'GETATTR' }>;
    const file = fileSystem.files[0]!;
    expect(decodeAttributes(resok!.attributes).attributes).toEqual({
      type: 1,
      size: BigInt(file.size),
      fileid: file.fileid,
      maxread: 65_536n,
    });
  });

  test('READDIR has the files, a page after the other', () => {
    const { login } = rig();
    const read = (cookie: bigint): NfsArgOp4Input => ({
      kind: 'READDIR',
      cookie,
      cookieVerifier: new Uint8Array(8),
      dirCount: 512,
      maxCount: 4096,
      attributes: maskOf(['fileid']),
    });
    const client = login();
    const names = (cookie: bigint) => {
      const { results } = client.run(root, read(cookie));
      const { resok } = results[2] as Extract<NfsResOp4, { kind: 'READDIR' }>;
      return [resok!.entries.flatMap(({ value }) => value?.name ?? []), resok!.eof];
    };
    expect(names(0n)).toEqual([['lun0.img'], 1]);
    expect(names(3n)).toEqual([[], 1]);
  });
});
