/** Sessions of NFS version 4.1 in a capture: what slots, opens and layouts say, and what must not be taken for a breach. */
import { describe, expect, it } from 'vitest';
import { NfsStat4 } from '../../../../../src/codecs/index.ts';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';
import { Nfs4Script } from '../../../../helpers/nfs4-script.ts';
import {
  invariantsThat,
  judgeTap,
  SessionTap,
  verdictOf,
} from '../../../../helpers/session-tap.ts';

const OLD = blocksOf(8, 1);
const NEW = blocksOf(8, 2);
const REMOVE = { kind: 'REMOVE', name: 'c' } as const;
const REMOVED = {
  kind: 'REMOVE',
  status: 0,
  resok: { cinfo: { atomic: 1, before: 0n, after: 1n } },
} as const;
const { NFS4ERR_BADSESSION, NFS4ERR_NOENT, NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_SEQ_MISORDERED } =
  NfsStat4;

function logged(): { tap: SessionTap; client: Nfs4Script } {
  const tap = new SessionTap();
  return { tap, client: new Nfs4Script(tap).login() };
}

describe('sessions of NFS version 4.1', () => {
  it('outlive their connections, with files as units', () => {
    const { tap, client } = logged();
    client.write({ sequence: 1 }, 0, OLD);
    client.connection.close(true);
    tap.wait(50);
    client.reconnect().read({ sequence: 2 }, 0, OLD);
    client.destroy();
    const report = tap.judged();
    expect(report.sessions).toMatchObject([
      {
        carrier: 'NFS 4.1',
        initiator: '10.0.0.2',
        target: 'nfs:10.0.0.1',
        ended: 'logged out',
        tasks: 2,
        unanswered: 0,
        units: [{ lun: '09090909', reads: 1, writes: 1, others: 0 }],
      },
    ]);
    expect(invariantsThat('violated', report)).toEqual([]);
    expect(verdictOf(report, 'I8').result).toBe('holds');
    expect(verdictOf(report, 'I19').result).toBe('holds');
  });

  /** The source's write, sent in front of the session of the destination, which has the same name. */
  it('I7, I13 and I14 catch a server whose sessions outlive their client', () => {
    const { tap, client } = logged();
    client.write({ sequence: 1 }, 0, OLD);
    tap.wait(50);
    const second = new Nfs4Script(tap, { clientId: 2n, session: 2, host: 3 }).login();
    second.write({ sequence: 1 }, 0, NEW);
    tap.wait(50);
    const late = { sequence: 2 };
    const xid = client.ask(late, [client.writeOf(0, OLD)]);
    client.answer(xid, late, [client.writtenOf(OLD)]);
    const report = tap.judged();
    expect(report.sessions.map(({ ended }) => ended)).toEqual(['reinstated', undefined]);
    expect(invariantsThat('violated', report)).toEqual(['I7', 'I13', 'I14']);
  });

  it('I13 passes a server that refuses, and two clients of two names', () => {
    const { tap, client } = logged();
    tap.wait(50);
    new Nfs4Script(tap, { clientId: 2n, session: 2, host: 3 }).login();
    tap.wait(50);
    client.refuse(client.ask({ sequence: 1 }, [client.writeOf(0, OLD)]), NFS4ERR_BADSESSION);
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual([]);
    expect(verdictOf(report, 'I13').result).toBe('holds');
    const other = logged();
    other.tap.wait(50);
    new Nfs4Script(other.tap, { owner: 'other', clientId: 2n, session: 2 }).login();
    other.tap.wait(50);
    other.client.write({ sequence: 1 }, 0, OLD);
    expect(invariantsThat('violated', other.tap.judged())).toEqual([]);
  });
});

