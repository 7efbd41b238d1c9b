/**
 * A SCSI target device (SAM-5, 4.5): logical units, masks, nexuses, and the commands under way.
 *
 * Ownership: it owns logical units, masks and nexuses; a logical unit owns its task set,
 * reservations, unit attentions and access states. The carriers of its ports own data on its way:
 * they submit commands, fetch their data when a task is enabled, and let them run. All calls are
 * synchronous, and no timer is set here: a task whose data never comes waits until its carrier
 * aborts it or its login ends.
 */
import { AccessState, AccessStatus, SenseCode } from '../../codecs/scsi/index.ts';
import type { InitiatorDevice, InitiatorPort, TargetPort } from '../../history/port-name.ts';
import type { SpacePool } from '../medium/pool.ts';
import type {
  ClearCause,
  CommandRequest,
  PortAddress,
  Reply,
  TargetDevice,
  TaskManagementFunction,
  TaskManagementResponse,
  TaskSink,
} from '../transport.ts';
import type { AccessChanges, AccessStateChange, TargetPortGroup } from './alua.ts';
import type { PortOfTarget, TargetContext } from './command.ts';
import { flush } from './commands/apply.ts';
import { DeviceServer } from './device-server.ts';
import { LogicalUnit, type LogicalUnitOptions } from './logical-unit.ts';
import { type LunMapping, LunMasks, type LunView, viewsDiffer } from './lun-mask.ts';
import { type ItNexus, Nexus, type NexusOwner, type Task } from './nexus.ts';
import { NexusRegistry } from './nexus-registry.ts';
import type { TargetObserver } from './observer.ts';
import { RodTokens, saltOf } from './rod-tokens.ts';
import { TaskManagement } from './task-management.ts';
import { TaskManager } from './task-manager.ts';

/** Logical units of one target device. */
export const UNITS_MAX = 1_000_000;

/** What a target device is made of. */
export interface ScsiTargetOptions {
  /** Part of its logical units' names: the same name gives the same names. */
  readonly name: string;
  readonly ports: readonly PortOfTarget[];
  /** Left out: one group, number 1, of all ports. */
  readonly groups?: readonly TargetPortGroup[];
  /** Who may change the states of groups, TPGS of INQUIRY; both when left out. */
  readonly accessChanges?: AccessChanges;
  readonly observer?: TargetObserver;
  /** Every nexus is told of the first power on, 29/00, at its first command; true when left out. */
  readonly powerOnAttention?: boolean;
  /** INQUIRY says that it makes copies by itself (3PC); it does in any case. False when left out. */
  readonly tellsOfCopies?: boolean;
}

/** A target device; its own unit attentions, resets and masks go through it. */
export class ScsiTarget implements TargetDevice, TargetContext, NexusOwner {
  readonly name: string;
  readonly ports: readonly PortOfTarget[];
  readonly groups: readonly TargetPortGroup[];
  readonly observer: TargetObserver;
  readonly masks = new LunMasks();
  readonly nexuses: NexusRegistry;
  readonly deviceServer: DeviceServer;
  readonly tellsOfCopies: boolean;
  readonly accessChanges: AccessChanges;
  readonly tokens: RodTokens;
  readonly #units: LogicalUnit[] = [];
  #powerOnCode: number | undefined;
  readonly #tasks: TaskManager;
  readonly #management: TaskManagement;

  constructor(options: ScsiTargetOptions) {
    this.name = options.name;
    this.ports = options.ports;
    this.nexuses = new NexusRegistry(options.ports);
    this.groups = options.groups ?? [
      { id: 1, relativePortIds: options.ports.map((port) => port.relativeId) },
    ];
    this.observer = options.observer ?? {};
    this.tellsOfCopies = options.tellsOfCopies ?? false;
    this.accessChanges = options.accessChanges ?? 'both';
    this.tokens = new RodTokens(saltOf(options.name));
    this.deviceServer = new DeviceServer(this);
    this.#tasks = new TaskManager(this.deviceServer, this.observer);
    this.#management = new TaskManagement(this, this.#tasks);
    this.#powerOnCode =
      options.powerOnAttention === false
        ? undefined
        : SenseCode.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED;
  }

