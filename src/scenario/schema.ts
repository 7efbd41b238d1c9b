/**
 * The shape of a scenario file: fabrics, hosts, one array, virtual machines, the move.
 *
 * Everything but the names has a default, so that a file says only what matters to it.
 */
import { z } from 'zod';
import { LEAD_RULES } from '../array/pair/array-pair.ts';
import { GENERATION_RULES, WINNER_RULES } from '../array/pair/standing.ts';
import { WITNESS_LIES } from '../array/pair/witness.ts';
import { ARRAY_DEFAULTS } from '../array/storage-array.ts';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { DUPLICATE_LIMIT } from '../fabric/lan/mac-routes.ts';
import { AGEING_NS } from '../fabric/lan/mac-table.ts';
import { VOLUME_KINDS, VOLUME_ORDERS } from '../history/chain.ts';
import { DRAINS } from '../host/control.ts';
import { HOST_DEFAULTS } from '../host/host.ts';
import { PATH_DEFAULTS, PATH_PREFERENCES } from '../host/path-options.ts';
import { CACHE_MOVES, CACHE_WRITES } from '../host/volume.ts';
import { HOLD_DEFAULT_NS } from '../link/credit.ts';
import { BUFFER_DEFAULTS } from '../link/qos-options.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import {
  DEFENCES,
  LAN_ORDERS,
  PREFLIGHTS,
  SESSION_DEFENCES,
  SESSION_STRATEGIES,
  STRATEGIES,
} from '../mobility/plan.ts';
import { PROFILE_NAMES } from '../mobility/profiles.ts';
import { VLAN_CHOICE_DEFAULT, VLAN_CHOICES } from '../port/enode/vlan-list.ts';
import { BB_CREDIT_DEFAULT } from '../port/fc-link/fc-link.ts';
import { CONFIRMATIONS } from '../port/fcp/target-port.ts';
import { GUEST_RESERVATION_TYPES, HANDOVERS } from '../scsi/initiator/guest-reservation.ts';
import { WRITE_CACHE_DEFAULT, WRITE_CACHES } from '../scsi/medium/cache.ts';
import { GRANULARITY_DEFAULT, MAP_POLICIES } from '../scsi/medium/changed-blocks.ts';
import { ACCESS_CHANGES } from '../scsi/target/alua.ts';
import { ACCESS_STATES, eventSchema, lunsSchema, zoneSchema } from './event-schema.ts';
import { iscsiTargetSchema } from './iscsi-schema.ts';
import { LAN_ANNOUNCEMENTS, LAN_KINDS } from './lan-words.ts';
import { NFS_VERSION_DEFAULT, NFS_VERSIONS, PROTOCOL_DEFAULT, PROTOCOLS } from './protocols.ts';

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
const us = () => z.number().min(0).max(1e6);
const ms = (max = 3_600_000) => z.number().min(0).max(max);

const vlans = z.array(whole(0, 4094)).max(64);

/** A further FCF in the Ethernet segment of a fabric. */
const furtherFcf = z.strictObject({
  domain: whole(1, 239),
  fipPriority: whole(0, 255).default(FCF_DEFAULTS.fipPriority),
  /** A name of no fabric here: the FCF is another fabric's. Left out: of this one, without ISL to its other FCFs. */
  fabric: name.optional(),
  /** Left out: the VLAN of the fabric. */
  vlan: whole(0, 4094).optional(),
  /** Left out: its own VLAN. */
  vlans: vlans.optional(),
  /** False: its cable is out until an event plugs it in. */
  plugged: z.boolean().default(true),
});

