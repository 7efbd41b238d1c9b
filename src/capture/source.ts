import { fileFault } from './file-fault.ts';
import { CaptureError, type CaptureFault } from './types.ts';

/** Most bytes read at once: a read of a file waits for another thread, which costs the same for each. */
export const WINDOW_BYTES = 1 << 19;

/** Pipes and streams hand out little at a time. */
export const STREAM_WINDOW_BYTES = 1 << 16;

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

/** A Blob, or a file that was chosen in a page: bytes that are read piece by piece. */
export interface BlobLike {
  readonly size: number;
  /** Of a file that was chosen. */
  readonly name?: string;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A ReadableStream of bytes, as `fetch` gives one. */
export interface ReadableStreamLike {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

/** Bytes of a capture: whole, or in chunks of any size. */
export type ByteInput =
  | Uint8Array
  | ArrayBuffer
  | BlobLike
  | ReadableStreamLike
  | AsyncIterable<Uint8Array>;

/** What the faults are called that a caller may tell apart. */
const FAULT_OF: Readonly<Record<string, CaptureFault>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'directory',
};

/** The error for what cannot be read; `cause` is what reading threw. */
export function unreadable(file: string, cause: unknown, fileOffset?: number): CaptureError {
  const fault = FAULT_OF[(cause as { readonly code?: string }).code ?? ''] ?? 'unreadable';
  const { what, advice } = fileFault(file, cause, 'read');
  return new CaptureError({ file, fault, what, advice, fileOffset, cause });
}

/**
 * The source for bytes that lie in memory, in a Blob or in a stream.
 *
 * Errors: `TypeError` for anything else.
 */
export function byteSource(input: ByteInput, name: string): ByteSource {
  if (input instanceof Uint8Array) return memorySource(input, name);
  if (input instanceof ArrayBuffer) return memorySource(new Uint8Array(input), name);
  if (typeof input === 'object' && input !== null) {
    if (Symbol.asyncIterator in input) return streamSource(input, name);
    if ('getReader' in input) return streamSource(chunksOfStream(input), name);
    if ('slice' in input && 'size' in input) return blobSource(input, name);
  }
  throw new TypeError(
    'a capture is a path (in Node), a Uint8Array, an ArrayBuffer, a Blob, a ReadableStream or an async iterable of Uint8Array',
  );
}

function memorySource(bytes: Uint8Array, name: string): ByteSource {
  let at = 0;
  const readNow = (into: Uint8Array): number => {
    const taken = bytes.subarray(at, at + into.length);
    into.set(taken);
    at += taken.length;
    return taken.length;
  };
  return {
    name,
    windowBytes: Math.min(WINDOW_BYTES, Math.max(bytes.length + 1, 4096)),
    readNow,
    read: async (into) => readNow(into),
    close: () => Promise.resolve(),
  };
}

function blobSource(blob: BlobLike, name: string): ByteSource {
  let at = 0;
  return {
    name,
    windowBytes: Math.min(WINDOW_BYTES, Math.max(blob.size + 1, 4096)),
    readNow: undefined,
    async read(into) {
      const end = Math.min(at + into.length, blob.size);
      const bytes = await blob
        .slice(at, end)
        .arrayBuffer()
        .catch((cause) => {
          throw unreadable(name, cause, at);
        });
      into.set(new Uint8Array(bytes));
      at += bytes.byteLength;
      return bytes.byteLength;
    },
    close: () => Promise.resolve(),
  };
}

/** Not every browser iterates its own streams. */
async function* chunksOfStream(stream: ReadableStreamLike): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield asBytes(value);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
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
          throw cause instanceof CaptureError ? cause : unreadable(name, cause, fileOffset);
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

function asBytes(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (chunk instanceof Uint8Array) return chunk as Uint8Array<ArrayBuffer>;
  throw new TypeError(`a capture stream must yield Uint8Array chunks, not ${typeof chunk}`);
}
