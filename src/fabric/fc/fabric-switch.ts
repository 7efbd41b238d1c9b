/**
 * A switch of one domain as its owner sees it, whatever its links are: ports, logins, zones, and what a
 * management asks of it. An FCF has FCoE below, a native switch Fibre Channel.
 *
 * Ownership: a switch makes its parts and hands each frame to one of them; all of them work on one
 * context. Changes that listeners must hear of are collected while a frame, a timer or a call of
 * the owner is handled, and told at its end.
 */
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import type { CongestionKind } from '../../history/entities.ts';
import type { FabricEvent } from '../../history/fabric.ts';
import type { Instant, Machine, Output } from '../../machine/machine.ts';
import type { FabricAnswer, FabricCommand } from './commands.ts';
import type { FabricContext, FcfCounters, FcfPort } from './context.ts';
import type { FabricServices } from './fabric-services.ts';
import type { LoginInfo } from './logins.ts';
import type { FabricConfig } from './options.ts';
import type { RscnPage } from './rscn-queue.ts';
import { checkZoning, type Zoning } from './zoning.ts';

/**
 * Which virtual links to clear: one login, or every ENode behind a port (or one of them).
 * `bare` leaves the list of VN_Ports out of the message, which means all of them.
 */
export type LinkSelector =
  | { readonly nPortId: FcId }
  | { readonly wwpn: Wwn }
  | { readonly port: number; readonly enodeMac?: Mac; readonly bare?: boolean };

/** What is the same for every switch. */
export abstract class FabricSwitch implements Machine<FabricEvent> {
  protected readonly fabric: FabricServices;
  readonly #context: FabricContext;

  constructor(context: FabricContext, fabric: FabricServices) {
    this.#context = context;
    this.fabric = fabric;
  }

  abstract handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void;

  get config(): FabricConfig {
    return this.#context.config;
  }

  get counters(): FcfCounters {
    return this.#context.counters;
  }

  get deadline(): Instant | undefined {
    return this.#context.core.deadline;
  }

  poll(): Output<FabricEvent> | undefined {
    return this.#context.core.poll();
  }

  handleTimeout(now: Instant): void {
    this.#context.core.handleTimeout(now);
    this.fabric.controller.flush();
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    if (up) this.linkUp(port, now);
    else this.linkDown(port, now);
  }

  /** A port's link came up. Nothing happens to one that is up. */
  linkUp(port: number, now: Instant): void {
    this.#context.core.now = now;
    const state = this.#port(port);
    if (state.up) return;
    state.up = true;
    this.#context.core.emit({ type: 'link', port, up: true });
  }

  /** A port's link went: everybody behind it is logged out and their peers are told. */
  linkDown(port: number, now: Instant): void {
    this.change(now, () => {
      const state = this.#port(port);
      if (!state.up) return;
      state.up = false;
      this.#context.core.emit({ type: 'link', port, up: false });
      this.fabric.logouts.endPort(port, 'link');
    });
  }

  /** Puts a port back into service that a duplicate WWPN took out of it. */
  enablePort(port: number, now: Instant): void {
    this.#context.core.now = now;
    const state = this.#port(port);
    if (!state.disabled) return;
    state.disabled = false;
    this.#context.core.emit({ type: 'port-enabled', port });
  }

  /**
   * Clears virtual links: the ENode is told by Clear Virtual Links, the logins end. Clearing the
   * base N_Port takes the others of its ENode along, where base logout is `legacy`.
   */
  clearVirtualLinks(selector: LinkSelector, now: Instant): void {
    this.change(now, () => {
      if ('port' in selector) {
        const { port, enodeMac, bare = false } = selector;
        this.#port(port);
        const adapters = this.#context.logins.adaptersOn(port);
        for (const adapter of adapters)
          if (enodeMac === undefined || adapter.address === enodeMac)
            this.fabric.logouts.clearAdapter(adapter, 'CVL', bare);
        return;
      }
      const { logins } = this.#context;
      const login =
        'wwpn' in selector ? logins.byWwpn(selector.wwpn) : logins.byId(selector.nPortId);
      if (login !== undefined) this.fabric.logouts.clear(login, 'CVL');
    });
  }

