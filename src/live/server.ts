/**
 * Fabrics and an array on real sockets: a switch for each fabric, into whose ports guests plug,
 * and a storage array with target ports on them.
 *
 * Ownership: the server owns the machines, the driver that runs them, what listens for guests, the files behind
 * logical units and the tap. Its control commands and a live move work through its methods alone.
 */

import { StorageArray } from '../array/storage-array.ts';
import type { ByteSink } from '../capture/index.ts';
import type { Wwn } from '../codecs/layout/index.ts';
import type { LoginInfo } from '../fabric/fc/logins.ts';
import type { Fcf } from '../fabric/fcoe/fcf.ts';
import type { HistoryEntry } from '../history/index.ts';
import type { FaultRandom } from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { buildArray, buildPool } from '../scenario/build-array.ts';
import { adapterPortsOf } from '../scenario/topology.ts';
import type { SpacePool } from '../scsi/medium/pool.ts';
import { Cabling, type GuestListener } from './cabling.ts';
import { LiveDriver } from './driver.ts';
import { FileMedium } from './file-medium.ts';
import { FileService } from './file-service.ts';
import { IscsiPortals } from './iscsi-portals.ts';
import { LayoutDisks } from './layout-disks.ts';
import { LinkFaults } from './link-faults.ts';
import {
  buildFabrics,
  type LiveEvent,
  type LiveEventListener,
  type LiveFabric,
  type LiveFrameListener,
  type LiveLink,
} from './links.ts';
import { isLoopback } from './listen-address.ts';
import type { LogRecord } from './log.ts';
import { MaskWatch } from './mask-watch.ts';
import { type LiveMedium, openMedium } from './media.ts';
import { NbdService } from './nbd-service.ts';
import { PairHalf } from './pair/half.ts';
import { aliveOf } from './pair/plan-half.ts';
import { arrayOf, ownersOf, type ServePlan } from './plan.ts';
import { namesOf, ServeLog } from './serve-log.ts';
import type { ServiceAddress } from './service-address.ts';
import type { SocketFrameSink } from './socket-frames.ts';
import type { GuestWire, PluggedGuest } from './stream-wire.ts';
import { LiveTapFile } from './tap.ts';

/** Initiators that do not answer a LOGO are not waited for. */
const LOGO_WAIT_MS = 300;

/** A random stream that serves machines and fault rules. */
export type LiveRandom = RandomStream & FaultRandom;

/** What a server is made of, and where it tells what happens. */
export interface ServerOptions {
  readonly plan: ServePlan;
  /** Gives the named random streams of machines and faults. */
  readonly random: (name: string) => LiveRandom;
  /**
   * Opens where every frame at the switches' ports goes; called once the addresses are ours, so
   * that a server that cannot run leaves the capture of one that does alone.
   */
  readonly tap?: () => ByteSink;
  readonly log: (record: LogRecord) => void;
  /** Called before the first cable is plugged in: who follows events and frames then misses none. */
  readonly prepare?: ((server: LiveServer) => void) | undefined;
}

/** A server that runs: switches and an array, with what its control commands may do to them. */
export class LiveServer {
  readonly plan: ServePlan;
  readonly driver: LiveDriver<LiveEvent>;
  readonly fabrics: ReadonlyMap<string, LiveFabric>;
  /** Fault rules on links. */
  readonly faults: LinkFaults;
  readonly #options: ServerOptions;
  readonly #byNode = new Map<string, LiveFabric>();
  #tap: LiveTapFile | undefined;
  readonly #cabling: Cabling;
  readonly #listeners: GuestListener[] = [];
  readonly #services: (FileService | NbdService)[] = [];
  readonly #media: readonly LiveMedium[];
  readonly #serveLog: ServeLog;
  readonly #eventListeners = new Set<LiveEventListener>();
  readonly #frameListeners = new Set<LiveFrameListener>();
  readonly #owners: ReadonlyMap<Wwn, string>;
  readonly #arrayNode: string;
  #array: StorageArray;
  #closing: Promise<void> | undefined;
  readonly #targets: IscsiPortals[] = [];
  #half: PairHalf | undefined;

