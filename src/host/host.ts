/**
 * A hypervisor host: its adapters' ports, the virtual machines on it, and what a mover asks of it.
 *
 * Ownership: a host owns one ENode per port and its virtual machines; a virtual machine's storage
 * is here only while it is prepared or runs here.
 */
import { FlogiAcceptFeatures } from '../codecs/els/index.ts';
import type { Wwn } from '../codecs/layout/index.ts';
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { RandomStream } from '../machine/random.ts';
import type { Timer } from '../machine/timers.ts';
import { Enode, type EnodeOptions, type EnodeOwner } from '../port/enode/enode.ts';
import type { LuView, Storage } from '../scsi/initiator/multipath.ts';
import type { HostAnswer, HostCommand, LeaveTo, NewGuest } from './control.ts';
import type { IoEvent } from './io-event.ts';
import { PhysicalPort } from './physical-port.ts';
import { drain, newResident, prepare, type Resident, type ResidentHost } from './resident.ts';
import { type GuestState, type IoPolicy, VirtualMachine, type VmHost } from './virtual-machine.ts';
import { Workload } from './workload.ts';

const RECEIVE_BYTES = 2112;
/** The physical port tries for ever, as Linux does: this many tries never end. */
const PHYSICAL_TRIES_MAX = Number.MAX_SAFE_INTEGER;

/** One port of a host. */
export interface HostPortOptions extends Omit<EnodeOptions, 'port' | 'nodeName'> {
  readonly wwpn: Wwn;
}

export interface HostOptions {
  readonly name: string;
  readonly nodeName: Wwn;
  readonly ports: readonly HostPortOptions[];
  readonly policy: IoPolicy;
  /** Whether the adapter can hold ports besides its own. Default true. */
  readonly npiv?: boolean;
  /** Gives the named random streams of new guests. */
  readonly random: (stream: string) => RandomStream;
}

export type HostEvent =
  | IoEvent
  | { readonly type: 'reply'; readonly id: number; readonly answer: HostAnswer }
  | {
      readonly type: 'port';
      readonly port: number;
      readonly state: string;
      readonly reason: string;
    }
  /** The guest runs, with these logical units. */
  | {
      readonly type: 'guest';
      readonly vm: string;
      readonly state: 'running';
      readonly view: readonly LuView[];
    }
  /** The guest stands still. */
  | { readonly type: 'guest'; readonly vm: string; readonly state: 'stunned' }
  | { readonly type: 'protocol'; readonly port: number; readonly what: string };

export class Host implements Machine<HostEvent>, EnodeOwner, VmHost, ResidentHost {
  readonly name: string;
  readonly options: HostOptions;
  readonly policy: IoPolicy;
  readonly #core = new MachineCore<HostEvent>();
  readonly enodes: readonly Enode[];
  readonly #residents = new Map<string, Resident>();
  #powered = true;

  constructor(options: HostOptions) {
    this.name = options.name;
    this.options = options;
    this.policy = options.policy;
    this.enodes = options.ports.map((port, index) => {
      const enode = new Enode({ ...port, port: index, nodeName: options.nodeName }, this);
      const lport = enode.createLport(
        {
          portName: port.wwpn,
          nodeName: options.nodeName,
          role: 'initiator',
          receiveBytes: RECEIVE_BYTES,
          physical: true,
          symbolicName: options.name,
          loginTriesMax: PHYSICAL_TRIES_MAX,
          discovers: false,
        },
        new PhysicalPort((state, reason) =>
          this.#core.emit({ type: 'port', port: index, state, reason }),
        ),
      );
      enode.startLport(lport);
      return enode;
    });
  }

  // The machine contract.

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    if (this.#powered) this.enodes[port]?.handleFrame(frame);
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#core.now = now;
    const enode = this.enodes[port];
    if (up) enode?.linkUp();
    else enode?.linkDown();
  }

