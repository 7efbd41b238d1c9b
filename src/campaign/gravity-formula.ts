/**
 * What a policy for a guest's data should cost, from what anybody can measure: how long the array takes nearby, the round
 * trip between sites, the rate of the link, the size of the disk. Times are milliseconds, rates megabytes a second.
 */
import type { Policy } from '../run/policies.ts';
import type { Protocol } from '../scenario/protocols.ts';

/** FirstBurstLength of our iSCSI ends: what a write carries unasked (RFC 7143, 13.14), and MaxBurstLength. */
const FIRST_BURST_BYTES = 65_536;
const MAX_BURST_BYTES = 262_144;

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
    case 'leave':
    case 'distributed':
      // The second of three to answer is at another site.
      return far;
  }
}

/** How long a copy of the disk takes while its guest writes. */
export interface CopyTime {
  readonly seconds: number;
  /** Of these the guest stands still. */
  readonly stopMs: number;
  readonly bytes: number;
  /** False where the guest writes faster than the link carries: the copy comes to no end. */
  readonly ends: boolean;
}

/** Rounds of an iterative copy before the guest is stopped for the rest. */
const ROUNDS = 8;

/**
 * One pass with mirrored writes: half of what the guest writes falls into what is copied, and takes its share of the link.
 * Iterative: each round copies what was written during the one before, the guest stands still for the last.
 */
export function copyTimeOf(
  policy: 'mirror-move' | 'iterative-copy',
  diskBytes: number,
  linkMBs: number,
  dirtyMBs: number,
  rttMs: number,
): CopyTime {
  const diskMB = diskBytes / 1e6;
  if (policy === 'mirror-move') {
    const left = linkMBs - dirtyMBs / 2;
    const ends = left > 0;
    const seconds = ends ? diskMB / left : Number.POSITIVE_INFINITY;
    return {
      seconds,
      stopMs: rttMs,
      bytes: diskBytes + (ends ? (dirtyMBs / 2) * seconds * 1e6 : 0),
      ends,
    };
  }
  const ratio = dirtyMBs / linkMBs;
  const ends = ratio < 1;
  const sum = ends ? (1 - ratio ** (ROUNDS + 1)) / (1 - ratio) : ROUNDS + 1;
  const last = (diskMB * Math.min(1, ratio) ** ROUNDS) / linkMBs;
  return {
    seconds: (diskMB / linkMBs) * sum,
    stopMs: last * 1000 + rttMs,
    bytes: diskBytes * sum,
    ends,
  };
}
