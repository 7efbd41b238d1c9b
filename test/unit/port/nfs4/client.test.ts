/** A client of NFS version 4.1: its contract, exactly once, servers and sessions that are gone. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  compound4res,
  type NfsResOp4Input,
  NfsStat4,
  statusOf4,
} from '../../../../src/codecs/nfs4/index.ts';
import { encodeRecord, rpcReply } from '../../../../src/codecs/rpc/index.ts';
import type { NfsFileSystem } from '../../../../src/port/nfs/file-system.ts';
import { Sessions4 } from '../../../../src/port/nfs4/sessions.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';
import {
  ARRAY,
  AuditRig,
  apply,
  complete,
  H1,
  nexus,
  sent,
  stamped,
  submit,
} from '../../../helpers/audit-rig.ts';
import { concat } from '../../../helpers/capture.ts';
import { fileSystemOf, serverOf } from '../../../helpers/nfs.ts';
import { blockOf, client4, opened } from '../../../helpers/nfs4-pair.ts';

const reply = (xid: number, ...results: NfsResOp4Input[]) =>
  encodeRecord(
    rpcReply.encode({
      xid,
      verifier: {},
      acceptStat: 0,
      results: compound4res.encode({ status: statusOf4(results.at(-1)!), tag: '', results }),
    }),
  );
const channel = {
  headerPadBytes: 0,
  maxRequestBytes: 65_536,
  maxResponseBytes: 65_536,
  maxResponseCachedBytes: 4096,
  maxOperations: 16,
  maxRequests: 2,
  rdmaIrd: [],
};
const sessionId = new Uint8Array(16).fill(7);

describeStreamMachine(
  { describe, it },
  'a client of NFS version 4.1',
  () => {
    const client = client4();
    client.find(['lun0.img'], 0, () => {});
    return client;
  },
  {
    conversations: [
      concat([
        reply(1001, {
          kind: 'EXCHANGE_ID',
          status: 0,
          resok: {
            clientId: 1n,
            sequence: 1,
            flags: 0,
            protect: 0,
            serverMinorId: 0n,
            serverMajorId: new Uint8Array(4),
            serverScope: new Uint8Array(4),
            implId: [],
          },
        }),
        reply(1002, {
          kind: 'CREATE_SESSION',
          status: 0,
          resok: { sessionId, sequence: 1, flags: 0, fore: channel, back: channel },
        }),
        reply(1003, { kind: 'SEQUENCE', status: NfsStat4.NFS4ERR_BADSESSION }),
      ]),
    ],
  },
);

const contentOf = (files: NfsFileSystem): number => files.read(files.files[0]!, 0, 1)[0]!;

describe('files of a server', () => {
  it('are found, written, read and committed in one session', () => {
    const { client, file, pair } = opened();
    expect(file).toMatchObject({ name: 'lun0.img', sizeBytes: 1_048_576 });
    expect(pair.ask<number>((done) => client.write(file, 512n, blockOf(7), 0, done))).toBe(512);
    const place = { offset: 512n, count: 4 };
    const data = pair.ask<Uint8Array>((done) => client.read(file, place, 0, done));
    expect([...data]).toEqual([7, 7, 7, 7]);
    pair.ask<undefined>((done) => client.commit(file, 0, done));
    expect(pair.connects).toHaveLength(1);
    expect(pair.server!.kept()).toMatchObject({ 'NFS clients': 1, 'NFS sessions': 1, opens: 1 });
  });

  it('that are not there are told by the status of their OPEN', () => {
    const { client, pair } = opened();
    const { result } = pair.start((done) => client.find(['none.img'], 0, done));
    expect(result).toEqual({ state: 'failed', why: 'none.img: OPEN: NFS4ERR_NOENT' });
  });

  it('are written in as many slots as there are, the others wait', () => {
    const { client, file, pair } = opened(serverOf(), { slots: 2 });
    const asked = [1, 2, 3, 4, 5].map((value) =>
      pair.start<number>((done) => client.write(file, 0n, blockOf(value), 0, done)),
    );
    expect(asked.map(({ result }) => result?.state)).toEqual(Array(5).fill('done'));
    expect(client.waiting).toBe(0);
  });
});

describe('a connection that breaks', () => {
  afterEach(() => vi.restoreAllMocks());

  /** The answer of a write is lost, and it is sent again on another connection. */
  function writtenAgain(): number {
    const fileSystem = fileSystemOf();
    const { client, file, pair } = opened(serverOf({ fileSystem }));
    pair.deaf = true;
    const asked = pair.start<number>((done) => client.write(file, 0n, blockOf(1), 0, done));
    pair.deaf = false;
    pair.cut();
    expect(asked.result).toEqual({ state: 'done', value: 512 });
    return pair.serverTold.filter(({ type }) => type === 'apply').length;
  }

  it('has no call run twice', () => {
    expect(writtenAgain()).toBe(1);
  });

  /**
   * A write stays under way on a connection that its client gives up, is carried out on the next one, and newer data
   * are written; then the first copy comes. What the auditor says of it.
   */
  function lateCopy() {
    const fileSystem = fileSystemOf();
    const { client, file, pair } = opened(serverOf({ fileSystem }));
    const audit = new AuditRig().tell(ARRAY, nexus('began')).tell(H1, submit(1), sent(1));
    pair.holding = true;
    pair.start<number>((done) => client.write(file, 0n, stamped(1), 0, done));
    pair.holding = false;
    const applies = () => pair.serverTold.filter((one) => one.type === 'apply');
    const note = (io: number, from: number) => {
      for (const one of applies().slice(from)) audit.tell(ARRAY, apply(io, { data: one.data }));
    };
    pair.abandon();
    note(1, 0);
    audit.tell(H1, complete(1), submit(2), sent(2));
    let seen = applies().length;
    pair.ask<number>((done) => client.write(file, 0n, stamped(2), 0, done));
    note(2, seen);
    audit.tell(H1, complete(2));
    seen = applies().length;
    pair.deliver();
    note(1, seen);
    return { audit, content: fileSystem.read(fileSystem.files[0]!, 0, 512) };
  }

  it('leaves a late copy of a write without effect: its number in the slot is over', () => {
    const { audit, content } = lateCopy();
    expect(audit.verdict('I7').result).toBe('holds');
    expect(content).toEqual(stamped(2));
  });

  it('is a ghost write on a server whose slots remember nothing', () => {
    vi.spyOn(Sessions4.prototype, 'sequence').mockImplementation(function (this: Sessions4, at) {
      return { session: this.sessionOf(at.sessionId), slot: at.slotId };
    });
    const { audit, content } = lateCopy();
    expect(audit.verdict('I7').result).toBe('violated');
    expect(content).toEqual(stamped(1));
  });

  it('runs a write twice on such a server', () => {
    vi.spyOn(Sessions4.prototype, 'sequence').mockImplementation(function (this: Sessions4, at) {
      return { session: this.sessionOf(at.sessionId), slot: at.slotId };
    });
    expect(writtenAgain()).toBe(2);
  });
});

