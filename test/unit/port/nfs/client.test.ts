/** The file client as a machine: its contract, what it asks of a server, a server that restarts. */
import { describe, expect, it } from 'vitest';
import { mount3, nfs3, StableHow } from '../../../../src/codecs/nfs/index.ts';
import { encodeRecord, rpcReply } from '../../../../src/codecs/rpc/index.ts';
import { NfsClient } from '../../../../src/port/nfs/client.ts';
import type { NfsDone } from '../../../../src/port/nfs/client-result.ts';
import { VolatileCache } from '../../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';
import { concat } from '../../../helpers/capture.ts';
import { fileSystemOf, serverOf } from '../../../helpers/nfs.ts';
import { CALLER, NfsPair, SERVER } from '../../../helpers/nfs-pair.ts';

const handle = Uint8Array.of(1, 2, 3, 4);
const reply = (xid: number, results: Uint8Array) =>
  encodeRecord(rpcReply.encode({ xid, verifier: {}, acceptStat: 0, results }));

/** A client that waits for a mount, then a read of what was mounted. */
function waiting(): NfsClient {
  const client = new NfsClient({ server: SERVER, caller: CALLER, xid: 1, times: { soft: true } });
  client.mount('/', 0, (mounted) => {
    if (mounted.state !== 'done') return;
    client.read(mounted.value, 0n, 100, 0, () => {});
  });
  return client;
}

describeStreamMachine({ describe, it }, 'an NFS client', waiting, {
  conversations: [
    concat([
      reply(
        1,
        mount3.MNT.res.encode({ status: 0, resok: { fileHandle: handle, authFlavors: [1] } }),
      ),
      reply(
        2,
        nfs3.READ.res.encode({
          status: 0,
          resok: { fileAttributes: {}, count: 4, eof: 1, data: handle },
        }),
      ),
      reply(9, new Uint8Array()),
    ]),
  ],
});

function mounted(fileSystem = fileSystemOf(), options = {}) {
  const pair = new NfsPair(serverOf({ fileSystem, ...options }));
  const { client } = pair;
  const root = pair.ask<Uint8Array>((done) => client.mount('/', pair.now, done));
  const file = pair.ask<Uint8Array>((done) => client.lookup(root, 'lun0.img', pair.now, done));
  const write =
    (value: number, offset = 0n, stable: number = StableHow.UNSTABLE) =>
    (done: NfsDone<undefined>) =>
      client.write(file, offset, new Uint8Array(512).fill(value), stable, pair.now, done);
  const read = () => pair.ask<Uint8Array>((done) => client.read(file, 0n, 4096, pair.now, done));
  const commit = (done: NfsDone<undefined>) => client.commit(file, pair.now, done);
  return { pair, client, root, file, write, read, commit, fileSystem };
}

describe('a client of a server', () => {
  it('mounts, looks up, writes and reads', () => {
    const { pair, write, read } = mounted();
    pair.ask(write(7, 512n, StableHow.FILE_SYNC));
    expect([...new Set(read().subarray(512, 1024))]).toEqual([7]);
    expect(pair.connects.length).toBe(1);
  });

  it('writes all, however little a server takes at once', () => {
    const { pair, client, file, fileSystem } = mounted(fileSystemOf(), { transferBytesMax: 512 });
    const bytes = Uint8Array.from({ length: 1300 }, (_, i) => i);
    pair.ask((done) => client.write(file, 100n, bytes, StableHow.FILE_SYNC, pair.now, done));
    expect(fileSystem.read(fileSystem.files[0]!, 100, 1300)).toEqual(bytes);
  });

  it('tells why something came to nothing', () => {
    const { pair, client, root, file } = mounted();
    const why = <T>(ask: (done: NfsDone<T>) => void) => pair.start(ask).result;
    expect(why<Uint8Array>((done) => client.lookup(root, 'none', pair.now, done))).toEqual({
      state: 'failed',
      why: 'LOOKUP: NFS3ERR_NOENT',
    });
    expect(why<Uint8Array>((done) => client.mount('/none', pair.now, done))).toMatchObject({
      why: 'MNT: status 2',
    });
    const far = 2n ** 40n;
    expect(
      why<undefined>((done) => client.write(file, far, Uint8Array.of(1), 2, pair.now, done)),
    ).toMatchObject({ why: 'WRITE: NFS3ERR_NOSPC' });
  });
});

describe('a server that restarts with UNSTABLE data', () => {
  /** The server of before is gone, and what was not committed with it. */
  const lose = (rig: ReturnType<typeof mounted>, medium: VolatileCache, verifier: number): void => {
    medium.powerLost();
    const writeVerifier = new Uint8Array(8).fill(verifier);
    rig.pair.restart(rig.fileSystem, { writeVerifier });
  };

  function rigOf() {
    const memory = new MemoryMedium(64);
    const medium = new VolatileCache(memory);
    const rig = mounted(fileSystemOf([medium]));
    return { rig, medium, memory };
  }

  it('has another verifier, by which the client finds out and sends again: nothing is lost', () => {
    const { rig, medium, memory } = rigOf();
    const { pair, client, write, commit } = rig;
    pair.ask(write(7));
    pair.ask(write(8, 512n));
    expect(client.uncommittedBytes).toBe(1024);
    lose(rig, medium, 9);
    expect(memory.read(0, 2)).toEqual(new Uint8Array(1024));
    pair.ask(commit);
    expect([memory.read(0, 1)[0], memory.read(1, 1)[0]]).toEqual([7, 8]);
    expect(client.uncommittedBytes).toBe(0);
  });

  it('with the verifier of before loses them: the machine that it must catch', () => {
    const { rig, medium, memory } = rigOf();
    rig.pair.ask(rig.write(7));
    medium.powerLost();
    rig.pair.restart(rig.fileSystem);
    rig.pair.ask(rig.commit);
    expect(memory.read(0, 1)[0]).toBe(0);
  });

  it('what was written before does not come over what was written after', () => {
    const { rig, medium, memory } = rigOf();
    const { pair, write, commit } = rig;
    pair.ask(write(1));
    lose(rig, medium, 9);
    pair.ask(write(2));
    pair.ask(write(3, 0n, StableHow.FILE_SYNC));
    pair.ask(commit);
    expect(memory.read(0, 1)[0]).toBe(3);
  });

  it('twice in a row: they are sent as often as it takes', () => {
    const { rig, medium, memory } = rigOf();
    rig.pair.ask(rig.write(5));
    lose(rig, medium, 9);
    lose(rig, medium, 10);
    rig.pair.ask(rig.commit);
    expect(memory.read(0, 1)[0]).toBe(5);
  });
});