  private constructor(
    options: ServerOptions,
    media: readonly LiveMedium[],
    serveLog: ServeLog,
    pool: SpacePool | undefined,
  ) {
    const { plan, random } = options;
    this.plan = plan;
    this.#options = options;
    this.#media = media;
    this.#serveLog = serveLog;
    this.driver = new LiveDriver<LiveEvent>({
      onEvent: (node, event, at) => this.#event({ at, node, event }),
      tap: (node, port, direction, frame, now) => this.#frame(node, port, direction, frame, now),
      onDefect: (node, error) => this.#serveLog.defect(node, error, this.now),
    });
    this.faults = new LinkFaults(this, random);
    this.#cabling = new Cabling(this);
    this.fabrics = buildFabrics(plan.topology, random);
    for (const fabric of this.fabrics.values()) {
      this.#byNode.set(fabric.node, fabric);
      this.driver.addNode(fabric.node, fabric.machine);
    }
    this.#owners = ownersOf(plan);
    const array = aliveOf(arrayOf(plan));
    this.#arrayNode = array.name;
    this.#array = buildArray(array, media, random('array'), pool);
    this.driver.addNode(this.#arrayNode, this.#array);
    serveLog.masks = new MaskWatch(namesOf(plan), (device) => {
      const view = this.#array.device.masks.viewOf(device);
      return new Map([...view].map(([lun, { index }]) => [lun, this.unitNames[index]!]));
    });
  }

  /** Opens media and addresses. Errors: `ListenError`, `LunError`, `CaptureError`. */
  static async open(options: ServerOptions): Promise<LiveServer> {
    const { plan } = options;
    const media: LiveMedium[] = [];
    const serveLog = new ServeLog(options.log, namesOf(plan));
    try {
      const pool = buildPool(arrayOf(plan));
      for (const unit of plan.units) media.push(await openMedium(unit, serveLog, pool));
      const server = new LiveServer(options, media, serveLog, pool);
      try {
        options.prepare?.(server);
        for (const address of plan.listen)
          server.#listeners.push(await server.#cabling.listen(address));
        for (const address of plan.services)
          server.#services.push(await server.#openService(address));
        for (const [i, place] of (plan.nbd ?? []).entries())
          server.#services.push(await NbdService.open(place, server, `nbd.${i + 1}`));
        server.#warnOfOpenExports();
        await server.#openPortals();
        server.#openTap();
        server.#cabling.cableArray(plan.topology, server.#arrayNode);
        if (plan.half !== undefined) server.#half = new PairHalf(server, plan.half);
      } catch (error) {
        await server.close();
        throw error;
      }
      return server;
    } catch (error) {
      for (const medium of media) if (medium instanceof FileMedium) await medium.close();
      throw error;
    }
  }

  #openService(address: ServiceAddress): Promise<FileService> {
    const node = this.#arrayNode;
    const { random } = this.#options;
    return FileService.open({
      address,
      name: node,
      units: this.#array.device.units,
      names: this.unitNames,
      rules: this.plan.exports,
      layouts: this.plan.layouts === true ? new LayoutDisks(this).options : undefined,
      random: random('nfs'),
      clock: () => this.now,
      onEvent: (event, at) => this.#event({ at, node, event }),
      onDefect: (error) => this.#serveLog.defect(node, error, this.now),
      onFrame: this.frameSink(`nfs.${this.#services.length + 1}`),
    });
  }

  /** The tap's interface of a portal or a service; its frames are made for the tap alone. */
  frameSink(name: string): SocketFrameSink | undefined {
    if (this.#options.tap === undefined) return undefined;
    return (_, frame) => this.#tap?.write(name, frame, this.now);
  }

  /** NFS knows nobody by more than an address. */
  #warnOfOpenExports(): void {
    if (this.plan.exports.length > 0) return;
    for (const { host } of this.plan.services.filter((one) => !isLoopback(one.host)))
      this.log(
        'warn',
        'nfs-open',
        `whoever reaches ${host} may mount and write; --export says who`,
        { host },
      );
  }

