/** What makes a link one with queues by priority, and what frames say of their priority. */
import type { Mac } from '../codecs/layout/index.ts';
import type { QueueConfiguration } from '../history/qos.ts';
import type { Instant } from '../machine/machine.ts';

/** Priorities of a VLAN tag. */
export const PRIORITIES = 8;

/** The memory of a node in which frames wait that have come in, and when it pauses who sends them. */
export interface BufferOptions {
  /** Of all ports of the node together. */
  readonly totalBytes: number;
  /** Set apart for each port and priority. */
  readonly reserveBytes: number;
  /** Set apart for each port and priority that is paused: for what still comes after a pause was sent. */
  readonly headroomBytes: number;
  /** A port's share of a priority at which it pauses: bytes over its reserve, or `dynamic`, a part of what is free. */
  readonly threshold: 'dynamic' | number;
  /** Of `dynamic`: the part is 1 / 2^shift. */
  readonly shift: number;
  /** A pause ends when so many bytes less than the threshold are left. */
  readonly resumeBytes: number;
}

/** One end of a link with queues. */
export interface QosEnd {
  readonly queues: QueueConfiguration;
  /** Source of its PFC frames. */
  readonly mac: Mac;
  readonly buffer: BufferOptions;
  /** A frame that came in fills the buffer until what comes of it has left: a switch's end. */
  readonly forwards?: boolean;
  /** A frame that waits here for longer is discarded, as switches do; for ever when left out. */
  readonly holdNs?: Instant;
  /** From the arrival of a PFC frame until its sender begins no more; by the rate when left out. */
  readonly responseNs?: Instant;
}

/** What makes a link one with queues. */
export interface QosOptions {
  /** In the order of the link's. */
  readonly ends: readonly [QosEnd, QosEnd];
}

/** A buffer where nothing is said. */
export const BUFFER_DEFAULTS = {
  totalBytes: 12 * 2 ** 20,
  reserveBytes: 4096,
  threshold: 'dynamic',
  shift: 3,
  resumeBytes: 3072,
} as const;
/** Groups where nothing is said: one for storage and one for everything else, half the rate each. */
export const GROUPS_DEFAULT: Pick<QueueConfiguration, 'groups' | 'bandwidth'> = {
  groups: [0, 0, 0, 1, 0, 0, 0, 0],
  bandwidth: [50, 50, 0, 0, 0, 0, 0, 0],
};

const VLAN_HIGH = 0x81;
const S_VLAN_HIGH = 0x88;
const S_VLAN_LOW = 0xa8;

/** Whether a frame has a VLAN tag: of a customer (8100h) or of a service (88A8h). */
const isTagged = (frame: Uint8Array): boolean =>
  (frame[12] === VLAN_HIGH && frame[13] === 0) ||
  (frame[12] === S_VLAN_HIGH && frame[13] === S_VLAN_LOW);

/** The priority of a frame by its outer tag; 0 without one. */
export function priorityOf(frame: Uint8Array): number {
  return isTagged(frame) ? (frame[14] ?? 0) >> 5 : 0;
}

/** Where the EtherType stands behind a tag, and what it is. */
export function etherTypeOf(frame: Uint8Array): {
  readonly at: number;
  readonly etherType: number;
} {
  const at = isTagged(frame) ? 16 : 12;
  return { at, etherType: ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0) };
}

/** Whether PFC is on for a priority. */
export const isPaused = (mask: number, priority: number): boolean => (mask & (1 << priority)) !== 0;

/** Errors: `RangeError` for queues that are none. */
export function checkQueues({ bandwidth, groups, pfcEnabled }: QueueConfiguration): void {
  if (groups.length !== PRIORITIES || bandwidth.length !== PRIORITIES)
    throw new RangeError('queues: eight groups and eight bandwidths');
  if (groups.some((one) => !Number.isInteger(one) || one < 0 || one >= PRIORITIES))
    throw new RangeError('queues: a group is 0 to 7');
  if (!Number.isInteger(pfcEnabled) || pfcEnabled < 0 || pfcEnabled > 0xff)
    throw new RangeError('queues: a bit for each of eight priorities');
  const percent = bandwidth.reduce<number>((sum, one) => sum + (one === 'strict' ? 0 : one), 0);
  if (bandwidth.some((one) => one !== 'strict' && !(one >= 0)) || percent > 100)
    throw new RangeError(`queues: ${percent} percent of bandwidth`);
}
