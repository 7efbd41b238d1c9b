/**
 * The live driver: the same machines that the simulator runs, on the real clock and on real wires.
 *
 * It makes one change at a time and drains the machine, as the contract says. Frames between
 * machines inside go through a queue; frames to the outside go to the wire of their port, which
 * sends what it gathered once per turn. Fault rules act on the wire side of a port: behind its
 * tap for frames it sends, before it for frames that arrive.
 */
import { performance } from 'node:perf_hooks';
import type { ActiveFault, Direction } from '../link/faults.ts';
import type { Instant, Machine } from '../machine/machine.ts';
import { type Timer, Timers } from '../machine/timers.ts';
import { Plug, type PlugOwner, type Wire } from './plug.ts';

/** Sees every frame at a port: `in` towards the machine, `out` from it. */
export type LiveTap = (
  node: string,
  port: number,
  direction: 'in' | 'out',
  frame: Uint8Array,
  now: Instant,
) => void;

/** What a live driver tells of its machines, and by which clock it runs them. */
export interface LiveDriverOptions<Event> {
  readonly onEvent: (node: string, event: Event, now: Instant) => void;
  readonly tap?: LiveTap;
  /** A machine threw, which is a defect of ours: the frame is lost, the others go on. */
  readonly onDefect?: (node: string, error: unknown) => void;
  /** The clock, in nanoseconds; default: the process's, from when the driver was made. */
  readonly clock?: () => Instant;
}

type Port<Event> = Plug<Node<Event>>;

interface Node<Event> {
  readonly name: string;
  machine: Machine<Event>;
  /** Without power a machine is left alone: frames to it are lost, its timers wait. */
  powered: boolean;
  readonly plugs: (Port<Event> | undefined)[];
}

/** Frames inside that wait for their turn; more means that machines keep each other busy. */
const QUEUE_MAX = 1_000_000;
/** A timer further away than this is looked at again then: setTimeout takes no longer delay. */
const TIMER_MS_MAX = 60_000;
/** Rounds of timers due at once, before sockets get their turn again. */
const ROUNDS_MAX = 64;
const NS_PER_MS = 1e6;

/** Runs machines on the real clock: frames, links, power and timers of each. */
export class LiveDriver<Event> {
  readonly #options: LiveDriverOptions<Event>;
  readonly #nodes = new Map<string, Node<Event>>();
  #queue: { readonly plug: Port<Event>; readonly frame: Uint8Array; readonly given: boolean }[] =
    [];
  readonly #gathering = new Set<Wire>();
  /** Frames that faults hold back, and links that come back. */
  readonly #held = new Timers();
  readonly #clock: () => Instant;
  readonly #portOwner: PlugOwner<Node<Event>>;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #pumping = false;
  #stopped = false;

