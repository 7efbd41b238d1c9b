/** Ports of machines and the links between them, as the live driver keeps them. */

import type { ActiveFault, Direction } from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { LiveLane } from './lane.ts';

/** A cable to the outside. Neither call may keep the event loop waiting. */
export interface Wire {
  /** Takes a frame; it is not changed any more. */
  send(frame: Uint8Array): void;
  /** Everything of this turn was taken: send it. */
  flush(): void;
}

/** What a port needs of the driver. */
export interface PlugOwner<Node> {
  /** The time. */
  clock(): Instant;
  /** Runs something at a time, between two changes. */
  at(atNs: Instant, run: () => void): Timer;
  /** A frame has come for the machine; `given`: nobody else keeps it. */
  take(plug: Plug<Node>, frame: Uint8Array, given: boolean): void;
  /** The wire was given something to send. */
  gather(wire: Wire): void;
  /** Tells the machine that the link is up or down. */
  tell(plug: Plug<Node>, up: boolean): void;
}

/** A port of a machine with what it is plugged into. */
export class Plug<Node> {
  readonly node: Node;
  readonly port: number;
  /** The other end, where that is a machine inside too. */
  peer: Plug<Node> | undefined;
  wire: Wire | undefined;
  readonly #owner: PlugOwner<Node>;
  /** False while a fault or its owner holds the link down: frames are lost both ways. */
  #up = false;
  /** While down: when the link comes up by itself; `Infinity`: not before its owner says so. */
  #downUntilNs: Instant = Infinity;
  /** Rules for frames towards the machine, and from it. */
  #inwards: LiveLane | undefined;
  #outwards: LiveLane | undefined;

  constructor(node: Node, port: number, owner: PlugOwner<Node>) {
    this.node = node;
    this.port = port;
    this.#owner = owner;
  }

  /** Takes the link down, with all that faults hold back on it, or brings it up. */
  setLink(up: boolean): void {
    const changed = this.#ends().filter((end) => end.#up !== up);
    // Both first: what one end sends when it hears of it must reach the other.
    for (const end of this.#ends()) end.#set(up, Infinity);
    for (const end of changed) this.#owner.tell(end, up);
  }

  /** Puts rules in force for one direction, instead of those before. `a-to-b`: towards the machine. */
  setFaults(direction: Direction, faults: readonly ActiveFault[]): void {
    const inwards = direction === 'a-to-b';
    let lane = inwards ? this.#inwards : this.#outwards;
    if (lane === undefined) {
      if (faults.length === 0) return;
      lane = new LiveLane({
        clock: () => this.#owner.clock(),
        deliver: inwards
          ? (frame) => this.#take(frame, false)
          : (frame) => this.#transmit(frame, false),
        at: (atNs, run) => this.#owner.at(atNs, run),
        cut: (forNs) => this.#cut(forNs),
      });
      if (inwards) this.#inwards = lane;
      else this.#outwards = lane;
    }
    lane.setRules(faults);
  }

  /** A frame comes along the link. A fault may double it, so no lane passes `given` on. */
  receive(frame: Uint8Array, given: boolean): void {
    if (!this.#up) return;
    if (this.#inwards === undefined) this.#take(frame, given);
    else this.#inwards.send(frame);
  }

  /** A frame leaves along the link; `given`: nobody else keeps it. */
  send(frame: Uint8Array, given: boolean): void {
    if (!this.#up) return;
    if (this.#outwards === undefined) this.#transmit(frame, given);
    else this.#outwards.send(frame);
  }

  #take(frame: Uint8Array, given: boolean): void {
    if (this.#up) this.#owner.take(this, frame, given);
  }

  #transmit(frame: Uint8Array, given: boolean): void {
    if (!this.#up) return;
    if (this.peer !== undefined) this.peer.receive(frame, given);
    else if (this.wire !== undefined) {
      this.wire.send(frame);
      this.#owner.gather(this.wire);
    }
  }

  #ends(): Plug<Node>[] {
    return this.peer === undefined ? [this] : [this, this.peer];
  }

  #set(up: boolean, downUntilNs: Instant): void {
    this.#up = up;
    this.#downUntilNs = downUntilNs;
    if (up) return;
    this.#inwards?.lose();
    this.#outwards?.lose();
  }

  /**
   * A rule takes the link down. Frames are lost from now on, but machines are told when the change
   * that is under way has ended: one of them may be the sender of the frame that was hit.
   */
  #cut(forNs: Instant): void {
    const ends = this.#ends();
    const now = this.#owner.clock();
    for (const end of ends) end.#set(false, now + forNs);
    this.#owner.at(now, () => {
      for (const end of ends) if (!end.#up) this.#owner.tell(end, false);
    });
    this.#owner.at(now + forNs, () => {
      if (this.#downUntilNs <= this.#owner.clock()) this.setLink(true);
    });
  }
}
