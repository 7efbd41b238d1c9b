/**
 * A few machines on cables in virtual time, without faults, without queues: enough to have them
 * logged in with each other and at work while one of them is tried.
 */
import type { Instant, Machine } from '../machine/machine.ts';

/** A port of a machine, by the machine's name. */
export interface PortOfNode {
  readonly node: string;
  readonly port: number;
}

/** A frame, and the port that it is for. */
export interface Delivery {
  readonly to: PortOfNode;
  readonly frame: Uint8Array;
}

/** A frame on its way. */
interface Flight extends Delivery {
  readonly dueAt: Instant;
}

/** How long a frame is on its way. */
const CABLE_NS = 1_000;

/** Machines, and what is under way between them. */
export class LittleNet {
  now: Instant = 0;
  /** The frame that a machine was given last. */
  last: Delivery | undefined;
  /** Most outputs that one frame brought about. */
  outputsMost = 0;
  readonly #machines: ReadonlyMap<string, Machine<unknown>>;
  readonly #cables: readonly (readonly [PortOfNode, PortOfNode])[];
  readonly #peers = new Map<string, PortOfNode>();
  readonly #handleEvent: (node: string, event: unknown) => void;
  /** Every frame takes as long as every other: the oldest is the next. */
  #flights: Flight[] = [];
  #landed = 0;
  /** Sees a frame that comes by a cable, and says what comes of it. */
  onFrame: (to: PortOfNode, frame: Uint8Array) => Uint8Array = (_to, frame) => frame;

  /** Errors: `TypeError` for a cable to a machine that is not there. */
  constructor(
    machines: ReadonlyMap<string, Machine<unknown>>,
    cables: readonly (readonly [PortOfNode, PortOfNode])[],
    handleEvent: (node: string, event: unknown) => void,
  ) {
    this.#machines = machines;
    this.#cables = cables;
    this.#handleEvent = handleEvent;
    for (const [a, b] of cables) {
      this.machine(a.node);
      this.machine(b.node);
      this.#peers.set(keyOf(a), b);
      this.#peers.set(keyOf(b), a);
    }
  }

  /** The machine of a name. Errors: `TypeError` when there is none. */
  machine(node: string): Machine<unknown> {
    const machine = this.#machines.get(node);
    if (machine === undefined) throw new TypeError(`there is no machine ${node}`);
    return machine;
  }

  /** Every machine is told that its links are up. */
  plugIn(): void {
    for (const end of this.#peers.values())
      this.machine(end.node).handleLink(end.port, true, this.now);
    this.drain();
  }

  /** The link of a cable goes and comes back at once. */
  flap(cable: number): void {
    const ends = this.#cables[cable % this.#cables.length]!;
    for (const up of [false, true]) {
      for (const { node, port } of ends) this.machine(node).handleLink(port, up, this.now);
      this.drain();
    }
  }

  /** Hands a machine a frame, which it may change. Errors: what the machine throws. */
  deliver(to: PortOfNode, frame: Uint8Array): void {
    this.last = { to, frame: frame.slice() };
    this.machine(to.node).handleFrame(to.port, frame, true, this.now);
    this.outputsMost = Math.max(this.outputsMost, this.drain(to.node));
  }

  /** Lets the next thing happen: a frame lands or a machine is due. False when nothing is left. */
  step(): boolean {
    const flight = this.#flights[this.#landed];
    let due: string | undefined;
    let dueAt = flight?.dueAt ?? Number.POSITIVE_INFINITY;
    for (const [node, { deadline }] of this.#machines) {
      if (deadline === undefined) continue;
      if (!Number.isSafeInteger(deadline) || deadline < 0)
        throw new RangeError(`${node} is due at ${deadline}, which is no whole nanosecond`);
      if (deadline >= dueAt) continue;
      dueAt = deadline;
      due = node;
    }
    if (dueAt === Number.POSITIVE_INFINITY) return false;
    this.now = Math.max(this.now, dueAt);
    if (due === undefined) this.#land(flight!);
    else {
      this.machine(due).handleTimeout(this.now);
      this.drain(due);
    }
    return true;
  }

  #land(flight: Flight): void {
    this.#landed++;
    if (this.#landed > 1024 && this.#landed * 2 > this.#flights.length) {
      this.#flights = this.#flights.slice(this.#landed);
      this.#landed = 0;
    }
    const { to, frame } = flight;
    this.deliver(to, this.onFrame(to, frame).slice());
  }

  /**
   * Takes what machines have to say, `first` first, until nobody has more: what is told of an event
   * may make another machine speak. Returns the outputs of `first`.
   */
  drain(first?: string): number {
    let outputs = 0;
    if (first !== undefined) outputs = this.#drainOne(first);
    let more = true;
    while (more) {
      more = false;
      for (const node of this.#machines.keys()) if (this.#drainOne(node) > 0) more = true;
    }
    return outputs;
  }

  #drainOne(node: string): number {
    const machine = this.machine(node);
    let outputs = 0;
    for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
      outputs++;
      if ('event' in output) this.#handleEvent(node, output.event);
      else {
        const to = this.#peers.get(keyOf({ node, port: output.port }));
        if (to === undefined) continue;
        this.#flights.push({ to, frame: output.send, dueAt: this.now + CABLE_NS });
      }
    }
    return outputs;
  }
}

const keyOf = ({ node, port }: PortOfNode): string => `${node} ${port}`;
