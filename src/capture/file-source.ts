/** Files, named pipes and standard input as sources; in Node only. */
import { nodeFiles } from './node-modules.ts';
import {
  type ByteSource,
  STREAM_WINDOW_BYTES,
  streamSource,
  unreadable,
  WINDOW_BYTES,
} from './source.ts';

/**
 * Opens a file or a named pipe.
 *
 * Errors: `missing`, `directory`, `unreadable`.
 */
export async function openFileSource(path: string): Promise<ByteSource> {
  const files = nodeFiles();
  const handle = await files.promises.open(path, 'r').catch((cause) => {
    throw unreadable(path, cause);
  });
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw unreadable(path, { code: 'EISDIR' });
  }
  let fileOffset = 0;
  const readNow = (into: Uint8Array): number => {
    try {
      const count = files.readSync(handle.fd, into, 0, into.length, null);
      fileOffset += count;
      return count;
    } catch (cause) {
      throw unreadable(path, cause, fileOffset);
    }
  };
  return {
    name: path,
    // One byte more than a small file holds, so that its end shows in the first window.
    windowBytes: stat.isFile()
      ? Math.min(WINDOW_BYTES, Math.max(stat.size + 1, 4096))
      : STREAM_WINDOW_BYTES,
    readNow: stat.isFile() ? readNow : undefined,
    async read(into) {
      const { bytesRead } = await handle.read(into, 0, into.length, null).catch((cause) => {
        throw unreadable(path, cause, fileOffset);
      });
      fileOffset += bytesRead;
      return bytesRead;
    },
    close: () => handle.close(),
  };
}

/** Reads standard input, whose descriptor stays open. */
export function standardInputSource(): ByteSource {
  const chunks = nodeFiles().createReadStream('', { fd: 0, autoClose: false });
  return streamSource(chunks, 'standard input');
}
