/** Moves of a scenario: who goes where, and what keeps its I/O safe. */
import { z } from 'zod';
import { COPIES } from '../history/chain.ts';
import { DRAINS } from '../host/control.ts';
import { COPY_MARKS } from '../host/disk-copy.ts';
import {
  DEFENCES,
  PREFLIGHTS,
  SESSION_DEFENCES,
  SESSION_STRATEGIES,
  STRATEGIES,
} from '../mobility/plan.ts';
import { PROFILE_NAMES } from '../mobility/profiles.ts';
import { ms, name, whole } from './schema-words.ts';

const ALL_DEFENCES = [...DEFENCES, ...SESSION_DEFENCES] as const;
const defences = z.array(z.enum(ALL_DEFENCES)).max(ALL_DEFENCES.length);

/** A disk that goes along: the host copies it to another unit, and the guest has that one behind the move. */
const movedDisk = z.strictObject({
  /** A volume of the virtual machine, of kind linear and on one unit. Left out: its only one. */
  of: name.optional(),
  /** A logical unit of the virtual machine that is in none of its volumes. */
  to: name,
  /** In one pass with writes that go to both units, or in rounds over what was written meanwhile. */
  by: z.enum(COPIES).default('mirror'),
  /** Blocks that are copied at once; an iterative copy has one bit for them. */
  chunkBlocks: whole(1, 65_535).default(128),
  /** Blocks that may be under way. */
  windowBlocks: whole(1, 2 ** 24).default(2048),
  /** Iterative: given up, and the move taken back, where so many rounds come to no end. */
  rounds: whole(1, 1000).default(8),
  /** Iterative: so many blocks may be left for the time when the guest stands still; as many as may be under way when left out. */
  restBlocks: whole(0, 2 ** 24).optional(),
  /** Iterative: a write is in the map once it has ended; or only since it was asked for, which forgets those under way as a round begins. */
  marks: z.enum(COPY_MARKS).default('ended'),
});

/** The first move: who goes where and how, and what keeps late frames harmless. */
export const moveSchema = z.strictObject({
  vm: name,
  to: name,
  /** Left out: the data stay where they are. */
  disk: movedDisk.optional(),
  /** A vendor's way to move: gives what is not said here, and settings of the fabrics. */
  profile: z.enum(PROFILE_NAMES).optional(),
  /** Over iSCSI `other-isid`, `same-isid` and `random-isid`; `wwpn-pair` is `other-isid` there, `same-wwpn` is `same-isid`. */
  strategy: z.enum([...STRATEGIES, ...SESSION_STRATEGIES]).default('wwpn-pair'),
  drain: z.enum(DRAINS).default('wait'),
  drainTimeoutMs: ms().default(5000),
  /** What keeps late frames harmless. */
  defences: defences.default(['logo-acknowledged']),
  /** How long `wait-r-a-tov` waits; R_A_TOV of the fabrics when left out. */
  quiesceMs: ms().optional(),
  /** A write without the target's last word is sent again after this long; `lateWriteWaitMs` when left out. */
  requeueWaitMs: ms().optional(),
  /** `wwpn-pair` without `logo-acknowledged`: the first WWPNs stay so long after the guest runs again; sessions of iSCSI 50 ms at least. */
  overlapMs: ms().default(0),
  /** `same-wwpn`: the names log in on the destination while the guest still runs on the source. */
  preCreated: z.boolean().default(false),
  /** Logins and scans on the destination must be done after this long. */
  joinTimeoutMs: ms().min(1).default(120_000),
  /** What the destination is compared in before the guest goes over: logical units too, fabrics and logins only, or nothing. */
  preflight: z.enum(PREFLIGHTS).default('disk'),
  /** What a destination does that cannot log the names in: give up, or use the physical ports' own. */
  fallBack: z.enum(['none', 'physical']).default('none'),
  /** The mover refuses a destination from which a write would take longer, by the distances and times of the scenario. */
  latencyBoundMs: ms().min(0.001).optional(),
  preCopyMs: ms().default(60),
  stateCopyMs: ms().default(5),
});

/** A move behind the first. What it does not say is as in the first. */
export const nextMoveSchema = z.strictObject({
  /** Left out: the virtual machine of the first. */
  vm: name.optional(),
  to: name,
  strategy: z.enum([...STRATEGIES, ...SESSION_STRATEGIES]).optional(),
  drain: z.enum(DRAINS).optional(),
  defences: defences.optional(),
  /** Begins so long after the move before it has ended. */
  afterMs: ms().default(20),
  /** Begins with the move before it, `afterMs` later. */
  together: z.boolean().default(false),
});