  poll(): Output<HostEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const enodes = this.enodes.map((enode) => enode.kept());
    const sum = (count: (one: (typeof enodes)[number]) => number) =>
      enodes.reduce((total, one) => total + count(one), 0);
    return {
      timers: this.#core.timers.pending,
      'remote ports': sum((one) => one.remotePorts),
      exchanges: sum((one) => one.exchanges),
      'fabric logins under way': sum((one) => one.logins),
    };
  }

  // What ENodes, storage and virtual machines ask for.

  get now(): Instant {
    return this.#core.now;
  }

  send(port: number, frame: Uint8Array): void {
    if (this.#powered) this.#core.send(port, frame, true);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#core.after(delayNs, run);
  }

  emit(event: IoEvent): void {
    this.#core.emit(event);
  }

  contradiction(port: number, what: string): void {
    this.#core.emit({ type: 'protocol', port, what });
  }

  get npiv(): boolean {
    return this.options.npiv ?? true;
  }

  /** The host dies: what it held open ends without a word, and its switch is not told. */
  powerOff(): void {
    this.#powered = false;
    for (const enode of this.enodes) enode.linkDown();
    for (const { storage } of this.#residents.values()) storage?.drop();
  }

  storageChanged(storage: Storage): void {
    for (const resident of this.#residents.values()) {
      if (resident.storage !== storage) continue;
      if (storage.settled || storage.failure !== undefined) resident.whenSettled?.();
      resident.vm?.pump();
    }
  }

  quiesced(vm: VirtualMachine): void {
    this.#residents.get(vm.name)?.whenQuiesced?.();
  }

  // What a mover asks for.

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
        for (const enode of this.enodes) enode.linkUp();
      }
      reply({ ok: true, command: 'power-on' });
      return;
    }
    if (command.command === 'prepare') {
      this.#prepare(command, reply);
      return;
    }
    const resident = this.#residents.get(command.vm);
    if (resident === undefined) {
      reply({ ok: false, reason: `${this.name} has no virtual machine ${command.vm}` });
      return;
    }
    switch (command.command) {
      case 'view':
        reply({ ok: true, command: 'view', view: resident.storage?.view() ?? [] });
        return;
      case 'adopt':
        reply(this.#adopt(command.vm, resident, command.guest));
        return;
      case 'discard':
        this.#leave(command.vm, resident, 'targets', () => {
          this.#residents.delete(command.vm);
          reply({ ok: true, command: 'discard' });
        });
        return;
      default:
        this.#commandGuest(command, resident, reply);
    }
  }

  #commandGuest(
    command: Exclude<
      HostCommand,
      { command: 'fabrics' | 'prepare' | 'power-on' | 'view' | 'adopt' | 'discard' }
    >,
    resident: Resident,
    reply: (answer: HostAnswer) => void,
  ): void {
    const { vm } = resident;
    if (command.command === 'surrender') {
      reply(this.#surrender(command.vm, resident));
      return;
    }
    if (command.command === 'give-logins') {
      reply({ ok: true, command: 'give-logins', logins: resident.storage?.giveLogins() ?? [] });
      return;
    }
    if (command.command === 'leave') {
      vm?.stun();
      const leave = (): void =>
        this.#leave(command.vm, resident, command.to ?? 'targets', (acknowledged) =>
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
          view: vm.storage.view(),
        });
        vm.submitting = true;
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
        reply({
          ok: true,
          command: 'stun',
          outstanding: vm.outstanding,
          pending: vm.guest.pending.length,
        });
        return;
      case 'drain':
        drain(this, resident, vm, command, reply);
        return;
    }
  }

  #fabrics() {
    return this.enodes.map((enode, port) => ({
      port,
      wwpn: this.options.ports[port]!.wwpn,
      ready: enode.physical?.state === 'ready',
      fabricName: enode.fip.selected?.fabricName ?? 0n,
      npiv:
        this.npiv &&
        ((enode.physical?.fabricFeatures ?? 0) &
          FlogiAcceptFeatures.MULTIPLE_N_PORT_ID_ASSIGNMENT) !==
          0,
    }));
  }

  #prepare(
    command: Extract<HostCommand, { command: 'prepare' }>,
    reply: (answer: HostAnswer) => void,
  ): void {
    const { vm, identities } = command;
    const wrong = identities.find((one) => this.enodes[one.port] === undefined);
    if (wrong !== undefined) {
      reply({ ok: false, reason: `${this.name} has no port ${wrong.port}` });
      return;
    }
    const known = this.#residents.get(vm);
    if (known?.storage !== undefined && !known.storage.hasIdentities(identities)) {
      reply({ ok: false, reason: `${vm} already has other ports on ${this.name}` });
      return;
    }
    const resident = known ?? newResident();
    this.#residents.set(vm, resident);
    prepare(this, resident, command, reply);
  }

  #adopt(name: string, resident: Resident, given: GuestState | NewGuest | undefined): HostAnswer {
    const { storage } = resident;
    if (storage === undefined)
      return { ok: false, reason: `${name} has no storage on ${this.name}` };
    const guest = given ?? resident.guest;
    if (guest === undefined) return { ok: false, reason: `no guest for ${name} on ${this.name}` };
    resident.guest = 'stream' in guest ? this.#newGuest(storage, guest) : guest;
    if (resident.vm?.storage !== storage || resident.vm.guest !== resident.guest) {
      resident.vm = new VirtualMachine(name, storage, resident.guest, this);
    }
    return { ok: true, command: 'adopt' };
  }

  #newGuest(storage: Storage, guest: NewGuest): GuestState {
    const luIds = storage.view().map((one) => one.luId);
    return {
      workload: new Workload(
        guest.workload,
        this.options.random(guest.stream),
        luIds,
        guest.firstIo,
      ),
      pending: [],
      ...(guest.reservation === undefined
        ? {}
        : { reservation: { options: guest.reservation, tenure: 0, names: '' } }),
    };
  }

  #surrender(name: string, resident: Resident): HostAnswer {
    const { vm, guest } = resident;
    if (guest === undefined) return { ok: false, reason: `${name} is not on ${this.name}` };
    if (vm !== undefined && (vm.running || vm.outstanding > 0)) {
      return { ok: false, reason: `${name} still runs or has I/O under way on ${this.name}` };
    }
    resident.vm = undefined;
    resident.guest = undefined;
    if (resident.storage === undefined) this.#residents.delete(name);
    return { ok: true, command: 'surrender', guest };
  }

  #leave(
    name: string,
    resident: Resident,
    to: LeaveTo,
    done: (acknowledged: boolean) => void,
  ): void {
    const { storage } = resident;
    resident.whenSettled = undefined;
    if (storage === undefined) {
      done(true);
      return;
    }
    storage.leave(to, (acknowledged) => {
      resident.storage = undefined;
      resident.vm = undefined;
      if (resident.guest === undefined) this.#residents.delete(name);
      done(acknowledged);
    });
  }
}