describe('slots', () => {
  /** A write that was answered, whose answer was lost; it comes again on another connection. */
  function again(results: (client: Nfs4Script) => Parameters<Nfs4Script['answer']>[2]): SessionTap {
    const { tap, client } = logged();
    const at = { sequence: 1 };
    client.call(at, REMOVE, REMOVED);
    client.connection.close(true);
    tap.wait(50);
    client.reconnect();
    const xid = client.ask(at, [REMOVE]);
    client.answer(xid, at, results(client));
    client.write({ sequence: 2 }, 0, OLD);
    return tap;
  }

  it('I4 catches a call that ran twice by its second answer', () => {
    const report = again(() => [{ kind: 'REMOVE', status: NFS4ERR_NOENT }]).judged();
    expect(invariantsThat('violated', report)).toEqual(['I4']);
    expect(verdictOf(report, 'I4').detail).toMatch(
      /^NFS REMOVE of frame \d+ of 10\.0\.0\.2 .* was carried out twice: frames \d+ and \d+ answer sequence 1 of slot 0 otherwise$/,
    );
  });

  it('I4 passes the answer of before, and a server that has not kept it', () => {
    const report = again(() => [REMOVED]).judged();
    expect(invariantsThat('violated', report)).toEqual([]);
    expect(verdictOf(report, 'I4')).toMatchObject({ result: 'holds' });
    const uncached = { kind: 'REMOVE', status: NFS4ERR_RETRY_UNCACHED_REP } as const;
    expect(invariantsThat('violated', again(() => [uncached]).judged())).toEqual([]);
  });

  /** A write under way on the first connection; it was sent again, answered, and followed by newer data in its slot. */
  function late(ends: (client: Nfs4Script, xid: number) => void): SessionTap {
    const { tap, client } = logged();
    const first = client.connection;
    const at = { sequence: 1 };
    const record = client.record(client.operations(at, [client.writeOf(4096, OLD)]), 7);
    first.bytes(true, record.subarray(0, 1000));
    tap.wait(50);
    client.reconnect();
    client.answer(client.ask(at, [client.writeOf(4096, OLD)], 7), at, [client.writtenOf(OLD)]);
    client.write({ sequence: 2 }, 4096, NEW);
    tap.wait(50);
    const second = client.connection;
    first.bytes(true, record.subarray(1000));
    client.connection = first;
    ends(client, 7);
    client.connection = second;
    return tap;
  }

  it('I7 and I19 catch a write that was taken when its slot had gone on', () => {
    const tap = late((client, xid) => client.answer(xid, { sequence: 1 }, [client.writtenOf(OLD)]));
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(['I7', 'I19']);
    expect(verdictOf(report, 'I7').detail).toMatch(
      /NFS WRITE of frame \d+ of 10\.0\.0\.2 .* was carried out once more: sequence 2 of slot 0 had been answered in frame \d+$/,
    );
  });

  it('passes a server that refuses it', () => {
    const report = late((client, xid) => client.refuse(xid, NFS4ERR_SEQ_MISORDERED)).judged();
    expect(invariantsThat('violated', report)).toEqual([]);
  });

  it('I7 catches a write that ran twice by what is read, where newer data came in another slot', () => {
    const { tap, client } = logged();
    const at = { sequence: 1 };
    client.write(at, 4096, OLD);
    client.write({ slot: 1, sequence: 1 }, 4096, NEW);
    client.connection.close(true);
    tap.wait(50);
    client.reconnect();
    client.answer(client.ask(at, [client.writeOf(4096, OLD)]), at, [client.writtenOf(OLD)]);
    tap.wait(50);
    client.read({ sequence: 2 }, 4096, OLD);
    expect(invariantsThat('violated', tap.judged())).toEqual(['I7']);
  });

  it.each([
    ['is refused', true],
    ['is taken', false],
  ])('I19 catches a sequence that jumps and %s', (_name, isRefused) => {
    const { tap, client } = logged();
    client.write({ sequence: 1 }, 0, OLD);
    const at = { sequence: 4 };
    const xid = client.ask(at, [client.writeOf(0, NEW)]);
    if (isRefused) client.refuse(xid, NFS4ERR_SEQ_MISORDERED);
    else client.answer(xid, at, [client.writtenOf(NEW)]);
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(['I19']);
    expect(verdictOf(report, 'I19').detail).toMatch(
      /sequence 4 of slot 0 in frame \d+, 2 was next$/,
    );
  });

  it('I19 accuses nobody where connections share the session, or the capture has begun in the middle', () => {
    const { tap, client } = logged();
    client.write({ sequence: 1 }, 0, OLD);
    client.reconnect().write({ slot: 1, sequence: 1 }, 0, OLD);
    client.write({ sequence: 4 }, 0, NEW);
    expect(invariantsThat('violated', tap.judged())).toEqual([]);
    const middle = new SessionTap();
    new Nfs4Script(middle).write({ sequence: 9 }, 0, OLD);
    expect(invariantsThat('violated', middle.judged())).toEqual([]);
  });

  it('I12 catches another call under a sequence that was used, and a slot that is used while its call lives', () => {
    const { tap, client } = logged();
    const at = { sequence: 1 };
    client.write(at, 0, OLD);
    client.refuse(client.ask(at, [client.writeOf(0, NEW)]), NfsStat4.NFS4ERR_SEQ_FALSE_RETRY);
    expect(invariantsThat('violated', tap.judged())).toEqual(['I12']);
    const other = logged();
    const xid = other.client.ask(at, [other.client.writeOf(0, OLD)]);
    other.client.write({ sequence: 2 }, 0, NEW);
    other.tap.wait(50);
    other.client.answer(xid, at, [other.client.writtenOf(OLD)]);
    expect(invariantsThat('violated', other.tap.judged())).toEqual(['I12']);
  });
});

