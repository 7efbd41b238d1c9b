/** Reads a capture: judges it, and keeps where its frames lie. */
import { CaptureJudge, type CaptureReport } from '../../../src/audit/capture-judge.ts';
import { inflatedInPage } from '../../../src/capture/gzip.ts';
import { CaptureError, openCapture } from '../../../src/capture/index.ts';
import { byteSource } from '../../../src/capture/source.ts';
import type { Tell } from '../progress.ts';
import { CaptureStore } from './capture-store.ts';
import type { FrameFunctions } from './frame-functions.ts';

/** What a capture came to. */
export interface OpenedCapture {
  readonly report: CaptureReport;
  /** Frames in the list, and how many the file has. */
  readonly listed: number;
  readonly frames: number;
}

/** What a worker with a capture offers. */
export interface CaptureFunctions extends FrameFunctions {
  open(file: Blob): Promise<OpenedCapture>;
}

const GZIP_MAGIC = [0x1f, 0x8b] as const;

const nameOf = (file: Blob): string => ('name' in file ? String(file.name) : 'capture');

/** What is in a gzip file, whole: frames are read again from it by their place. */
async function inflated(file: Blob): Promise<Blob> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (GZIP_MAGIC.some((byte, i) => head[i] !== byte)) return file;
  const parts: BlobPart[] = [];
  try {
    for await (const part of inflatedInPage(byteSource(file, nameOf(file))))
      parts.push(part as BlobPart);
  } catch (error) {
    // What was before the damage is shown; the reader of the capture says where it ends.
    if (parts.length === 0)
      throw new Error(`${nameOf(file)}: is damaged gzip (${(error as Error).message})`);
  }
  return new Blob(parts);
}

/** Reads a capture to its end; a fault in it is told with what was before. */
export async function readCapture(
  file: Blob,
  tell: Tell,
): Promise<{ store: CaptureStore; opened: OpenedCapture }> {
  const name = nameOf(file);
  tell({ share: undefined, words: `reading ${name}` });
  const plain = await inflated(file);
  let at = 0;
  const counted = {
    size: plain.size,
    name,
    slice(start: number, end: number) {
      at = end;
      return plain.slice(start, end);
    },
  };
  const capture = await openCapture(counted);
  const store = new CaptureStore(plain, capture.info);
  const judge = new CaptureJudge(capture.info);
  let error: string | undefined;
  try {
    await capture.visitAll(
      (place) => {
        store.add(place);
        judge.visit(place);
      },
      () => tell({ share: at / plain.size, words: `${store.seen.toLocaleString('en-US')} frames` }),
    );
  } catch (thrown) {
    if (!(thrown instanceof CaptureError)) throw thrown;
    error = thrown.message;
  }
  return {
    store,
    opened: { report: judge.finish(error), listed: store.count, frames: store.seen },
  };
}
