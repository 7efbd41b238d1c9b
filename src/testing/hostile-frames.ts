/**
 * Frames that a peer sends that means no good: those that were seen, with any field changed and their
 * CRC made good again, cut, grown, to another port, again and in any order.
 */
import { crc32 } from '../codecs/crc32.ts';
import { FcType, LinkFrameLocator } from '../codecs/fc/index.ts';
import { type FcLocation, FcLocator, putFcCrc } from '../codecs/fcoe/index.ts';
import { decodeFrame, LinkType, spansOf } from '../codecs/frame/index.ts';
import type { RandomStream } from '../machine/random.ts';
import type { Delivery, PortOfNode } from './little-net.ts';

/** A field of a frame, in whole bytes: the bits of one byte share it. */
export interface FieldPlace {
  readonly offset: number;
  readonly length: number;
}

/** What has to be known of the frames of a link to change them so that they still reach a machine. */
export interface FrameKind {
  /** Frames of one kind are alike: kinds are tried equally often, however rare one is. */
  kindOf(frame: Uint8Array): string;
  /** Where its fields lie. */
  fieldsOf(frame: Uint8Array): readonly FieldPlace[];
  /** Makes checksums good again after a change. */
  mend(frame: Uint8Array): void;
}

/** A frame that was seen, and whom it was for. */
interface Seen extends Delivery {
  /** Its fields, once somebody asked. */
  fields: readonly FieldPlace[] | undefined;
}

/** What was seen of one kind. */
interface SeenOfKind {
  readonly newest: Seen[];
  count: number;
}

/** A kind is rare before so many of it were seen: logins, not I/O. */
const RARE_MAX = 60;
/** Frames of one kind that are remembered, the newest ones. */
const SEEN_OF_KIND_MAX = 12;
const KINDS_MAX = 1_000;
const CHANGES_MAX = 3;
/** What is longer is no number. */
const FIELD_BYTES_MAX = 8;
const FRAME_BYTES_MAX = 2_240;
/** Numbers that lengths, counts and times go wrong at. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 63, 64, 127, 128, 254, 255];

const locator = new FcLocator();
const linkLocator = new LinkFrameLocator();
/** The ELS command in a FIP message whose first descriptor has one: behind the heads of both and FC. */
const FIP_COMMAND_AT = 10 + 4 + 24;
/** What tells payloads of a type apart: the ELS command, the CT command code, the operation code. */
const COMMAND_AT: ReadonlyMap<number, readonly number[]> = new Map([
  [FcType.ELS, [0]],
  [FcType.CT, [8, 9]],
  [FcType.FCP, []],
]);

/** What an FC frame is, told by its header and its payload's command. */
function fcKindOf(frame: Uint8Array, { fcAt, payloadAt }: FcLocation): string {
  const type = frame[fcAt + 8]!;
  const command = COMMAND_AT.get(type) ?? [];
  return `FC ${frame[fcAt]} ${type} ${command.map((place) => frame[payloadAt + place]).join(' ')}`;
}

/** Makes the CRC of an FC frame that of its bytes. */
function mendCrc(frame: Uint8Array, { fcAt, crcAt }: FcLocation): void {
  putFcCrc(frame, crcAt, crc32(frame, fcAt, crcAt));
}

/** Frames of native Fibre Channel links. */
export const fcFrames: FrameKind = {
  kindOf(frame) {
    return linkLocator.find(frame) === undefined ? fcKindOf(frame, linkLocator) : 'none';
  },
  fieldsOf(frame) {
    const decoded = decodeFrame(frame, { linkType: LinkType.FC_2_WITH_FRAME_DELIMS });
    return decoded.layers.flatMap((layer) => spansOf(decoded, layer));
  },
  mend(frame) {
    if (linkLocator.find(frame) === undefined) mendCrc(frame, linkLocator);
  },
};

/** FCoE and FIP frames on Ethernet. */
export const fcoeFrames: FrameKind = {
  kindOf(frame) {
    const at = frame[12] === 0x81 ? 18 : 14;
    if (locator.find(frame) !== undefined)
      return `FIP ${frame[at + 3]} ${frame[at + 5]} ${frame[at + FIP_COMMAND_AT]}`;
    return fcKindOf(frame, locator);
  },
  fieldsOf(frame) {
    const decoded = decodeFrame(frame);
    return decoded.layers.flatMap((layer) => spansOf(decoded, layer));
  },
  mend(frame) {
    if (locator.find(frame) === undefined) mendCrc(frame, locator);
  },
};

/** Remembers frames of each kind, and makes others from them. */
export class HostileFrames {
  readonly #random: RandomStream;
  readonly #frames: FrameKind;
  readonly #seen = new Map<string, SeenOfKind>();
  readonly #kinds: SeenOfKind[] = [];

