/**
 * What a capture file is to its readers: timed frames, facts about the file, and the one error.
 */

/** Most bytes a captured frame may hold, whatever the file claims; libpcap draws the same line. */
export const CAPTURED_BYTES_MAX = 262_144;

/**
 * Most frames in a batch. Frames as objects take several times their bytes when they are small,
 * and a whole batch of them lives at a time.
 */
export const BATCH_FRAMES_MAX = 256;

/** Link type of Ethernet frames without FCS (LINKTYPE_ETHERNET). */
export const LINKTYPE_ETHERNET = 1;

/** One frame of a capture, as it stands in the file. */
export interface TimedFrame {
  /** Frame number: the first frame of the file is 1, as Wireshark counts. */
  readonly index: number;
  /**
   * Time stamp in nanoseconds since 1970-01-01 UTC. Finer stamps are rounded down. 0 for a pcapng
   * Simple Packet Block, which has none.
   */
  readonly timeNs: bigint;
  /** Index into `CaptureInfo.interfaces`; counts on across the sections of a pcapng file. */
  readonly interfaceId: number;
  /** Name of the interface (pcapng `if_name`); classic pcap has none. */
  readonly interfaceName: string | undefined;
  /** Link type of the interface; 1 is Ethernet. */
  readonly linkType: number;
  /**
   * The captured bytes. They stay valid and are never written again; they share the memory of
   * their neighbours in the file, so copy a frame that is kept for long.
   */
  readonly bytes: Uint8Array;
  /** Length in bytes on the wire; greater than `bytes.length` when the capture cut the frame. */
  readonly originalLength: number;
  /**
   * Bytes of Ethernet FCS at the frame's end on the wire, where the file says how many (pcap's F
   * bit, pcapng `if_fcslen` and `epb_flags`); absent where it says nothing.
   */
  readonly fcsBytes?: number;
  /** Comment on the frame (pcapng `opt_comment`); several are joined by a line feed. */
  readonly comment?: string;
  /**
   * The queue of the interface that brought it (pcapng `epb_queue`), where the file tells: what one queue
   * brought is in its order.
   */
  readonly queue?: number;
  /** The file is damaged in front of it: frames may be missing. */
  readonly afterDamage?: true;
}

/** An interface of a capture. A classic pcap file has exactly one, without a name. */
export interface CaptureInterface {
  readonly name: string | undefined;
  readonly linkType: number;
  /** Longest captured frame in bytes; 0 means no limit. */
  readonly snapLength: number;
  /** Time stamp resolution: 1_000_000n for microseconds, 1_000_000_000n for nanoseconds. */
  readonly ticksPerSecond: bigint;
}

/** Facts about an opened capture. */
export interface CaptureInfo {
  /** Path of the file, or the name given to a stream. */
  readonly file: string;
  readonly format: 'pcap' | 'pcapng';
  /** Byte order of the file; of its current section, where a pcapng file has several. */
  readonly byteOrder: 'little' | 'big';
  /** Link type of the first interface; `undefined` while a pcapng file has declared none. */
  readonly linkType: number | undefined;
  /** The interfaces declared so far; a pcapng file may declare more between its frames. */
  readonly interfaces: readonly CaptureInterface[];
}

/**
 * Why a capture could not be read or written:
 * - `missing`, `directory`, `unreadable`, `unwritable`: the path;
 * - `empty`, `foreign`, `compressed`, `unsupported`: the file is no capture this reader knows;
 * - `truncated`: the file ends inside a header, a record or a block;
 * - `bad-length`: a length contradicts another one or a limit;
 * - `bad-value`: a field refers to something that does not exist.
 */
export type CaptureFault =
  | 'missing'
  | 'directory'
  | 'unreadable'
  | 'unwritable'
  | 'empty'
  | 'foreign'
  | 'compressed'
  | 'unsupported'
  | 'truncated'
  | 'bad-length'
  | 'bad-value';

/** The parts of a {@link CaptureError}. */
export interface CaptureErrorParts {
  readonly file: string;
  readonly fault: CaptureFault;
  /** What is wrong, in a few words. */
  readonly what: string;
  /** What the reader of the message can do about it. */
  readonly advice: string;
  /** Where in the file, in bytes; `undefined` when the file could not be opened. */
  readonly fileOffset?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A capture is missing, foreign, cut or forged, or cannot be written.
 *
 * The message is one line: file, what, byte offset, what to do. A reader throws it only after it
 * has delivered every frame before the fault.
 */
export class CaptureError extends Error {
  readonly file: string;
  readonly fault: CaptureFault;
  readonly fileOffset: number | undefined;

  constructor(parts: CaptureErrorParts) {
    const { file, fault, what, advice, fileOffset } = parts;
    const where = fileOffset === undefined ? '' : ` at byte ${fileOffset}`;
    super(oneLine(`${file}: ${what}${where}; ${advice}`), { cause: parts.cause });
    this.name = 'CaptureError';
    this.file = file;
    this.fault = fault;
    this.fileOffset = fileOffset;
  }
}

/** File names and system messages may hold line feeds and terminal escapes; a message may not. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the target
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