const fabric = z.strictObject({
  name,
  /** FCoE VLAN; 0 for untagged. */
  vlan: whole(0, 4094).default(1002),
  domain: whole(1, 239).default(1),
  /** VLANs that its FCF names to ENodes that ask; left out: its own. */
  vlans: vlans.optional(),
  /** What its FCF advertises; of several FCFs of a fabric the lowest is chosen. */
  fipPriority: whole(0, 255).default(FCF_DEFAULTS.fipPriority),
  /** FCFs in one Ethernet segment with its own: all ports of hosts and array are behind one bridge then. */
  furtherFcfs: z.array(furtherFcf).min(1).max(7).optional(),
  /** That bridge reads logins in FIP: where a port logs in is where its frames go from then on. */
  fipSnooping: z.boolean().default(false),
  /** The hosts' ports are behind a switch in N_Port virtualizer mode, with so many uplinks to the fabric. */
  npv: z.strictObject({ uplinks: whole(1, 16).default(2) }).optional(),
  duplicateWwpn: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(FCF_DEFAULTS.duplicateWwpn),
  persistentFcIds: z.boolean().default(FCF_DEFAULTS.persistentFcIds),
  /** Which free N_Port_ID goes out next: the one that rested longest, or the one given up last. */
  fcIdReuse: z.enum(['last', 'immediately']).default(FCF_DEFAULTS.fcIdReuse),
  /** A WWPN gets a new N_Port_ID rather than one that is not clean, persistent or not. */
  cleanAddress: z.boolean().default(FCF_DEFAULTS.cleanAddress),
  /** FIP snooping: entries follow the logins, or stay until they are cleared. */
  accessLists: z.enum(['strict', 'lazy']).default(FCF_DEFAULTS.accessLists),
  /** Who hears of a change by RSCN. */
  rscn: z.enum(['zone', 'all', 'none']).default(FCF_DEFAULTS.rscn),
  /** Whom the logout of a base N_Port takes along: all of its adapter, or none. */
  baseLogout: z.enum(['legacy', 'new']).default(FCF_DEFAULTS.baseLogout),
  npivLoginsMax: whole(0, 65_535).default(FCF_DEFAULTS.npivLoginsMax),
  fkaAdvPeriodMs: whole(500, 90_000).default(FCF_DEFAULTS.fkaAdvPeriodMs),
  eDTovMs: whole(1, 60_000).default(FCF_DEFAULTS.eDTovMs),
  rATovMs: whole(1, 120_000).default(FCF_DEFAULTS.rATovMs),
  zoning: z.enum(['none', 'soft', 'hard']).default('hard'),
  /** Left out: one zone per virtual machine, with all its WWPNs and the array. */
  zones: z.array(zoneSchema).optional(),
  /** Where `serve` lets guests plug into this fabric, as behind its `--listen`. */
  listen: z.array(z.string()).optional(),
  /** Where its switches stand. */
  site: name.optional(),
});

/** A place, and how far it is from those before it in the list. */
const site = z.strictObject({
  name,
  /** For each site before it: one way, and how fast a cable is that leads there. */
  to: z
    .record(
      name,
      z.strictObject({
        delayUs: z.number().min(0).max(1e6),
        /** Left out: as `links` say. */
        gbps: z.number().min(0.001).max(1000).optional(),
      }),
    )
    .optional(),
});

const host = z.strictObject({
  name,
  /** Which paths it takes first: those that the array calls optimized, or those that do not leave its site. */
  paths: z.enum(PATH_PREFERENCES).default('optimized'),
  /** One adapter port for each entry: the name of the fabric it is cabled to, and the card it is on where several share one. */
  ports: z
    .array(
      z.union([
        name,
        z.strictObject({
          fabric: name,
          /** Ports of one number are on one physical card; one that is only named is on a card of its own. */
          card: whole(0, 255),
        }),
      ]),
    )
    .min(1)
    .max(64),
  /** Of the VLANs that an FCF names: the first in which one answers, or the last that is named. */
  vlanChoice: z.enum(VLAN_CHOICES).default(VLAN_CHOICE_DEFAULT),
  /** False for an adapter that can hold no port besides its own. */
  npiv: z.boolean().default(HOST_DEFAULTS.npiv),
  /** The port of a guest that comes here says its first word so long after its login; it answers before. */
  portSetupMs: ms().default(0),
  /** What a lost login had under way waits so long for its coming back before it takes another path. */
  fastIoFailMs: ms().default(PATH_DEFAULTS.fastIoFailNs / MILLISECOND),
  /** A path whose login does not come back within this time is given up. */
  devLossMs: ms().default(PATH_DEFAULTS.devLossNs / MILLISECOND),
  /** I/O for a logical unit that no path serves fails after this long; `queue`: when the guest gives it up. */
  noPathRetryMs: z.union([z.literal('queue'), ms()]).default('queue'),
  site: name.optional(),
});

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

