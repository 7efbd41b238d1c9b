/** The machines: stepping, draining and timing them. */

import type { Instant, Machine, Output } from '../machine/machine.ts';
import type { EventHandle, EventQueue } from './event-queue.ts';
import type { Lane } from './link.ts';
import type { Trace } from './trace.ts';
import type { Clock, Receiver } from './transit.ts';

/** A machine broke the contract, or a run did not end within its bounds. */
export class SimulationError extends Error {
  /** The virtual time of it. */
  readonly timeNs: Instant;
  /** The node at work, where there was one. */
  readonly node: string | undefined;

  constructor(message: string, timeNs: Instant, node?: string, options?: ErrorOptions) {
    super(`${node === undefined ? '' : `node ${node}: `}${message} at ${timeNs} ns`, options);
    this.name = 'SimulationError';
    this.timeNs = timeNs;
    this.node = node;
  }
}

/** The kinds of event the nodes schedule; `a` is the number of a node. */
export const NodeEvent = {
  /** The machine's deadline may have come. */
  TIMER: 8,
  /** The machine starts to run, or goes on. */
  START: 9,
} as const;

const PORT_MAX = 65_535;

interface Node<Event> {
  readonly id: number;
  readonly name: string;
  machine: Machine<Event>;
  state: 'running' | 'paused' | 'crashed';
  /** What the node sends at a port goes into this lane. */
  readonly lanes: (Lane | undefined)[];
  /** When the pending timer event is due; `Infinity`: none is pending. */
  timerNs: Instant;
  timer: EventHandle;
  draining: boolean;
}

/** All machines of a simulation by number, each with its outbox and its next time. */
export class Nodes<Event> implements Receiver {
  /** Frames sent on ports without a link. */
  unconnected = 0;
  /** Calls of `handleTimeout`. */
  timeouts = 0;

  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #trace: Trace<Event>;
  readonly #outputsPerDrainMax: number;
  readonly #send: (lane: Lane, frame: Uint8Array, given: boolean) => void;
  readonly #nodes: Node<Event>[] = [];
  readonly #byName = new Map<string, Node<Event>>();
  #lastActive: Node<Event> | undefined;

  constructor(
    clock: Clock,
    queue: EventQueue,
    trace: Trace<Event>,
    outputsPerDrainMax: number,
    send: (lane: Lane, frame: Uint8Array, given: boolean) => void,
  ) {
    this.#clock = clock;
    this.#queue = queue;
    this.#trace = trace;
    this.#outputsPerDrainMax = outputsPerDrainMax;
    this.#send = send;
  }

  /** The node that did something last, for messages about runs that do not end. */
  get lastActive(): string | undefined {
    return this.#lastActive?.name;
  }

  add(name: string, machine: Machine<Event>): void {
    if (this.#byName.has(name)) throw new TypeError(`simulator: there is a node ${name} already`);
    const node: Node<Event> = {
      id: this.#nodes.length,
      name,
      machine,
      state: 'running',
      lanes: [],
      timerNs: Infinity,
      timer: 0,
      draining: false,
    };
    this.#nodes.push(node);
    this.#byName.set(name, node);
    this.#queue.schedule(this.#clock.nowNs, NodeEvent.START, node.id, 0);
  }

  /** The number of a node. Errors: `TypeError` when there is none of that name. */
  idOf(name: string): number {
    return this.#find(name).id;
  }

  state(name: string): 'running' | 'paused' | 'crashed' {
    return this.#find(name).state;
  }

  /** Errors: `TypeError` when the port is none or has a link. */
  checkPortFree(name: string, port: number): void {
    if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
      throw new TypeError(`simulator: port ${port} of node ${name} is not 0..${PORT_MAX}`);
    }
    if (this.#find(name).lanes[port] !== undefined) {
      throw new TypeError(`simulator: port ${port} of node ${name} has a link already`);
    }
  }

  attach(name: string, port: number, lane: Lane): void {
    const { lanes } = this.#find(name);
    while (lanes.length <= port) lanes.push(undefined);
    lanes[port] = lane;
  }

  handleEvent(kind: number, id: number): void {
    const node = this.#nodes[id]!;
    if (kind === NodeEvent.START) this.#start(node);
    else this.#handleTimer(node);
  }

  /** Whether a timer event has work to do; if not, it is put where the deadline now is. */
  isTimerDue(id: number, timeNs: Instant): boolean {
    const node = this.#nodes[id]!;
    node.timerNs = Infinity;
    if (node.state !== 'running') return false;
    const { deadline } = node.machine;
    if (deadline !== undefined && deadline <= timeNs) return true;
    this.#setTimer(node);
    return false;
  }

  isRunning(id: number): boolean {
    return this.#nodes[id]!.state === 'running';
  }