  async #openPortals(): Promise<void> {
    let port = adapterPortsOf(arrayOf(this.plan)).length;
    let tapped = 1;
    for (const plan of this.plan.iscsi ?? []) {
      this.#targets.push(await IscsiPortals.open(plan, port, this, tapped));
      port += plan.portals.length;
      tapped += plan.portals.length;
    }
  }

  /** The iSCSI targets on sockets. */
  get targets(): readonly IscsiPortals[] {
    return this.#targets;
  }

  /** What the plan calls the array's units: those of hosts, behind them what only another array sees. */
  get unitNames(): readonly string[] {
    return arrayOf(this.plan).units.map(({ name }) => name);
  }

  /** The array's name in the driver. */
  get node(): string {
    return this.#arrayNode;
  }

  /** Something happened at an iSCSI portal, or where NBD clients connect. */
  portalEvent(event: LiveEvent, at: Instant): void {
    this.#event({ at, node: this.#arrayNode, event });
  }

  /** A machine of the array's threw. */
  defect(error: unknown): void {
    this.#serveLog.defect(this.#arrayNode, error, this.now);
  }

  #openTap(): void {
    const { tap } = this.#options;
    if (tap === undefined) return;
    this.#tap = new LiveTapFile(tap(), (error) =>
      this.log('error', 'tap-failed', `the tap ends here: ${error.message}`),
    );
  }

  /** The array that has power now. */
  get array(): StorageArray {
    return this.#array;
  }

  get now(): Instant {
    return this.driver.now;
  }

  /** Addresses on which guests may connect, with the ports that the system chose. */
  get addresses(): { readonly fabric: string; readonly address: string }[] {
    return this.#listeners.map(({ name: address }, i) => ({
      fabric: this.plan.listen[i]!.fabric!,
      address,
    }));
  }

  /** Addresses of what is served without a fabric, and the files that are there. */
  get services(): { readonly address: string; readonly files: readonly string[] }[] {
    return this.#services.map(({ address, fileNames }) => ({ address, files: fileNames }));
  }

  get counters(): { readonly defects: number; readonly tapFrames: number | undefined } {
    return { defects: this.#serveLog.defects, tapFrames: this.#tap?.frames };
  }

  /** A name for a WWPN that the scenario expects, or of a target port. */
  nameOf(wwpn: Wwn): string | undefined {
    return this.#owners.get(wwpn);
  }

  /** Tells everything that happens from now on; returns what ends it. */
  onEvent(listener: LiveEventListener): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Shows every frame at a switch port from now on; returns what ends it. */
  onFrame(listener: LiveFrameListener): () => void {
    this.#frameListeners.add(listener);
    return () => this.#frameListeners.delete(listener);
  }

  /** Writes a line of the log. */
  log(
    level: LogRecord['level'],
    event: string,
    text: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#options.log({ level, event, text, fields });
  }

  /** Changes a fabric's switch by its own methods. */
  act(fabric: LiveFabric, work: (fcf: Fcf, now: Instant) => void): void {
    this.driver.act(fabric.node, (_machine, now) => work(fabric.fcf, now));
  }

  /** Changes the array by its own methods. */
  actOnArray(work: (array: StorageArray, now: Instant) => void): void {
    this.driver.act(this.#arrayNode, (_machine, now) => work(this.#array, now));
  }

  /** Everybody who is logged in, with the fabric. */
  logins(): { readonly fabric: LiveFabric; readonly login: LoginInfo }[] {
    return [...this.fabrics.values()].flatMap((fabric) =>
      fabric.fcf.logins().map((login) => ({ fabric, login })),
    );
  }

  /** Logins of a WWPN; one on each fabric at most. */
  loginsOf(wwpn: Wwn): { readonly fabric: LiveFabric; readonly login: LoginInfo }[] {
    return this.logins().filter(({ login }) => login.wwpn === wwpn);
  }

  /** Every cable. */
  links(): LiveLink[] {
    return [...this.fabrics.values()].flatMap((fabric) => [...fabric.links.values()]);
  }

  /** Plugs a wire into the first free port of a fabric's switch; why, where there is none. */
  plugIn(fabric: LiveFabric, address: string, wire: GuestWire): PluggedGuest | string {
    return this.#cabling.plugIn(fabric, address, wire);
  }

  // --- power and links

  /** Takes a link down or brings it up again, as a cable that is pulled. A guest is not told. */
  setLink(link: LiveLink, up: boolean): void {
    this.driver.setLink(this.fabrics.get(link.fabric)!.node, link.port, up);
    this.log(up ? 'info' : 'warn', 'link', `${link.name} ${up ? 'up' : 'down'}`, {
      link: link.name,
      up,
    });
  }

  /** The array loses power, and is back after `downNs` with its media and nothing else. */
  restartArray(downNs: Instant): void {
    const plugs = [...this.fabrics.values()].flatMap(({ node, targetPorts }) =>
      targetPorts.map((port) => ({ node, port })),
    );
    for (const { node, port } of plugs) this.driver.setLink(node, port, false);
    // Its sessions end while it can still be told.
    for (const target of this.#targets) target.setPower(false);
    this.driver.setPower(this.#arrayNode, false);
    for (const service of this.#services) service.powerLost();
    this.#half?.setPower(false);
    this.log('warn', 'power', 'the array has no power');
    this.driver.after(downNs, () => {
      this.#array = StorageArray.afterPowerLoss(this.#array, this.#options.random('array'));
      this.driver.replaceNode(this.#arrayNode, this.#array);
      this.driver.setPower(this.#arrayNode, true);
      for (const service of this.#services) service.powerOn();
      for (const target of this.#targets) target.setPower(true);
      this.#half?.setPower(true);
      for (const { node, port } of plugs) this.driver.setLink(node, port, true);
    });
  }

  /** Logs everybody out, lets what was sent go out, then closes wires, media and tap. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const target of this.#targets) target.askLogout(this.now);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, LOGO_WAIT_MS).unref();
      this.actOnArray((array) => logOut(array, resolve));
    });
    for (const fabric of this.fabrics.values()) {
      this.act(fabric, (fcf, now) => {
        for (const port of fabric.links.keys()) fcf.clearVirtualLinks({ port, bare: true }, now);
      });
    }
    this.#half?.close();
    const ports = [...this.#listeners, ...this.#services].map((one) => one.close());
    await Promise.all([...ports, ...this.#targets.map((target) => target.close())]);
    this.driver.stop();
    await this.#tap?.close();
    for (const medium of this.#media) {
      if (!(medium instanceof FileMedium)) continue;
      await medium.close().catch((error: Error) => {
        this.log('error', 'lun-failed', error.message);
      });
    }
  }

  // --- what happens

  #event(entry: HistoryEntry<LiveEvent>): void {
    for (const listener of this.#eventListeners) listener(entry);
    this.#serveLog.event(this.#byNode.get(entry.node)?.name, entry);
    if (entry.event.type === 'witness-ask') void this.#half?.ask(entry.event);
  }

  #frame(
    node: string,
    port: number,
    direction: 'in' | 'out',
    frame: Uint8Array,
    now: Instant,
  ): void {
    const link = this.#byNode.get(node)?.links.get(port);
    if (link === undefined) return;
    link.frames[direction]++;
    link.bytes[direction] += frame.length;
    this.#tap?.write(link.name, frame, now);
    for (const listener of this.#frameListeners) listener(link, direction, frame, now);
  }
}

/** LOGO from every target port to every initiator, and to the fabric. */
function logOut({ targetPorts }: StorageArray, done: () => void): void {
  let waiting = targetPorts.length;
  for (const { lport } of targetPorts) {
    lport.enterLogo(() => {
      waiting--;
      if (waiting === 0) done();
    });
  }
}
