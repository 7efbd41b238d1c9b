/** A client of NFS version 4.1 and a server with nothing between them. */

import type { RemoteFile } from '../../src/port/nfs/remote-files.ts';
import type { NfsServer } from '../../src/port/nfs/server.ts';
import { Nfs4Client, type Nfs4ClientOptions } from '../../src/port/nfs4/client.ts';
import { serverOf } from './nfs.ts';
import { CALLER, NfsPair, SERVER } from './nfs-pair.ts';

export const client4 = (options: Partial<Nfs4ClientOptions> = {}): Nfs4Client =>
  new Nfs4Client({
    server: SERVER,
    caller: CALLER,
    xid: 1000,
    owner: 'vm1',
    verifier: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1),
    ...options,
  });

/** A client with the first file open. */
export function opened(
  server: NfsServer = serverOf(),
  options: Partial<Nfs4ClientOptions> = {},
): { pair: NfsPair<Nfs4Client>; client: Nfs4Client; file: RemoteFile } {
  const client = client4(options);
  const pair = new NfsPair(server, {}, client);
  const [file] = pair.ask<readonly RemoteFile[]>((done) =>
    client.find(['lun0.img'], pair.now, done),
  );
  return { pair, client, file: file! };
}

/** A block of one value. */
export const blockOf = (value: number): Uint8Array => new Uint8Array(512).fill(value);
