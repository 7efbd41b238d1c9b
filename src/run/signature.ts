/** Frames in words. */
import { decodeFrame, summarize } from '../codecs/frame/index.ts';

/** A frame in one line, as the `decode` command prints it. */
export function lineOf(bytes: Uint8Array): string {
  return summarize(decodeFrame(bytes));
}

/**
 * What kind of frame it is and which way it goes, in words that stay the same when addresses,
 * exchanges and the number of frames before it change: so a fault finds its frame again in a
 * smaller run.
 */
export function signatureOf(bytes: Uint8Array): string {
  const line = lineOf(bytes);
  const end = line.search(/ [0-9a-f]{6} → [0-9a-f]{6}/);
  const kind = (end < 0 ? line : line.slice(0, end)).replace(/\s*[0-9a-f:]{17,}.*$/, '');
  return `${toSwitch(bytes) ? 'to' : 'from'} the switch: ${kind}`;
}

/** Whether the frame's destination is the address of an FCF, as scenarios give them. */
const toSwitch = (bytes: Uint8Array): boolean => bytes[0] === 0x0e && bytes[1] === 0x00;
