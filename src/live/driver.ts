/**
 * The live driver: the same machines that the simulator runs, on the real clock and on real wires.
 *
 * It makes one change at a time and drains the machine, as the contract says. Frames between
 * machines inside go through a queue; frames to the outside go to the wire of their port.
 */
import type { Instant, Machine } from '../fabric/machine.ts';

/** A machine that also wants to know of its links. */
export interface LiveMachine<Event> extends Machine<Event> {
  handleLink?(port: number, up: boolean, now: Instant): void;
}

/** Where a port's frames go when it has a wire. Must not keep the event loop waiting. */
export type SendFrame = (frame: Uint8Array) => void;

/** Sees every frame at a port: `in` towards the machine, `out` from it. */
export type LiveTap = (
  node: string,
  port: number,
  direction: 'in' | 'out',
  frame: Uint8Array,
  now: Instant,
) => void;

export interface LiveDriverOptions<Event> {
  readonly onEvent: (node: string, event: Event, now: Instant) => void;
  readonly tap?: LiveTap;
}

interface Node<Event> {
  readonly name: string;
  readonly machine: LiveMachine<Event>;
  readonly wires: Map<number, SendFrame>;
  readonly peers: Map<number, { readonly node: Node<Event>; readonly port: number }>;
}

/** Frames inside that wait for their turn; more means that machines keep each other busy. */
const QUEUE_MAX = 1_000_000;
/** A timer further away than this is looked at again then: setTimeout takes no longer delay. */
const TIMER_MS_MAX = 60_000;

export class LiveDriver<Event> {
  readonly #options: LiveDriverOptions<Event>;
  readonly #nodes = new Map<string, Node<Event>>();
  readonly #queue: {
    readonly node: Node<Event>;
    readonly port: number;
    readonly frame: Uint8Array;
  }[] = [];
  readonly #origin = process.hrtime.bigint();
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #stopped = false;

  constructor(options: LiveDriverOptions<Event>) {
    this.#options = options;
  }

  /** Nanoseconds since the driver was made. */
  get now(): Instant {
    return Number(process.hrtime.bigint() - this.#origin);
  }

  addNode(name: string, machine: LiveMachine<Event>): void {
    this.#nodes.set(name, { name, machine, wires: new Map(), peers: new Map() });
  }

  /** Joins two ports of machines inside; both are told that the link is up. */
  connect(a: { node: string; port: number }, b: { node: string; port: number }): void {
    const left = this.#node(a.node);
    const right = this.#node(b.node);
    left.peers.set(a.port, { node: right, port: b.port });
    right.peers.set(b.port, { node: left, port: a.port });
    this.act(a.node, (machine, now) => machine.handleLink?.(a.port, true, now));
    this.act(b.node, (machine, now) => machine.handleLink?.(b.port, true, now));
  }

  /** Gives a port a wire; its machine is told that the link is up. */
  attach(node: string, port: number, send: SendFrame): void {
    this.#node(node).wires.set(port, send);
    this.act(node, (machine, now) => machine.handleLink?.(port, true, now));
  }

  /** The wire of a port is gone; its machine is told. */
  detach(node: string, port: number): void {
    if (!this.#node(node).wires.delete(port)) return;
    this.act(node, (machine, now) => machine.handleLink?.(port, false, now));
  }

  /** A whole frame arrived on the wire of a port. */
  receive(node: string, port: number, frame: Uint8Array): void {
    this.#enqueue(this.#node(node), port, frame);
    this.#pump();
  }

  /** Changes a machine from outside, by its own methods. */
  act(node: string, work: (machine: LiveMachine<Event>, now: Instant) => void): void {
    const one = this.#node(node);
    work(one.machine, this.now);
    this.#drain(one);
    this.#pump();
  }

  /** Nothing happens any more: no timer runs, frames are dropped. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #node(name: string): Node<Event> {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new TypeError(`live driver: there is no node ${name}`);
    return node;
  }

  #enqueue(node: Node<Event>, port: number, frame: Uint8Array): void {
    if (this.#queue.length >= QUEUE_MAX)
      throw new RangeError(`live driver: more than ${QUEUE_MAX} frames wait`);
    this.#queue.push({ node, port, frame });
  }

  /** Works the queue off, then sets the timer for the earliest deadline. */
  #pump(): void {
    if (this.#pumping || this.#stopped) return;
    this.#pumping = true;
    try {
      for (let i = 0; i < this.#queue.length; i++) {
        const { node, port, frame } = this.#queue[i]!;
        const { now } = this;
        this.#options.tap?.(node.name, port, 'in', frame, now);
        node.machine.handleFrame(port, frame, now);
        this.#drain(node);
      }
      this.#queue.length = 0;
    } finally {
      this.#pumping = false;
    }
    this.#setTimer();
  }

  #drain(node: Node<Event>): void {
    for (let output = node.machine.poll(); output !== undefined; output = node.machine.poll()) {
      if ('event' in output) {
        this.#options.onEvent(node.name, output.event, this.now);
        continue;
      }
      const { port, send } = output;
      this.#options.tap?.(node.name, port, 'out', send, this.now);
      const peer = node.peers.get(port);
      if (peer !== undefined) this.#enqueue(peer.node, peer.port, send);
      else node.wires.get(port)?.(send);
    }
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    let earliest: Instant | undefined;
    for (const { machine } of this.#nodes.values()) {
      const { deadline } = machine;
      if (deadline !== undefined && (earliest === undefined || deadline < earliest))
        earliest = deadline;
    }
    if (earliest === undefined || this.#stopped) return;
    const delayMs = Math.min(Math.max(0, Math.ceil((earliest - this.now) / 1e6)), TIMER_MS_MAX);
    this.#timer = setTimeout(() => this.#timeout(), delayMs);
  }

  #timeout(): void {
    for (const node of this.#nodes.values()) {
      const { now } = this;
      if (node.machine.deadline !== undefined && node.machine.deadline <= now) {
        node.machine.handleTimeout(now);
        this.#drain(node);
      }
    }
    this.#pump();
  }
}
