/** Where encapsulated FC frames begin in a byte stream, and how long they are. */
import type { Framer } from '../stream/framer.ts';
import { fcipBytesAt, fcipHeader } from './header.ts';

/** Whether an encapsulated frame begins here. Source: RFC 3821, 5.6.2.3: validation by redundancy. */
export const looksLikeFcip = (bytes: Uint8Array, at: number, end: number): boolean =>
  end - at >= fcipHeader.headBytes && fcipBytesAt(bytes, at) !== undefined;

/** The frames of an FCIP connection. */
export const fcipFramer: Framer = {
  headBytes: fcipHeader.headBytes,
  lengthAt: fcipBytesAt,
  begins: looksLikeFcip,
};
