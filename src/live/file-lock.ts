/**
 * Keeps two servers from one file.
 *
 * A socket in Linux' abstract namespace, named by the file's device and inode, belongs to one
 * process and goes with it however it ends, so there is no lock file to be left over. It is known
 * within one network namespace only.
 */
import { createServer } from 'node:net';

/** Gives a lock back. */
export interface FileLock {
  release(): Promise<void>;
}

/** Takes the lock of a file; `undefined` when another server has it. */
export async function lockFile(device: bigint, inode: bigint): Promise<FileLock | undefined> {
  const server = createServer((socket) => socket.destroy());
  const path = `\0sanmotion-lun-${device}-${inode}`;
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else reject(error);
    });
    server.listen({ path }, () => resolve(false));
  });
  if (taken) return undefined;
  server.unref();
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
