/**
 * The shape of a scenario file: fabrics, hosts, one array, virtual machines, the move.
 *
 * Everything but the names has a default, so that a file says only what matters to it.
 */
import { z } from 'zod';
import { HOLD_DEFAULT_NS } from '../link/credit.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { BB_CREDIT_DEFAULT } from '../port/fc-link/fc-link.ts';
import { arraySchema } from './array-schema.ts';
import { backupSchema } from './backup-schema.ts';
import { eventSchema } from './event-schema.ts';
import { fabricSchema } from './fabric-schema.ts';
import { hostSchema } from './host-schema.ts';
import { lanSchema } from './lan-schema.ts';
import { moveSchema, nextMoveSchema } from './move-schema.ts';
import { nfsSchema } from './nfs-schema.ts';
import { PROTOCOL_DEFAULT, PROTOCOLS } from './protocols.ts';
import { qosSchema } from './qos-schema.ts';
import { ms, name, whole } from './schema-words.ts';
import { siteSchema } from './site-schema.ts';
import { vmSchema } from './vm-schema.ts';

const link = z.strictObject({
  gbps: z.number().min(0.001).max(1000).default(10),
  delayUs: z.number().min(0).max(1e6).default(2),
  /** Protocol fc: frames that each end takes before it must give credit back. */
  bbCredit: whole(1, 65_535).default(BB_CREDIT_DEFAULT),
  /** Protocol fc: frames and credits that were lost are counted every 2^n of them (BB_SC); 0 does not. */
  bbScN: whole(0, 15).default(0),
  /** Protocol fc: a frame that waits in a switch for credit for longer is discarded. */
  holdMs: ms(10_000)
    .min(1)
    .default(HOLD_DEFAULT_NS / MILLISECOND),
});

const timing = z.strictObject({
  /** I/O before the move begins, and after it has ended. */
  beforeMs: ms().default(20),
  afterMs: ms().default(40),
  commandTimeoutMs: ms().min(1).default(5000),
  guestTimeoutMs: ms().min(1).default(60_000),
  /** How long a write whose login ended unconfirmed waits; R_A_TOV of the fabric when left out. */
  lateWriteWaitMs: ms().optional(),
  blackoutBudgetMs: ms().min(1).default(5000),
});

/** How `serve` answers automation, where its own options say nothing else. Addresses are `HOST:PORT`, or `PORT` on loopback. */
const management = z.strictObject({
  /** The REST surface of Fabric OS. */
  rest: z.string().optional(),
  /** NX-API, as Ansible zones with it. */
  nxapi: z.string().optional(),
  /** Metrics for Prometheus. */
  metrics: z.string().optional(),
  /** The page with the server's state. */
  web: z.string().optional(),
  /** Who logs in to `rest` and `nxapi`. Left out: `admin`. */
  user: z.string().min(1).optional(),
  /** A file whose first line is the password. */
  passwordFile: z.string().optional(),
});

/** A whole scenario file, before the checks that need more than one of its values. */
export const scenarioSchema = z.strictObject({
  name,
  description: z.string().default(''),
  seed: whole(0, Number.MAX_SAFE_INTEGER).default(1),
  /** What carries the storage: FCoE on Ethernet, Fibre Channel on native links, iSCSI or files over NFS on a LAN for each fabric. */
  protocol: z.enum(PROTOCOLS).default(PROTOCOL_DEFAULT),
  /**
   * Places far from each other. What says no site stands at the first; a cable between two sites is as long as the way
   * between them. Left out: everything stands in one place.
   */
  sites: z.array(siteSchema).min(2).max(16).optional(),
  /** With protocol nfs. */
  nfs: nfsSchema.prefault({}),
  fabrics: z.array(fabricSchema).min(1).max(16),
  hosts: z.array(hostSchema).min(1).max(10_000),
  array: arraySchema,
  vms: z.array(vmSchema).min(1).max(10_000),
  /** Two virtual machines may claim one WWPN: to see what comes of it. */
  allowSharedWwpns: z.boolean().default(false),
  links: link.prefault({}),
  move: moveSchema,
  /** Moves behind the first, in their order: there and back, two at once. */
  nextMoves: z.array(nextMoveSchema).max(16).default([]),
  /** Left out: only the storage network is emulated. */
  lan: lanSchema.optional(),
  /** Left out: cables have one queue, and nothing is paused. */
  qos: qosSchema.optional(),
  /** An agent that makes backups: an event `backup` each. */
  backup: backupSchema.optional(),
  /** The fronts of `serve`, and their one user. */
  management: management.optional(),
  /** What somebody does to the world while it runs, in any order. */
  events: z.array(eventSchema).max(1000).default([]),
  timing: timing.prefault({}),
});

/** A scenario with every default filled in. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** A fabric of a scenario. */
export type FabricScenario = Scenario['fabrics'][number];
/** The LAN of a scenario. */
export type LanScenario = NonNullable<Scenario['lan']>;
/** A virtual machine of a scenario. */
export type VmScenario = Scenario['vms'][number];
