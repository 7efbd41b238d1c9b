/**
 * The deterministic driver: machines on links in virtual time.
 *
 * Everything happens in the total order (time, sequence); nothing depends on a clock, on the
 * order of a hash table or on another source of chance than the seed. Two simulators that are
 * built and steered alike do the same, byte for byte, and have the same digest.
 */

import type { QueueConfiguration } from '../history/qos.ts';
import { type LinkOptions, linkParameters } from '../link/channel.ts';
import { type ActiveFault, type Direction, FaultPlan, type FaultRule } from '../link/faults.ts';
import type { OtherTraffic } from '../link/queue-frames.ts';
import type { Instant, Machine } from '../machine/machine.ts';
import { streams } from '../machine/random.ts';
import { EventQueue } from './event-queue.ts';
import { Link, type LinkEnd, type Tap } from './link.ts';
import { NodeEvent, Nodes, SimulationError } from './nodes.ts';
import { frameCounts, type SimulatorStats } from './simulator-stats.ts';
import { type Observer, Trace } from './trace.ts';
import { type Clock, Transit } from './transit.ts';

/** How a simulator is made. */
export interface SimulatorOptions {
  /** Decides the random choices of fault rules; a safe integer, default 1. */
  readonly seed?: number;
  /** How many outputs a machine may give between two of its inputs; default 1,000,000. */
  readonly outputsPerDrainMax?: number;
  /** How many events may happen at one instant; default 10,000,000. */
  readonly eventsPerInstantMax?: number;
  /**
   * Where the bytes of a frame begin that a CRC in its last 8 bytes, computed by its sender, covers;
   * the frame's length where there is none. Only what lies before that and the last 8 bytes go into
   * the digest. By default every frame goes in whole.
   */
  readonly vouchedFrom?: (frame: Uint8Array) => number;
}

/** How far a run goes: to the first of these that comes true, or until nothing is left to do. */
export interface RunOptions {
  /** Events due at or before this time happen, and the time is this afterwards. */
  readonly untilNs?: Instant;
  /** Asked before the first event and after each. */
  readonly when?: () => boolean;
  /** More events than this are an error: the machines keep each other busy. Default 10^9. */
  readonly eventsMax?: number;
}

/** How a run ended. */
export interface RunResult {
  /** Nothing is pending any more; `untilNs` came; `when` came true. */
  readonly why: 'idle' | 'time' | 'condition';
  /** The virtual time. */
  readonly timeNs: Instant;
  /** Events of this run. */
  readonly events: number;
}

// The kind of event for `call`; a is the call's number.
const CALL = 16;
const CALLS = 2 ** 30;
const EVENTS_MAX = 1e9;

/** Runs machines whose events are of type `Event`. */
export class Simulator<Event = unknown> {
  readonly #clock: Clock = { nowNs: 0 };
  readonly #queue = new EventQueue();
  readonly #trace: Trace<Event>;
  readonly #nodes: Nodes<Event>;
  readonly #transit: Transit<Event>;
  readonly #calls = new Map<number, (now: Instant) => void>();
  readonly #eventsPerInstantMax: number;
  readonly #event = { timeNs: 0, kind: 0, a: 0, b: 0 };
  #callIds = 0;
  #events = 0;
  #eventsThisInstant = 0;
  #running = false;