  get units(): readonly LogicalUnit[] {
    return this.#units;
  }

  /** Adds a logical unit; nobody sees it before a mask maps it. */
  addUnit(options: LogicalUnitOptions): LogicalUnit {
    if (this.#units.length >= UNITS_MAX) {
      throw new RangeError(`a target device has at most ${UNITS_MAX} logical units`);
    }
    const index = this.#units.length;
    const { accessChanges, groups, observer } = this;
    const lu = new LogicalUnit(this.name, index, groups, options, observer, accessChanges);
    lu.attentions.powerOn(this.#powerOnCode);
    this.#units.push(lu);
    return lu;
  }

  // --- masks

  /** The logical unit that an initiator port reaches at a target port under a LUN; `undefined` where there is none. */
  unitBehind(
    initiator: InitiatorPort,
    target: TargetPort,
    lunNumber: number,
  ): LogicalUnit | undefined {
    const port = this.ports.findIndex(({ name }) => name === target);
    const pair = this.nexuses.find(initiator, port);
    return pair === undefined ? undefined : this.masks.viewAt(pair).get(lunNumber);
  }

  /** Replaces what an initiator device sees (`undefined`: what everybody sees) and tells its nexuses. */
  setMask(device: InitiatorDevice, mappings: readonly LunMapping[] | undefined): void {
    const before = this.#viewsOf(device);
    this.masks.set(device, mappings);
    this.observer.onMask?.(device);
    this.#tellMaskChange(device, before);
  }

  /** Replaces what devices without a mask of their own see, and tells their nexuses. */
  setDefaultMask(mappings: readonly LunMapping[]): void {
    const told = new Map<InitiatorDevice, ReadonlyMap<ItNexus, LunView>>();
    for (const { device } of this.nexuses) {
      if (!this.masks.has(device)) {
        told.set(device, this.#viewsOf(device));
      }
    }
    this.masks.setDefault(mappings);
    this.observer.onMask?.(undefined);
    for (const [device, before] of told) this.#tellMaskChange(device, before);
  }

  /** What a device sees through each of its pairs of ports. */
  #viewsOf(device: InitiatorDevice): ReadonlyMap<ItNexus, LunView> {
    const pairs = this.nexuses.ofDevice(device);
    return new Map([...pairs].map((pair) => [pair, this.masks.viewAt(pair)]));
  }

  #tellMaskChange(device: InitiatorDevice, before: ReadonlyMap<ItNexus, LunView>): void {
    for (const pair of this.nexuses.ofDevice(device)) {
      const after = this.masks.viewAt(pair);
      const was = before.get(pair);
      if (was !== undefined && !viewsDiffer(was, after)) continue;
      for (const lu of after.values()) {
        lu.attentions.add(pair, SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED);
      }
    }
  }

  // --- nexuses

  nexusBegan(
    initiatorPort: InitiatorPort,
    targetPortIndex: number,
    address: PortAddress,
  ): Nexus | undefined {
    const pair = this.nexuses.obtain(initiatorPort, targetPortIndex);
    if (pair === undefined) return undefined;
    if (pair.login !== undefined) this.nexusLost(pair.login);
    pair.login = new Nexus(pair, this, address);
    return pair.login;
  }

  /**
   * A login has ended: its tasks are aborted, its SPC-2 reservations released; registrations and
   * persistent reservations stay; the next login is told I_T NEXUS LOSS OCCURRED. A login that has
   * ended already is left alone.
   */
  nexusLost(nexus: Nexus): void {
    if (!nexus.live) return;
    nexus.pair.login = undefined;
    this.#management.loseNexus(nexus);
  }

