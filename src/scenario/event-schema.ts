/**
 * What a scenario has somebody do to its world while it runs: an operator, another initiator, a
 * fault of the management. Each event has a time and a deed; the deeds are those that a switch, an
 * array, a link or a mover knows.
 */
import { z } from 'zod';
import { PHASES } from '../history/move.ts';

const name = z.string().min(1).max(64);
const ms = () => z.number().min(0).max(3_600_000);

/** Steps of a move at which an event may happen; `end` is the move's own end. */
export const EVENT_STEPS = [...PHASES, 'end'] as const;

/** When an event happens. */
const when = {
  /** Milliseconds since the guests work, or the step of the move with whose beginning it happens. */
  at: z.union([ms(), z.enum(EVENT_STEPS)]),
  /** So much later. */
  afterMs: ms().default(0),
  /** Which of the moves `at` names a step of, from 1. */
  ofMove: z.int().min(1).max(17).default(1),
};

/** Frames that an event may have lost on a cable. */
export const LOST_FRAMES = [
  'keep-alives',
  'advertisements',
  'clear-links',
  'rscns',
  'r-rdys',
  'everything',
] as const;
/** One of `LOST_FRAMES`. */
export type LostFrames = (typeof LOST_FRAMES)[number];

/** States of a target port group, as REPORT TARGET PORT GROUPS names them. */
export const ACCESS_STATES = [
  'active-optimized',
  'active-non-optimized',
  'standby',
  'unavailable',
  'transitioning',
] as const;

/** Which way other traffic goes. */
export const TRAFFIC_WAYS = ['to-switch', 'from-switch', 'both'] as const;

/** Whom a zone lists: WWPNs, or names: `array` for all target ports, a virtual machine for all its WWPNs. */
export const zoneSchema = z.strictObject({ name, members: z.array(z.string()).min(1) });

/** LUN number to logical unit name. */
export const lunsSchema = z.record(z.string().regex(/^\d{1,5}$/, 'a LUN number'), name);

