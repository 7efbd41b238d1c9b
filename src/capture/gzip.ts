/** gzip-compressed captures, decompressed on the way. */
import { nodeModule } from './node-modules.ts';
import { type ByteSource, streamSource } from './source.ts';
import { CaptureError } from './types.ts';

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** A source whose first bytes were read already. */
function withHead(source: ByteSource, head: Uint8Array): ByteSource {
  let left = head;
  const readHead = (into: Uint8Array): number => {
    const taken = left.subarray(0, into.length);
    into.set(taken);
    left = left.subarray(taken.length);
    return taken.length;
  };
  const { readNow } = source;
  return {
    name: source.name,
    windowBytes: source.windowBytes,
    readNow: readNow && ((into) => (left.length > 0 ? readHead(into) : readNow(into))),
    read: async (into) => (left.length > 0 ? readHead(into) : source.read(into)),
    close: () => source.close(),
  };
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const into = new Uint8Array(source.windowBytes);
    const count = await source.read(into);
    if (count === 0) return;
    yield into.subarray(0, count);
  }
}

/**
 * The source itself, or what is in it where it begins as gzip does. It is decompressed as it is
 * read, a window at a time, so a small file that grows without end takes no memory.
 *
 * Errors of the returned source: `unreadable` where the compressed bytes are damaged. A compressed
 * file that ends too early gives what is in it.
 */
export async function gunzipped(source: ByteSource): Promise<ByteSource> {
  const head = new Uint8Array(GZIP_MAGIC.length);
  let count = 0;
  try {
    while (count < head.length) {
      const more = await source.read(head.subarray(count));
      if (more === 0) break;
      count += more;
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  const whole = withHead(source, head.subarray(0, count));
  if (count < head.length || GZIP_MAGIC.some((byte, i) => head[i] !== byte)) return whole;
  const inside = streamSource(inflated(whole), source.name);
  return {
    ...inside,
    async read(into) {
      try {
        return await inside.read(into);
      } catch (cause) {
        throw damaged(source.name, cause);
      }
    },
    async close() {
      await inside.close();
      await source.close();
    },
  };
}

/** By zlib in Node, and by the page's own decompressor elsewhere. */
function inflated(source: ByteSource): AsyncIterable<Uint8Array> {
  const zlib = nodeModule('node:zlib');
  const stream = nodeModule('node:stream');
  if (zlib === undefined || stream === undefined) return inflatedInPage(source);
  const gunzip = zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH });
  // A fault of either stream comes out of the last one, where it is read.
  const { pipeline, Readable } = stream;
  pipeline(Readable.from(chunksOf(source), { objectMode: false }), gunzip, () => {});
  return gunzip;
}

/** Browsers say in words of their own that a compressed file ends too early. */
const ENDS_EARLY = /truncated|unexpected end|incomplete/i;

/**
 * What is in a gzip file, by the decompressor of the page. A file that ends too early gives what is
 * in it; a file of several members is damaged to it behind the first.
 *
 * Errors: `Z_DATA_ERROR` as the `code`, where the bytes are damaged; those of the source.
 */
export async function* inflatedInPage(source: ByteSource): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  let failure: unknown;
  const feed = async (): Promise<void> => {
    for await (const chunk of chunksOf(source))
      await writer.write(chunk as Uint8Array<ArrayBuffer>);
    // A fault drops what nobody has read yet: an empty piece is taken only when all before it was.
    await writer.write(new Uint8Array(0));
    await writer.close();
  };
  // What reading the source throws comes out where the decompressed bytes are read.
  const fed = feed().catch(async (cause) => {
    failure = cause;
    await writer.abort(cause).catch(() => {});
  });
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value as Uint8Array;
    }
  } catch (cause) {
    if (failure instanceof CaptureError) throw failure;
    if (!ENDS_EARLY.test((cause as Error).message)) throw new GzipFault((cause as Error).message);
  } finally {
    await reader.cancel().catch(() => {});
    await fed;
  }
}

/** The page's decompressor does not take the bytes. */
class GzipFault extends Error {
  readonly code = 'Z_DATA_ERROR';
}

function damaged(file: string, cause: unknown): unknown {
  const inner = cause instanceof CaptureError ? cause.cause : cause;
  if (!(inner instanceof Error) || !/^Z_/.test((inner as NodeJS.ErrnoException).code ?? ''))
    return inner instanceof CaptureError ? inner : cause;
  return new CaptureError({
    file,
    fault: 'unreadable',
    what: `is damaged gzip (${inner.message})`,
    advice: 'the frames before it are good; copy the file again',
    cause: inner,
  });
}