  constructor(options: LiveDriverOptions<Event>) {
    this.#options = options;
    this.#clock = options.clock ?? processClock();
    this.#portOwner = {
      clock: this.#clock,
      at: (atNs, run) => this.#at(atNs, run),
      take: (plug, frame, given) => this.#enqueue(plug, frame, given),
      gather: (wire) => this.#gathering.add(wire),
      tell: (plug, up) => this.#tell(plug, up),
    };
  }

  /** The time, by the driver's clock. */
  get now(): Instant {
    return this.#clock();
  }

  addNode(name: string, machine: Machine<Event>): void {
    this.#nodes.set(name, { name, machine, powered: true, plugs: [] });
  }

  /** Puts another machine in the place of one, as after a loss of power. */
  replaceNode(name: string, machine: Machine<Event>): void {
    this.#node(name).machine = machine;
  }

  /** Takes a machine's power away, or gives it back. It is not told. */
  setPower(name: string, powered: boolean): void {
    this.#node(name).powered = powered;
    this.#pump();
  }

  /** Joins two ports of machines inside; both are told that the link is up. */
  connect(a: { node: string; port: number }, b: { node: string; port: number }): void {
    const left = this.#plugOf(a.node, a.port);
    const right = this.#plugOf(b.node, b.port);
    left.peer = right;
    right.peer = left;
    this.setLink(a.node, a.port, true);
  }

  /** Gives a port a wire; its machine is told that the link is up. */
  attach(node: string, port: number, wire: Wire): void {
    this.#plugOf(node, port).wire = wire;
    this.setLink(node, port, true);
  }

  /** The wire of a port is gone; its machine is told. */
  detach(node: string, port: number): void {
    const plug = this.#plugOf(node, port);
    if (plug.wire === undefined) return;
    this.setLink(node, port, false);
    this.#gathering.delete(plug.wire);
    plug.wire = undefined;
  }

  /** Takes a link down, or brings it up; the machines at its ends are told. */
  setLink(node: string, port: number, up: boolean): void {
    this.#plugOf(node, port).setLink(up);
  }

  /** Frames arrived on the wire of a port, oldest first. Those of one call are one turn. */
  receive(node: string, port: number, frames: readonly Uint8Array[]): void {
    const plug = this.#plugOf(node, port);
    for (const frame of frames) plug.receive(frame, false);
    this.#pump();
  }

  /** Changes a machine from outside, by its own methods. */
  act(node: string, work: (machine: Machine<Event>, now: Instant) => void): void {
    const one = this.#node(node);
    work(one.machine, this.now);
    this.#drain(one);
    this.#pump();
  }

  /** Runs something later, in nanoseconds from now, between two changes. */
  after(delayNs: Instant, run: () => void): void {
    this.#at(this.now + delayNs, run);
  }

  /**
   * Puts fault rules in force at a port, instead of those before. `a-to-b` is towards the machine.
   * A frame that an older rule holds back still arrives.
   */
  setFaults(
    node: string,
    port: number,
    direction: Direction,
    faults: readonly ActiveFault[],
  ): void {
    this.#plugOf(node, port).setFaults(direction, faults);
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

  #plugOf(name: string, port: number): Port<Event> {
    const node = this.#node(name);
    node.plugs[port] ??= new Plug(node, port, this.#portOwner);
    return node.plugs[port];
  }

  #enqueue(plug: Port<Event>, frame: Uint8Array, given: boolean): void {
    if (!plug.node.powered) return;
    if (this.#queue.length >= QUEUE_MAX)
      this.#defect(plug.node, new RangeError(`more than ${QUEUE_MAX} frames wait`));
    else this.#queue.push({ plug, frame, given });
  }

  #tell({ node, port }: Port<Event>, up: boolean): void {
    if (!node.powered) return;
    this.act(node.name, (machine, now) => machine.handleLink(port, up, now));
  }

  #at(atNs: Instant, run: () => void): Timer {
    const timer = this.#held.set(atNs, run);
    this.#setTimer();
    return timer;
  }

  /** Works off the queue and the timers that are due, lets wires send, sets the next timer. */
  #pump(): void {
    if (this.#pumping || this.#stopped) return;
    this.#pumping = true;
    try {
      // A process that stood still has timers that were due before the frames that have come meanwhile.
      this.#runDue();
      for (let round = 0; round < ROUNDS_MAX; round++) {
        this.#workQueue();
        if (!this.#runDue()) break;
      }
    } finally {
      this.#pumping = false;
    }
    for (const wire of this.#gathering) wire.flush();
    this.#gathering.clear();
    this.#setTimer();
  }

  #workQueue(): void {
    const queue = this.#queue;
    for (let i = 0; i < queue.length; i++) {
      const { plug, frame, given } = queue[i]!;
      const { node, port } = plug;
      const { now } = this;
      this.#options.tap?.(node.name, port, 'in', frame, now);
      try {
        node.machine.handleFrame(port, frame, given, now);
      } catch (error) {
        this.#defect(node, error);
      }
      this.#drain(node);
    }
    queue.length = 0;
  }

  /** Runs timers that are due. False when there were none and no frame came of them. */
  #runDue(): boolean {
    const { now } = this;
    let ran = false;
    const heldAt = this.#held.deadline;
    if (heldAt !== undefined && heldAt <= now) {
      this.#held.run(now);
      ran = true;
    }
    for (const node of this.#nodes.values()) {
      const { deadline } = node.machine;
      if (deadline === undefined || deadline > now || !node.powered) continue;
      try {
        node.machine.handleTimeout(now);
      } catch (error) {
        this.#defect(node, error);
      }
      this.#drain(node);
      ran = true;
    }
    return ran;
  }

  #drain(node: Node<Event>): void {
    for (let output = node.machine.poll(); output !== undefined; output = node.machine.poll()) {
      if ('event' in output) {
        this.#options.onEvent(node.name, output.event, this.now);
        continue;
      }
      const { port, send, given } = output;
      const plug = node.plugs[port];
      if (plug === undefined) continue;
      this.#options.tap?.(node.name, port, 'out', send, this.now);
      plug.send(send, given && this.#options.tap === undefined);
    }
  }

  #defect(node: Node<Event>, error: unknown): void {
    if (this.#options.onDefect === undefined) throw error;
    this.#options.onDefect(node.name, error);
  }

  /** One timer for the earliest deadline. It is left alone when it fires early enough. */
  #setTimer(): void {
    if (this.#stopped || this.#pumping) return;
    let earliest = this.#held.deadline ?? Number.POSITIVE_INFINITY;
    for (const { machine, powered } of this.#nodes.values()) {
      const { deadline } = machine;
      if (powered && deadline !== undefined && deadline < earliest) earliest = deadline;
    }
    if (this.#timer !== undefined && this.#timerAt <= earliest) return;
    if (earliest === Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    const { now } = this;
    const delayMs = Math.min(Math.max(0, Math.ceil((earliest - now) / NS_PER_MS)), TIMER_MS_MAX);
    this.#timerAt = now + delayMs * NS_PER_MS;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, delayMs);
  }
}

/** Nanoseconds from now on. */
function processClock(): () => Instant {
  const originMs = performance.now();
  return () => Math.round((performance.now() - originMs) * NS_PER_MS);
}
