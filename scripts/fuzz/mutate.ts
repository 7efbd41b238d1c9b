/** Frames that nobody sends: real ones with their bytes changed, moved, cut and mixed, and noise. */
import { EtherType, LinkType } from '../../src/codecs/index.ts';
import type { Corpus, FrameCase, Sample } from './corpus.ts';
import type { Random } from './random.ts';

/** What a link that carries FCoE carries, and some more. */
export const LINK_BYTES_MAX = 2500;
/** Frames do not grow beyond this, a jumbo frame; few are longer than what a link carries. */
const JUMBO_BYTES_MAX = 9216;
const CHUNK_BYTES_MAX = 64;
const FC_OXID_AT = 16;
const ETHER_TYPE_AT = 12;
const ETHER_TYPES = Object.values(EtherType);
const LINK_TYPES = Object.values(LinkType);
/** Bytes that bounds, counts and signs go wrong at. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff];

/** Half of the places are near the front, where headers and lengths are. */
function place(random: Random, bytes: Uint8Array): number {
  const near = Math.min(bytes.length, 160);
  return random.percent(50) ? random.below(near) : random.below(bytes.length);
}

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const behind = bytes.subarray(Math.min(at + remove, bytes.length));
  const made = new Uint8Array(at + insert.length + behind.length);
  made.set(bytes.subarray(0, at));
  made.set(insert, at);
  made.set(behind, at + insert.length);
  return made.length > JUMBO_BYTES_MAX ? made.slice(0, JUMBO_BYTES_MAX) : made;
}

/** A number of 1, 2 or 4 bytes that a length could be mistaken for. */
function putNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const made = bytes.slice();
  const at = place(random, made);
  const width = random.pick([1, 2, 4]);
  if (at + width > made.length) return made;
  const left = made.length - at;
  const near = random.pick([left, left >> 2, left - width, made.length, 0, 2 ** (8 * width) - 1]);
  const number = Math.max(0, near + random.below(5) - 2);
  for (let i = 0; i < width; i++) made[at + i] = number >>> (8 * (width - 1 - i));
  return made;
}

type Change = (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

const CHANGES: readonly Change[] = [
  function flipBit(random, bytes) {
    const made = bytes.slice();
    if (made.length > 0) made[place(random, made)]! ^= 1 << random.below(8);
    return made;
  },
  function putByte(random, bytes) {
    const made = bytes.slice();
    if (made.length > 0)
      made[place(random, made)] = random.percent(50) ? random.pick(EDGES) : random.below(256);
    return made;
  },
  putNumber,
  function cut(random, bytes) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function remove(random, bytes) {
    return spliced(
      bytes,
      place(random, bytes),
      1 + random.below(CHUNK_BYTES_MAX),
      new Uint8Array(),
    );
  },
  function insert(random, bytes) {
    const chunk = random.bytes(1 + random.below(CHUNK_BYTES_MAX), random.percent(50));
    return spliced(bytes, place(random, bytes), 0, chunk);
  },
  function repeat(random, bytes) {
    const from = place(random, bytes);
    const chunk = bytes.slice(from, from + 1 + random.below(CHUNK_BYTES_MAX));
    let made = bytes;
    for (let times = 1 + random.below(4); times > 0; times--) made = spliced(made, from, 0, chunk);
    return made;
  },
  function overwrite(random, bytes, other) {
    const from = place(random, other);
    const chunk = other.slice(from, from + 1 + random.below(CHUNK_BYTES_MAX));
    return spliced(bytes, place(random, bytes), chunk.length, chunk);
  },
  function cross(random, bytes, other) {
    const at = place(random, bytes);
    return spliced(bytes, at, bytes.length, other.slice(at));
  },
  function blank(random, bytes) {
    const made = bytes.slice();
    const at = place(random, made);
    made.fill(random.pick(EDGES), at, at + 1 + random.below(CHUNK_BYTES_MAX));
    return made;
  },
  function grow(random, bytes) {
    const small = random.percent(90);
    const chunk = random.bytes(random.below(small ? 256 : JUMBO_BYTES_MAX), random.percent(50));
    return spliced(bytes, bytes.length, 0, chunk);
  },
];

/** One to some changes, one upon the other. */
export function changed(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let made = bytes;
  do made = random.pick(CHANGES)(random, made, other);
  while (random.percent(45));
  return made;
}

/** The request of another exchange, as if it had been the one that `sample` answers. */
function readdressed(request: Sample, sample: Sample): Uint8Array | undefined {
  if (request.fcAt === undefined || sample.fcAt === undefined) return undefined;
  const answer = sample.bytes.subarray(sample.fcAt);
  const made = request.bytes.slice();
  made.set(answer.subarray(5, 8), request.fcAt + 1);
  made.set(answer.subarray(1, 4), request.fcAt + 5);
  made.set(answer.subarray(FC_OXID_AT, FC_OXID_AT + 2), request.fcAt + FC_OXID_AT);
  return made;
}

function requestFor(random: Random, sample: Sample, corpus: Corpus): Uint8Array | undefined {
  const { request } = sample;
  if (request === undefined || random.percent(50)) return request;
  if (random.percent(50)) return changed(random, request, request);
  const others = corpus.requests.get(sample.protocol) ?? [];
  return (others.length > 0 && readdressed(random.pick(others), sample)) || request;
}

/** Noise, most of it behind an EtherType so that some codec looks at it. */
function noise(random: Random): FrameCase {
  const length = random.below(random.percent(95) ? 300 : JUMBO_BYTES_MAX);
  const bytes = random.bytes(length, random.percent(50));
  const linkType = random.percent(80) ? LinkType.ETHERNET : random.pick(LINK_TYPES);
  if (random.percent(80) && length >= 14) {
    const etherType = random.pick(ETHER_TYPES);
    bytes[ETHER_TYPE_AT] = etherType >> 8;
    bytes[ETHER_TYPE_AT + 1] = etherType & 0xff;
  }
  return { linkType, bytes, originalLength: undefined, request: undefined };
}

/** A frame for the codecs to stumble over. */
export function makeCase(random: Random, corpus: Corpus): FrameCase {
  if (random.percent(8)) return noise(random);
  const sample = random.pick(random.pick(corpus.kinds));
  const other = random.pick(random.pick(corpus.kinds)).bytes;
  const bytes = changed(random, sample.bytes, other);
  const originalLength = random.percent(12)
    ? bytes.length + 1 + random.below(400)
    : sample.originalLength;
  const linkType = random.percent(3) ? random.pick(LINK_TYPES) : sample.linkType;
  return { linkType, bytes, originalLength, request: requestFor(random, sample, corpus) };
}
