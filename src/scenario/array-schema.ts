/** The array of a scenario: logical units, who sees them, and a second array that has a leg of each. */
import { z } from 'zod';
import { LEAD_RULES } from '../array/pair/array-pair.ts';
import { GENERATION_RULES, WINNER_RULES } from '../array/pair/standing.ts';
import { WITNESS_LIES } from '../array/pair/witness.ts';
import { ARRAY_DEFAULTS } from '../array/storage-array.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import { CONFIRMATIONS } from '../port/fcp/target-port.ts';
import { WRITE_CACHE_DEFAULT, WRITE_CACHES } from '../scsi/medium/cache.ts';
import { ACCESS_CHANGES } from '../scsi/target/alua.ts';
import { ACCESS_STATES, lunsSchema } from './event-schema.ts';
import { iscsiTargetSchema } from './iscsi-schema.ts';
import { ms, name, us, whole } from './schema-words.ts';

const lun = z.strictObject({
  name,
  blocks: whole(1, 2 ** 40).default(4096),
  /** Keeps the blocks where `serve` runs; made where it is not there. Left out: in memory. */
  file: z.string().min(1).optional(),
});

const mask = z.strictObject({
  /** A virtual machine, one WWPN, or the name of an iSCSI initiator. */
  for: z.string(),
  /** LUN number to logical unit name. */
  luns: lunsSchema,
  /** Places of the target ports that show them, in the array's list from 0; all when left out. */
  ports: z.array(whole(0, 255)).min(1).optional(),
});

const targetPortGroup = z.strictObject({
  /** TARGET PORT GROUP. */
  id: whole(1, 65_535),
  /** Places in the array's list of ports, from 0. */
  ports: z.array(whole(0, 255)).min(1),
  state: z.enum(ACCESS_STATES).default('active-optimized'),
  /** PREF; left out, the first group is preferred. */
  preferred: z.boolean().optional(),
});

const pool = z.strictObject({
  /** Blocks that all units together may use; whole extents of 128. */
  blocks: whole(128, 2 ** 40),
  /** At this fill level everybody who sees a unit is told by a unit attention (38h/07h); nobody when left out. */
  thresholdPercent: whole(1, 100).optional(),
});

/** A second array, at another site, with a leg of every logical unit: one identity, two places. */
const stretched = z.strictObject({
  /** Of the second array. */
  name: name.default('array-2'),
  /** Where it stands. */
  site: name.optional(),
  /** Its target ports: the fabric of each. */
  ports: z.array(name).min(1).max(64),
  /** Who goes on alone when the arrays lose each other: whom the witness lets, the first one, or nobody. */
  winner: z.enum(WINNER_RULES).default('witness'),
  witness: z
    .strictObject({
      /** Left out: it is always reached. */
      site: name.optional(),
      /** It lets both go on, or speaks of what it was not asked about. */
      lies: z.enum(WITNESS_LIES).default('none'),
    })
    .prefault({}),
  /** Between two signs of life. */
  heartbeatMs: ms().min(0.1).default(20),
  /** An array that has not answered for so long is lost. */
  silenceMs: ms().min(1).default(200),
  /** `winner: preferred`: it goes on so long after that. */
  winnerMs: ms().default(100),
  /** What the data are called that an array writes alone: by a new name, or, wrongly, as before. */
  generation: z.enum(GENERATION_RULES).default('new'),
  /** When the other array leads, which hosts then see as the better one: never, when they ask it for changes, or by SET TARGET PORT GROUPS there. */
  lead: z.enum(LEAD_RULES).default('stays'),
  /** `lead: follows-io`: after so many changes. */
  leadAfterIos: whole(1, 1_000_000).default(64),
});

/** The array: its target ports, its logical units, who sees them, and how long a command takes. */
export const arraySchema = z.strictObject({
  name: name.default('array'),
  site: name.optional(),
  /** One target port for each entry: the name of the fabric it is cabled to. */
  ports: z.array(name).min(1).max(256),
  luns: z.array(lun).min(1).max(4096),
  /** Left out: each unit is in one place. */
  stretched: stretched.optional(),
  /** The units are thin and take their space from one pool; left out, there is always space. No volatile cache goes with it. */
  pool: pool.optional(),
  /** Left out: every virtual machine sees its own logical units under their place in its list. */
  masks: z.array(mask).optional(),
  /** iSCSI targets that `serve` offers beside the fabrics; nothing to a move. */
  targets: z.array(iscsiTargetSchema).min(1).max(64).optional(),
  /** Offers that write data follows its command unasked; hosts take it up. */
  firstBurst: z.boolean().default(ARRAY_DEFAULTS.firstBurst),
  /** How long the array takes for a read, for a write, and by how much that varies. */
  readUs: us().default(ARRAY_DEFAULTS.service.readNs / MICROSECOND),
  writeUs: us().default(ARRAY_DEFAULTS.service.writeNs / MICROSECOND),
  jitterUs: us().default(ARRAY_DEFAULTS.service.jitterNs / MICROSECOND),
  /** Left out: one group of all ports, active/optimized. */
  targetPortGroups: z.array(targetPortGroup).min(1).max(256).optional(),
  /** Who changes their states: the array by itself, an initiator by SET TARGET PORT GROUPS, or either (TPGS of INQUIRY). */
  alua: z.enum(ACCESS_CHANGES).default(ARRAY_DEFAULTS.alua),
  /** Every login is told of the first power on by a unit attention. */
  powerOnAttention: z.boolean().default(ARRAY_DEFAULTS.powerOnAttention),
  /** A write is answered when it is on the medium, or in a cache that survives a loss of power, or in one that does not. */
  writeCache: z.enum(WRITE_CACHES).default(WRITE_CACHE_DEFAULT),
  /** After this long a volatile cache has written itself to the medium. */
  destageMs: ms().default(ARRAY_DEFAULTS.destageNs / MILLISECOND),
  /** How long the cut of one unit takes; while units are cut the array runs no command. */
  cutUs: us().default(ARRAY_DEFAULTS.cutNs / MICROSECOND),
  /** RETRY in PRLI: frames that are lost are sent again within the exchange (REC, SRR). */
  retry: z.boolean().default(ARRAY_DEFAULTS.retry),
  /** Which responses ask to be confirmed by FCP_CONF. */
  confirm: z.enum(CONFIRMATIONS).default(ARRAY_DEFAULTS.confirm),
  /** Its ports log in to initiators that they hear of by RSCN, before those do, as Linux's target ports do. */
  logsIn: z.boolean().default(ARRAY_DEFAULTS.logsIn),
});
