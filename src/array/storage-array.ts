/**
 * A storage array as a machine: target ports on adapters, and a SCSI target device behind them.
 *
 * Ownership: it owns an adapter and a target port per machine port, and one `ScsiTarget` with its
 * logical units, masks and nexuses.
 */
import type { Wwn } from '../codecs/layout/index.ts';
import type { BackupEvent } from '../history/backup.ts';
import type { DcbAgreement, DcbxAgreed } from '../history/dcb.ts';
import type { PortChanged } from '../history/fabric.ts';
import type { PairEvent, WitnessAnswered } from '../history/pair.ts';
import { fcTargetPort, iscsiTargetPort, type TargetPort } from '../history/port-name.ts';
import type { StorageEvent } from '../history/storage.ts';
import { type Instant, type Machine, type Output, SECOND } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { RandomStream } from '../machine/random.ts';
import type { Timer } from '../machine/timers.ts';
import { type AdapterOptions, adapterOf } from '../port/adapter.ts';
import { type Confirmation, FcpTargetPort, type TargetPortOwner } from '../port/fcp/target-port.ts';
import type { Lport } from '../port/n-port/lport.ts';
import type { AdapterOwner, NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { NfsFileSystem } from '../port/nfs/file-system.ts';
import type { ArrayAnswer, ArrayCommand } from '../scsi/management.ts';
import type { SpacePool } from '../scsi/medium/pool.ts';
import type { AccessChanges, TargetPortGroup } from '../scsi/target/alua.ts';
import type { PortOfTarget } from '../scsi/target/command.ts';
import { ScsiTarget } from '../scsi/target/scsi-target.ts';
import { tellEvents } from '../scsi/target/storage-events.ts';
import type { CommandMirror, TargetNexus } from '../scsi/transport.ts';
import { type ArrayIpOptions, ArrayIpServices } from './ip-services.ts';
import { ArrayPair, type PairOptions } from './pair/array-pair.ts';
import { PeerSessions } from './pair/peer-sessions.ts';
import { ArraySnapshots, type SnapshotOwner } from './snapshots.ts';

const RECEIVE_BYTES = 2112;
/** Ports of an array try to log in for ever. */
const LOGIN_TRIES_MAX = Number.MAX_SAFE_INTEGER;

/** One port of an array. */
export type ArrayPortOptions = AdapterOptions & { readonly wwpn: Wwn };

/** How fast the array works. */
export interface ServiceTimes {
  readonly readNs: number;
  readonly writeNs: number;
  /** Up to this much more, at random. */
  readonly jitterNs: number;
}

/** What a storage array is made of; what is left out is in `ARRAY_DEFAULTS`. */
export interface StorageArrayOptions {
  readonly name: string;
  readonly nodeName: Wwn;
  readonly ports: readonly ArrayPortOptions[];
  /**
   * Names of iSCSI target ports of the device, behind those of `ports`: their carriers are machines of their own,
   * which hand in commands through `handleElsewhere`.
   */
  readonly iscsiPorts?: readonly TargetPort[];
  /** What it offers over IP, on machine ports behind `ports`. */
  readonly ip?: ArrayIpOptions;
  readonly service?: ServiceTimes;
  readonly random: RandomStream;
  /** Left out: one group, number 1, of all ports, active/optimized. Port n has relative identifier n + 1. */
  readonly targetPortGroups?: readonly TargetPortGroup[];
  /** Who may change the access states of target port groups. */
  readonly alua?: AccessChanges;
  /** Every nexus is told of the first power on. Left out, none is, which spares scans a retry. */
  readonly powerOnAttention?: boolean;
  /** INQUIRY says that the array makes copies by itself (3PC), so that initiators ask for it. */
  readonly tellsOfCopies?: boolean;
  /** Offers RETRY in PRLI and sends again what initiators miss. */
  readonly retry?: boolean;
  /** Which responses ask for FCP_CONF, where the initiator allows it. */
  readonly confirm?: Confirmation;
  /** A volatile cache writes itself to the medium after this long. */
  readonly destageNs?: number;
  /** Offers that write data need not wait for XFER_RDY. */
  readonly firstBurst?: boolean;
  /** Drops commands whose OX_ID is of another epoch than the login's. */
  readonly oxIdEpochs?: boolean;
  /** Its ports log in to initiators that they hear of by RSCN, before those do, as Linux's target ports do. */
  readonly logsIn?: boolean;
  /** How long the cut of one unit takes; while units are cut the array runs no command. */
  readonly cutNs?: number;
  /**
   * Another array has a leg of some of its units. Its ports there are machine ports behind `ports`, or, over a LAN,
   * the last ones of `ip`.
   */
  readonly pair?: PairOptions;
  /** RELATIVE TARGET PORT IDENTIFIER of the first target port; 1 when left out. */
  readonly firstPortId?: number;
}

/** What an array tells. */
export type ArrayEvent = StorageEvent | BackupEvent | PairEvent | PortChanged | DcbxAgreed;

/** What holds of an array where its options leave it out. */
export const ARRAY_DEFAULTS = {
  service: { readNs: 250_000, writeNs: 400_000, jitterNs: 200_000 },
  alua: 'both',
  powerOnAttention: false,
  retry: true,
  confirm: 'never',
  destageNs: SECOND,
  firstBurst: false,
  oxIdEpochs: false,
  logsIn: false,
  cutNs: 100_000,
} as const satisfies Partial<StorageArrayOptions>;

/** Options of an array with every default filled in. */
export type StorageArrayConfig = StorageArrayOptions &
  Required<Pick<StorageArrayOptions, keyof typeof ARRAY_DEFAULTS>>;

/** An array on its ports. */
export class StorageArray
  implements Machine<ArrayEvent>, AdapterOwner, TargetPortOwner, SnapshotOwner
{
  readonly options: StorageArrayConfig;
  /** Another array's after its power loss. */
  device: ScsiTarget;
  /** Where its units take their space from, if that can end. */
  #pool: SpacePool | undefined;
  readonly targetPorts: readonly FcpTargetPort[];
  readonly snapshots = new ArraySnapshots(this);
  readonly #machine = new MachineCore<ArrayEvent>();
  readonly #adapters: NPortAdapter[];
  /** The login of each target port's WWPN. */
  readonly #lports: Lport[];
  /** The machine port at which each logs in: its own, unless it has failed over. */
  readonly #seats: number[];
  /** Those that are logging out where they were. */
  readonly #leaving = new Set<number>();
  /** Where the target device's events go: the machine that now has it. */
  #sink: { emit: (event: ArrayEvent) => void };
  #destaging: Timer | undefined;
  readonly #ip: ArrayIpServices | undefined;
  /** Where another array has a leg of its units. */
  readonly pair: ArrayPair | undefined;
  /** Those with the other array, where the way there is a LAN. */
  #sessions: PeerSessions | undefined;

  constructor(options: StorageArrayOptions) {
    this.options = { ...ARRAY_DEFAULTS, ...options };
    const { alua: accessChanges, powerOnAttention } = this.options;
    const iscsiPorts = [...(options.iscsiPorts ?? []), ...portalsOf(options.ip)];
    const targetPortGroups = groupsWith(options, iscsiPorts.length);
    const sink = { emit: (event: ArrayEvent): void => this.emit(event) };
    this.#sink = sink;
    this.device = new ScsiTarget({
      name: options.name,
      ports: [
        ...[...options.ports.map(({ wwpn }) => fcTargetPort(wwpn)), ...iscsiPorts].map(
          (name, index) => ({ name, relativeId: index + (options.firstPortId ?? 1) }),
        ),
        ...(options.pair === undefined ? [] : portsElsewhere(options.pair)),
      ],
      powerOnAttention,
      accessChanges,
      tellsOfCopies: options.tellsOfCopies ?? false,
      ...(targetPortGroups === undefined ? {} : { groups: targetPortGroups }),
      observer: tellEvents(
        (event) => sink.emit(event),
        () => this.device.masks,
      ),
    });
    this.#ip = options.ip && this.#startIp(options.ip);
    this.targetPorts = options.ports.map((_, index) => new FcpTargetPort(index, this));
    this.#seats = [...options.ports.keys()];
    this.#adapters = options.ports.map((port, index) =>
      adapterOf(port, index, options.nodeName, this),
    );
    this.#lports = this.#adapters.map((adapter, index) => this.#startPort(adapter, index));
    this.pair = options.pair && this.#startPair(options.pair);
  }

  /** Ports to the other array are the machine's last ones. */
  #startPair(pair: PairOptions): ArrayPair {
    const array = this;
    const { name, nodeName, ports } = this.options;
    const side = new ArrayPair(pair, {
      name,
      get device() {
        return array.device;
      },
      get now() {
        return array.now;
      },
      after: (delayNs, run) => this.after(delayNs, run),
      emit: (event) => this.emit(event),
      portChanged: (port, state, reason) =>
        this.#machine.emit({ type: 'port', port, state, reason }),
      refused: (port, what) => this.refused(port, what),
    });
    for (const [i, port] of pair.ports.entries()) {
      const index = ports.length + i;
      const adapter = adapterOf(port, index, nodeName, this);
      this.#adapters.push(adapter);
      side.link.start(adapter, index, port.wwpn, nodeName, name, this.options.firstBurst);
    }
    return side;
  }

  /** The way to the other array is a LAN. */
  #startSessions({ link, options }: ArrayPair): void {
    const array = this;
    if (this.#ip === undefined || options.iscsi === undefined || this.#sessions !== undefined)
      return;
    this.#sessions = new PeerSessions(options.iscsi, this.#ip.stack, options, {
      get now() {
        return array.now;
      },
      after: (delayNs, run) => this.after(delayNs, run),
      found: (session, nexus) => link.found(session, nexus),
      gone: (session) => link.gone(session),
      contradiction: (what) => this.refused(0, what),
    });
  }

  /** Where the commands of units with two legs run. */
  get mirror(): CommandMirror | undefined {
    return this.pair?.mirror;
  }

  /** What a witness says to a question of this array. */
  handleWitness(answer: WitnessAnswered, now: Instant): void {
    this.#machine.now = now;
    this.pair?.handleWitness(answer);
  }

  /** IP ports are the machine's last ones, portals the device's last target ports. */
  #startIp(ip: ArrayIpOptions): ArrayIpServices {
    const { iscsiPorts = [], ports, random } = this.options;
    const array = this;
    return new ArrayIpServices(
      ip,
      ports.length + iscsiPorts.length,
      {
        name: this.options.name,
        get now() {
          return array.now;
        },
        get device() {
          return array.device;
        },
        get standsUntil() {
          return array.standsUntil;
        },
        get mirror() {
          return array.mirror;
        },
        after: (delayNs, run) => this.after(delayNs, run),
        send: (port, frame) => this.send(ports.length + port, frame),
        serviceNs: (write, bytes) => this.serviceNs(write, bytes),
        emit: (event) => this.emit(event),
        fence: (device, luName) => {
          const lu = this.device.units.find((one) => one.luName === luName);
          if (lu !== undefined) this.device.fence(device, lu);
        },
      },
      random,
    );
  }

  /** Logical units are files from now on, where the array has a file server. */
  exportFiles(files: NfsFileSystem): void {
    this.#ip?.exportFiles(files);
  }

  /** A target port logs in: as the N_Port of its own adapter, or beside that of another. */
  #startPort(adapter: NPortAdapter, index: number): Lport {
    const target = this.targetPorts[index]!;
    const lport = adapter.createLport(
      {
        portName: this.options.ports[index]!.wwpn,
        nodeName: this.options.nodeName,
        role: 'target',
        receiveBytes: RECEIVE_BYTES,
        firstBurst: this.options.firstBurst,
        retry: this.options.retry,
        physical: adapter === this.#adapters[index],
        symbolicName: `${this.options.name} port ${index}`,
        loginTriesMax: LOGIN_TRIES_MAX,
        discovers: this.options.logsIn,
      },
      {
        stateChanged: (_lport, state, reason) =>
          this.#machine.emit({ type: 'port', port: index, state, reason }),
        rportReady: (rport) => {
          target.rportReady(rport);
          this.#tellNexus('began', target.nexusOf(rport));
        },
        rportGone: (rport) => {
          const nexus = target.nexusOf(rport);
          target.rportGone(rport);
          this.#tellNexus('ended', nexus);
        },
        commandFrame: (rport, header, frame, at, end) =>
          target.commandFrame(rport, header, frame, at, end),
        abts: (rport, header) => target.abts(rport, header),
        readExchange: (rport, ids) => target.readExchange(rport, ids),
      },
    );
    target.lport = lport;
    adapter.startLport(lport);
    return lport;
  }

  /**
   * The WWPN of a target port logs out where it is, in good order where its link is up, and logs in at another
   * port of the array (NetApp's and HPE's persistent ports): initiators find the same port under another
   * N_Port_ID. At its own port it is back. Nothing happens where there is no such port, or it is there already.
   */
  failOver(port: number, to: number, now: Instant): void {
    this.#machine.now = now;
    const from = this.#seats[port];
    if (from === undefined || from === to || this.#adapters[to] === undefined) return;
    this.#seats[port] = to;
    if (this.#leaving.has(port)) return;
    this.#leaving.add(port);
    const lport = this.#lports[port]!;
    lport.enterLogo(() => {
      this.#leaving.delete(port);
      this.#adapters[from]!.removeLport(lport);
      this.#lports[port] = this.#startPort(this.#adapters[this.#seats[port]!]!, port);
    });
  }

  #tellNexus(state: 'began' | 'ended', nexus: TargetNexus | undefined): void {
    if (nexus === undefined) return;
    const { initiatorPort: initiator, targetPort: target, epoch, address } = nexus;
    this.#machine.emit({ type: 'nexus', state, nexus: { initiator, target, epoch, address } });
  }

  /**
   * The array that comes up in the place of one that lost power: the same names, media, masks and
   * access states, the registrations that were to persist, and nothing else. `random` drives it.
   */
  static afterPowerLoss(lost: StorageArray, random: RandomStream): StorageArray {
    const array = new StorageArray({ ...lost.options, random });
    array.device = lost.device;
    array.pool = lost.pool;
    array.#sink = lost.#sink;
    array.#sink.emit = (event) => array.emit(event);
    for (const { login } of array.device.nexuses) {
      if (login !== undefined) array.emit({ type: 'nexus', state: 'ended', nexus: login.name });
    }
    array.device.restart();
    array.snapshots.powerLost(lost.snapshots);
    if (lost.pair !== undefined) array.pair?.resumeFrom(lost.pair);
    if (lost.#ip?.files !== undefined) array.#ip?.exportFiles(lost.#ip.files, lost.#ip);
    return array;
  }

  /** Tells of a happening. */
  emit(event: ArrayEvent): void {
    this.#machine.emit(event);
    if (event.type === 'apply' && !event.durable) this.#destageLater();
    else if (event.type === 'access' && event.explicit)
      this.pair?.accessAsked(event.group, event.state);
  }

  #destageLater(): void {
    this.#destaging ??= this.after(this.options.destageNs, () => {
      this.#destaging = undefined;
      this.device.flush();
    });
  }

  /** Where its units take their space from, if that can end. */
  get pool(): SpacePool | undefined {
    return this.#pool;
  }

  set pool(pool: SpacePool | undefined) {
    this.#pool = pool;
    if (pool !== undefined) pool.onThreshold = () => this.device.poolFills(pool);
  }

  /** A carrier that is a machine of its own hands something in to the device. */
  handleElsewhere(now: Instant, work: () => void): void {
    this.#machine.now = now;
    work();
  }

  /** Carries a command of the array's management out; `reply` is called once, perhaps later. */
  handleCommand(command: ArrayCommand, now: Instant, reply: (answer: ArrayAnswer) => void): void {
    this.#machine.now = now;
    if (command.command !== 'grow-pool') this.snapshots.handleCommand(command, reply);
    else if (this.pool === undefined) reply({ ok: false, reason: 'its units have no pool' });
    else {
      this.pool.grow(command.extents);
      reply({ ok: true });
    }
  }

  // The machine contract.

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#machine.now = now;
    const adapter = this.#adapters[port];
    if (adapter !== undefined) adapter.handleFrame(frame);
    else this.#ip?.handleFrame(port - this.#adapters.length, frame);
  }

  handleTimeout(now: Instant): void {
    this.#machine.handleTimeout(now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#machine.now = now;
    const adapter = this.#adapters[port];
    if (adapter === undefined) this.#ip?.handleLink(port - this.#adapters.length, up);
    else if (up) adapter.linkUp();
    else adapter.linkDown();
    if (!up || this.pair === undefined) return;
    this.pair.start();
    this.#startSessions(this.pair);
  }

  poll(): Output<ArrayEvent> | undefined {
    return this.#machine.poll();
  }

  get deadline(): Instant | undefined {
    return this.#machine.deadline;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const adapters = this.#adapters.map((adapter) => adapter.kept());
    const ports = this.targetPorts.map((port) => port.kept());
    const sum = <T>(all: readonly T[], count: (one: T) => number) =>
      all.reduce((total, one) => total + count(one), 0);
    return {
      timers: this.#machine.timers.pending,
      'remote ports': sum(adapters, (one) => one.remotePorts),
      'exchanges of its own': sum(adapters, (one) => one.exchanges),
      'exchanges of initiators': sum(ports, (one) => one.exchanges),
      'bytes of write data': sum(ports, (one) => one.writeBytes),
      nexuses: this.device.nexuses.size,
      ...this.#ip?.kept(),
    };
  }

  // What adapters and target ports ask for.

  get now(): Instant {
    return this.#machine.now;
  }

  send(port: number, frame: Uint8Array): void {
    this.#machine.send(port, frame, true);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#machine.after(delayNs, run);
  }

  get confirm(): Confirmation {
    return this.options.confirm;
  }

  get oxIdEpochs(): boolean {
    return this.options.oxIdEpochs;
  }

  contradiction(port: number, what: string): void {
    this.refused(port, what);
  }

  dcbAgreed(port: number, agreement: DcbAgreement): void {
    this.#machine.emit({ type: 'dcbx', port, ...agreement });
  }

  refused(port: number, what: string): void {
    this.#machine.emit({ type: 'refused', port, what });
  }

  get cutNs(): Instant {
    return this.options.cutNs;
  }

  get standsUntil(): Instant {
    return this.snapshots.standsUntil;
  }

  serviceNs(write: boolean, _bytes: number): number {
    const { readNs, writeNs, jitterNs } = this.options.service;
    return (write ? writeNs : readNs) + (jitterNs > 0 ? this.options.random.below(jitterNs) : 0);
  }
}

