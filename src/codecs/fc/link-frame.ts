/**
 * Whole frames of a native Fibre Channel link for the hot paths: SOF, FC frame, CRC, EOF, as captures
 * of link type 225 hold them. The field tables are `sofDelimiter`, `fcHeader` and `fcTrailer`.
 */
import {
  encodeBehindHead,
  encodeMessageBehindHead,
  type FcLocation,
  locateFc,
  type RoomFor,
} from '../fcoe/frame.ts';
import { CodecError, type MessageWriter } from '../layout/index.ts';
import { FCTL_FILL_MASK } from './codes.ts';
import { EofOrderedSet, SofOrderedSet } from './delimiter.ts';
import { FC_HEADER_BYTES, type FcHeader } from './header.ts';

const DELIMITER_BYTES = 4;
/** CRC and EOF. */
const TRAILER_BYTES = 8;
const LAYER = 'FC frame';

/** What frames begin with: the SOF, whose last byte is written with the rest of the frame. */
const SOF_HEAD = wordBytes(SofOrderedSet.SOFi3);
const SOFI3_END = SofOrderedSet.SOFi3 & 0xff;
const SOFN3_END = SofOrderedSet.SOFn3 & 0xff;

const EOF_T = wordBytes(EofOrderedSet['EOFt-']);
const EOF_N = wordBytes(EofOrderedSet['EOFn-']);

const SOFS: ReadonlySet<number> = new Set(Object.values(SofOrderedSet));
/** Ends of frames that are to be taken. */
const GOOD_EOFS: ReadonlySet<number> = new Set([
  EofOrderedSet['EOFt-'],
  EofOrderedSet['EOFt+'],
  EofOrderedSet['EOFn-'],
  EofOrderedSet['EOFn+'],
]);
const EOFS: ReadonlySet<number> = new Set(Object.values(EofOrderedSet));

function wordBytes(word: number): Uint8Array {
  return Uint8Array.of(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}

/** Writes the EOF, whose first byte the encoder of frames has put a code in. */
function withEof(frame: Uint8Array, last: boolean): Uint8Array {
  frame.set(last ? EOF_T : EOF_N, frame.length - DELIMITER_BYTES);
  return frame;
}

/** SOFi3 begins a sequence; the second character pair tells it from SOFn3. */
function headOf({ seqCnt }: FcHeader): number {
  const end = seqCnt === 0 ? SOFI3_END : SOFN3_END;
  SOF_HEAD[2] = end;
  return end;
}

/**
 * A frame of class 3 between its delimiters, CRC computed. `last`: it ends its sequence.
 *
 * Shape: SOF 4, FC header 24, payload, fill, CRC 4, EOF 4.
 * Errors: `out-of-range` for a value that does not fit its field.
 */
export function encodeLinkFrame(
  header: FcHeader,
  payload: Uint8Array,
  last: boolean,
  roomFor: RoomFor,
): Uint8Array {
  const sof = headOf(header);
  return withEof(encodeBehindHead(SOF_HEAD, sof, 0, header, payload, roomFor), last);
}

/** As `encodeLinkFrame`, with a message for a payload: a sequence of one frame. */
export function encodeLinkMessage<I>(
  header: FcHeader,
  codec: MessageWriter<I>,
  message: I,
  roomFor: RoomFor,
): Uint8Array {
  const sof = headOf(header);
  const frame = encodeMessageBehindHead(SOF_HEAD, sof, 0, header, codec, message, roomFor);
  return withEof(frame, true);
}

/**
 * True for a frame of a native link: it begins with an SOF and ends with an EOF. No Ethernet frame that
 * holds FCoE or FIP ends so.
 */
export function isLinkFrame(frame: Uint8Array): boolean {
  return (
    frame[0] === 0xbc &&
    frame.length >= DELIMITER_BYTES + FC_HEADER_BYTES + TRAILER_BYTES &&
    SOFS.has(wordAt(frame, 0)) &&
    EOFS.has(wordAt(frame, frame.length - DELIMITER_BYTES))
  );
}

/** Finds the parts of one frame of a native link after another, without an object for each. */
export class LinkFrameLocator implements FcLocation {
  readonly fcAt = DELIMITER_BYTES;
  readonly payloadAt = DELIMITER_BYTES + FC_HEADER_BYTES;
  readonly sofAt = 0;
  readonly vlan = undefined;
  payloadEnd = 0;
  eofAt = 0;
  crcAt = 0;
  /** The EOF is one of a frame that is to be taken: EOFn or EOFt. */
  isGood = false;

  /** Moves to a frame; `undefined` when it is found. What is none is answered, not thrown. */
  find(frame: Uint8Array): CodecError | undefined {
    const { payloadAt } = this;
    const crcAt = frame.length - TRAILER_BYTES;
    if (crcAt < payloadAt) {
      const what = `needs ${payloadAt + TRAILER_BYTES} bytes, ${frame.length} are there`;
      return new CodecError('truncated', LAYER, 'header', 0, what);
    }
    const sof = wordAt(frame, 0);
    if (!SOFS.has(sof)) {
      const what = `0x${sof.toString(16).padStart(8, '0')} is no SOF`;
      return new CodecError('bad-value', LAYER, 'sof', 0, what);
    }
    const payloadEnd = crcAt - (frame[this.fcAt + 11]! & FCTL_FILL_MASK);
    if (payloadEnd < payloadAt) {
      return new CodecError('bad-length', LAYER, 'fCtl', 13, 'more fill bytes than payload');
    }
    this.crcAt = crcAt;
    this.eofAt = crcAt + 4;
    this.payloadEnd = payloadEnd;
    this.isGood = GOOD_EOFS.has(wordAt(frame, this.eofAt));
    return undefined;
  }
}

/** The place of the FC frame in a frame as a machine puts it on its link: native, or FCoE on Ethernet. */
export function locateFcOnLink(frame: Uint8Array): FcLocation | CodecError {
  if (!isLinkFrame(frame)) return locateFc(frame);
  const locator = new LinkFrameLocator();
  return locator.find(frame) ?? locator;
}
