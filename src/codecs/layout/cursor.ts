import { CodecError } from './error.ts';

/** Lists end here when nothing smaller is declared: no frame holds more elements than this. */
export const LIST_ELEMENTS_MAX = 65_536;
/** Messages inside messages inside messages end here. */
export const NESTING_MAX = 16;

/** Refuses a region outside its array: a mistake of the caller, not of the bytes. Errors: `RangeError`. */
export function checkRegion(bytes: Uint8Array, at: number, end: number): void {
  if (!(at >= 0 && end <= bytes.length)) {
    throw new RangeError(`bytes ${at} to ${end} lie outside an array of ${bytes.length} bytes`);
  }
}

/** A bounded place in a byte array, moved forward by the fields that read from it. */
export class Cursor {
  readonly bytes: Uint8Array;
  at: number;
  end: number;

  /** Errors: `RangeError` when the region lies outside the array. */
  constructor(bytes: Uint8Array, at: number, end: number) {
    checkRegion(bytes, at, end);
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.at;
  }

  /** Throws `bad-length` or `truncated` unless `length` is a whole number of bytes that remain. */
  need(length: number, layer: string, field: string): void {
    if (!Number.isInteger(length) || length < 0) {
      throw new CodecError(
        'bad-length',
        layer,
        field,
        this.at,
        `a length of ${length} bytes is impossible`,
      );
    }
    if (length > this.remaining) {
      throw new CodecError(
        'truncated',
        layer,
        field,
        this.at,
        `needs ${length} bytes, ${this.remaining} remain`,
        length,
      );
    }
  }
}

/**
 * How many messages are being read, sized or written inside one another just now. Not a cursor's:
 * a nested message may be read through a cursor of its own, and must be counted all the same.
 */
let nesting = 0;

/** Runs `inside` one message deeper. Errors: `CodecError` when messages nest without end. */
export function nest<T>(layer: string, field: string, at: number, inside: () => T): T {
  if (nesting >= NESTING_MAX)
    throw new CodecError('bad-length', layer, field, at, `nested deeper than ${NESTING_MAX}`);
  nesting++;
  try {
    return inside();
  } finally {
    nesting--;
  }
}

/** Where a field lies: for hex highlighting, for the detail tree and for the field oracle. */
export interface Span {
  /** Path within the message: `descriptors[0].mac`. */
  readonly path: string;
  /** First byte, in the array that was decoded. */
  readonly offset: number;
  /** Bytes the field touches. */
  readonly length: number;
  /** For a field that does not fill its bytes: first bit (0 is the highest of the first byte) and width. */
  readonly bits?: { readonly first: number; readonly width: number };
  readonly value: unknown;
  /** The value as a person reads it. */
  readonly text: string;
}

/** Joins the path of a message and a key within it. */
export function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/**
 * Where the bytes that are being read were cut off: a region that ends there is shorter than it
 * says. Not a cursor's, for the reason that `nesting` is none.
 */
let cutEnd = -1;
let metCut = false;

/** True where a region that ends here may lack what it says it has; remembers that one did. */
export function meetsCut(end: number): boolean {
  if (end !== cutEnd) return false;
  metCut = true;
  return true;
}

/** True where the bytes that are being read were cut off. */
export const isCutEnd = (end: number): boolean => end === cutEnd;

/** Runs `read` over bytes that were cut off at `end`; true when that was met. */
export function readCut(end: number, read: () => void): boolean {
  const outer = cutEnd;
  const outerMet = metCut;
  cutEnd = end;
  metCut = false;
  try {
    read();
    return metCut;
  } finally {
    cutEnd = outer;
    metCut = outerMet;
  }
}

/**
 * Whoever looks at what others sent reads tolerantly: a member that does not fit spoils itself and
 * not its message. Whoever acts on a message refuses it.
 */
let tolerant = false;
let notedFault: CodecError | undefined;

/** From here on a part that does not fit is kept as it is, until `endTolerance`. */
export function beginTolerance(): void {
  tolerant = true;
  notedFault = undefined;
}

/** Ends what `beginTolerance` began; gives the first fault that was met. */
export function endTolerance(): CodecError | undefined {
  tolerant = false;
  return notedFault;
}

/** Remembers what is wrong with a part; false where that must spoil the message around it. */
export function toleratesFault(fault: CodecError): boolean {
  if (tolerant) notedFault ??= fault;
  return tolerant;
}
