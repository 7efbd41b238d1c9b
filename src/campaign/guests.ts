/** The guests of a run: where each is, its start, and its new start after it died with its host. */
import type { HostAnswer, HostCommand, VhbaIdentity } from '../fabric/index.ts';
import type { VmStart, World } from '../scenario/index.ts';
import type { RunBooks } from './books.ts';
import type { ControlPlane } from './control-plane.ts';

export class Guests {
  readonly #world: World;
  readonly #control: ControlPlane;
  readonly #books: RunBooks;
  /** Where each guest is; `undefined` while it is handed over. */
  readonly #places = new Map<string, string | undefined>();
  readonly #lost = new Map<string, { readonly host: string; readonly starts: number }>();
  readonly #starts = new Map<string, number>();

  constructor(world: World, control: ControlPlane, books: RunBooks) {
    this.#world = world;
    this.#control = control;
    this.#books = books;
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
    identities: readonly VhbaIdentity[],
    guest: VmStart['guest'] | undefined,
    done: () => void,
    failed: (reason: string) => void,
  ): void {
    const { name } = vm;
    const wanted = this.#world.scenario.vms.find((one) => one.name === name)!.luns.length;
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
    if (command.command === 'adopt') this.#places.set(command.vm, host);
    else if (command.command === 'surrender') this.#places.set(command.vm, undefined);
  }

  /** A host has crashed: the guests it had are lost. Gives their names. */
  hostCrashed(host: string): string[] {
    const lost: string[] = [];
    for (const [vm, place] of this.#places) {
      if (place !== host) continue;
      lost.push(vm);
      this.loseGuest(vm, host);
    }
    return lost;
  }

  /** A guest is gone; it is started again on that host when `restartLost` is called. */
  loseGuest(vm: string, host: string): void {
    this.#books.lost(vm);
    this.#places.delete(vm);
    this.#lost.set(vm, { host, starts: (this.#starts.get(vm) ?? 0) + 1 });
  }

  /** Whether a guest has died and does not run again. */
  get someLost(): boolean {
    return this.#lost.size > 0;
  }

  /** Starts again what was lost, as far as its host runs: as an operator would. */
  restartLost(isUp: (host: string) => boolean, failed: (reason: string) => void): void {
    for (const [name, { host, starts }] of this.#lost) {
      if (!isUp(host) || this.#starts.get(name) === starts) continue;
      this.#starts.set(name, starts);
      const vm = this.#world.vms.find((one) => one.name === name)!;
      const guest = {
        ...vm.guest,
        stream: `${vm.guest.stream} again ${starts}`,
        firstIo: this.#books.nextIo(name),
      };
      this.#start(
        vm,
        host,
        this.#identitiesOn(vm, host),
        guest,
        () => this.#lost.delete(name),
        failed,
      );
    }
  }

  /**
   * Brings a guest up that stands still without ports, on the host that has it. True when no host
   * has it: it is lost then, and will be started again on `home`.
   */
  rescue(name: string, home: string, failed: (reason: string) => void): boolean {
    if (this.#lost.has(name)) return false;
    const host = this.#places.get(name);
    if (host === undefined) {
      this.loseGuest(name, home);
      return true;
    }
    const vm = this.#world.vms.find((one) => one.name === name)!;
    this.#start(vm, host, this.#identitiesOn(vm, host), undefined, () => {}, failed);
    return false;
  }

  #identitiesOn(vm: VmStart, host: string): readonly VhbaIdentity[] {
    const { plan } = this.#world;
    return vm.name === plan.vm && host === plan.to ? plan.destination : vm.identities;
  }

  /** Asks every guest, wherever it is. */
  tell(command: (vm: string) => HostCommand): void {
    for (const [vm, host] of this.#places) {
      if (host !== undefined) this.#control.ask(host, command(vm), () => {});
    }
  }
}