/** An event of a scenario. */
export const eventSchema = z.discriminatedUnion('do', [
  /** The array shows a virtual machine, or one WWPN, other logical units from now on. */
  z.strictObject({
    ...when,
    do: z.literal('mask'),
    for: z.string(),
    luns: lunsSchema,
    ports: z.array(z.int().min(0).max(255)).min(1).optional(),
  }),
  /** A fabric's zone set is replaced. */
  z.strictObject({ ...when, do: z.literal('zones'), fabric: name, zones: z.array(zoneSchema) }),
  /** The FCF of a fabric names other VLANs to ENodes that ask from now on; its own frames stay in its VLAN. */
  z.strictObject({
    ...when,
    do: z.literal('vlans'),
    fabric: name,
    vlans: z.array(z.int().min(0).max(4094)).max(64),
  }),
  /**
   * Target port groups serve a logical unit, or all, in other states: by the array's own decision, or by SET TARGET
   * PORT GROUPS of another initiator.
   */
  z.strictObject({
    ...when,
    do: z.literal('access'),
    states: z.record(z.string().regex(/^\d{1,5}$/, 'the id of a group'), z.enum(ACCESS_STATES)),
    lun: name.optional(),
    /** WWPN of the initiator that asks for it, which is not in the fabric; left out, the array decides. */
    by: z.string().optional(),
  }),
  /** The fabric tells all its ports by RSCN that a guest, a WWPN or the array has changed. */
  z.strictObject({ ...when, do: z.literal('rscn'), fabric: name, for: z.string() }),
  /** The switch clears the virtual links of a virtual machine, or of one WWPN. */
  z.strictObject({ ...when, do: z.literal('clear-link'), fabric: name, for: z.string() }),
  /** The switch clears all virtual links of an adapter at once, without a list of VN_Ports. */
  z.strictObject({
    ...when,
    do: z.literal('clear-port'),
    node: name,
    port: z.int().min(0).max(255),
  }),
  /** A host logs a port's own N_Port out of the fabric, as an unloaded driver does. */
  z.strictObject({
    ...when,
    do: z.literal('base-logout'),
    host: name,
    port: z.int().min(0).max(63),
  }),
  /** A cable is pulled, or plugged in again: that of a port of a host or an array. */
  z.strictObject({
    ...when,
    do: z.enum(['link-down', 'link-up']),
    node: name,
    port: z.int().min(0).max(255),
  }),
  /** The WWPN of one of the array's ports logs in at another of its ports, under another N_Port_ID. */
  z.strictObject({
    ...when,
    do: z.literal('port-failover'),
    /** Place in the array's list of ports, from 0. */
    from: z.int().min(0).max(255),
    to: z.int().min(0).max(255),
  }),
  /** A WWPN of the array that failed over logs in at its own port again. */
  z.strictObject({
    ...when,
    do: z.literal('port-failback'),
    /** Place of that port in the array's list, from 0. */
    port: z.int().min(0).max(255),
  }),
  /** Frames of a kind are lost on the cable of a port for a while, and nobody is told. */
  z.strictObject({
    ...when,
    do: z.literal('lose'),
    node: name,
    port: z.int().min(0).max(255),
    frames: z.enum(LOST_FRAMES),
    forMs: ms().min(0.001).default(20_000),
  }),
  /** Protocol fc, or fcoe with `qos`: a host or the array gives the buffers of a port back one after the other, so slowly, for a while. */
  z.strictObject({
    ...when,
    do: z.literal('slow-drain'),
    node: name,
    port: z.int().min(0).max(255),
    /** For each frame. */
    delayMs: ms().min(0.001).default(1),
    forMs: ms().min(0.001).default(1000),
  }),
  /** With `qos`: both ends of a port's cable, or one, send other traffic, too, for a while, as of a LAN. */
  z.strictObject({
    ...when,
    do: z.literal('other-traffic'),
    node: name,
    port: z.int().min(0).max(255),
    /** Where it goes. */
    way: z.enum(TRAFFIC_WAYS).default('both'),
    priority: z.int().min(0).max(7).default(0),
    frameBytes: z.int().min(60).max(9216).default(1500),
    gbps: z.number().min(0.001).max(1000).default(10),
    forMs: ms().min(0.001).default(10),
  }),
  /** A node stops and starts anew after a while: a crash loses its memory, a pause does not. */
  z.strictObject({
    ...when,
    do: z.enum(['crash', 'pause']),
    node: name,
    forMs: ms().min(0.001).default(2000),
  }),
  /** All cables between two sites are cut for a while, and the witness is not reached where it stands behind them. */
  z.strictObject({
    ...when,
    do: z.literal('partition'),
    between: z.array(name).length(2),
    forMs: ms().min(0.001).default(1000),
    /** Frames are lost, and nobody sees that the light is out. */
    silent: z.boolean().default(false),
  }),
  /** Another initiator registers with a key of its own and takes a unit's reservation by PREEMPT. */
  z.strictObject({
    ...when,
    do: z.literal('preempt'),
    lun: name,
    by: z.string(),
    /** By PREEMPT AND ABORT: what those have under way that lose their registrations ends. */
    abort: z.boolean().default(false),
    /** The array that is asked, of two with stretched units; the first when left out. */
    array: name.optional(),
  }),
  /** The array cuts a snapshot of logical units at one moment. */
  z.strictObject({
    ...when,
    do: z.literal('snapshot'),
    snapshot: name,
    /** Left out: all. */
    luns: z.array(name).min(1).optional(),
  }),
  /** A snapshot is given up, or its units hold again what they had when it was cut. */
  z.strictObject({ ...when, do: z.enum(['snapshot-delete', 'snapshot-revert']), snapshot: name }),
  /** The array's pool is given more space. */
  z.strictObject({
    ...when,
    do: z.literal('pool-grow'),
    blocks: z
      .int()
      .min(128)
      .max(2 ** 40),
  }),
  /** The backup agent makes a backup, restores all that it keeps, and compares. */
  z.strictObject({ ...when, do: z.literal('backup') }),
  /** Whoever makes the move gives it up: what can be undone is undone. */
  z.strictObject({ ...when, do: z.literal('cancel-move') }),
  /** The answers of a host's management come later, or not at all, for a while. */
  z.strictObject({
    ...when,
    do: z.literal('management'),
    host: name,
    answers: z.enum(['late', 'lost']),
    delayMs: ms().default(1000),
    forMs: ms().min(0.001).default(60_000),
  }),
]);

/** An event with every default filled in. */
export type EventScenario = z.infer<typeof eventSchema>;
