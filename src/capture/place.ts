import type { TimedFrame } from './types.ts';

const SECOND_NS = 1_000_000_000n;

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
  /** Name of the interface (pcapng `if_name`); classic pcap has none. */
  interfaceName: string | undefined = undefined;
  /** Link type of the interface; 1 is Ethernet. */
  linkType = 0;
  /** The frame is `bytes[at, end)`. */
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** Where in the file its bytes lie; in what was decompressed, where the file is gzip. */
  fileOffset = 0;
  /** Length in bytes on the wire; greater than `end - at` when the capture cut the frame. */
  originalLength = 0;
  /** Bytes of Ethernet FCS at the frame's end, where the file says how many. */
  fcsBytes: number | undefined = undefined;
  /** Comment on the frame (pcapng `opt_comment`). */
  comment: string | undefined = undefined;
  /** The queue of the interface that brought it (pcapng `epb_queue`), where the file tells. */
  queue: number | undefined = undefined;
  /** The file is damaged in front of it: frames may be missing. */
  afterDamage = false;
  /** Time stamp since 1970-01-01 UTC in two numbers, which costs less than one of any size. */
  seconds = 0;
  nanoseconds = 0;
  private ownTimeNs: bigint | undefined = undefined;

  /** Time stamp in nanoseconds since 1970-01-01 UTC, made when it is asked for. */
  get timeNs(): bigint {
    this.ownTimeNs ??= BigInt(this.seconds) * SECOND_NS + BigInt(this.nanoseconds);
    return this.ownTimeNs;
  }

  /** For the readers of captures: the time stamp, in two parts. */
  setTime(seconds: number, nanoseconds: number): void {
    this.ownTimeNs = undefined;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  /** For the readers of captures: moves here from a frame of its own, whose bytes lie at `fileOffset`. */
  moveTo(frame: TimedFrame, fileOffset = 0): void {
    this.fileOffset = fileOffset;
    this.index = frame.index;
    this.interfaceId = frame.interfaceId;
    this.interfaceName = frame.interfaceName;
    this.linkType = frame.linkType;
    this.bytes = frame.bytes;
    this.at = 0;
    this.end = frame.bytes.length;
    this.originalLength = frame.originalLength;
    this.fcsBytes = frame.fcsBytes;
    this.comment = frame.comment;
    this.queue = frame.queue;
    this.afterDamage = frame.afterDamage === true;
    this.setTime(Number(frame.timeNs / SECOND_NS), Number(frame.timeNs % SECOND_NS));
    this.ownTimeNs = frame.timeNs;
  }

  /** Takes over what is known of another place's frame, but for its bytes: those lie in `bytes` at `at`. */
  keep(place: FramePlace, bytes: Uint8Array, at: number): void {
    this.index = place.index;
    this.interfaceId = place.interfaceId;
    this.interfaceName = place.interfaceName;
    this.linkType = place.linkType;
    this.bytes = bytes;
    this.at = at;
    this.end = at + place.end - place.at;
    this.fileOffset = place.fileOffset;
    this.originalLength = place.originalLength;
    this.fcsBytes = place.fcsBytes;
    this.comment = place.comment;
    this.queue = place.queue;
    this.seconds = place.seconds;
    this.nanoseconds = place.nanoseconds;
    this.ownTimeNs = place.ownTimeNs;
  }
}
