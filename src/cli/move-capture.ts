/** The file of a move's capture. */
import { type ByteSink, fileSink } from '../capture/sink.ts';
import { checkOutput } from './files.ts';

/** A capture that may be written to. */
export interface OpenCapture {
  readonly path: string;
  readonly sink: ByteSink;
}

/** Opens it, with its folder. Errors: `UsageError`, `CaptureError`. */
export function openMoveCapture(path: string): OpenCapture {
  checkOutput({ said: '--pcap', path });
  return { path, sink: fileSink(path) };
}
