/** What the taps of a run see of sessions of iSCSI and NFS, judged as `replay` judges a capture of it. */
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { StreamSessions } from '../audit/stream-sessions.ts';
import type { Verdict } from '../audit/verdict.ts';
import { decodeFrame } from '../codecs/frame/index.ts';
import { segmentIn } from './segment-in.ts';

/** Judges the sessions of one run. */
export class SessionTaps {
  readonly #sessions = new StreamSessions();

  /**
   * Takes the next frame. What comes out of the LAN has gone into it at another tap, so each frame is read once; what a
   * fault has damaged before nobody takes.
   */
  see({ at, number, direction, bytes }: TappedFrame): void {
    if (direction === 'out' || segmentIn(bytes) === undefined) return;
    this.#sessions.take(decodeFrame(bytes), { at, frame: number });
  }

  /** The verdicts of the run, with what its sessions add. Call it once, at the end. */
  join(verdicts: readonly Verdict[]): Verdict[] {
    this.#sessions.finish();
    return this.#sessions.join(verdicts);
  }
}
