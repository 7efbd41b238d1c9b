/** Files of a server as whoever makes disks of them sees them, whatever the version of NFS; and those of version 3. */
import { StableHow } from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { StreamMachine } from '../../machine/stream-machine.ts';
import type { NfsClient } from './client.ts';
import type { NfsDone } from './client-result.ts';
import type { NfsClientEvent, OpenCall } from './rpc-client.ts';

/** A file that was found. */
export interface RemoteFile {
  readonly name: string;
  readonly handle: Uint8Array;
  readonly sizeBytes: number;
}

/** A part of a file. Units: bytes. */
export interface FilePlace {
  readonly offset: bigint;
  readonly count: number;
}

/** What a client is asked for. Each `done` hears once, in a later change of the client. */
export interface RemoteFiles {
  /** The client, for its driver. */
  readonly machine: StreamMachine<NfsClientEvent>;
  /** Looks files of the exported directory up, one after the other. */
  find(names: readonly string[], now: Instant, done: NfsDone<readonly RemoteFile[]>): void;
  read(file: RemoteFile, place: FilePlace, now: Instant, done: NfsDone<Uint8Array>): OpenCall;
  /** Writes bytes that survive when they are answered; `done` hears how many. */
  write(
    file: RemoteFile,
    offset: bigint,
    data: Uint8Array,
    now: Instant,
    done: NfsDone<number>,
  ): OpenCall;
  commit(file: RemoteFile, now: Instant, done: NfsDone<undefined>): OpenCall;
}

/** The exported directory. */
const EXPORT = '/';

/** Files of version 3. */
export function files3(client: NfsClient): RemoteFiles {
  function look(
    root: Uint8Array,
    names: readonly string[],
    found: readonly RemoteFile[],
    clock: () => Instant,
    done: NfsDone<readonly RemoteFile[]>,
  ): void {
    const name = names[found.length];
    if (name === undefined) {
      done({ state: 'done', value: found });
      return;
    }
    client.lookup(root, name, clock(), (looked) => {
      if (looked.state === 'failed') return fail(name, looked.why);
      const handle = looked.value;
      client.call('GETATTR', { object: handle }, clock(), (result) => {
        const size = result.state === 'done' ? result.value.resok?.objAttributes.size : undefined;
        if (size === undefined) return fail(name, 'its size is not told');
        const file = { name, handle, sizeBytes: Number(size) };
        look(root, names, [...found, file], clock, done);
      });
    });
    const fail = (of: string, why: string) => done({ state: 'failed', why: `${of}: ${why}` });
  }

  return {
    machine: client,
    find(names, now, done) {
      client.mount(EXPORT, now, (root) => {
        if (root.state === 'failed') done(root);
        else look(root.value, names, [], () => client.now, done);
      });
    },
    read({ handle }, place, now, done) {
      return client.call('READ', { file: handle, ...place }, now, (result) => {
        if (result.state === 'failed') done(result);
        else done({ state: 'done', value: result.value.resok!.data });
      });
    },
    write({ handle }, offset, data, now, done) {
      const args = {
        file: handle,
        offset,
        count: data.length,
        stable: StableHow.FILE_SYNC,
        data,
      };
      return client.call('WRITE', args, now, (result) => {
        if (result.state === 'failed') done(result);
        else done({ state: 'done', value: result.value.resok!.count });
      });
    },
    commit({ handle }, now, done) {
      return client.call('COMMIT', { file: handle, offset: 0n, count: 0 }, now, (result) => {
        done(result.state === 'failed' ? result : { state: 'done', value: undefined });
      });
    },
  };
}
