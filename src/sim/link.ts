/** Links as their owner sees them, and what the simulator keeps for each direction. */

import { Channel, type ChannelStats, FcChannel, type LinkParameters } from '../link/channel.ts';
import type { FaultLane, LaneFrame } from '../link/fault-lane.ts';
import type { Direction } from '../link/faults.ts';
import { LinkCredit } from '../link/link-credit.ts';
import { LinkQos } from '../link/link-qos.ts';
import type { Instant } from '../machine/machine.ts';
import type { EventHandle } from './event-queue.ts';

/**
 * Why a link lost a frame: the transmit queue was full, a fault took it, the link was down, the
 * receiving node was not running, it had waited for too long, or the buffer it came to was full.
 */
export type LossReason = 'tail' | 'fault' | 'link' | 'node' | 'held' | 'buffer';

/** One of the two ports a link joins. */
export interface LinkEnd {
  readonly node: string;
  readonly port: number;
}

/** Sees a frame pass one end of a link: when that end sends it, or when it arrives there. */
export type Tap = (link: Link, direction: Direction, timeNs: Instant, frame: Uint8Array) => void;

/** Lets frames onto a link in an order of its own, and hears what became of them: credit, or queues. */
export interface Admission {
  /** A frame to send. */
  offer(lane: Lane, sent: LaneFrame): void;
  /** A frame has come to the far end, or has not: the link lost it. `deliver` hands it to the machine there. */
  arrived(lane: Lane, sent: LaneFrame, isLost: boolean, deliver: () => void): void;
  /** The link went: what waits is lost. */
  cut(lane: Lane): LaneFrame[];
}

/** One direction of a link with all that the simulator knows about it. */
export class Lane {
  readonly link: Link;
  readonly direction: Direction;
  /** The number of this lane among all lanes. */
  readonly id: number;
  readonly channel: Channel;
  /** The numbers of the nodes and the receiving port. */
  readonly fromNode: number;
  readonly toNode: number;
  readonly toPort: number;

  /** `undefined` while no rule looks at this direction, which is nearly always. */
  faults: FaultLane | undefined;
  /** Who lets frames into the channel; `undefined` where each goes at once, as nearly everywhere. */
  admission: Admission | undefined;
  /** Frames go into the channel as they are: no rule looks at them, and nobody has to let them in. */
  isPlain = true;
  readonly tapsAtSender: Tap[] = [];
  readonly tapsAtReceiver: Tap[] = [];

  /** When the pending delivery event is due; `Infinity`: none is pending. */
  eventNs: Instant = Infinity;
  event: EventHandle = 0;
  /** The pending event for the frame that `faults` holds. */
  heldEvent: EventHandle = 0;
  /** Frames that a fault took out of the channel's order and that are still to arrive. */
  strays = 0;

  sent = 0;
  sentBytes = 0;
  duplicated = 0;
  delivered = 0;
  deliveredBytes = 0;
  tailDropped = 0;
  faultDropped = 0;
  linkDropped = 0;
  nodeDropped = 0;
  heldDropped = 0;
  bufferDropped = 0;

  constructor(
    link: Link,
    direction: Direction,
    id: number,
    parameters: LinkParameters,
    fromNode: number,
    toNode: number,
    toPort: number,
  ) {
    this.link = link;
    this.direction = direction;
    this.id = id;
    this.channel =
      parameters.credit === undefined ? new Channel(parameters) : new FcChannel(parameters);
    this.isPlain = parameters.credit === undefined && parameters.qos === undefined;
    this.fromNode = fromNode;
    this.toNode = toNode;
    this.toPort = toPort;
  }

  /** Counts a frame that is lost. */
  countLoss(reason: LossReason): void {
    if (reason === 'tail') this.tailDropped++;
    else if (reason === 'fault') this.faultDropped++;
    else if (reason === 'link') this.linkDropped++;
    else if (reason === 'node') this.nodeDropped++;
    else if (reason === 'held') this.heldDropped++;
    else this.bufferDropped++;
  }

  /** A copy of the counters. */
  stats(): ChannelStats {
    return {
      sent: this.sent,
      sentBytes: this.sentBytes,
      duplicated: this.duplicated,
      delivered: this.delivered,
      deliveredBytes: this.deliveredBytes,
      tailDropped: this.tailDropped,
      faultDropped: this.faultDropped,
      linkDropped: this.linkDropped,
      nodeDropped: this.nodeDropped,
      heldDropped: this.heldDropped,
      bufferDropped: this.bufferDropped,
      inFlight:
        this.channel.length +
        this.strays +
        (this.faults?.isHolding ? 1 : 0) +
        (this.link.credit?.lanes[this.id & 1]?.waiting.length ?? 0) +
        (this.link.qos?.lanes[this.id & 1]?.queues.length ?? 0),
      queueBytesMax: Math.max(
        this.channel.waitingBytesMax,
        this.link.qos?.lanes[this.id & 1]?.queues.bytesMax ?? 0,
      ),
    };
  }
}

