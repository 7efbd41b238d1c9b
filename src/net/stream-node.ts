/** A machine that speaks byte streams as a station of its own on one Ethernet port. */
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { RandomStream } from '../machine/random.ts';
import type { StreamMachine } from '../machine/stream-machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { IpPortOptions } from './ip-port.ts';
import { type AttachedMachine, IpStack, type IpStackOwner } from './ip-stack.ts';

/** What a station is made of. */
export interface StreamNodeOptions<Event> {
  readonly port: IpPortOptions;
  readonly machine: StreamMachine<Event>;
  /** The TCP ports that the machine serves. */
  readonly listens?: readonly number[];
  /** Its initial sequence numbers and ports come from there. */
  readonly random: RandomStream;
  /** Whether its link is up at first; it is unless told. */
  readonly linkUp?: boolean;
}

/** A stream machine, its TCP and one port. */
export class StreamNode<Event> implements Machine<Event>, IpStackOwner {
  readonly stack: IpStack;
  readonly #core = new MachineCore<Event>();
  readonly #attached: AttachedMachine;

  /** Errors: `RangeError` for an address that is none. */
  constructor({ port, machine, listens = [], random, linkUp = true }: StreamNodeOptions<Event>) {
    this.stack = new IpStack([port], this, random, linkUp);
    this.#attached = this.stack.attach(machine, {
      onEvent: (event) => this.#core.emit(event),
      listens: listens.map((tcpPort) => ({ tcpPort })),
    });
  }

  /** Something else changed the machine: takes what it has to say. */
  drain(now: Instant): void {
    this.#core.now = now;
    this.#attached.drain();
  }

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    this.stack.handleFrame(port, frame);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#core.now = now;
    this.stack.handleLink(port, up);
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<Event> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    return { timers: this.#core.timers.pending, ...this.stack.kept() };
  }

  // What the stack asks for.

  get now(): Instant {
    return this.#core.now;
  }

  send(port: number, frame: Uint8Array): void {
    this.#core.send(port, frame, true);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#core.after(delayNs, run);
  }
}