const array = z.strictObject({
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

const vm = z.strictObject({
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

const ALL_DEFENCES = [...DEFENCES, ...SESSION_DEFENCES] as const;
const defences = z.array(z.enum(ALL_DEFENCES)).max(ALL_DEFENCES.length);

const move = z.strictObject({
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

const backup = z.strictObject({
  /** The agent's, a node of the fabrics. */
  name: name.default('backup'),
  site: name.optional(),
  /** One port for each entry: the fabric it is cabled to. Left out: one on each fabric of the array. */
  ports: z.array(name).min(1).max(16).optional(),
  /** Whose logical units are backed up; left out: those of the virtual machine that moves. */
  vm: name.optional(),
  /** Whether the guest holds its writes for a cut; `none`: what is kept is as after a crash. */
  quiesce: z.enum(['guest', 'none']).default('guest'),
  /** A guest goes on by itself after this long: the window of VSS writers. */
  writersMs: ms().default(60_000),
  /** And after this long without anything under way: the hold on the volumes. */
  holdMs: ms().default(10_000),
  /** Who keeps the map of changed blocks: the array, the guest's host, or nobody, so that every backup is a full one. */
  map: z.enum(['array', 'host', 'none']).default('array'),
  /** What becomes of the map when the guest moves: it goes along, is lost without a word, or is lost and says so. */
  atMove: z.enum(MAP_POLICIES).default('carried'),
  /** What becomes of the array's map at a loss of its power. */
  atPowerLoss: z.enum(MAP_POLICIES).default('carried'),
  /** Blocks that one bit of the map stands for. */
  granularityBlocks: whole(1, 65_536).default(GRANULARITY_DEFAULT),
});

/** The LAN beside the fabrics: what a guest's frames go over, and how they follow it when it moves. */
const lan = z.strictObject({
  /** Who tells it where a guest is: an announcement to bridges, or to tunnel endpoints, a routing protocol among those, or VSI discovery. */
  kind: z.enum(LAN_KINDS).default('learning'),
  /** When it takes the guest's frames to the new host. */
  order: z.enum(LAN_ORDERS).default('san-first'),
  vid: whole(1, 4094).default(100),
  /** What the new host says for its guest; `none`: nothing, or it is lost. */
  announcement: z.enum(LAN_ANNOUNCEMENTS).default('RARP'),
  /** Bridges in a row; hosts are plugged in by turns, the station into the first. */
  bridges: whole(1, 8).default(1),
  /** Two bridges are joined twice. */
  loop: z.boolean().default(false),
  /** Guests send datagrams too; false: they hear only. */
  guestsSend: z.boolean().default(true),
  /** Between two datagrams. */
  intervalMs: z.number().min(0.05).max(1000).default(1),
  /** Bytes of their IP packets. */
  packetBytes: whole(64, 9000).default(100),
  /** IP packets that the network between tunnel endpoints takes. */
  underlayMtu: whole(576, 9216).default(1600),
  /** Port profiles that follow a guest's MAC address where it is learned; with `vdp` it asks for one. */
  profiles: z.boolean().default(false),
  /** Priority in a guest's tags, and in its profile. */
  priority: whole(0, 7).default(3),
  /** What the port of a host refuses. */
  refuses: z.record(name, z.enum(['pre-associate', 'associate', 'profiles'])).optional(),
  /** Hosts at whose ports the VLAN is missing. */
  withoutVlan: z.array(name).max(64).default([]),
  /** Guests whose MAC addresses are said to stay where they start. */
  sticky: z.array(name).max(64).default([]),
  /** Tunnel endpoints answer ARP requests for addresses that they know. */
  suppressesArp: z.boolean().default(true),
  /** Route reflectors. */
  reflectors: whole(1, 2).default(1),
  /** The second one is so far away: what it passes on is old. */
  reflectorDelayMs: ms(10_000).default(0),
  /** Endpoints tell changes after so long, together. */
  advertiseDelayMs: ms(10_000).default(50),
  /** A MAC address that moves so often within this time is a duplicate. */
  duplicateMoves: whole(2, 100).default(DUPLICATE_LIMIT.moves),
  duplicateWindowMs: ms().default(DUPLICATE_LIMIT.windowNs / MILLISECOND),
  /** What follows from that. */
  duplicateAction: z.enum(['warn', 'freeze']).default('warn'),
  ageingMs: ms()
    .min(1)
    .default(AGEING_NS / MILLISECOND),
  /** Every switch forwards to the new host so long after it was announced there. */
  convergeMs: ms().default(200),
  /** The longest time in which no datagram comes to a guest. */
  blackoutMs: ms().default(1000),
  /** LAN, storage network and guest may be at different hosts for so long. */
  agreeMs: ms().default(200),
});

const priority = whole(0, 7);
const priorities = z.array(priority).max(8);

/** Quality of service of all cables of FCoE: queues by priority, pauses, buffers. */
const qos = z.strictObject({
  /** Of frames of FCoE and FIP, and what the application table says. */
  priority: priority.default(FCF_DEFAULTS.vlanPriority),
  /** Priorities that are paused by PFC instead of dropped. */
  pfc: priorities.default([FCF_DEFAULTS.vlanPriority]),
  /**
   * Hosts and array learn all that from their switch, by this dialect of DCBX (docs/dcbx.md): they log in when both ends agree,
   * and have no queues of their own before. `off`: both ends are configured.
   */
  dcbx: z.enum(['off', 'ieee', 'cee']).default('off'),
  /** Ports ask to be told when frames to them or to a peer wait (RDF), and their switch tells them (FPIN). */
  notices: z.boolean().default(false),
  /** Groups of priorities (ETS), the first for those that none names. Left out: one for `priority` and one for the others, half the rate each. */
  groups: z
    .array(
      z.strictObject({
        priorities,
        /** Percent of the rate, or `strict`: before all others. */
        bandwidth: z.union([z.literal('strict'), z.number().min(0).max(100)]),
      }),
    )
    .min(1)
    .max(8)
    .optional(),
  /** Memory of a switch for frames that wait; of a host or an array, for those it has not taken. */
  bufferBytes: whole(0, 2 ** 32).default(BUFFER_DEFAULTS.totalBytes),
  /** Of that for each port and priority. */
  reserveBytes: whole(0, 2 ** 24).default(BUFFER_DEFAULTS.reserveBytes),
  /** Of that for each port and priority of `pfc`: for what still comes after a pause was sent. Left out: what the links need. */
  headroomBytes: whole(0, 2 ** 24).optional(),
  /** The largest frame of all, and of `pfc`, for the headroom that links need. */
  largestBytes: whole(60, 9216).default(9216),
  largestNoDropBytes: whole(60, 9216).default(2240),
  /** Bytes of a port over its reserve at which it pauses; `dynamic`: a part of what is free, 1 / 2^`thresholdShift`. */
  threshold: z.union([z.literal('dynamic'), whole(0, 2 ** 32)]).default(BUFFER_DEFAULTS.threshold),
  thresholdShift: whole(0, 16).default(BUFFER_DEFAULTS.shift),
  /** A pause ends when so many bytes less than the threshold are left. */
  resumeBytes: whole(0, 2 ** 24).default(BUFFER_DEFAULTS.resumeBytes),
  /** A frame that waits in a switch for longer is discarded. */
  holdMs: ms(10_000)
    .min(1)
    .default(HOLD_DEFAULT_NS / MILLISECOND),
  /** No pause lasts longer, or I26 is violated. */
  pauseBoundMs: ms().min(0.001).default(100),
  /** Hosts, the array or the backup agent by name: what is configured otherwise at their cables. */
  ports: z
    .record(
      name,
      z.strictObject({
        /** Of the frames that it sends. */
        priority: priority.optional(),
        /** At its own end. */
        pfc: priorities.optional(),
        /** At the switch's end. */
        switchPfc: priorities.optional(),
      }),
    )
    .default({}),
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

/** A move behind the first. What it does not say is as in the first. */
const nextMove = z.strictObject({
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

/** How files are reached. */
const nfs = z.strictObject({
  /** 4.1 has sessions: under `same-wwpn` and `cold` both hosts are one client, whose new session ends the old one; under `wwpn-pair` two. */
  version: z.literal(NFS_VERSIONS).default(NFS_VERSION_DEFAULT),
  /** With version 4.1: the server gives out layouts, and hosts that hold one read and write the disk over iSCSI. */
  layouts: z.boolean().default(false),
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
  sites: z.array(site).min(2).max(16).optional(),
  /** With protocol nfs. */
  nfs: nfs.prefault({}),
  fabrics: z.array(fabric).min(1).max(16),
  hosts: z.array(host).min(1).max(10_000),
  array,
  vms: z.array(vm).min(1).max(10_000),
  /** Two virtual machines may claim one WWPN: to see what comes of it. */
  allowSharedWwpns: z.boolean().default(false),
  links: link.prefault({}),
  move,
  /** Moves behind the first, in their order: there and back, two at once. */
  nextMoves: z.array(nextMove).max(16).default([]),
  /** Left out: only the storage network is emulated. */
  lan: lan.optional(),
  /** Left out: cables have one queue, and nothing is paused. */
  qos: qos.optional(),
  /** An agent that makes backups: an event `backup` each. */
  backup: backup.optional(),
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
