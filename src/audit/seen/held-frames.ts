/** Frames of a capture that are held for a while, in memory that is used again. */
import { FramePlace } from '../../capture/place.ts';
import { fcoeTrailer } from '../../codecs/fcoe/index.ts';
import {
  mayHaveLayout,
  type PlainParts,
  PlainScanner,
  type ScannedUnit,
  u32,
} from '../../codecs/index.ts';
import { stampIn } from '../../codecs/stamp/index.ts';
import { fingerprint } from './fingerprint.ts';

/** Memory is taken in pieces; a piece is free again when none of its frames is held any more. */
const PIECE_BYTES = 1 << 18;
/** Free pieces that are kept; more go back to the system. */
const FREE_MAX = 128;

interface Piece {
  readonly bytes: Uint8Array;
  /** Where the next frame may lie. */
  used: number;
  /** Frames in it that are held. */
  held: number;
}

/** Where the FC header has its Parameter field. */
const PARAMETER_AT = 20;
const { headBytes: FCOE_TRAILER_BYTES } = fcoeTrailer;

/**
 * A frame that is held: where it lies, and what is known of it. Its parts stand where it is plain.
 *
 * Of plain data without a layout nothing is read but how many bytes there are: headers and trailer lie
 * next to each other then, and `isBrief` says so. Its CRC, which is good, stands for the payload.
 */
export class HeldFrame extends FramePlace implements PlainParts {
  /** Nanoseconds since the first frame. */
  atNs = 0;
  /** Its exchange's number of turns of speaking, where copies are looked for. */
  turn = 0;
  /** A number that its copies share. */
  mark = 0;
  isPlain = false;
  isBrief = false;
  unit: ScannedUnit = 'data';
  fcAt = 0;
  payloadAt = 0;
  payloadEnd = 0;
  sof = 0;
  eof = 0;
  vlan: number | undefined = undefined;
  /** The piece of memory that it lies in. */
  piece: Piece | undefined = undefined;

  /** Bytes that it holds. */
  get lengthBytes(): number {
    return this.end - this.at;
  }
}

/** True for plain data that have no layout, whatever their command. */
function isUnread(parts: PlainParts, { bytes, at }: FramePlace): boolean {
  if (parts.unit !== 'data') return false;
  return !mayHaveLayout(parts, u32.read(bytes, at + parts.fcAt + PARAMETER_AT, 0));
}

/** True for data that begin with a stamped block. */
const isStamped = ({ payloadAt }: PlainParts, { bytes, at }: FramePlace): boolean =>
  stampIn(bytes, at + payloadAt) !== undefined;

const newPiece = (bytes: number): Piece => ({ bytes: new Uint8Array(bytes), used: 0, held: 0 });

/** Copies frames into memory of its own and takes that back. */
export class HeldFrames {
  readonly #free: HeldFrame[] = [];
  readonly #freePieces: Piece[] = [];
  readonly #scanner = new PlainScanner();
  readonly #keepsStamped: () => boolean;
  #piece = newPiece(PIECE_BYTES);

  /** `keepsStamped`: whether data whose blocks say which write they are of are read, too. */
  constructor({ keepsStamped = () => false }: { readonly keepsStamped?: () => boolean } = {}) {
    this.#keepsStamped = keepsStamped;
  }

  /** A copy of a frame, to be held until it is given back. */
  hold(place: FramePlace, atNs: number): HeldFrame {
    const held = this.#free.pop() ?? new HeldFrame();
    // Now, while its bytes are in the processor's cache.
    held.mark = fingerprint(place);
    held.isPlain = this.#scanner.scan(place, held);
    held.isBrief = held.isPlain && isUnread(held, place);
    if (held.isBrief && this.#keepsStamped() && isStamped(held, place)) held.isBrief = false;
    held.atNs = atNs;
    this.#copy(place, held);
    return held;
  }

  #copy(place: FramePlace, held: HeldFrame): void {
    const { bytes, at: from, end } = place;
    const { isBrief, payloadAt } = held;
    const length = isBrief ? payloadAt + FCOE_TRAILER_BYTES : end - from;
    const piece = this.#pieceFor(length);
    const at = piece.used;
    if (isBrief) {
      const trailerFrom = end - FCOE_TRAILER_BYTES;
      for (let i = 0; i < payloadAt; i++) piece.bytes[at + i] = bytes[from + i]!;
      for (let i = 0; i < FCOE_TRAILER_BYTES; i++)
        piece.bytes[at + payloadAt + i] = bytes[trailerFrom + i]!;
    } else piece.bytes.set(bytes.subarray(from, end), at);
    piece.used = at + length;
    piece.held++;
    held.keep(place, piece.bytes, at);
    held.end = at + length;
    held.piece = piece;
  }

  /** The frame is not needed any more: its memory, and the object itself, will be another frame's. */
  giveBack(held: HeldFrame): void {
    const { piece } = held;
    if (piece === undefined) return;
    held.piece = undefined;
    this.#free.push(held);
    piece.held--;
    if (piece.held > 0) return;
    piece.used = 0;
    const isOfOneFrame = piece.bytes.length !== PIECE_BYTES;
    if (piece === this.#piece || isOfOneFrame || this.#freePieces.length >= FREE_MAX) return;
    this.#freePieces.push(piece);
  }

  #pieceFor(length: number): Piece {
    if (length > PIECE_BYTES) return newPiece(length);
    if (this.#piece.used + length <= PIECE_BYTES) return this.#piece;
    this.#piece = this.#freePieces.pop() ?? newPiece(PIECE_BYTES);
    return this.#piece;
  }
}
