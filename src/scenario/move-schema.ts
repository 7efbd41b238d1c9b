/** Moves of a scenario: who goes where, and what keeps its I/O safe. */
import { z } from 'zod';
import { DRAINS } from '../host/control.ts';
import {
  DEFENCES,
  PREFLIGHTS,
  SESSION_DEFENCES,
  SESSION_STRATEGIES,
  STRATEGIES,
} from '../mobility/plan.ts';
import { PROFILE_NAMES } from '../mobility/profiles.ts';
import { ms, name } from './schema-words.ts';

const ALL_DEFENCES = [...DEFENCES, ...SESSION_DEFENCES] as const;
const defences = z.array(z.enum(ALL_DEFENCES)).max(ALL_DEFENCES.length);

/** The first move: who goes where and how, and what keeps late frames harmless. */
export const moveSchema = z.strictObject({
  vm: name,
  to: name,
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
