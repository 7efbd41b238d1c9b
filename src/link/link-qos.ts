/** The queues of a whole link: of both directions, and what is done to them from outside. */
import type { Instant } from '../machine/machine.ts';
import type { LinkParameters } from './channel.ts';
import { responseNs } from './headroom.ts';
import type { Drain } from './link-credit.ts';
import { PriorityQueues } from './priority-queues.ts';
import { checkQueues, type QosEnd } from './qos-options.ts';
import type { OtherTraffic } from './queue-frames.ts';
import { ServedWindow } from './served-window.ts';

/** One direction of a link with queues. */
export class LaneQos {
  readonly sender: QosEnd;
  readonly receiver: QosEnd;
  readonly queues: PriorityQueues;
  readonly window: ServedWindow;
  /** From a PFC frame that comes to the sender until it begins nothing more. */
  readonly responseNs: Instant;
  /** When the transmitter is looked at next; `Infinity`: nothing waits for it. */
  nextNs: Instant = Infinity;
  /** When the receiver's pauses are told again; `Infinity`: there are none. */
  refreshNs: Instant = Infinity;
  /** Buffers that a slow receiver has still to give back, in order. */
  readonly filled: { readonly atNs: Instant; readonly free: () => void }[] = [];
  /** How the receiver gives its buffer back. */
  readonly drain: Drain = { delayNs: 0, untilNs: 0, busyUntilNs: 0 };
  other: OtherTraffic | undefined;
  /** Kinds of frames that were told of: EtherType, priority, S_ID and CS_CTL. */
  readonly used = new Set<string>();

  constructor(sender: QosEnd, receiver: QosEnd, parameters: LinkParameters) {
    checkQueues(sender.queues);
    this.sender = sender;
    this.receiver = receiver;
    this.queues = new PriorityQueues(sender.queues, parameters.queueLimitBytes);
    this.window = new ServedWindow(parameters.rateBitsPerSecond);
    this.responseNs = sender.responseNs ?? responseNs(parameters.rateBitsPerSecond);
  }
}

/** The queues of both directions, in the order of the link's lanes. */
export class LinkQos {
  readonly lanes: readonly [LaneQos, LaneQos];

  /** Errors: `RangeError` for queues that are none. */
  constructor(ends: readonly [QosEnd, QosEnd], parameters: LinkParameters) {
    const [a, b] = ends;
    this.lanes = [new LaneQos(a, b, parameters), new LaneQos(b, a, parameters)];
  }
}
