/**
 * A hypervisor host: its adapters' ports, the virtual machines on it, and what a mover asks of it.
 *
 * Ownership: a host owns one adapter per port and its virtual machines; a virtual machine's storage
 * is here only while it is prepared or runs here.
 */
import { FlogiAcceptFeatures } from '../codecs/els/index.ts';
import type { Wwn } from '../codecs/layout/index.ts';
import type { ChangesTold, GuestFroze } from '../history/backup.ts';
import type { ChainEvent, ChainRead } from '../history/chain.ts';
import type { DcbAgreement, DcbxAgreed } from '../history/dcb.ts';
import type { PortChanged, ProtocolContradicted } from '../history/fabric.ts';
import type { IoEvent } from '../history/io.ts';
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { RandomStream } from '../machine/random.ts';
import type { Timer } from '../machine/timers.ts';
import { type IpPortOptions, IpStack } from '../net/index.ts';
import type { AdapterOwner, NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { LuView, Path } from '../scsi/initiator/multipath.ts';
import { CachePort, type CachePortOptions } from './cache-port.ts';
import type { CarriedGuest } from './carried-guest.ts';
import type { CoherentCache } from './coherent-cache.ts';
import type { GuestToken, HostAnswer, HostCommand, HostReply, LeaveTo } from './control.ts';
import { moveDisk } from './guest-disk.ts';
import type { GuestNetwork } from './guest-network.ts';
import {
  adopt,
  drain,
  type GuestPlace,
  leave,
  newPlace,
  type PlaceHost,
  prepare,
  surrender,
} from './guest-place.ts';
import { protect } from './guest-protection.ts';
import { PATH_DEFAULTS, type PathOptions } from './path-options.ts';
import { type HostPortOptions, physicalPorts } from './physical-port.ts';
import type { Storage } from './storage.ts';
import type { IoPolicy, VirtualMachine } from './virtual-machine.ts';
import { VolumeWork } from './volume-work.ts';

/** What a host is made of; what is left out is in `HOST_DEFAULTS`. */
export interface HostOptions {
  readonly name: string;
  readonly nodeName: Wwn;
  readonly ports: readonly HostPortOptions[];
  /** IP ports: they are its machine ports behind `ports`. */
  readonly ipPorts?: readonly IpPortOptions[];
  /** The port of its caches: its last one. */
  readonly cachePort?: CachePortOptions;
  readonly policy: IoPolicy;
  /** The physical card that each port is on; left out: nothing is told of cards. */
  readonly cards?: readonly number[];
  /** Whether the adapter can hold ports besides its own. */
  readonly npiv?: boolean;
  /** How long it bears with paths that are gone, where that is not `PATH_DEFAULTS`. */
  readonly paths?: Partial<PathOptions>;
  /** Gives the named random streams of new guests. */
  readonly random: (stream: string) => RandomStream;
}

/** What holds of a host where its options leave it out. */
export const HOST_DEFAULTS = { npiv: true } as const satisfies Partial<HostOptions>;

/** What a host tells: what happened, and its replies to commands, which are no happenings. */
export type HostEvent =
  | IoEvent
  | GuestFroze
  | ChangesTold
  | Exclude<ChainEvent, ChainRead>
  | PortChanged
  | ProtocolContradicted
  | DcbxAgreed
  | HostReply;

/** A block of a guest on a logical unit, and the paths there. */
export interface HostPlace {
  readonly luName: string;
  readonly lba: number;
  readonly paths: readonly Path[];
}

/** A host with its adapters and guests. */
export class Host implements Machine<HostEvent>, AdapterOwner, PlaceHost {
  readonly name: string;
  readonly options: HostOptions;
  readonly policy: IoPolicy;
  readonly paths: PathOptions;
  readonly #core = new MachineCore<HostEvent>();
  readonly adapters: readonly NPortAdapter[];
  readonly ip: IpStack | undefined;
  /** Whether the link of each IP port is up. */
  readonly #ipLinks: boolean[];
  readonly #places = new Map<string, GuestPlace>();
  /** Guests that were surrendered here or brought here, by token, until they are taken. */
  readonly #betweenHosts = new Map<number, CarriedGuest>();
  readonly #caches: CachePort | undefined;
  /** Of guests whose initiators are their own. */
  readonly #networks = new Set<GuestNetwork>();
  #powered = true;

  constructor(options: HostOptions) {
    this.name = options.name;
    this.options = options;
    this.policy = options.policy;
    this.paths = { ...PATH_DEFAULTS, ...options.paths };
    this.adapters = physicalPorts(options, this, (port, state, reason) =>
      this.#core.emit({ type: 'port', port, state, reason }),
    );
    const { ipPorts = [] } = options;
    this.#ipLinks = ipPorts.map(() => false);
    if (ipPorts.length > 0) this.ip = this.#ipStack(ipPorts);
    if (options.cachePort !== undefined) this.#caches = this.#cachePort(options.cachePort);
  }

  #cachePort(options: CachePortOptions): CachePort {
    const host = this;
    return new CachePort(options, {
      get now() {
        return host.now;
      },
      after: (delayNs, run) => this.after(delayNs, run),
      send: (frame) => this.send(this.adapters.length + this.#ipLinks.length, frame),
    });
  }

  /** IP ports are the machine's last ones. */
  #ipStack(ports: readonly IpPortOptions[]): IpStack {
    const host = this;
    const first = this.adapters.length;
    const owner = {
      get now() {
        return host.now;
      },
      after: (delayNs: number, run: () => void) => this.after(delayNs, run),
      send: (port: number, frame: Uint8Array) => this.send(first + port, frame),
    };
    return new IpStack(ports, owner, this.options.random(`ip ${this.name}`));
  }

  // The machine contract.

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    if (!this.#powered) return;
    const adapter = this.adapters[port];
    if (adapter !== undefined) adapter.handleFrame(frame);
    else if (this.#caches !== undefined && port === this.adapters.length + this.#ipLinks.length)
      this.#caches.handleFrame(frame);
    else {
      this.ip?.handleFrame(port - this.adapters.length, frame);
      for (const network of this.#networks) network.handleFrame(port, frame);
    }
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#core.now = now;
    const adapter = this.adapters[port];
    if (adapter === undefined) this.#ipLink(port - this.adapters.length, up);
    else if (up) adapter.linkUp();
    else adapter.linkDown();
  }

  #ipLink(port: number, up: boolean): void {
    if (this.#ipLinks[port] === undefined) return;
    this.#ipLinks[port] = up;
    this.ip?.handleLink(port, up);
    for (const network of this.#networks) network.handleLink(this.adapters.length + port, up);
  }

  poll(): Output<HostEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const adapters = this.adapters.map((adapter) => adapter.kept());
    const sum = (count: (one: (typeof adapters)[number]) => number) =>
      adapters.reduce((total, one) => total + count(one), 0);
    return {
      timers: this.#core.timers.pending,
      'remote ports': sum((one) => one.remotePorts),
      exchanges: sum((one) => one.exchanges),
      'fabric logins under way': sum((one) => one.logins),
      ...this.ip?.kept(),
      ...this.#caches?.kept(),
    };
  }

  // What adapters, storage and virtual machines ask for.

  get now(): Instant {
    return this.#core.now;
  }

  send(port: number, frame: Uint8Array): void {
    if (this.#powered) this.#core.send(port, frame, true);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#core.after(delayNs, run);
  }

  emit(event: IoEvent | GuestFroze | ChangesTold | Exclude<ChainEvent, ChainRead>): void {
    this.#core.emit(event);
  }

  contradiction(port: number, what: string): void {
    this.#core.emit({ type: 'protocol', port, what });
  }

  dcbAgreed(port: number, agreement: DcbAgreement): void {
    this.#core.emit({ type: 'dcbx', port, ...agreement });
  }

  get random(): (stream: string) => RandomStream {
    return this.options.random;
  }

  get npiv(): boolean {
    return this.options.npiv ?? HOST_DEFAULTS.npiv;
  }

  /** The host dies: what it held open ends without a word, and its switch is not told. */
  powerOff(): void {
    this.#powered = false;
    for (const adapter of this.adapters) adapter.linkDown();
    for (const { storage } of this.#places.values()) storage?.drop();
    this.ip?.drop();
    for (const network of this.#networks) network.drop();
  }

  isLinkUp(port: number): boolean {
    return this.#powered && this.#ipLinks[port - this.adapters.length] === true;
  }

  plugIn(network: GuestNetwork): void {
    this.#networks.add(network);
  }

  unplug(network: GuestNetwork): void {
    this.#networks.delete(network);
  }

  copiesOf(luName: string): CoherentCache | undefined {
    return this.#caches?.copiesOf(luName);
  }

  storageChanged(storage: Storage): void {
    for (const place of this.#places.values()) {
      if (place.storage !== storage) continue;
      if (storage.settled || storage.failure !== undefined) place.whenSettled?.();
      place.vm?.pump();
    }
  }

  quiesced(vm: VirtualMachine): void {
    this.#places.get(vm.name)?.whenQuiesced?.();
  }

  // What a mover asks for.

  bringGuest({ token }: GuestToken, carried: CarriedGuest): void {
    this.#betweenHosts.set(token, carried);
  }

  takeGuest({ token }: GuestToken): CarriedGuest | undefined {
    const carried = this.#betweenHosts.get(token);
    this.#betweenHosts.delete(token);
    return carried;
  }

  /** The port's own N_Port leaves the fabric, as when its driver is unloaded. */
  logOutBase(port: number, now: Instant): void {
    this.#core.now = now;
    this.adapters[port]?.physical?.enterFabricLogo(() => {});
  }

  /** What a guest that runs here sees of its disks now; `undefined` where it does not run here. */
  viewOf(name: string): readonly LuView[] | undefined {
    const vm = this.#places.get(name)?.vm;
    return vm?.running === true ? this.#viewOf(vm) : undefined;
  }

  /**
   * Where a block of a disk of a guest lies, and the paths there; `undefined` where the guest or the disk is not here.
   * `disk`: a volume, or the identity of a logical unit.
   */
  placesOf(name: string, disk: string, lba: number): readonly HostPlace[] | undefined {
    const vm = this.#places.get(name)?.vm;
    if (vm === undefined) return undefined;
    const { guest, storage } = vm;
    const onUnits =
      guest.workload instanceof VolumeWork
        ? guest.workload.placesOf(disk, lba)
        : guest.workload.luNames.includes(disk)
          ? [{ luName: disk, lba }]
          : undefined;
    return onUnits?.map((one) => ({ ...one, paths: storage.multipath.pathsTo(one.luName) }));
  }

  /** What a guest sees, with the cards of its ports. */
  #viewOf({ storage }: VirtualMachine): LuView[] {
    const { cards } = this.options;
    const view = storage.multipath.view();
    if (cards === undefined) return view;
    return view.map((unit) => ({
      ...unit,
      cards: [...new Set(unit.ports.map((port) => cards[port]!))].sort((a, b) => a - b),
    }));
  }

  /** Carries out a command; a `reply` event with this id follows, perhaps much later. */
  handleCommand(id: number, command: HostCommand, now: Instant): void {
    this.#core.now = now;
    const reply = (answer: HostAnswer): void => this.#core.emit({ type: 'reply', id, answer });
    if (command.command === 'fabrics') {
      reply({ ok: true, command: 'fabrics', ports: this.#fabrics() });
      return;
    }
    if (command.command === 'power-on') {
      if (!this.#powered) {
        this.#powered = true;
        for (const adapter of this.adapters) adapter.linkUp();
        for (const [port, up] of this.#ipLinks.entries()) if (up) this.ip?.handleLink(port, true);
      }
      reply({ ok: true, command: 'power-on' });
      return;
    }
    if (command.command === 'prepare') {
      this.#prepare(command, reply);
      return;
    }
    const place = this.#places.get(command.vm) ?? this.#arriving(command);
    if (place === undefined) {
      reply({ ok: false, reason: `${this.name} has no virtual machine ${command.vm}` });
      return;
    }
    switch (command.command) {
      case 'view':
        reply({ ok: true, command: 'view', view: place.storage?.multipath.view() ?? [] });
        return;
      case 'adopt':
        reply(adopt(this, place, command));
        return;
      case 'discard':
        // A move that found its guest elsewhere than it was told takes nothing from it.
        if (place.vm?.running === true) {
          reply({ ok: false, reason: `${command.vm} runs on ${this.name}` });
          return;
        }
        this.#leave(place, 'targets', () => {
          this.#places.delete(command.vm);
          reply({ ok: true, command: 'discard' });
        });
        return;
      default:
        this.#commandGuest(id, command, place, reply);
    }
  }

  /** A guest that brings its own sessions needs no place to be prepared. */
  #arriving(command: HostCommand): GuestPlace | undefined {
    if (command.command !== 'adopt' || command.guest === undefined || 'stream' in command.guest)
      return undefined;
    if (this.#betweenHosts.get(command.guest.token)?.own === undefined) return undefined;
    const place = newPlace(command.vm);
    this.#places.set(command.vm, place);
    return place;
  }

  #commandGuest(
    id: number,
    command: Exclude<
      HostCommand,
      { command: 'fabrics' | 'prepare' | 'power-on' | 'view' | 'adopt' | 'discard' }
    >,
    place: GuestPlace,
    reply: (answer: HostAnswer) => void,
  ): void {
    const { vm } = place;
    if (command.command === 'surrender') {
      const answer = surrender(this, place, id);
      if (answer.ok && place.storage === undefined) this.#places.delete(place.name);
      reply(answer);
      return;
    }
    if (command.command === 'give-logins') {
      reply({ ok: true, command: 'give-logins', logins: place.storage?.giveLogins() ?? [] });
      return;
    }
    if (command.command === 'leave') {
      vm?.stun();
      const leave = (): void =>
        this.#leave(place, command.to ?? 'targets', (acknowledged) =>
          reply({ ok: true, command: 'leave', acknowledged }),
        );
      if (vm === undefined) leave();
      else vm.handOver(leave);
      return;
    }
    if (vm === undefined) {
      reply({ ok: false, reason: `${command.vm} does not run on ${this.name}` });
      return;
    }
    switch (command.command) {
      case 'resume':
        this.#core.emit({
          type: 'guest',
          vm: vm.name,
          state: 'running',
          view: this.#viewOf(vm),
        });
        vm.submitting = true;
        place.network?.resume();
        vm.resume();
        reply({ ok: true, command: 'resume' });
        return;
      case 'stop':
        vm.submitting = false;
        reply({ ok: true, command: 'stop' });
        return;
      case 'allow':
        vm.guest.workload.allowance = command.ios;
        vm.pump();
        reply({ ok: true, command: 'allow' });
        return;
      case 'stun':
        this.#core.emit({ type: 'guest', vm: vm.name, state: 'stunned' });
        vm.stun();
        place.network?.stand();
        reply({
          ok: true,
          command: 'stun',
          outstanding: vm.outstanding,
          pending: vm.guest.pending.length,
        });
        return;
      case 'drain':
        drain(this, place, vm, command, reply);
        return;
      case 'copy-disk':
      case 'finish-copy':
      case 'drop-copy':
        moveDisk(vm, command, reply);
        return;
      default:
        protect(this, vm, command, reply);
    }
  }

  #fabrics() {
    const adapters = this.adapters.map((adapter, port) => ({
      port,
      wwpn: this.options.ports[port]!.wwpn,
      ready: adapter.physical?.state === 'ready',
      fabricName: adapter.fabricName,
      npiv:
        this.npiv &&
        ((adapter.physical?.fabricFeatures ?? 0) &
          FlogiAcceptFeatures.MULTIPLE_N_PORT_ID_ASSIGNMENT) !==
          0,
    }));
    // A LAN has no name, and takes whoever is plugged in.
    const onLan = this.#ipLinks.map((ready, i) => ({
      port: adapters.length + i,
      wwpn: 0n,
      ready,
      fabricName: 0n,
      npiv: true,
    }));
    return [...adapters, ...onLan];
  }

  #prepare(
    command: Extract<HostCommand, { command: 'prepare' }>,
    reply: (answer: HostAnswer) => void,
  ): void {
    const { vm, identities } = command;
    const wrong = identities.find(
      ({ port }) => port >= this.adapters.length + this.#ipLinks.length,
    );
    if (wrong !== undefined) {
      reply({ ok: false, reason: `${this.name} has no port ${wrong.port}` });
      return;
    }
    const known = this.#places.get(vm);
    if (known?.storage !== undefined && !known.storage.hasIdentities(identities)) {
      reply({ ok: false, reason: `${vm} already has other ports on ${this.name}` });
      return;
    }
    const place = known ?? newPlace(vm);
    this.#places.set(vm, place);
    prepare(this, place, command, reply);
  }

  /** A place with neither guest nor storage is given up. */
  #leave(place: GuestPlace, to: LeaveTo, done: (acknowledged: boolean) => void): void {
    const hadStorage = place.storage !== undefined;
    leave(place, to, (acknowledged) => {
      if (hadStorage && place.guest === undefined) this.#places.delete(place.name);
      done(acknowledged);
    });
  }
}
