/** Quality of service of links: the queues at their ends, pauses by priority, and what became of frames there. */

/** How a group of priorities is served: before all others, or with so many percent of the rate. */
export type GroupBandwidth = 'strict' | number;

/**
 * The queues of one end of a link, as they are configured there or as DCBX has agreed on them: groups of
 * priorities (traffic classes of IEEE 802.1Qaz, priority groups of CEE), what each gets of the rate, and
 * which priorities are paused instead of dropped.
 */
export interface QueueConfiguration {
  /** The group of each priority, 0 first: eight numbers, 0 to 7. */
  readonly groups: readonly number[];
  /** Of each group, 0 first: eight. Of several strict ones the higher number goes first. */
  readonly bandwidth: readonly GroupBandwidth[];
  /** Bit p is set where priority-based flow control is on for priority p. */
  readonly pfcEnabled: number;
  /** The priority that the application table has for FCoE and FIP; left out where it names none. */
  readonly fcoePriority?: number;
}

/** An end of a link uses these queues from now on. */
export interface QueuesChanged {
  readonly type: 'queues';
  readonly link: string;
  /** In the order of the link's ends: 0 or 1. */
  readonly end: number;
  /** Who says so. */
  readonly by: 'configuration' | 'dcbx';
  readonly queues: QueueConfiguration;
}

/** A direction of a link. */
interface LinkWay {
  readonly link: string;
  readonly direction: 'a-to-b' | 'b-to-a';
}

/** The sender of a direction was told by PFC to send nothing of a priority, or to go on. */
export interface PriorityPaused extends LinkWay {
  readonly type: 'priority-pause';
  readonly priority: number;
  readonly state: 'paused' | 'resumed';
  /**
   * Of `paused`: directions, as `link direction`, in whose queues of this priority the frames wait that
   * fill the buffer behind this one.
   */
  readonly waitsFor?: readonly string[];
}

/** Frames of this kind went into the queues of a direction; told of the first since its queues changed. */
export interface PriorityUsed extends LinkWay {
  readonly type: 'priority-used';
  readonly etherType: number;
  readonly priority: number;
  /** It has no tag, and this priority by that, as FIP has that looks for its VLAN. */
  readonly untagged?: true;
  /** Of FCoE. */
  readonly sId?: number;
  readonly csCtl?: number;
}

/** A frame of a priority began to be sent while that was paused. */
export interface StartedPaused extends LinkWay {
  readonly type: 'started-paused';
  readonly priority: number;
  /** So long after the PFC frame had come. */
  readonly afterNs: number;
}

/** A frame was dropped for want of room, or because it had waited for too long. */
export interface QueueDropped extends LinkWay {
  readonly type: 'queue-drop';
  readonly priority: number;
  readonly bytes: number;
  /** In the queue that the direction is sent from, in the buffer that it leads into, or held too long. */
  readonly where: 'queue' | 'buffer' | 'held';
}

/** What a group with frames waiting all the time was given in a stretch of time. */
export interface GroupServed extends LinkWay {
  readonly type: 'group-served';
  readonly group: number;
  readonly fromNs: number;
  /** Bytes of its frames that were sent, with what surrounds each on the wire. */
  readonly bytes: number;
  /** What all groups might have sent, pauses left out. */
  readonly capacityBytes: number;
  /** What it was to get of that, in percent; `strict` for all that it wants. */
  readonly bandwidth: GroupBandwidth;
}

/** Everything about queues of links. */
export type QosEvent =
  | QueuesChanged
  | PriorityPaused
  | PriorityUsed
  | StartedPaused
  | QueueDropped
  | GroupServed;
