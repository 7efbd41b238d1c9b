/** Debian's nfs-ganesha with one export of memory. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../live/support/free-port.ts';
import { until } from '../../live/support/wait.ts';

const LIMIT_MS = 60_000;

/** What is exported. */
export const GANESHA_EXPORT = '/units';

/** A server that runs, and where it listens. */
export interface Ganesha {
  readonly port: number;
  readonly mountPort: number;
}

/**
 * Starts it with version 3 alone, and rpcbind beside it where none runs: it does not begin without. Both are put in front of
 * `children`, in the order in which they are to be ended.
 */
export async function startGanesha(folder: string, children: ChildProcess[]): Promise<Ganesha> {
  const [port, mountPort] = [await freePort(), await freePort()];
  const isBound = () => spawnSync('/usr/sbin/rpcinfo', ['-p', '127.0.0.1']).status === 0;
  // Debian's rpcbind 1.2.6 aborts with an address to bind to (`-h`).
  if (!isBound()) children.unshift(spawn('/usr/sbin/rpcbind', ['-f'], { stdio: 'ignore' }));
  await until(isBound, LIMIT_MS, 'rpcbind answers');
  const file = join(folder, 'ganesha.conf');
  writeFileSync(
    file,
    `NFS_CORE_PARAM { Protocols = 3; NFS_Port = ${port}; MNT_Port = ${mountPort};
  Enable_NLM = false; Enable_RQUOTA = false; Bind_addr = 127.0.0.1; }
EXPORT { Export_Id = 1; Path = ${GANESHA_EXPORT}; Pseudo = ${GANESHA_EXPORT}; Access_Type = RW;
  Squash = No_Root_Squash; SecType = sys; Protocols = 3; FSAL { Name = MEM; } }
MEM { Inode_Size = 65536; }
`,
  );
  const log = join(folder, 'ganesha.log');
  const words = ['-F', '-f', file, '-p', join(folder, 'ganesha.pid'), '-L', log, '-N', 'NIV_EVENT'];
  children.unshift(spawn('/usr/bin/ganesha.nfsd', words, { stdio: 'ignore' }));
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  await until(() => said().includes('NFS SERVER INITIALIZED'), LIMIT_MS, 'nfs-ganesha listens');
  return { port, mountPort };
}
