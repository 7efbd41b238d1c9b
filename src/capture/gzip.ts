/** gzip-compressed captures, decompressed on the way. */
import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
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
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  // A fault of either stream comes out of the last one, where it is read.
  pipeline(Readable.from(chunksOf(whole), { objectMode: false }), gunzip, () => {});
  const inside = streamSource(gunzip, source.name);
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
      gunzip.destroy();
      await source.close();
    },
  };
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
