/** A virtual machine of a scenario: its disks, its work and its reservation. */
import { z } from 'zod';
import { VOLUME_KINDS, VOLUME_ORDERS } from '../history/chain.ts';
import { LEASE_DEFAULT_NS } from '../host/coherent-cache.ts';
import { CACHE_MOVES, CACHE_WRITES } from '../host/volume.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { GUEST_RESERVATION_TYPES, HANDOVERS } from '../scsi/initiator/guest-reservation.ts';
import { ms, name, us, whole, wwn } from './schema-words.ts';

/** Percentages of the I/Os that are not reads; what is left are plain writes. */
const workload = z.strictObject({
  queueDepth: whole(1, 1024).default(8),
  readPercent: whole(0, 100).default(50),
  blocksMax: whole(1, 2048).default(16),
  rangeBlocks: whole(1, 2 ** 40).default(1024),
  thinkUs: z.number().min(0).max(1e9).default(50),
  compareAndWritePercent: whole(0, 100).default(0),
  unmapPercent: whole(0, 100).default(0),
  writeSamePercent: whole(0, 100).default(0),
  synchronizePercent: whole(0, 100).default(0),
  /** Writes with FUA, of those that are plain writes. */
  fuaPercent: whole(0, 100).default(0),
  /**
   * What the host does with a COMPARE AND WRITE of which nobody knows whether it was carried out:
   * send it again as if it were any write, or first read what the block holds.
   */
  retryNonIdempotent: z.boolean().default(false),
});

/** A persistent reservation that the guest holds on all its logical units. */
export const reservationSchema = z.strictObject({
  type: z.enum(GUEST_RESERVATION_TYPES).default('write-exclusive-registrants-only'),
  /** Key of the first tenure, hex; each host that takes over counts it up by one. */
  key: z
    .string()
    .regex(/^[0-9a-fA-F]{1,15}$/, 'a key of up to 15 hex digits')
    .default('1000'),
  /** Registrations and reservation survive a loss of the array's power. */
  aptpl: z.boolean().default(false),
  /** How the destination of a move becomes the holder. */
  handover: z.enum(HANDOVERS).default('preempt'),
});

/** A cache in the host, in front of one logical unit. */
const volumeCache = z.strictObject({
  /** A write is passed on before it is answered, or some time behind that. */
  writes: z.enum(CACHE_WRITES).default('write-through'),
  /** What becomes of what it holds where the guest moves; what is not written yet goes along in any case. */
  atMove: z.enum(CACHE_MOVES).default('carried'),
  /** How long a read or a write takes there. */
  hitUs: us().default(100),
  blocks: whole(1, 2 ** 24).default(8192),
  /** With atMove coherent: for so long copies are believed without asking other hosts again, and a write waits for one that does not answer. */
  leaseMs: ms(60_000)
    .min(1)
    .default(LEASE_DEFAULT_NS / MILLISECOND),
});

/** A disk that the guest's host makes of logical units. */
const volume = z.strictObject({
  name,
  kind: z.enum(VOLUME_KINDS),
  /** Logical units of the virtual machine, in the order of the map. */
  on: z.array(name).min(1).max(64),
  /** How a host that assembles it finds its units: by their identities, or by the order of their LUNs, as a map of device names does. */
  by: z.enum(VOLUME_ORDERS).default('identity'),
  /** Blocks that go to one unit before the next one's turn (stripe), or that come together with the first write to one of them (thin). */
  chunkBlocks: whole(1, 65_536).default(128),
  /** With kind cached. */
  cache: volumeCache.optional(),
  /** Of a thin volume: its size, which may be more than its units have. Others are as large as there is room. */
  blocks: whole(1, 2 ** 40).optional(),
});

/** A virtual machine: where it starts, its logical units, its names on the fabrics and what it does. */
export const vmSchema = z.strictObject({
  name,
  host: name,
  /** Names of the array's logical units. */
  luns: z.array(name).min(1),
  /**
   * WWPNs by fabric: the one in use and, for a pair, the second; or a list of those, one for each vHBA.
   * Left out: made from the name, a vHBA for each port of its host.
   */
  wwpns: z
    .record(
      name,
      z.union([z.array(wwn).min(1).max(2), z.array(z.array(wwn).min(1).max(2)).min(1).max(64)]),
    )
    .optional(),
  /** The guest's disks, where its host has a volume manager: each of its logical units is in one of them. Left out: those themselves. */
  volumes: z.array(volume).min(1).max(64).optional(),
  workload: workload.prefault({}),
  /** Left out: the guest uses no reservation. */
  reservation: reservationSchema.optional(),
});