/** What a link asks of the simulator that owns it. */
export interface LinkOwner {
  pauseLane(lane: Lane, untilNs: Instant): void;
  resumeLane(lane: Lane): void;
  cutLink(link: Link, forNs: Instant, byFault: boolean): void;
  restoreLink(link: Link): void;
}

/** A full-duplex point-to-point link between two ports. */
export class Link {
  readonly name: string;
  /** The number of this link among all links. */
  readonly id: number;
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  readonly parameters: LinkParameters;
  /** Of a native link: the credit of its directions. */
  readonly credit: LinkCredit | undefined;
  /** Of a link with queues by priority: those of its directions. */
  readonly qos: LinkQos | undefined;
  /** Both directions, `a-to-b` first. */
  readonly lanes: readonly [Lane, Lane];
  readonly #owner: LinkOwner;

  /** The simulator's own state of the link; read it, change it through the methods. */
  readonly state = {
    up: true,
    cutByFault: false,
    /** While down: when it comes up by itself. */
    downUntilNs: Infinity,
    /** What the machines at end a and end b were last told, or take for granted. */
    told: [true, true] as [boolean, boolean],
  };

  constructor(
    owner: LinkOwner,
    id: number,
    name: string,
    a: LinkEnd & { readonly nodeId: number },
    b: LinkEnd & { readonly nodeId: number },
    parameters: LinkParameters,
  ) {
    this.#owner = owner;
    this.id = id;
    this.name = name;
    this.a = { node: a.node, port: a.port };
    this.b = { node: b.node, port: b.port };
    this.parameters = parameters;
    this.credit = parameters.credit && new LinkCredit(parameters.credit);
    this.qos = parameters.qos && new LinkQos(parameters.qos.ends, parameters);
    this.lanes = [
      new Lane(this, 'a-to-b', id * 2, parameters, a.nodeId, b.nodeId, b.port),
      new Lane(this, 'b-to-a', id * 2 + 1, parameters, b.nodeId, a.nodeId, a.port),
    ];
  }

  /** Whether frames can pass. */
  get up(): boolean {
    return this.state.up;
  }

  /** The counters of one direction, as of now. */
  stats(direction: Direction): ChannelStats {
    return this.#lane(direction).stats();
  }

  /**
   * Holds one direction, as a priority pause does: the frame being sent is finished, those behind
   * it wait in order until `untilNs` or, by default, until `resume`. A new pause replaces the old.
   */
  pause(direction: Direction, untilNs: Instant = Infinity): void {
    this.#owner.pauseLane(this.#lane(direction), untilNs);
  }

  /** Ends a pause. */
  resume(direction: Direction): void {
    this.#owner.resumeLane(this.#lane(direction));
  }

  /**
   * Takes the link down, for `forNs` or until `restore`. Every frame in flight is lost, a pause is
   * forgotten, and the machines at its ends are told at this instant. Cutting a link that is
   * down can only prolong that.
   */
  cut(forNs: Instant = Infinity): void {
    this.#owner.cutLink(this, forNs, false);
  }

  /** Loses the R_RDYs that either end sends before that time. Errors: `TypeError` for a link without credit. */
  loseCredits(untilNs: Instant): void {
    this.#native().losesUntilNs = untilNs;
  }

  /**
   * From now on the end that receives in this direction gives its buffers back one after the other, each
   * after so long, as a slow device does. Errors: `TypeError` for a link without credit and without queues.
   */
  drainSlowly(direction: Direction, delayNs: Instant, untilNs: Instant): void {
    const at = direction === 'a-to-b' ? 0 : 1;
    const drain = this.qos?.lanes[at]?.drain ?? this.#native().drains[at === 0 ? 1 : 0];
    drain.delayNs = delayNs;
    drain.untilNs = untilNs;
  }

  #native(): LinkCredit {
    if (this.credit === undefined) throw new TypeError(`link ${this.name} has no credit`);
    return this.credit;
  }

  /** Brings the link up. */
  restore(): void {
    this.#owner.restoreLink(this);
  }

  #lane(direction: Direction): Lane {
    return direction === 'a-to-b' ? this.lanes[0] : this.lanes[1];
  }
}