describe('state that a server does not have any more', () => {
  it('is made anew behind a start of the server, and what was not answered is done then', () => {
    const fileSystem = fileSystemOf();
    const { client, file, pair } = opened(serverOf({ fileSystem }));
    pair.mute = true;
    const asked = pair.start<number>((done) => client.write(file, 0n, blockOf(3), 0, done));
    pair.mute = false;
    pair.restart(fileSystem, { writeVerifier: Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9) });
    expect(asked.result).toEqual({ state: 'done', value: 512 });
    expect(contentOf(fileSystem)).toBe(3);
    expect(pair.server!.kept()).toMatchObject({ 'NFS clients': 1, 'NFS sessions': 1, opens: 1 });
  });

  it('is over when the same client comes from another host: the write of before meets BADSESSION', () => {
    const fileSystem = fileSystemOf();
    const server = serverOf({ fileSystem });
    const source = opened(server);
    source.pair.holding = true;
    source.pair.start<number>((done) => source.client.write(source.file, 0n, blockOf(1), 0, done));
    source.pair.holding = false;
    const there = opened(server, { verifier: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2), xid: 5000 });
    there.pair.ask<number>((done) => there.client.write(there.file, 0n, blockOf(2), 0, done));
    source.pair.deaf = true;
    source.pair.deliver();
    expect(contentOf(fileSystem)).toBe(2);
    const last = source.pair.serverTold.concat(there.pair.serverTold);
    expect(last.filter(({ type }) => type === 'apply')).toHaveLength(1);
  });

  it('is kept by a client that says nothing for longer than its lease', () => {
    const { client, file, pair } = opened();
    pair.wait(1000e9);
    expect(pair.ask<number>((done) => client.write(file, 0n, blockOf(1), pair.now, done))).toBe(
      512,
    );
    expect(pair.told).toEqual([]);
  });
});
