import type { TimedFrame } from './types.ts';

/**
 * A frame of a capture where it lies in the read window.
 *
 * The same object and the same memory serve for every frame of a scan: what is to be kept of a
 * frame must be copied while it is visited.
 */
export class FramePlace {
  /** Frame number; the first frame of the file is 1. */
  index = 0;
  /** Index into `CaptureInfo.interfaces`. */
  interfaceId = 0;
  /** Link type of the interface; 1 is Ethernet. */
  linkType = 0;
  /** The frame is `bytes[at, end)`. */
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** Length in bytes on the wire; greater than `end - at` when the capture cut the frame. */
  originalLength = 0;
  /** Bytes of Ethernet FCS at the frame's end, where the file says how many. */
  fcsBytes: number | undefined = undefined;
  private ownTimeNs: bigint | undefined = undefined;
  private seconds = 0;
  private nanoseconds = 0;

  /** Time stamp in nanoseconds since 1970-01-01 UTC, made when it is asked for. */
  get timeNs(): bigint {
    this.ownTimeNs ??= BigInt(this.seconds) * 1_000_000_000n + BigInt(this.nanoseconds);
    return this.ownTimeNs;
  }

  /** For the readers of captures: the time stamp, in two parts. */
  setTime(seconds: number, nanoseconds: number): void {
    this.ownTimeNs = undefined;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  /** For the readers of captures: moves here from a frame of its own. */
  moveTo(frame: TimedFrame): void {
    this.index = frame.index;
    this.interfaceId = frame.interfaceId;
    this.linkType = frame.linkType;
    this.bytes = frame.bytes;
    this.at = 0;
    this.end = frame.bytes.length;
    this.originalLength = frame.originalLength;
    this.fcsBytes = frame.fcsBytes;
    this.ownTimeNs = frame.timeNs;
  }
}
