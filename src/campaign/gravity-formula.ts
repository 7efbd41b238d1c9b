/**
 * What a policy for a guest's data should cost, from what anybody can measure: how long the array takes nearby, the round
 * trip between sites, the rate of the link, the size of the disk. Times are milliseconds, rates megabytes a second.
 */
import type { Policy } from '../run/policies.ts';
import type { Protocol } from '../scenario/protocols.ts';

/** FirstBurstLength of our iSCSI ends: what a write carries unasked (RFC 7143, 13.14), and MaxBurstLength. */
const FIRST_BURST_BYTES = 65_536;
const MAX_BURST_BYTES = 262_144;

const START_GROWTH = 1.5;

/** What is measured. */
export interface Measured {
  /** A read and a write where the data are near. */
  readonly readMs: number;
  readonly writeMs: number;
  /** Between sites. */
  readonly rttMs: number;
  /** Round trips that a write takes. */
  readonly writeTrips: number;
  /** In a cache: how long it takes there, and which share of reads. */
  readonly hitMs: number;
  readonly hitShare: number;
  /**
   * Which share of reads goes to the unit at the other site: of a mirror now and then one, to see whether it is nearer; of a
   * cache that is a unit those that it does not have, too.
   */
  readonly awayShare: number;
}

/** What an I/O should take. */
export interface Expected {
  readonly readMs: number;
  readonly writeMs: number;
}

/**
 * Round trips of a write: over FCP the command and XFER_RDY are one and the data with the answer another, without
 * XFER_RDY one; over iSCSI one, and one more for each burst beyond what goes unasked; over NFS one.
 */
export function writeTripsOf(protocol: Protocol, firstBurst: boolean, bytes: number): number {
  if (protocol === 'nfs') return 1;
  if (protocol !== 'iscsi') return firstBurst ? 1 : 2;
  return 1 + Math.ceil(Math.max(0, bytes - FIRST_BURST_BYTES) / MAX_BURST_BYTES);
}

/** What reads and writes should take behind a move. */
export function expectedOf(policy: Policy, given: Measured): Expected {
  const { awayShare, hitMs, hitShare, readMs, rttMs, writeMs, writeTrips } = given;
  const far = { readMs: readMs + rttMs, writeMs: writeMs + writeTrips * rttMs };
  switch (policy) {
    case 'mirror-move':
    case 'iterative-copy':
      return { readMs, writeMs };
    case 'cache-through-carried':
    case 'cache-through-dropped':
    case 'cache-coherent':
      // That others let go of their copies takes one round trip, beside the write.
      return { readMs: hitShare * hitMs + (1 - hitShare) * far.readMs, writeMs: far.writeMs };
    case 'cache-back-carried':
      return { readMs: hitShare * hitMs + (1 - hitShare) * far.readMs, writeMs: hitMs };
    case 'stretched':
    case 'cache-shared':
      return { readMs: readMs + awayShare * rttMs, writeMs: far.writeMs };
    case 'stretched-array':
      // The array nearby leads: it writes its own leg, then has the other array write the other one as a host would.
      return { readMs, writeMs: writeMs + far.writeMs };
    case 'leave':
    case 'distributed':
      // The second of three to answer is at another site.
      return far;
  }
}

/** How long a copy of the disk takes while its guest writes. */
export interface CopyTime {
  readonly seconds: number;
  /** Of these the guest stands still for the copy. */
  readonly stopMs: number;
  readonly bytes: number;
  /** False where the guest writes faster than the copy goes: it comes to no end. */
  readonly ends: boolean;
}

/** What is known of a copy. */
export interface CopyGiven {
  /** Pieces of the disk, how large each is, and how many may be under way. */
  readonly chunks: number;
  readonly chunkBytes: number;
  readonly windowChunks: number;
  /** How long one takes, read and written, where both units are near. */
  readonly chunkMs: number;
  /** Between sites, and how many of these its write takes. */
  readonly rttMs: number;
  readonly writeTrips: number;
  readonly linkMBs: number;
  /** Bytes that the way lets be under way: buffer credit of a link of Fibre Channel, the window of a connection; left out: any. */
  readonly wayBytes?: number;
  /** What a new connection lets be under way at first: it comes to all that it may by and by. */
  readonly firstBytes?: number;
  /** What the guest writes meanwhile, how much at once, and in how many pieces of the disk. */
  readonly writesMBs: number;
  readonly writeBytes: number;
  readonly workingChunks: number;
  /** Iterative: so many pieces may be left for the time when the guest stands still, after so many rounds at most. */
  readonly restChunks: number;
  readonly rounds: number;
}

