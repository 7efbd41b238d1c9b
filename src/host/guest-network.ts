/**
 * The network of a guest whose initiator is its own: its ports on the LAN, the clock of everything that speaks there.
 * Connections and sessions are the guest's memory, and go with it from host to host; its address and its MAC stay.
 *
 * Ownership: a place on a host owns it, or whoever carries the guest; it owns the guest's IP ports and timers. What
 * storage and virtual machine ask of their host goes through it to the host that it is on.
 */
import type { ChangesTold, GuestFroze } from '../history/backup.ts';
import type { IoEvent } from '../history/io.ts';
import type { Instant } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { type Timer, Timers } from '../machine/timers.ts';
import { type IpPortOptions, IpStack } from '../net/index.ts';
import type { PathOptions } from './path-options.ts';
import type { Storage, StorageOwner } from './storage.ts';
import type { IoPolicy, VirtualMachine, VmHost } from './virtual-machine.ts';

/** What such a network asks of the host that it is on. */
export interface NetworkHost extends Omit<StorageOwner, 'emit' | 'ip'>, VmHost {
  /** Puts a frame on the link of a port of the host. */
  send(port: number, frame: Uint8Array): void;
  /** Whether the link of a port is up. */
  isLinkUp(port: number): boolean;
  /** Frames and links of its ports are told to the network from now on. */
  plugIn(network: GuestNetwork): void;
  /** They are told no more. */
  unplug(network: GuestNetwork): void;
}

/** Ports and clock of one guest. */
export class GuestNetwork implements StorageOwner, VmHost {
  readonly ip: IpStack;
  readonly nics: readonly IpPortOptions[];
  readonly policy: IoPolicy;
  readonly paths: PathOptions;
  readonly #timers = new Timers();
  #host: NetworkHost | undefined;
  /** The host's port that each of its own is behind. */
  #ports: readonly number[] = [];
  #now: Instant;
  /** What looks at the timers, on the host's clock. */
  #wake: Timer | undefined;
  /** Its guest stands still: nothing is heard, and no timer runs. */
  #stands = false;

  /** Policy and patience are those of the guest, wherever it goes. Errors: `RangeError` for an address that is none. */
  constructor(nics: readonly IpPortOptions[], host: NetworkHost, random: RandomStream) {
    this.nics = nics;
    this.policy = host.policy;
    this.paths = host.paths;
    this.#now = host.now;
    const network = this;
    const owner = {
      get now() {
        return network.now;
      },
      after: (delayNs: number, run: () => void) => this.after(delayNs, run),
      send: (port: number, frame: Uint8Array) => this.#host?.send(this.#ports[port]!, frame),
    };
    this.ip = new IpStack(nics, owner, random);
  }

  /** It is on a host now, each of its ports behind one of that host's. */
  arrive(host: NetworkHost, ports: readonly number[]): void {
    this.#host = host;
    this.#ports = ports;
    host.plugIn(this);
    this.#goOn();
  }

  /** It is on no host any more; its guest stands still. */
  leave(): void {
    this.stand();
    for (const port of this.nics.keys()) this.ip.handleLink(port, false);
    this.#now = this.now;
    this.#host?.unplug(this);
    this.#host = undefined;
  }

  /** The guest stands still. */
  stand(): void {
    this.#stands = true;
    this.#wake?.cancel();
    this.#wake = undefined;
  }

  /** The guest runs. What came due while it stood still comes due now. */
  resume(): void {
    this.#stands = false;
    this.#goOn();
  }

  /** The power is gone. */
  drop(): void {
    this.stand();
    this.ip.drop();
  }

  /** Links that are up where it now is: where it was not, everybody is told that it is there. */
  #goOn(): void {
    if (this.#stands || this.#host === undefined) return;
    for (const [own, port] of this.#ports.entries())
      this.ip.handleLink(own, this.#host.isLinkUp(port));
    this.#watch();
  }

  // What its host tells.

  /** A frame came at a port of the host, for whoever is behind it. */
  handleFrame(port: number, frame: Uint8Array): void {
    if (this.#stands) return;
    const own = this.#ports.indexOf(port);
    if (own >= 0) this.ip.handleFrame(own, frame);
  }

  /** The link of a port of the host went up or down. */
  handleLink(port: number, up: boolean): void {
    if (this.#stands) return;
    const own = this.#ports.indexOf(port);
    if (own >= 0) this.ip.handleLink(own, up);
  }

  // What storage and virtual machine ask for.

  get now(): Instant {
    return this.#host?.now ?? this.#now;
  }

  after(delayNs: number, run: () => void): Timer {
    const timer = this.#timers.set(this.now + delayNs, run);
    this.#watch();
    return timer;
  }

  /** Has the host's clock wake it for its earliest timer. */
  #watch(): void {
    const { deadline } = this.#timers;
    if (this.#stands || this.#host === undefined || deadline === this.#wake?.at) return;
    this.#wake?.cancel();
    this.#wake = undefined;
    if (deadline === undefined) return;
    this.#wake = this.#host.after(Math.max(0, deadline - this.now), () => {
      this.#wake = undefined;
      this.#timers.run(this.now);
      this.#watch();
    });
  }

  emit(event: IoEvent | GuestFroze | ChangesTold): void {
    this.#host?.emit(event);
  }

  contradiction(port: number, what: string): void {
    this.#host?.contradiction(port, what);
  }

  storageChanged(storage: Storage): void {
    this.#host?.storageChanged(storage);
  }

  quiesced(vm: VirtualMachine): void {
    this.#host?.quiesced(vm);
  }
}
