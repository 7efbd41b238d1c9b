import { openFileSource, standardInputSource } from './file-source.ts';
import { gunzipped } from './gzip.ts';
import { isPcapMagic, PCAP_HEADER_BYTES, PcapScanner } from './pcap.ts';
import { PcapngScanner } from './pcapng.ts';
import { BlockType } from './pcapng-format.ts';
import { FramePlace } from './place.ts';
import { type ByteInput, type ByteSource, byteSource } from './source.ts';
import { CaptureError, type CaptureFault, type CaptureInfo, type TimedFrame } from './types.ts';
import { ReadWindow } from './window.ts';

/** The path that stands for standard input. */
const STANDARD_INPUT = '-';

/**
 * The bytes of a capture: whole (`Uint8Array`, `ArrayBuffer`), a `Blob` or `File`, a
 * `ReadableStream`, or chunks of any size from an async iterable, such as a stream of Node's. In
 * Node also a path (`-` is standard input). What is gzip-compressed is decompressed on the way.
 */
export type CaptureInput = string | ByteInput;

/** An opened capture. Close it, or run `frames` to its end or to a `break`, which closes it too. */
export interface Capture {
  readonly info: CaptureInfo;
  /**
   * The frames in file order, in batches; iterate it once. A fault is thrown after every frame
   * before it was delivered.
   */
  readonly frames: AsyncIterable<readonly TimedFrame[]>;
  /**
   * Instead of iterating `frames`: visits them all where they lie in the read window, as
   * {@link scanCapture} does: `visit` is called with the same place every time, and the memory of a
   * frame is written again when it has returned. `between` is waited for whenever more is read.
   *
   * Errors: {@link CaptureError} after every frame before the fault was visited; what `visit` throws.
   */
  visitAll(visit: (place: FramePlace) => void, between?: () => Promise<void> | void): Promise<void>;
  close(): Promise<void>;
}

/** What both formats offer: they turn the whole records of the window into frames. */
interface FrameScanner {
  readonly info: CaptureInfo;
  /** Appends to `batch`; returns how many bytes must be held for the next record. */
  scan(batch: TimedFrame[]): number;
  /** Visits frames at `place`; returns the same. */
  visit(place: FramePlace, visit: (place: FramePlace) => void): number;
  /** The file ends in the window: true where the scanner has still to look at what is held. */
  finish(): boolean;
  /** What is wrong with a file that was read to its end, where `neededBytes` were needed next. */
  faultAtEnd(neededBytes: number): CaptureError | undefined;
}

/** Files that are often handed over by mistake, by their first four bytes and a mask. */
const FOREIGN: readonly (readonly [
  magic: number,
  mask: number,
  fault: CaptureFault,
  what: string,
  advice: string,
])[] = [
  [0x28b5_2ffd, 0xffff_ffff, 'compressed', 'is zstd-compressed', 'unzstd it first'],
  [0xfd37_7a58, 0xffff_ffff, 'compressed', 'is xz-compressed', 'unxz it first'],
  [0x425a_6800, 0xffff_ff00, 'compressed', 'is bzip2-compressed', 'bunzip2 it first'],
  [0x0422_4d18, 0xffff_ffff, 'compressed', 'is lz4-compressed', 'unlz4 it first'],
  [0x504b_0304, 0xffff_ffff, 'compressed', 'is a zip archive', 'unzip it first'],
];

/**
 * Opens a pcap or pcapng capture; the first bytes decide which.
 *
 * `name` stands in messages where the input is no path; a `File` has one of its own. Memory stays flat on any length: a read
 * window and its frames.
 *
 * Errors: {@link CaptureError} for what cannot be opened or is no capture, and for a fault before
 * the first interface is known. Later faults come out of `frames`.
 */