  /**
   * The target device has lost power and is back: tasks, logins, SPC-2 reservations and mode parameters
   * are gone, registrations without APTPL too; everybody is told POWER ON OCCURRED.
   */
  restart(): void {
    const tasks: Task[] = [];
    for (const pair of this.nexuses) {
      if (pair.login !== undefined) tasks.push(...pair.login.unfinished());
      pair.login = undefined;
    }
    this.#powerOnCode = SenseCode.POWER_ON_OCCURRED;
    this.tokens.clear();
    this.observer.onPowerOn?.();
    for (const lu of this.#units) lu.powerOn(this.#powerOnCode);
    this.#tasks.clear(tasks, 'power-on');
  }

  /** Writes out every cache that a loss of power would empty; or one unit's. */
  flush(units: readonly LogicalUnit[] = this.#units): void {
    for (const lu of units) if (lu.medium.volatile === true) flush(this, lu);
  }

  // --- commands

  /** Errors: `RangeError` for a login that has ended. */
  submit(nexus: Nexus, request: CommandRequest, sink: TaskSink): Task {
    if (!nexus.live) throw new RangeError('the login of this command has ended');
    return this.#tasks.submit(nexus, request, sink, this.masks.resolve(nexus.pair, request.lun));
  }

  /** Errors: `RangeError` for a task that is not enabled, or with less data than it asked for. */
  run(task: Task, dataOut?: Uint8Array): Reply {
    return this.#tasks.run(task, dataOut);
  }

  /** Errors: `RangeError` for a task that is not enabled. */
  end(task: Task, reply: Reply): Reply {
    return this.#tasks.answer(task, reply);
  }

  // --- task management

  /** ABORT TASK: false when the nexus has no such task (any more). */
  abortTask(nexus: Nexus, tag: number): boolean {
    return this.#management.abortTask(nexus, tag);
  }

  /** Tasks that a carrier ends by a rule of its protocol. */
  clearTasks(nexus: Nexus, tags: Iterable<number>, code: number): void {
    this.#management.clearTasks(nexus, tags, code);
  }

  /** Performs a task management function. */
  manage(
    nexus: Nexus,
    taskFunction: TaskManagementFunction,
    lun: bigint,
    tag?: number,
  ): TaskManagementResponse {
    const response = this.#management.perform(nexus, taskFunction, lun, tag);
    this.observer.onManaged?.(nexus, lun, taskFunction, response);
    return response;
  }

  // --- asymmetric access

  /**
   * Changes access states by the device's own decision, as when a controller fails over.
   * TRANSITIONING is not told; the state that follows it is. Commands that have been let in run, however late
   * their data comes: only SET TARGET PORT GROUPS ends them. Errors: `RangeError`.
   */
  setAccessStates(lu: LogicalUnit, changes: readonly AccessStateChange[]): void {
    const changed = lu.access.apply(changes, AccessStatus.IMPLICIT);
    for (const { groupId, state } of changes) this.observer.onAccess?.(lu, groupId, state, false);
    const settled = changes.some((one) => one.state !== AccessState.TRANSITIONING);
    if (changed && settled) {
      this.notifyOthers(lu, undefined, SenseCode.ASYMMETRIC_ACCESS_STATE_CHANGED);
    }
  }

  // --- space

  /** A pool is as full as its threshold: everybody who sees a unit of it is told. */
  poolFills(pool: SpacePool): void {
    for (const lu of this.#units)
      if (lu.pool === pool)
        this.notifyOthers(lu, undefined, SenseCode.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
  }

  /** An initiator device is shut out of a logical unit: what is under way ends, and nothing of it reaches the medium. */
  fence(device: InitiatorDevice, lu: LogicalUnit): void {
    const left = [...this.masks.viewOf(device)].filter(([, one]) => one !== lu);
    this.setMask(
      device,
      left.map(([lun, one]) => ({ lun, lu: one })),
    );
    this.#tasks.clear(
      lu.tasks.matching(({ nexus }) => nexus.pair.device === device),
      'preempted',
    );
  }

  // --- what commands see of the target device

  notifyOthers(lu: LogicalUnit, except: ItNexus | undefined, code: number): void {
    for (const pair of this.nexuses) {
      if (pair !== except && this.masks.sees(pair, lu)) lu.attentions.add(pair, code);
    }
  }

  clearTasksOf(
    lu: LogicalUnit,
    isMeant: (pair: ItNexus) => boolean,
    asking: Task,
    cause: ClearCause,
  ): void {
    this.#management.clearForAnother(
      lu,
      (task) => isMeant(task.nexus.pair) && task !== asking,
      asking.nexus.pair,
      cause,
    );
  }
}
