import { createReadStream, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileFault } from './file-fault.ts';
import { CaptureError, type CaptureFault } from './types.ts';

/** Most bytes read at once: a read of a file waits for another thread, which costs the same for each. */
const WINDOW_BYTES = 1 << 19;

/** Pipes and streams hand out little at a time. */
const STREAM_WINDOW_BYTES = 1 << 16;

/** Where a reader gets its bytes from. */
export interface ByteSource {
  /** The path, or the name a stream was given; begins every message. */
  readonly name: string;
  /** How many bytes one `read` may bring. */
  readonly windowBytes: number;
  /** Writes the next bytes to the start of `into`; 0 at the end. */
  read(into: Uint8Array): Promise<number>;
  /** The same without waiting for another thread; only a regular file can. */
  readonly readNow: ((into: Uint8Array) => number) | undefined;
  close(): Promise<void>;
}

/** What the faults are called that a caller may tell apart. */
const FAULT_OF: Readonly<Record<string, CaptureFault>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'directory',
};

function unreadable(file: string, cause: unknown, fileOffset?: number): CaptureError {
  const fault = FAULT_OF[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'unreadable';
  const { what, advice } = fileFault(file, cause, 'read');
  return new CaptureError({ file, fault, what, advice, fileOffset, cause });
}

/**
 * Opens a file or a named pipe.
 *
 * Errors: `missing`, `directory`, `unreadable`.
 */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((cause) => {
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
      const count = readSync(handle.fd, into, 0, into.length, null);
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

/**
 * Reads from chunks of any size. They are copied, so their owner may use their memory again.
 *
 * Errors: `unreadable` when the stream fails; its own error is the `cause`.
 */
export function streamSource(chunks: AsyncIterable<Uint8Array>, name: string): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk = new Uint8Array(0);
  let ended = false;
  let fileOffset = 0;
  return {
    name,
    windowBytes: STREAM_WINDOW_BYTES,
    readNow: undefined,
    async read(into) {
      while (chunk.length === 0 && !ended) {
        const next = await iterator.next().catch((cause) => {
          ended = true;
          throw unreadable(name, cause, fileOffset);
        });
        if (next.done) ended = true;
        else chunk = asBytes(next.value);
      }
      const taken = chunk.subarray(0, into.length);
      into.set(taken);
      chunk = chunk.subarray(taken.length);
      fileOffset += taken.length;
      return taken.length;
    },
    async close() {
      if (!ended) await iterator.return?.();
      ended = true;
    },
  };
}

/** Reads standard input, whose descriptor stays open. */
export function standardInputSource(): ByteSource {
  const chunks = createReadStream('', { fd: 0, autoClose: false });
  return streamSource(chunks, 'standard input');
}

function asBytes(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (chunk instanceof Uint8Array) return chunk as Uint8Array<ArrayBuffer>;
  throw new TypeError(`a capture stream must yield Uint8Array chunks, not ${typeof chunk}`);
}