/** The target ports of the other array of a pair: reservations are of them too. */
const portsElsewhere = ({ iscsi, peerFirstPortId, peerPorts }: PairOptions): PortOfTarget[] =>
  [
    ...peerPorts.map(fcTargetPort),
    ...(iscsi?.portals ?? []).map((portal) => iscsiTargetPort(portal.target, portal.groupTag)),
  ].map((name, i) => ({
    name,
    relativeId: peerFirstPortId + i,
    isElsewhere: true,
  }));

/** The target ports of an array's own portals. */
function portalsOf(ip: ArrayIpOptions | undefined): TargetPort[] {
  if (ip?.iscsi === undefined) return [];
  const { firstGroupTag = 1, targetName } = ip.iscsi;
  return ip.ports
    .slice(0, ip.portals)
    .map((_, i) => iscsiTargetPort(targetName, firstGroupTag + i));
}

/** The groups, the first with the iSCSI ports too; `undefined` where they are left out: one of all. */
function groupsWith(
  { pair, targetPortGroups, ports }: StorageArrayOptions,
  iscsiPorts: number,
): readonly TargetPortGroup[] | undefined {
  // Of a pair they name the ports of both arrays.
  if (pair !== undefined) return targetPortGroups;
  const own = Array.from({ length: iscsiPorts }, (_, i) => ports.length + i + 1);
  return targetPortGroups?.map((group, i) =>
    i === 0 ? { ...group, relativePortIds: [...group.relativePortIds, ...own] } : group,
  );
}