  receive(id: number, port: number, frame: Uint8Array, given: boolean): void {
    const node = this.#nodes[id]!;
    try {
      node.machine.handleFrame(port, frame, given, this.#clock.nowNs);
    } catch (cause) {
      throw this.#blame(node, `handleFrame on port ${port} threw`, cause);
    }
    this.#drain(node);
  }

  tellLink(id: number, port: number, up: boolean): void {
    const node = this.#nodes[id]!;
    try {
      node.machine.handleLink(port, up, this.#clock.nowNs);
    } catch (cause) {
      throw this.#blame(node, `handleLink on port ${port} threw`, cause);
    }
    this.#drain(node);
  }

  /** Lets `work` change the machine from outside and drains it; `false` unless it is running. */
  act(name: string, work: (now: Instant) => void): boolean {
    const node = this.#find(name);
    if (node.state !== 'running') return false;
    work(this.#clock.nowNs);
    this.#drain(node);
    return true;
  }

  /** Stops a node; `machine` is kept for `resume`, unless it crashed. */
  stop(name: string, state: 'paused' | 'crashed'): void {
    const node = this.#find(name);
    if (node.state === 'crashed' || node.state === state) {
      throw new TypeError(`simulator: node ${name} is ${node.state} already`);
    }
    node.state = state;
    if (node.timerNs !== Infinity) this.#queue.cancel(node.timer);
    node.timerNs = Infinity;
    this.#trace.node({ what: state, timeNs: this.#clock.nowNs, node: name });
  }

  resume(name: string): void {
    const node = this.#find(name);
    if (node.state !== 'paused') {
      throw new TypeError(`simulator: node ${name} is ${node.state}, not paused`);
    }
    this.#goOn(node, 'resumed');
  }

  /** Whatever the node was doing, it now starts anew with another machine. */
  restart(name: string, machine: Machine<Event>): void {
    const node = this.#find(name);
    if (node.timerNs !== Infinity) this.#queue.cancel(node.timer);
    node.timerNs = Infinity;
    node.machine = machine;
    for (const lane of node.lanes) {
      if (lane !== undefined) lane.link.state.told[endOf(lane)] = true;
    }
    this.#goOn(node, 'restarted');
  }

  #goOn(node: Node<Event>, what: 'resumed' | 'restarted'): void {
    node.state = 'running';
    this.#trace.node({ what, timeNs: this.#clock.nowNs, node: node.name });
    this.#queue.schedule(this.#clock.nowNs, NodeEvent.START, node.id, 0);
  }

  #start(node: Node<Event>): void {
    if (node.state !== 'running') return;
    for (const [port, lane] of node.lanes.entries()) {
      if (lane === undefined) continue;
      const { state } = lane.link;
      if (state.told[endOf(lane)] === state.up) continue;
      state.told[endOf(lane)] = state.up;
      this.tellLink(node.id, port, state.up);
    }
    this.#drain(node);
  }

  #handleTimer(node: Node<Event>): void {
    this.timeouts++;
    try {
      node.machine.handleTimeout(this.#clock.nowNs);
    } catch (cause) {
      throw this.#blame(node, 'handleTimeout threw', cause);
    }
    this.#drain(node);
  }

  /** Takes everything the machine has to give, then sees to its deadline. */
  #drain(node: Node<Event>): void {
    // An observer of this node's event may act on the node: the loop below goes on then.
    if (node.draining) return;
    this.#lastActive = node;
    node.draining = true;
    try {
      this.#takeOutputs(node);
    } finally {
      node.draining = false;
    }
    if (node.state === 'running') this.#setTimer(node);
  }

  #takeOutputs(node: Node<Event>): void {
    for (let outputs = 0; node.state === 'running'; outputs++) {
      const output = node.machine.poll();
      if (output === undefined) return;
      if (outputs === this.#outputsPerDrainMax) {
        throw this.#blame(node, `poll gave more than ${this.#outputsPerDrainMax} outputs in a row`);
      }
      if (!isFrame(output)) {
        this.#trace.event(node.id, node.name, output.event, this.#clock.nowNs);
        continue;
      }
      const lane = node.lanes[output.port];
      if (lane === undefined) this.unconnected++;
      else this.#send(lane, output.send, output.given);
    }
  }

  /**
   * Sees to it that a timer event is pending no later than the deadline. One that is pending
   * earlier is left: machines move their deadlines far more often than deadlines come.
   */
  #setTimer(node: Node<Event>): void {
    const { deadline } = node.machine;
    if (deadline === undefined) return;
    if (!Number.isSafeInteger(deadline)) {
      throw this.#blame(node, `deadline ${deadline} is not an integer of nanoseconds`);
    }
    const dueNs = Math.max(deadline, this.#clock.nowNs);
    if (dueNs >= node.timerNs) return;
    if (node.timerNs !== Infinity) this.#queue.cancel(node.timer);
    node.timerNs = dueNs;
    node.timer = this.#queue.schedule(dueNs, NodeEvent.TIMER, node.id, 0);
  }

  #find(name: string): Node<Event> {
    const node = this.#byName.get(name);
    if (node === undefined) throw new TypeError(`simulator: there is no node ${name}`);
    return node;
  }

  #blame(node: Node<Event>, what: string, cause?: unknown): SimulationError {
    const message = cause instanceof Error ? `${what}: ${cause.message}` : what;
    return new SimulationError(message, this.#clock.nowNs, node.name, { cause });
  }
}

/** A read of the property costs a fraction of what `in` does. */
function isFrame<Event>(output: Output<Event>): output is Extract<Output<Event>, { port: number }> {
  return (output as { readonly send?: Uint8Array }).send !== undefined;
}

/** Which end of its link sends into a lane: 0 is a. */
const endOf = (lane: Lane): 0 | 1 => (lane.direction === 'a-to-b' ? 0 : 1);
