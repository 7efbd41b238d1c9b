/** pcap and pcapng captures as timed frames, streaming, in constant memory; and a pcapng writer. */

export { FramePlace } from './place.ts';
export { type Capture, type CaptureInput, openCapture, readFrames, scanCapture } from './reader.ts';
export {
  type ByteSink,
  fileSink,
  type MemorySink,
  memorySink,
  type OutputStream,
  streamSink,
} from './sink.ts';
export type { BlobLike, ByteInput, ReadableStreamLike } from './source.ts';
export {
  CAPTURED_BYTES_MAX,
  CaptureError,
  type CaptureErrorParts,
  type CaptureFault,
  type CaptureInfo,
  type CaptureInterface,
  LINKTYPE_ETHERNET,
  type TimedFrame,
} from './types.ts';
export {
  type FrameOptions,
  type InterfaceOptions,
  PcapngWriter,
  type SectionOptions,
} from './writer.ts';
