/** Quality of service of a scenario's cables. */
import { z } from 'zod';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { HOLD_DEFAULT_NS } from '../link/credit.ts';
import { BUFFER_DEFAULTS } from '../link/qos-options.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { ms, name, whole } from './schema-words.ts';

const priority = whole(0, 7);
const priorities = z.array(priority).max(8);

/** Quality of service of all cables of FCoE: queues by priority, pauses, buffers. */
export const qosSchema = z.strictObject({
  /** Of frames of FCoE and FIP, and what the application table says. */
  priority: priority.default(FCF_DEFAULTS.vlanPriority),
  /** Priorities that are paused by PFC instead of dropped. Left out: `priority` alone. */
  pfc: priorities.optional(),
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
  /** The largest frame of all, for the headroom that links need. */
  largestBytes: whole(60, 9216).default(9216),
  /** The largest frame of a priority of `pfc`, for the same. */
  largestNoDropBytes: whole(60, 9216).default(2240),
  /** Bytes of a port over its reserve at which it pauses; `dynamic`: a part of what is free, 1 / 2^`thresholdShift`. */
  threshold: z.union([z.literal('dynamic'), whole(0, 2 ** 32)]).default(BUFFER_DEFAULTS.threshold),
  /** With `threshold: dynamic`: 3 gives a port an eighth of what is free. */
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