  /** Carries out what a mover asks for. */
  handleCommand(command: FabricCommand, now: Instant): FabricAnswer {
    let answer: FabricAnswer = { ok: true, command: command.command };
    this.change(now, () => {
      answer = this.fabric.carryOut(command);
    });
    return answer;
  }

  /**
   * Frames to a port wait: for want of credit or of room behind it, or no more (`clear`). Ports that asked to be told
   * hear of it, those behind the port and those in their zones. `periodMs`: since when.
   */
  portWaits(port: number, kind: CongestionKind, periodMs: number, now: Instant): void {
    this.#port(port);
    this.change(now, () => this.fabric.notices.portWaits(port, kind, periodMs));
  }

  /** Puts another zone set in force; listeners hear of whom they see now or no longer. */
  setZoning(zoning: Zoning, now: Instant): void {
    checkZoning(zoning);
    this.change(now, () => {
      const { core, zones, logins } = this.#context;
      const differences = zones.replace(zoning, logins.all());
      const affected = differences.reduce((sum, { seenBy }) => sum + seenBy.length, 0);
      core.emit({ type: 'zone-change', ...zoning, affected });
      this.fabric.controller.noteZones(differences);
    });
  }

  /** Sends an RSCN with these pages to the listeners named, or to all; zones do not matter. */
  sendRscn(pages: readonly RscnPage[], now: Instant, to?: readonly FcId[]): void {
    this.change(now, () => {
      const { logins } = this.#context;
      const listeners = to === undefined ? [...logins.all()] : to.map((id) => logins.byId(id));
      for (const login of listeners)
        if (login !== undefined)
          for (const page of pages) this.fabric.controller.noteTo(login, page);
    });
  }

  /**
   * A power cycle: logins, registrations and open exchanges are gone and nobody is told. What is
   * configuration stays: options, zoning, persistent N_Port_IDs, the state of links.
   */
  restart(now: Instant): void {
    const { core } = this.#context;
    core.now = now;
    this.fabric.restart();
    this.restarted();
    core.emit({ type: 'restarted' });
  }

  /** What else begins anew after a power cycle. */
  protected restarted(): void {}

  /** The zone set in force. */
  get zoning(): Zoning {
    return this.#context.zones.zoning;
  }

  /** Whether a port's link is up, whether a duplicate WWPN took it out of service, and the port's name. */
  portState(port: number): {
    readonly up: boolean;
    readonly disabled: boolean;
    readonly portName: Wwn;
  } {
    const { up, disabled, portName } = this.#port(port);
    return { up, disabled, portName };
  }

  /** Who is logged in, in the order of logging in. */
  logins(): LoginInfo[] {
    return [...this.#context.logins.all()].map((login) => ({
      nPortId: login.nPortId,
      wwpn: login.wwpn,
      wwnn: login.wwnn,
      port: login.port,
      mac: login.linkAddress,
      by: login.by,
      enodeMac: login.adapter.address,
      since: login.since,
      symbolicName: login.object.symbolicPortName,
      fc4Types: login.object.fc4Types,
    }));
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const { core, logins, recentLogins, ids } = this.#context;
    return {
      timers: core.timers.pending,
      logins: logins.size,
      'requests that came lately': recentLogins.size,
      'requests of its own': this.fabric.requestsUnderWay,
      'N_Port_IDs given up': ids.givenUp,
      'machines with an application identifier': this.fabric.machinesNamed,
    };
  }

  /** A change by the owner: listeners hear of it at its end. */
  protected change(now: Instant, change: () => void): void {
    this.#context.core.now = now;
    change();
    this.fabric.controller.flush();
  }

  #port(port: number): FcfPort {
    const state = this.#context.ports[port];
    if (state === undefined) throw new RangeError(`switch ${this.config.name} has no port ${port}`);
    return state;
  }
}