  constructor(random: RandomStream, frames: FrameKind) {
    this.#random = random;
    this.#frames = frames;
  }

  /** How many kinds of frame were seen. */
  get kinds(): number {
    return this.#kinds.length;
  }

  /** A frame was sent; a copy of it is kept. True for one whose kind is rare. */
  see(to: PortOfNode, frame: Uint8Array): boolean {
    const kind = `${to.node} ${this.#frames.kindOf(frame)}`;
    let seen = this.#seen.get(kind);
    if (seen === undefined) {
      if (this.#kinds.length >= KINDS_MAX) return false;
      seen = { newest: [], count: 0 };
      this.#seen.set(kind, seen);
      this.#kinds.push(seen);
    }
    seen.count++;
    const one = { to, frame: frame.slice(), fields: undefined };
    if (seen.newest.length < SEEN_OF_KIND_MAX) seen.newest.push(one);
    else seen.newest[this.#random.below(SEEN_OF_KIND_MAX)] = one;
    return seen.count < RARE_MAX;
  }

  /** A frame that is under way, as it comes when somebody changes it. */
  altered(frame: Uint8Array): Uint8Array {
    const seen = { frame, fields: this.#frames.fieldsOf(frame) };
    return this.#made(seen, this.#pick());
  }

  /** The next frame to try; only when some frame was seen. */
  next(): Delivery {
    const random = this.#random;
    const seen = this.#pick();
    const other = this.#pick();
    const to = random.chance(0.05) ? other.to : seen.to;
    if (random.chance(0.15)) return { to, frame: seen.frame.slice() };
    seen.fields ??= this.#frames.fieldsOf(seen.frame);
    return { to, frame: this.#made(seen, other) };
  }

  /** A frame changed in one to three fields; what `other` has there is one of the changes. */
  #made(seen: Pick<Seen, 'frame' | 'fields'>, other: Seen): Uint8Array {
    const random = this.#random;
    const { frame, fields = [] } = seen;
    let made = random.chance(0.06) ? this.#resized(frame) : frame.slice();
    const changes = 1 + random.below(CHANGES_MAX);
    for (let i = 0; i < changes && made.length > 0; i++) {
      this.#change(made, this.#place(made, fields), other.frame);
    }
    if (made.length > FRAME_BYTES_MAX) made = made.slice(0, FRAME_BYTES_MAX);
    if (random.chance(0.97)) this.#frames.mend(made);
    return made;
  }

  #pick(): Seen {
    const { newest } = this.#kinds[this.#random.below(this.#kinds.length)]!;
    return newest[this.#random.below(newest.length)]!;
  }

  #resized(frame: Uint8Array): Uint8Array {
    const random = this.#random;
    if (random.chance(0.5)) return frame.slice(0, random.below(frame.length + 1));
    const made = new Uint8Array(frame.length + 4 * random.below(64));
    made.set(frame);
    // What ends the frame still ends it.
    made.copyWithin(made.length - 8, frame.length - 8, frame.length);
    return made;
  }

  /** A field, or now and then a few bytes anywhere. */
  #place(frame: Uint8Array, fields: readonly FieldPlace[]): FieldPlace {
    const random = this.#random;
    if (fields.length > 0 && random.chance(0.85)) {
      const { offset, length } = fields[random.below(fields.length)]!;
      if (length <= FIELD_BYTES_MAX) return { offset, length };
      return { offset: offset + random.below(length), length: 1 + random.below(4) };
    }
    return { offset: random.below(frame.length), length: 1 + random.below(FIELD_BYTES_MAX) };
  }

  /** Puts another number where a field is: one that is likely to hurt, or one that was there elsewhere. */
  #change(frame: Uint8Array, { offset, length }: FieldPlace, other: Uint8Array): void {
    const random = this.#random;
    const end = Math.min(offset + length, frame.length);
    if (offset >= end) return;
    const how = random.below(7);
    if (how === 0) frame[offset + random.below(end - offset)]! ^= 1 << random.below(8);
    else if (how === 1) for (let i = offset; i < end; i++) frame[i] = random.below(256);
    else if (how === 2) frame.fill(random.chance(0.5) ? 0 : 0xff, offset, end);
    else if (how === 3) for (let i = offset; i < end; i++) frame[i] = other[i] ?? 0;
    else if (how === 4) frame[end - 1]! += random.chance(0.5) ? 1 : -1;
    else if (how === 5) frame[offset] = random.below(256);
    else {
      frame.fill(0, offset, end);
      frame[end - 1] = EDGES[random.below(EDGES.length)]!;
    }
  }
}