/**
 * One pass with mirrored writes: the window or the link bounds it, and what the guest writes behind the pass takes its share of the link.
 * Iterative: each round takes the pieces that were written during the one before, the guest stands still for the last.
 */
export function copyTimeOf(policy: 'mirror-move' | 'iterative-copy', given: CopyGiven): CopyTime {
  const { chunkBytes, chunks, restChunks, rounds, workingChunks, writesMBs } = given;
  const bytes = chunks * chunkBytes;
  if (policy === 'mirror-move') {
    // What is written goes to the copy as well once the pass has been there: of all that is written half, of a part at the disk's beginning more.
    const mirrored = writesMBs * (1 - workingChunks / (2 * chunks));
    const ends = mirrored < given.linkMBs;
    const ms = startMs(given) + turnsMs(chunks, given, mirrored);
    const more = ends ? mirrored * 1000 * ms : 0;
    return { seconds: ms / 1000, stopMs: 0, bytes: bytes + more, ends };
  }
  let left = chunks;
  let [ms, sent] = [0, 0];
  for (let round = 1; round <= rounds; round++) {
    const roundMs = (round === 1 ? startMs(given) : 0) + turnsMs(left, given, 0);
    [ms, sent] = [ms + roundMs, sent + left];
    left = writtenChunks(roundMs, given);
    if (left > restChunks) continue;
    const stopMs = left === 0 ? 0 : turnsMs(left, given, 0);
    const all = (sent + left) * chunkBytes;
    return { seconds: (ms + stopMs) / 1000, stopMs, bytes: all, ends: true };
  }
  return { seconds: ms / 1000, stopMs: 0, bytes: sent * chunkBytes, ends: false };
}

/** As many as the window takes go at once, one behind the other over the link; then each makes room for the next. */
function turnsMs(chunks: number, given: CopyGiven, besidesMBs: number): number {
  const { chunkBytes, chunkMs, linkMBs, rttMs, wayBytes, windowChunks, writeTrips } = given;
  const tripMs = chunkMs + writeTrips * rttMs;
  const wayMBs = wayBytes === undefined ? linkMBs : Math.min(linkMBs, wayBytes / 1000 / rttMs);
  const wireMs = chunkBytes / 1000 / Math.max(wayMBs - besidesMBs, Number.MIN_VALUE);
  const first = (Math.min(chunks, windowChunks) - 1) * wireMs;
  return Math.max(
    Math.ceil(chunks / windowChunks) * tripMs + first,
    tripMs + (chunks - 1) * wireMs,
  );
}

/**
 * What is lost until a connection has all under way that it may: each round trip half as much more, for each second
 * segment is acknowledged. Source: RFC 5681, 3.1 and 4.2.
 */
function startMs({ firstBytes, linkMBs, rttMs, wayBytes }: CopyGiven): number {
  if (firstBytes === undefined || wayBytes === undefined) return 0;
  const most = Math.min(wayBytes, linkMBs * 1000 * rttMs);
  if (most <= firstBytes) return 0;
  const trips = Math.log(most / firstBytes) / Math.log(START_GROWTH);
  const sent = (most - firstBytes) / (START_GROWTH - 1);
  return (trips - sent / most) * rttMs;
}

/** Pieces of the disk in which something was written in a time: each write meets one of them, and some the next one too. */
function writtenChunks(ms: number, given: CopyGiven): number {
  const { chunkBytes, workingChunks, writeBytes, writesMBs } = given;
  const writes = (writesMBs * 1000 * ms) / writeBytes;
  const met = writes * (1 + writeBytes / chunkBytes);
  return workingChunks * (1 - Math.exp(-met / workingChunks));
}