describe('who may write', () => {
  it('I20 catches a write by an open that was closed, or of another client', () => {
    const { tap, client } = logged();
    client.open({ sequence: 1 }, 5);
    client.close({ sequence: 2 }, 5);
    tap.wait(50);
    client.write({ sequence: 3 }, 0, OLD, { seqid: 1, other: new Uint8Array(12).fill(5) });
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(['I20']);
    expect(verdictOf(report, 'I20').detail).toMatch(/by an open that was closed in frame \d+$/);
    const two = logged();
    two.client.open({ sequence: 1 }, 5);
    const other = new Nfs4Script(two.tap, { owner: 'other', clientId: 2n, session: 2 }).login();
    other.write({ sequence: 1 }, 0, OLD, { seqid: 1, other: new Uint8Array(12).fill(5) });
    expect(invariantsThat('violated', two.tap.judged())).toEqual(['I20']);
  });

  it('I20 passes writes by an open, and by none', () => {
    const { tap, client } = logged();
    client.open({ sequence: 1 }, 5);
    client.write({ sequence: 2 }, 0, OLD, { seqid: 0, other: new Uint8Array(12).fill(5) });
    client.write({ sequence: 3 }, 0, NEW);
    const report = tap.judged();
    expect(verdictOf(report, 'I20')).toMatchObject({
      result: 'holds',
      detail: '1 writes by opens and layouts, each by who might',
    });
  });

  function layouts(between: (first: Nfs4Script, tap: SessionTap) => void): SessionTap {
    const { tap, client } = logged();
    client.layoutGet({ sequence: 1 }, 1);
    tap.wait(50);
    client.recall();
    tap.wait(50);
    between(client, tap);
    const options = { owner: 'other', clientId: 2n, session: 2, host: 3 };
    new Nfs4Script(tap, options).login().layoutGet({ sequence: 1 }, 2);
    return tap;
  }

  it('I20 catches a layout for writing that two have', () => {
    const report = layouts(() => {}).judged();
    expect(invariantsThat('violated', report)).toEqual(['I20']);
    expect(verdictOf(report, 'I20').detail).toMatch(
      /the layout of file 09090909 for writing went to 10\.0\.0\.3 in frame \d+, while 10\.0\.0\.2 had had it since frame \d+$/,
    );
  });

  it.each<[string, (first: Nfs4Script, tap: SessionTap) => void]>([
    ['was returned', (first) => first.layoutReturn({ sequence: 2 }, 1)],
    ['was recalled long ago', (_, tap) => tap.wait(15_000)],
  ])('I20 passes one that %s', (_name, between) => {
    const report = layouts(between).judged();
    expect(verdictOf(report, 'I20').result).toBe('holds');
  });

  it('I20 catches LAYOUTCOMMIT under a layout that was returned', () => {
    const tap = layouts((first, at) => {
      first.layoutReturn({ sequence: 2 }, 1);
      at.wait(50);
      first.layoutCommit({ sequence: 3 }, 1);
    });
    expect(invariantsThat('violated', tap.judged())).toEqual(['I20']);
  });
});

describe('what is cut', () => {
  it.each([54, 100, 200, 260, 300, 340, 400, 500])(
    'at %d bytes a frame accuses nobody, and throws nothing',
    (snap) => {
      const { tap, client } = logged();
      client.open({ sequence: 1 }, 5);
      client.layoutGet({ sequence: 2 }, 1);
      client.recall();
      client.write({ sequence: 3 }, 0, OLD);
      client.write({ sequence: 4 }, 0, NEW);
      client.layoutCommit({ sequence: 5 }, 1);
      client.layoutReturn({ sequence: 6 }, 1);
      client.close({ sequence: 7 }, 5);
      client.read({ sequence: 8 }, 0, NEW);
      client.destroy();
      for (let only = 0; only <= tap.frames.length; only++) {
        const cut = tap.frames.map((one, i) =>
          only === i || only === tap.frames.length
            ? { ...one, bytes: one.bytes.subarray(0, snap), originalLength: one.bytes.length }
            : one,
        );
        expect(invariantsThat('violated', judgeTap(cut))).toEqual([]);
      }
    },
  );
});
