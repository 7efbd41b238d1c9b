/** What a capture says by each kind of input, for a page and for Node to be compared. */
import { type CaptureInput, openCapture } from '../../src/capture/index.ts';

/** Frames of an input, as stamps and lengths, and what was wrong with it. */
export interface CaptureReport {
  readonly format: string;
  readonly frames: number;
  readonly bytes: number;
  /** Sum over all stamps, in nanoseconds modulo 2^61. */
  readonly stamps: string;
  readonly fault: string | null;
}

/** Reads an input to its end. */
export async function captureReport(input: CaptureInput): Promise<CaptureReport> {
  let [frames, bytes, stamps, format] = [0, 0, 0n, ''];
  let fault: string | null = null;
  try {
    const capture = await openCapture(input);
    format = capture.info.format;
    await capture.visitAll(({ at, end, timeNs }) => {
      frames += 1;
      bytes += end - at;
      stamps = BigInt.asUintN(61, stamps + timeNs);
    });
  } catch (error) {
    fault = (error as Error).message;
  }
  return { format, frames, bytes, stamps: `${stamps}`, fault };
}

/** The same bytes by every kind of input that a page has. */
export function everyInput(bytes: Uint8Array<ArrayBuffer>): Record<string, CaptureInput> {
  return {
    bytes,
    buffer: bytes.slice().buffer,
    blob: new Blob([bytes]),
    file: new File([bytes], 'stream'),
    stream: new Blob([bytes]).stream(),
    chunks: (async function* () {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    })(),
  };
}
