import { fileFault } from './file-fault.ts';
import { nodeFiles } from './node-modules.ts';
import { CaptureError } from './types.ts';

/** Where a writer puts its bytes. */
export interface ByteSink {
  /**
   * Takes a chunk; the caller never writes to its memory again. `false` asks the caller to wait
   * for `drained` before the next one.
   *
   * Errors: `unwritable`.
   */
  write(chunk: Uint8Array): boolean;
  /** Resolves when the sink takes more. */
  drained(): Promise<void>;
  /** Resolves when every byte has left this process. */
  close(): Promise<void>;
}

/** Keeps a capture in memory. */
export interface MemorySink extends ByteSink {
  /** Everything written so far, as one array of its own. */
  bytes(): Uint8Array;
}

/** A sink that keeps all it is given; it is never full and never fails. */
export function memorySink(): MemorySink {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    write(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      return true;
    },
    drained: () => Promise.resolve(),
    close: () => Promise.resolve(),
    bytes() {
      const whole = new Uint8Array(length);
      let position = 0;
      for (const chunk of chunks) {
        whole.set(chunk, position);
        position += chunk.length;
      }
      return whole;
    },
  };
}

function unwritable(file: string, cause: unknown, fileOffset?: number): CaptureError {
  const { what, advice } = fileFault(file, cause, 'write');
  return new CaptureError({
    file,
    fault: 'unwritable',
    what: `cannot be written: ${what}`,
    advice,
    fileOffset,
    cause,
  });
}

/**
 * Writes a file, or a named pipe, replacing what was there; in Node only. Each write returns when the system has
 * taken the bytes, so a long run holds nothing in memory.
 *
 * Errors: `unwritable`, at once where the path is at fault.
 */
export function fileSink(path: string): ByteSink {
  const { closeSync, openSync, writeSync } = nodeFiles();
  let handle: number;
  try {
    handle = openSync(path, 'w');
  } catch (cause) {
    throw unwritable(path, cause);
  }
  let fileOffset = 0;
  let open = true;
  return {
    write(chunk) {
      let written = 0;
      while (written < chunk.length) {
        try {
          written += writeSync(handle, chunk, written);
        } catch (cause) {
          throw unwritable(path, cause, fileOffset + written);
        }
      }
      fileOffset += written;
      return true;
    },
    drained: () => Promise.resolve(),
    async close() {
      if (!open) return;
      open = false;
      try {
        closeSync(handle);
      } catch (cause) {
        throw unwritable(path, cause, fileOffset);
      }
    },
  };
}

/** As much of a Node `Writable` as a sink uses: who reads these declarations needs no types of Node. */
export interface OutputStream {
  readonly writableFinished: boolean;
  readonly writableNeedDrain: boolean;
  write(chunk: Uint8Array): boolean;
  end(done: (cause?: Error | null) => void): unknown;
  on(event: 'error' | 'close' | 'drain', listener: (cause?: unknown) => void): unknown;
}

/**
 * Writes into a Node stream (standard output, a socket); `write` returns `false` when the stream
 * is full. A failed stream shows at the next `write`, `drained` or `close`.
 *
 * Errors: `unwritable`; `name` stands in the message.
 */
export function streamSink(stream: OutputStream, name = 'stream'): ByteSink {
  let fileOffset = 0;
  let failure: CaptureError | undefined;
  let waiting: { resolve: () => void; reject: (error: CaptureError) => void } | undefined;
  const fail = (cause: unknown) => {
    failure ??= unwritable(name, cause, fileOffset);
    waiting?.reject(failure);
    return failure;
  };
  stream.on('error', fail);
  stream.on('close', () => {
    if (!stream.writableFinished) fail({ code: 'EPIPE' });
  });
  stream.on('drain', () => waiting?.resolve());
  return {
    write(chunk) {
      if (failure !== undefined) throw failure;
      fileOffset += chunk.length;
      return stream.write(chunk);
    },
    async drained() {
      if (failure !== undefined) throw failure;
      if (!stream.writableNeedDrain) return;
      await new Promise<void>((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    async close() {
      if (failure !== undefined) throw failure;
      await new Promise<void>((resolve, reject) => {
        stream.end((cause?: Error | null) => (cause ? reject(fail(cause)) : resolve()));
      });
    },
  };
}