  constructor(options: SimulatorOptions = {}) {
    this.#trace = new Trace<Event>(options.vouchedFrom);
    this.#eventsPerInstantMax = options.eventsPerInstantMax ?? 10_000_000;
    this.#nodes = new Nodes<Event>(
      this.#clock,
      this.#queue,
      this.#trace,
      options.outputsPerDrainMax ?? 1_000_000,
      (lane, frame, given) => this.#transit.send(lane, frame, given),
    );
    this.#transit = new Transit<Event>(
      this.#clock,
      this.#queue,
      this.#trace,
      new FaultPlan(streams(options.seed ?? 1).stream),
      this.#nodes,
    );
  }

  /** The virtual time. */
  get nowNs(): Instant {
    return this.#clock.nowNs;
  }

  /** Adds a node. Its machine is first drained at this instant, in the next run. */
  addNode(name: string, machine: Machine<Event>): void {
    this.#nodes.add(name, machine);
  }

  /**
   * Joins two ports by a link, which is up. The name defaults to `node.port-node.port`.
   *
   * Errors: `TypeError` for an unknown node, a port in use or a name in use; `RangeError` for
   * parameters that make no sense.
   */
  connect(a: LinkEnd, b: LinkEnd, options: LinkOptions & { readonly name?: string } = {}): Link {
    const name = options.name ?? `${a.node}.${a.port}-${b.node}.${b.port}`;
    if (this.#transit.find(name) !== undefined) {
      throw new TypeError(`simulator: there is a link ${name} already`);
    }
    if (a.node === b.node && a.port === b.port) {
      throw new TypeError(`simulator: link ${name} joins a port to itself`);
    }
    for (const { node, port } of [a, b]) this.#nodes.checkPortFree(node, port);
    const link = new Link(
      this.#transit.states,
      this.#transit.links.length,
      name,
      { ...a, nodeId: this.#nodes.idOf(a.node) },
      { ...b, nodeId: this.#nodes.idOf(b.node) },
      linkParameters(options),
    );
    this.#transit.addLink(link);
    this.#nodes.attach(a.node, a.port, link.lanes[0]);
    this.#nodes.attach(b.node, b.port, link.lanes[1]);
    return link;
  }

  /** All links, in the order they were made. */
  get links(): readonly Link[] {
    return this.#transit.links;
  }

  /** The link of a name. Errors: `TypeError` when there is none. */
  link(name: string): Link {
    const found = this.#transit.find(name);
    if (found === undefined) throw new TypeError(`simulator: there is no link ${name}`);
    return found;
  }

  /**
   * Lets events happen until one of the options says stop, by default until nothing is pending.
   *
   * Errors: `SimulationError` when a bound on events is passed, a machine throws, or its deadline
   * is no integer; the simulator is of no further use then.
   */
  run(options: RunOptions = {}): RunResult {
    if (this.#running) throw new TypeError('simulator: run was called inside a run');
    const { untilNs = Infinity, when } = options;
    const eventsMax = options.eventsMax ?? EVENTS_MAX;
    this.#running = true;
    const before = this.#events;
    const end = (why: RunResult['why']): RunResult => ({
      why,
      timeNs: this.nowNs,
      events: this.#events - before,
    });
    try {
      if (when?.()) return end('condition');
      while (this.#queue.popInto(this.#event, untilNs)) {
        if (++this.#events - before > eventsMax) {
          throw this.#endless(`more than ${eventsMax} events in a run`);
        }
        this.#handleEvent();
        if (when?.()) return end('condition');
      }
      if (untilNs !== Infinity && untilNs > this.nowNs) this.#clock.nowNs = untilNs;
      return end(this.#queue.size === 0 ? 'idle' : 'time');
    } finally {
      this.#running = false;
    }
  }

  /** Calls `work` at a virtual time. Errors: `RangeError` for a time that has passed. */
  call(atNs: Instant, work: (now: Instant) => void): void {
    if (atNs < this.nowNs) {
      throw new RangeError(`simulator: call at ${atNs} ns, but it is ${this.nowNs} ns already`);
    }
    const id = this.#callIds;
    this.#callIds = (id + 1) % CALLS;
    this.#queue.schedule(atNs, CALL, id, 0);
    this.#calls.set(id, work);
  }

  /**
   * Lets `work` change a node's machine from outside, by the machine's own methods, at this
   * instant, and takes what the machine then gives. `false`, and `work` not called, when the node
   * is paused or crashed.
   */
  act(node: string, work: (now: Instant) => void): boolean {
    return this.#nodes.act(node, work);
  }

  /** Whether a node runs. */
  nodeState(node: string): 'running' | 'paused' | 'crashed' {
    return this.#nodes.state(node);
  }

  /** Stops a node: frames that come to it vanish, its timers wait. */
  pauseNode(node: string): void {
    this.#nodes.stop(node, 'paused');
  }

  /** Lets a paused node go on: it learns which links changed, and overdue timers come at once. */
  resumeNode(node: string): void {
    this.#nodes.resume(node);
  }

  /**
   * Stops a node for good. Frames it had sent are still delivered and its links stay up; cut them
   * where the crash is one of the hardware.
   */
  crashNode(node: string): void {
    this.#nodes.stop(node, 'crashed');
  }

  /** Starts a node anew with another machine, crashed or not. */
  restartNode(node: string, machine: Machine<Event>): void {
    this.#nodes.restart(node, machine);
  }

  /**
   * Puts a fault rule in force; what is returned tells how often it acted.
   *
   * Errors: `TypeError` or `RangeError` naming what makes no sense in the rule.
   */
  addFault(rule: FaultRule): ActiveFault {
    return this.#transit.addFault(rule);
  }

  /** Ends the fault phase: no rule is left, clogs end, and links that a rule cut come up. */
  heal(): void {
    this.#transit.heal();
  }

  /**
   * Sees every frame that passes one end of a link: those the end sends while the link is up, as
   * it sent them, and those that arrive there. What the link loses is seen at the sender only.
   */
  tap(link: string, end: 'a' | 'b', tap: Tap): void {
    const [fromA, fromB] = this.link(link).lanes;
    this.#trace.isKept = true;
    (end === 'a' ? fromA : fromB).tapsAtSender.push(tap);
    (end === 'a' ? fromB : fromA).tapsAtReceiver.push(tap);
  }

  /**
   * An end of a link, 0 or 1 in its order, has other queues from now on. Errors: `TypeError` for a link without
   * queues; `RangeError` for queues that are none.
   */
  setQueues(
    name: string,
    end: number,
    queues: QueueConfiguration,
    by: 'configuration' | 'dcbx',
  ): void {
    this.#transit.queues.configure(this.#queued(name), end, queues, by);
  }

  /** An end of a link sends other traffic, too, from now on. Errors: `TypeError` for a link without queues. */
  sendOther(name: string, direction: Direction, traffic: OtherTraffic): void {
    const { lanes } = this.#queued(name);
    this.#transit.queues.sendOther(lanes[direction === 'a-to-b' ? 0 : 1], traffic);
  }

  #queued(name: string): Link {
    const link = this.link(name);
    if (link.qos === undefined) throw new TypeError(`simulator: link ${name} has no queues`);
    return link;
  }

  /** Adds an observer of frames, machine events, nodes and links; the result removes it. */
  observe(observer: Observer<Event>): () => void {
    return this.#trace.observe(observer);
  }

  /** The digest of everything so far: 16 hexadecimal digits. */
  digest(): string {
    return this.#trace.digest.hex();
  }

  /** The counters as of now. */
  stats(): SimulatorStats {
    return {
      events: this.#events,
      timeouts: this.#nodes.timeouts,
      framesUnconnected: this.#nodes.unconnected,
      ...frameCounts(this.#transit.links),
    };
  }

  #handleEvent(): void {
    const { timeNs, kind, a, b } = this.#event;
    // A timer whose deadline moved away is no event at all: time does not move to it.
    if (kind === NodeEvent.TIMER && !this.#nodes.isTimerDue(a, timeNs)) return;
    if (timeNs !== this.#clock.nowNs) {
      this.#clock.nowNs = timeNs;
      this.#eventsThisInstant = 0;
    } else if (++this.#eventsThisInstant > this.#eventsPerInstantMax) {
      throw this.#endless(`more than ${this.#eventsPerInstantMax} events`);
    }
    if (kind < NodeEvent.TIMER) this.#transit.handleEvent(kind, a, b);
    else if (kind < CALL) this.#nodes.handleEvent(kind, a);
    else this.#handleCall(a);
  }

  #handleCall(id: number): void {
    const work = this.#calls.get(id)!;
    this.#calls.delete(id);
    work(this.nowNs);
  }

  #endless(what: string): SimulationError {
    return new SimulationError(`this was active last: ${what}`, this.nowNs, this.#nodes.lastActive);
  }
}
