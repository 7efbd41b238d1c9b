/** The guests of a run: where each is, its start, and its new start after it died with its host. */

import type { AttachmentIdentity } from '../host/attachment-identity.ts';
import type { HostAnswer, HostCommand } from '../host/control.ts';
import type { VmStart, World } from '../scenario/build.ts';
import type { ControlPlane } from './control-plane.ts';
import type { IoAccountant } from './io-account.ts';

interface Down {
  readonly host: string;
  /** It died with its host; else it only stands still. */
  readonly lost: boolean;
  started: boolean;
}

/** Starts the guests, knows on which host each is, and brings up again what a fault brought down. */
export class Guests {
  readonly #world: World;
  readonly #control: ControlPlane;
  readonly #account: IoAccountant;
  /** Where each guest is; `undefined` while it is handed over. */
  readonly #places = new Map<string, string | undefined>();
  /** Guests that are to be brought up again. */
  readonly #down = new Map<string, Down>();
  /** Guests whose disk went along with them. */
  readonly #switched = new Set<string>();
  /** How often each guest has died. */
  readonly #starts = new Map<string, number>();
  #complaint = '';

  constructor(world: World, control: ControlPlane, account: IoAccountant) {
    this.#world = world;
    this.#control = control;
    this.#account = account;
  }

  /** Starts every guest; `failed` hears the first reason why one cannot. */
  startAll(started: (vm: string) => void, failed: (reason: string) => void): void {
    for (const vm of this.#world.vms) {
      this.#start(vm, vm.host, vm.identities, vm.guest, () => started(vm.name), failed);
    }
  }

  #start(
    vm: VmStart,
    host: string,
    identities: readonly AttachmentIdentity[],
    guest: VmStart['guest'] | undefined,
    done: () => void,
    failed: (reason: string) => void,
  ): void {
    const { name, units: wanted } = vm;
    const ask = (command: HostCommand, then: (answer: HostAnswer) => void): void =>
      this.#control.ask(host, command, (answer) => {
        if (answer.ok) then(answer);
        else failed(answer.reason);
      });
    ask({ command: 'prepare', vm: name, identities }, (prepared) => {
      const seen = prepared.ok && prepared.command === 'prepare' ? prepared.view.length : 0;
      if (seen < wanted) {
        failed(
          `${name} sees ${seen} of its ${wanted} logical units on ${host}: check zones and masks`,
        );
        return;
      }
      ask({ command: 'adopt', vm: name, ...(guest === undefined ? {} : { guest }) }, () =>
        ask({ command: 'resume', vm: name }, () => done()),
      );
    });
  }

  /** To be told of every answer of a host: guests go from host to host in them. */
  answered(host: string, command: HostCommand, answer: HostAnswer): void {
    if (!answer.ok) return;
    if (command.command === 'adopt') {
      this.#places.set(command.vm, host);
      if (command.switchDisk === true) this.#switched.add(command.vm);
    } else if (command.command === 'surrender') this.#places.set(command.vm, undefined);
  }

  /** A host has crashed: the guests it had are lost. Gives their names. */
  hostCrashed(host: string): string[] {
    const lost: string[] = [];
    for (const [vm, place] of this.#places) {
      if (place !== host) continue;
      lost.push(vm);
      this.#lose(vm, host);
    }
    return lost;
  }

  /** A guest is gone; it is started again on that host when `bringUp` is called. */
  #lose(name: string, host: string): void {
    this.#account.lost(name);
    this.#places.delete(name);
    this.#starts.set(name, (this.#starts.get(name) ?? 0) + 1);
    this.#down.set(name, { host, lost: true, started: false });
  }

  /**
   * A move left the guest without ports: it stands still on the host that has it. True when no
   * host has it: then it is lost, and will be started again on `home`.
   */
  strand(name: string, home: string): boolean {
    if (this.#down.has(name)) return false;
    const host = this.#places.get(name);
    if (host === undefined) this.#lose(name, home);
    else this.#down.set(name, { host, lost: false, started: false });
    return host === undefined;
  }

  /** Whether a guest is lost or stands still for want of ports. */
  get someDown(): boolean {
    return this.#down.size > 0;
  }

  /** Why a guest could not be brought up when it was last tried. */
  get complaint(): string {
    return this.#complaint;
  }

  /**
   * Does what an operator would: brings up what is down, as far as its host runs, and tries again
   * (`later`) where that does not succeed.
   */
  bringUp(isUp: (host: string) => boolean, later: (run: () => void) => void): void {
    for (const [name, down] of this.#down) {
      if (down.started) continue;
      if (isUp(down.host)) this.#raise(name, down, () => later(() => this.bringUp(isUp, later)));
      else later(() => this.bringUp(isUp, later));
    }
  }

  #raise(name: string, down: Down, again: () => void): void {
    const vm = this.#world.vms.find((one) => one.name === name)!;
    const starts = this.#starts.get(name) ?? 0;
    const guest = down.lost
      ? {
          ...this.#onItsDisk(vm),
          stream: `${vm.guest.stream} again ${starts}`,
          firstIo: this.#account.nextIo(name),
        }
      : undefined;
    const identities = this.#identitiesOn(vm, down.host);
    const failed = (reason: string): void => {
      this.#complaint = `${name} on ${down.host}: ${reason}`;
      down.started = false;
      again();
    };
    down.started = true;
    // Ports that failed before are given up first: the login begins from the start.
    this.#control.ask(down.host, { command: 'leave', vm: name }, () =>
      this.#start(vm, down.host, identities, guest, () => this.#down.delete(name), failed),
    );
  }

  /** One whose disk was copied finds it there when it is started again. */
  #onItsDisk({ guest, name }: VmStart): VmStart['guest'] {
    const disk = this.#world.moves.find(({ vm }) => vm === name)?.disk;
    if (disk === undefined || guest.volumes === undefined || !this.#switched.has(name))
      return guest;
    const volumes = guest.volumes.map((one) => {
      const members = one.members.map((member) => ({ ...member, luName: disk.to }));
      return one.name === disk.volume ? { ...one, members } : one;
    });
    return { ...guest, volumes };
  }

  #identitiesOn(vm: VmStart, host: string): readonly AttachmentIdentity[] {
    const { moves } = this.#world;
    const came = moves.findLast((plan) => plan.vm === vm.name && plan.to === host);
    return came?.destination ?? vm.identities;
  }

  /** Every guest that is on a host, with that host. */
  *placed(): Iterable<readonly [vm: string, host: string]> {
    for (const [vm, host] of this.#places) if (host !== undefined) yield [vm, host];
  }

  /** Asks every guest, wherever it is. */
  tell(command: (vm: string) => HostCommand): void {
    for (const [vm, host] of this.placed()) this.#control.ask(host, command(vm), () => {});
  }
}
