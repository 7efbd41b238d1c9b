/**
 * The shape of a scenario file: fabrics, hosts, one array, virtual machines, the move.
 *
 * Everything but the names has a default, so that a file says only what matters to it.
 */
import { z } from 'zod';
import { DRAINS, STRATEGIES } from '../mobility/index.ts';

const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9._-]{0,31}$/,
    'a name: a letter, then up to 31 letters, digits, . _ or -',
  );
const wwn = z
  .string()
  .regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/, 'a World Wide Name: eight hex bytes with colons');
const whole = (min: number, max: number) => z.int().min(min).max(max);
const ms = (max = 3_600_000) => z.number().min(0).max(max);

const zone = z.strictObject({
  name,
  /** WWPNs, or names: `array` for all target ports, a virtual machine for all its WWPNs. */
  members: z.array(z.string()).min(1),
});

const fabric = z.strictObject({
  name,
  /** FCoE VLAN; 0 for untagged. */
  vlan: whole(0, 4094).default(1002),
  domain: whole(1, 239).default(1),
  duplicateWwpn: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
  persistentFcIds: z.boolean().default(false),
  npivLoginsMax: whole(0, 65_535).default(255),
  fkaAdvPeriodMs: whole(500, 90_000).default(8000),
  eDTovMs: whole(1, 60_000).default(2000),
  rATovMs: whole(1, 120_000).default(10_000),
  zoning: z.enum(['none', 'soft', 'hard']).default('hard'),
  /** Left out: one zone per virtual machine, with all its WWPNs and the array. */
  zones: z.array(zone).optional(),
});

const host = z.strictObject({
  name,
  /** One adapter port for each entry: the name of the fabric it is cabled to. */
  ports: z.array(name).min(1).max(64),
});

const lun = z.strictObject({ name, blocks: whole(1, 2 ** 40).default(4096) });

const mask = z.strictObject({
  /** A virtual machine, or one WWPN. */
  for: z.string(),
  /** LUN number to logical unit name. */
  luns: z.record(z.string().regex(/^\d{1,5}$/, 'a LUN number'), name),
});

const array = z.strictObject({
  name: name.default('array'),
  /** One target port for each entry: the name of the fabric it is cabled to. */
  ports: z.array(name).min(1).max(256),
  luns: z.array(lun).min(1).max(4096),
  /** Left out: every virtual machine sees its own logical units under their place in its list. */
  masks: z.array(mask).optional(),
  readUs: z.number().min(0).max(1e6).default(250),
  writeUs: z.number().min(0).max(1e6).default(400),
  jitterUs: z.number().min(0).max(1e6).default(200),
});

const workload = z.strictObject({
  queueDepth: whole(1, 1024).default(8),
  readPercent: whole(0, 100).default(50),
  blocksMax: whole(1, 2048).default(16),
  rangeBlocks: whole(1, 2 ** 40).default(1024),
  thinkUs: z.number().min(0).max(1e9).default(50),
});

const vm = z.strictObject({
  name,
  host: name,
  /** Names of the array's logical units. */
  luns: z.array(name).min(1),
  /** WWPNs by fabric: the one in use and, for a pair, the second. Left out: made from the name. */
  wwpns: z.record(name, z.array(wwn).min(1).max(2)).optional(),
  workload: workload.prefault({}),
});

const link = z.strictObject({
  gbps: z.number().min(0.001).max(1000).default(10),
  delayUs: z.number().min(0).max(1e6).default(2),
});

const move = z.strictObject({
  vm: name,
  to: name,
  strategy: z.enum(STRATEGIES).default('wwpn-pair'),
  drain: z.enum(DRAINS).default('wait'),
  drainTimeoutMs: ms().default(5000),
  preCopyMs: ms().default(60),
  stateCopyMs: ms().default(5),
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

export const scenarioSchema = z.strictObject({
  name,
  description: z.string().default(''),
  seed: whole(0, Number.MAX_SAFE_INTEGER).default(1),
  fabrics: z.array(fabric).min(1).max(16),
  hosts: z.array(host).min(1).max(10_000),
  array,
  vms: z.array(vm).min(1).max(10_000),
  links: link.prefault({}),
  move,
  timing: timing.prefault({}),
});

/** A scenario with every default filled in. */
export type Scenario = z.infer<typeof scenarioSchema>;
export type FabricScenario = Scenario['fabrics'][number];
export type VmScenario = Scenario['vms'][number];