export async function openCapture(input: CaptureInput, name?: string): Promise<Capture> {
  const source = await openSource(input, name);
  try {
    const opened = await openScanner(source, { isFile: isFile(input) });
    const reader = new BatchReader(source, opened);
    await reader.readHead();
    return reader;
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * The frames of a capture one by one. For speed take the batches of {@link openCapture}: a loop
 * over single frames waits for a promise per frame.
 *
 * Errors: {@link CaptureError}, after every frame before the fault.
 */
export async function* readFrames(
  input: CaptureInput,
  name?: string,
): AsyncGenerator<TimedFrame, void, undefined> {
  const capture = await openCapture(input, name);
  for await (const batch of capture.frames) {
    for (const frame of batch) yield frame;
  }
}

/**
 * Visits the frames of a capture where they lie in the read window, in file order: several times
 * as fast as making an object and an array for each. `visit` is called with the same
 * {@link FramePlace} every time, and the memory of a frame is written again when it has returned:
 * copy what is to be kept.
 *
 * Errors: as `openCapture`; after every frame before the fault was visited. What `visit` throws.
 */
export async function scanCapture(
  input: CaptureInput,
  visit: (place: FramePlace) => void,
  name?: string,
): Promise<CaptureInfo> {
  const source = await openSource(input, name);
  try {
    const { window, scanner } = await openScanner(source, { reuse: true });
    const place = new FramePlace();
    let neededBytes = 0;
    while ((await window.fill(neededBytes)) || scanner.finish())
      neededBytes = scanner.visit(place, visit);
    const fault = scanner.faultAtEnd(neededBytes);
    if (fault !== undefined) throw fault;
    return scanner.info;
  } finally {
    await source.close();
  }
}

interface OpenedScanner {
  readonly window: ReadWindow;
  readonly scanner: FrameScanner;
}

/** Opens the input and, where it is gzip-compressed, what is in it. */
async function openSource(input: CaptureInput, name: string | undefined): Promise<ByteSource> {
  return gunzipped(await openPlainSource(input, name));
}

const isFile = (input: CaptureInput): boolean =>
  typeof input === 'string' && input !== STANDARD_INPUT;

const nameOf = (input: ByteInput): string =>
  'name' in input && typeof input.name === 'string' ? input.name : 'stream';

async function openPlainSource(input: CaptureInput, name: string | undefined): Promise<ByteSource> {
  if (input === STANDARD_INPUT) return standardInputSource();
  return typeof input === 'string'
    ? openFileSource(input)
    : byteSource(input, name ?? nameOf(input));
}

/** Reads as much as shows the format. */
async function openScanner(
  source: ByteSource,
  { isFile = false, reuse = false },
): Promise<OpenedScanner> {
  const window = new ReadWindow(source, reuse);
  const file = source.name;
  if (!(await window.fill(4))) {
    const empty = window.heldBytes === 0;
    throw new CaptureError({
      file,
      fault: empty ? 'empty' : 'truncated',
      what: empty ? 'is empty' : 'is too short for a capture',
      fileOffset: window.heldBytes,
      advice: 'capture again',
    });
  }
  const magic = window.view.getUint32(window.position);
  if (magic === BlockType.SECTION_HEADER) return { window, scanner: new PcapngScanner(window) };
  if (!isPcapMagic(magic)) throw foreignError(file, magic);
  if (await window.fill(PCAP_HEADER_BYTES)) {
    // pcap-parser needs Node, so it is loaded where there is a file to read, and nowhere else.
    const Scanner = isFile ? (await import('./pcap-parsed.ts')).ParsedPcapScanner : PcapScanner;
    return { window, scanner: new Scanner(window) };
  }
  throw new CaptureError({
    file,
    fault: 'truncated',
    what: `file header is cut (${window.heldBytes} of ${PCAP_HEADER_BYTES} bytes are there)`,
    fileOffset: window.heldBytes,
    advice: 'copy the file again',
  });
}

function foreignError(file: string, magic: number): CaptureError {
  for (const [known, mask, fault, what, advice] of FOREIGN) {
    if ((magic & mask) >>> 0 === known) {
      return new CaptureError({ file, fault, what, fileOffset: 0, advice });
    }
  }
  const start = magic
    .toString(16)
    .padStart(8, '0')
    .replace(/..(?=.)/g, '$& ');
  return new CaptureError({
    file,
    fault: 'foreign',
    what: `is no pcap or pcapng capture (it starts ${start})`,
    fileOffset: 0,
    advice: 'name a capture, or convert it with editcap -F pcapng',
  });
}

/** Fills the window and scans it, in turn; holds a fault back until the frames before are out. */
class BatchReader implements Capture {
  readonly info: CaptureInfo;
  readonly frames: AsyncGenerator<readonly TimedFrame[], void, undefined>;
  readonly #source: ByteSource;
  readonly #window: ReadWindow;
  readonly #scanner: FrameScanner;
  #neededBytes = 0;
  #batch: TimedFrame[] = [];
  #fault: unknown;
  #ended = false;

  constructor(source: ByteSource, { window, scanner }: OpenedScanner) {
    this.#source = source;
    this.#window = window;
    this.#scanner = scanner;
    this.info = scanner.info;
    this.frames = this.#run();
  }

  /** Reads until the link type is known, for `info` to be of use before the first frame. */
  async readHead(): Promise<void> {
    while (this.info.linkType === undefined && !this.#ended) {
      await this.#step();
      if (this.#fault !== undefined && this.info.linkType === undefined) throw this.#fault;
    }
  }

  close(): Promise<void> {
    this.#ended = true;
    return this.#source.close();
  }

  async visitAll(
    visit: (place: FramePlace) => void,
    between?: () => Promise<void> | void,
  ): Promise<void> {
    const place = new FramePlace();
    try {
      for (const frame of this.#batch.splice(0)) {
        place.moveTo(frame, this.#window.offsetOf(frame.bytes));
        visit(place);
      }
      this.#window.reuse = true;
      const take = () => this.#scanner.visit(place, visit);
      while (this.#fault === undefined && !this.#ended) {
        await this.#step(take);
        await between?.();
      }
      if (this.#fault !== undefined) throw this.#fault;
    } finally {
      await this.close();
    }
  }

  async *#run(): AsyncGenerator<readonly TimedFrame[], void, undefined> {
    try {
      for (;;) {
        const batch = this.#batch;
        this.#batch = [];
        if (batch.length > 0) yield batch;
        if (this.#fault !== undefined) throw this.#fault;
        if (this.#ended) return;
        await this.#step();
      }
    } finally {
      await this.close();
    }
  }

  /** `take` takes the whole records of the window, and says how many bytes the next one needs. */
  async #step(take = () => this.#scanner.scan(this.#batch)): Promise<void> {
    try {
      if ((await this.#window.fill(this.#neededBytes)) || this.#scanner.finish()) {
        this.#neededBytes = take();
        return;
      }
      this.#ended = true;
      this.#fault = this.#scanner.faultAtEnd(this.#neededBytes);
    } catch (error) {
      this.#ended = true;
      this.#fault = error;
    }
  }
}
