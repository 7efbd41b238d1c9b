/** A virtual machine's place on a host, and how its ports and its guest get there and away. */

import { MILLISECOND, SECOND } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import type { Timer } from '../machine/timers.ts';
import type { IpPortOptions } from '../net/index.ts';
import type { NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import { type AttachmentIdentity, isVhba } from './attachment-identity.ts';
import type { CarriedGuest } from './carried-guest.ts';
import type { CoherentCache } from './coherent-cache.ts';
import type { GuestToken, HostAnswer, HostCommand, LeaveTo, NewGuest } from './control.ts';
import { GuestMaps } from './guest-maps.ts';
import { GuestNetwork, type NetworkHost } from './guest-network.ts';
import type { GuestState } from './guest-state.ts';
import { Storage, type StorageOwner } from './storage.ts';
import { VirtualMachine, type VmHost } from './virtual-machine.ts';
import { VolumeWork } from './volume-work.ts';
import { Workload } from './workload.ts';

/** Logins and scans of a prepared virtual machine must be done by then, unless it is told otherwise. */
const PREPARE_TIMEOUT_NS = 120 * SECOND;
/** Settled for a moment is not settled: an RSCN may be on its way. */
const SETTLE_NS = 5 * MILLISECOND;

/** Prepared storage, a guest, or both. */
export interface GuestPlace {
  /** The virtual machine's. */
  readonly name: string;
  storage: Storage | undefined;
  /** Of a guest whose initiator is its own. */
  network: GuestNetwork | undefined;
  vm: VirtualMachine | undefined;
  guest: GuestState | undefined;
  /** Called when the storage settles or fails. */
  whenSettled: (() => void) | undefined;
  /** Called when nothing is under way any more. */
  whenQuiesced: (() => void) | undefined;
}

/** What these parts need of their host. */
export interface PlaceHost extends Omit<StorageOwner, 'emit'>, VmHost, NetworkHost {
  readonly name: string;
  readonly adapters: readonly NPortAdapter[];
  /** Gives the named random streams of new guests. */
  readonly random: (stream: string) => RandomStream;
  /** Keeps a guest that is surrendered until it is taken away by its token. */
  bringGuest(token: GuestToken, carried: CarriedGuest): void;
  /** Gives what a token stands for away; `undefined` where no such guest is kept. */
  takeGuest(token: GuestToken): CarriedGuest | undefined;
  /** False where the adapter cannot hold ports besides its own. */
  readonly npiv: boolean;
  /** From now on nothing leaves the host, and nothing reaches it. */
  powerOff(): void;
  /** The host's own copies of a unit; `undefined` where it keeps none equal to those of others. */
  copiesOf(luName: string): CoherentCache | undefined;
}

type Reply = (answer: HostAnswer) => void;

/** A place with nothing in it. */
export function newPlace(name: string): GuestPlace {
  return {
    name,
    storage: undefined,
    network: undefined,
    vm: undefined,
    guest: undefined,
    whenSettled: undefined,
    whenQuiesced: undefined,
  };
}

/**
 * Logs names in for a virtual machine and answers with what they see. Asked for what is there
 * already (a way back that had little to undo), nothing is joined anew.
 */
export function prepare(
  host: PlaceHost,
  place: GuestPlace,
  command: Extract<HostCommand, { command: 'prepare' }>,
  reply: Reply,
): void {
  const { vm, identities, timeoutNs = PREPARE_TIMEOUT_NS } = command;
  const existed = place.storage !== undefined;
  let fellBack = false;
  const owner = networkOf(host, place, identities) ?? host;
  place.storage ??= new Storage(host.adapters, identities, vm, owner);
  let settle: Timer | undefined;
  const end = (answer: HostAnswer): void => {
    timer.cancel();
    settle?.cancel();
    place.whenSettled = undefined;
    reply(answer);
  };
  const timer = host.after(timeoutNs, () =>
    end({
      ok: false,
      reason: `${vm} did not complete its logins on ${host.name} in ${timeoutNs / SECOND} s: ${place.storage?.unsettled ?? ''}`,
    }),
  );
  const fail = (reason: string): void => {
    if (command.fallBack !== 'physical' || fellBack) {
      end({ ok: false, reason });
      return;
    }
    fellBack = true;
    place.storage?.drop();
    place.storage = new Storage(
      host.adapters,
      onePerPort(identities).map((one) => (isVhba(one) ? { ...one, physical: true } : one)),
      vm,
      owner,
    );
    place.storage.join();
  };
  place.whenSettled = () => {
    const { storage } = place;
    if (storage === undefined) return;
    if (storage.failure !== undefined) {
      fail(storage.failure);
      return;
    }
    settle?.cancel();
    settle = host.after(SETTLE_NS, () => {
      const ready = place.storage === storage && storage.settled && storage.failure === undefined;
      if (!ready) return;
      const { multipath, unreached } = storage;
      const others = unreached.length === 0 ? {} : { unreached };
      end({ ok: true, command: 'prepare', view: multipath.view(), fellBack, ...others });
    });
  };
  if (!host.npiv && identities.some(isVhba)) fail(`the adapter of ${host.name} offers no NPIV`);
  else if (existed && place.storage.settled) place.whenSettled();
  else place.storage.join(command.logins);
}

/** Ports of a guest's own, each once, and the host's port that each is behind. */
function nicsOf(identities: readonly AttachmentIdentity[]) {
  const nics = new Map<string, { readonly nic: IpPortOptions; readonly port: number }>();
  for (const one of identities) {
    if (isVhba(one) || one.kind !== 'iscsi' || one.nic === undefined) continue;
    nics.set(one.nic.address, { nic: one.nic, port: one.port });
  }
  return nics;
}

/** The network of a guest whose initiator is its own. */
function networkOf(
  host: PlaceHost,
  place: GuestPlace,
  identities: readonly AttachmentIdentity[],
): GuestNetwork | undefined {
  const nics = [...nicsOf(identities).values()];
  if (place.network !== undefined || nics.length === 0) return place.network;
  const random = host.random(`ip ${place.name}`);
  const network = new GuestNetwork(
    nics.map(({ nic }) => nic),
    host,
    random,
  );
  place.network = network;
  network.arrive(
    host,
    nics.map(({ port }) => port),
  );
  return network;
}

/** A port has one login of its own, however many names were to share it. */
function onePerPort(identities: readonly AttachmentIdentity[]): AttachmentIdentity[] {
  return identities.filter(
    ({ port }, i) => identities.findIndex((other) => other.port === port) === i,
  );
}

/** Ends what is under way; answers when nothing is. */
export function drain(
  host: PlaceHost,
  place: GuestPlace,
  vm: VirtualMachine,
  command: Extract<HostCommand, { command: 'drain' }>,
  reply: Reply,
): void {
  const before = vm.outstanding;
  const pendingBefore = vm.guest.pending.length;
  let aborted = 0;
  const abort = (): void => {
    aborted += vm.abortAll();
  };
  const timer = host.after(command.timeoutNs, abort);
  place.whenQuiesced = () => {
    timer.cancel();
    place.whenQuiesced = undefined;
    const pending = vm.guest.pending.length;
    const completed = before - (pending - pendingBefore);
    reply({ ok: true, command: 'drain', completed, aborted, pending });
  };
  if (command.requeueWaitNs !== undefined) vm.requeueWaitNs = command.requeueWaitNs;
  switch (command.drain) {
    case 'wait':
      break;
    case 'abort':
      abort();
      break;
    case 'purge':
      vm.purgeAll();
      break;
    case 'logout-clears':
      vm.storage.logoutTargets();
      break;
    case 'link-pull':
      vm.storage.drop();
      break;
    case 'crash':
      host.powerOff();
      break;
  }
  if (vm.outstanding === 0) place.whenQuiesced?.();
}

/**
 * Puts a guest on the storage that was prepared: a new one, one handed over, or the one that stayed. One that brings
 * its own sessions finds its ports behind those of `identities`.
 */
export function adopt(
  host: PlaceHost,
  place: GuestPlace,
  {
    guest: given,
    identities = [],
    switchDisk = false,
  }: Pick<Extract<HostCommand, { command: 'adopt' }>, 'guest' | 'identities' | 'switchDisk'>,
): HostAnswer {
  const carried =
    given === undefined || 'stream' in given ? undefined : (host.takeGuest(given) ?? undefined);
  if (carried?.own !== undefined)
    return takeIn(host, place, carried.guest, carried.own, identities);
  const { name, storage } = place;
  if (storage === undefined) return { ok: false, reason: `${name} has no storage on ${host.name}` };
  const guest =
    given === undefined
      ? place.guest
      : 'stream' in given
        ? newGuest(host, name, storage, given)
        : carried?.guest;
  if (guest === undefined) return { ok: false, reason: `no guest for ${name} on ${host.name}` };
  place.guest = guest;
  const lacking = assemble(host, place, storage, guest, switchDisk);
  if (lacking !== undefined) return { ok: false, reason: `${name} on ${host.name}: ${lacking}` };
  if (place.vm?.storage !== storage || place.vm.guest !== place.guest) {
    place.vm = new VirtualMachine(name, storage, place.guest, place.network ?? host);
  }
  return { ok: true, command: 'adopt' };
}

/** Takes a guest in that brings its sessions: nothing is logged in, and what was under way goes on. */
function takeIn(
  host: PlaceHost,
  place: GuestPlace,
  guest: GuestState,
  { network, storage, vm }: NonNullable<CarriedGuest['own']>,
  identities: readonly AttachmentIdentity[],
): HostAnswer {
  const there = nicsOf(identities);
  const ports = network.nics.flatMap(({ address }) => there.get(address)?.port ?? []);
  if (ports.length < network.nics.length)
    return { ok: false, reason: `${host.name} has no port for each of ${place.name}'s own` };
  Object.assign(place, { guest, network, storage, vm });
  network.arrive(host, ports);
  assemble(host, place, storage, guest);
  return { ok: true, command: 'adopt' };
}

/** The host makes the guest's volumes of the units that it finds. Gives what is missing. */
function assemble(
  host: PlaceHost,
  place: GuestPlace,
  storage: Storage,
  { workload }: GuestState,
  switchDisk = false,
): string | undefined {
  if (!(workload instanceof VolumeWork)) return undefined;
  const found = storage.multipath.view().map(({ luName }) => luName);
  const lacking = workload.assemble(found, {
    get now() {
      return host.now;
    },
    emit: (event) => host.emit(event),
    after: (delayNs, run) => host.after(delayNs, run),
    pump: () => place.vm?.pump(),
    copiesOf: (luName) => host.copiesOf(luName),
    pumpOwn: () => place.vm?.pumpOwn(),
  });
  return lacking ?? (switchDisk ? workload.movedDisk.switch(found) : undefined);
}

function newGuest(host: PlaceHost, name: string, storage: Storage, guest: NewGuest): GuestState {
  const { workload, stream, reservation, firstIo, maps, volumes } = guest;
  const random = host.random(stream);
  const luIds = storage.multipath.view().map((one) => one.luId);
  return {
    workload:
      volumes === undefined
        ? new Workload(workload, random, luIds, firstIo)
        : new VolumeWork(name, volumes, workload, random, firstIo),
    pending: [],
    ...(reservation === undefined
      ? {}
      : { reservation: { options: reservation, tenure: 0, names: '' } }),
    ...(maps === undefined ? {} : { maps: new GuestMaps(maps) }),
  };
}

/** Hands the guest out, under the number of the command that asks for it. */
export function surrender(host: PlaceHost, place: GuestPlace, id: number): HostAnswer {
  const { name, network, storage, vm, guest } = place;
  if (guest === undefined) return { ok: false, reason: `${name} is not on ${host.name}` };
  const isBare = network === undefined && vm !== undefined && vm.outstanding > 0;
  if (vm?.running === true || isBare) {
    return { ok: false, reason: `${name} still runs or has I/O under way on ${host.name}` };
  }
  // Who asked for the freeze waits for an answer of this host.
  if (guest.freeze?.isFrozen === false) vm?.thaw();
  guest.maps?.leave();
  if (guest.workload instanceof VolumeWork) guest.workload.leave();
  place.vm = undefined;
  place.guest = undefined;
  const token: GuestToken = { guest: name, token: id };
  if (network === undefined || storage === undefined || vm === undefined)
    host.bringGuest(token, { guest });
  else {
    network.leave();
    place.network = undefined;
    place.storage = undefined;
    host.bringGuest(token, { guest, own: { network, storage, vm } });
  }
  return { ok: true, command: 'surrender', guest: token };
}

/** Logs the ports out; the guest stays, without storage. */
export function leave(place: GuestPlace, to: LeaveTo, done: (acknowledged: boolean) => void): void {
  const { storage } = place;
  place.whenSettled = undefined;
  if (storage === undefined) {
    done(true);
    return;
  }
  storage.leave(to, (acknowledged) => {
    place.storage = undefined;
    place.vm = undefined;
    place.network?.leave();
    place.network = undefined;
    done(acknowledged);
  });
}
