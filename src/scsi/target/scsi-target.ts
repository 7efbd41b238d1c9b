/**
 * A storage array below its ports: logical units, masks, nexuses, and the commands under way.
 *
 * Ownership: the array owns logical units, masks and nexuses; a logical unit owns its task set,
 * reservations, unit attentions and access states. The transport owns exchanges and data: it
 * submits commands, fetches their data when a task is enabled, and lets them run. All calls are
 * synchronous, and the array sets no timer: a task whose data never comes waits until the
 * transport aborts it or its login ends.
 */
import { RspCode, TaskManagement } from '../../codecs/fcp/index.ts';
import { AccessState, AccessStatus, SenseCode } from '../../codecs/scsi/index.ts';
import { fcTargetPort } from '../../history/port-name.ts';
import type { ClearCause } from '../../history/storage.ts';
import type { AccessStateChange, TargetPortGroup } from './alua.ts';
import type { ArrayObserver, ArrayPort, Target } from './command.ts';
import { flush } from './commands/apply.ts';
import { DeviceServer } from './device-server.ts';
import { LogicalUnit, type LogicalUnitOptions } from './logical-unit.ts';
import { type LunMapping, LunMasks, type LunView, viewsDiffer } from './lun-mask.ts';
import { type ItNexus, Nexus, NexusRegistry } from './nexus.ts';
import type { Reply } from './reply.ts';
import { TaskRunner } from './task-manager.ts';
import type { CommandRequest, Task, TaskSink } from './task-set.ts';

/** Logical units of one array. */
export const UNITS_MAX = 1_000_000;

/** What an array is made of. */
export interface ArrayOptions {
  /** Part of its logical units' names: the same name gives the same names. */
  readonly name: string;
  readonly ports: readonly ArrayPort[];
  /** Left out: one group, number 1, of all ports. */
  readonly groups?: readonly TargetPortGroup[];
  readonly observer?: ArrayObserver;
  /** Every nexus is told of the first power on, 29/00, at its first command; true when left out. */
  readonly powerOnAttention?: boolean;
}

export class ArrayCore implements Target {
  readonly name: string;
  readonly ports: readonly ArrayPort[];
  readonly groups: readonly TargetPortGroup[];
  readonly observer: ArrayObserver;
  readonly masks = new LunMasks();
  readonly nexuses: NexusRegistry;
  readonly deviceServer: DeviceServer;
  readonly #units: LogicalUnit[] = [];
  #powerOnCode: number | undefined;
  readonly #runner: TaskRunner;

  constructor(options: ArrayOptions) {
    this.name = options.name;
    this.ports = options.ports;
    this.nexuses = new NexusRegistry(options.ports.map(({ wwpn }) => fcTargetPort(wwpn)));
    this.groups = options.groups ?? [
      { id: 1, relativePortIds: options.ports.map((port) => port.relativeId) },
    ];
    this.observer = options.observer ?? {};
    this.deviceServer = new DeviceServer(this);
    this.#runner = new TaskRunner(this.deviceServer, this.observer);
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
      throw new RangeError(`an array has at most ${UNITS_MAX} logical units`);
    }
    const index = this.#units.length;
    const lu = new LogicalUnit(this.name, index, this.groups, options, this.observer);
    lu.attentions.powerOn(this.#powerOnCode);
    this.#units.push(lu);
    return lu;
  }

  // --- masks

  /** Replaces what a WWPN sees (`undefined`: what everybody sees) and tells its nexuses. */
  setMask(initiatorWwpn: bigint, mappings: readonly LunMapping[] | undefined): void {
    const before = this.masks.viewOf(initiatorWwpn);
    this.masks.set(initiatorWwpn, mappings);
    this.observer.onMask?.(initiatorWwpn);
    this.#tellMaskChange(initiatorWwpn, before);
  }

  /** Replaces what WWPNs without a mask of their own see, and tells their nexuses. */
  setDefaultMask(mappings: readonly LunMapping[]): void {
    const told = new Map<bigint, LunView>();
    for (const { initiatorWwpn } of this.nexuses) {
      if (!this.masks.has(initiatorWwpn)) {
        told.set(initiatorWwpn, this.masks.viewOf(initiatorWwpn));
      }
    }
    this.masks.setDefault(mappings);
    this.observer.onMask?.(undefined);
    for (const [initiatorWwpn, before] of told) this.#tellMaskChange(initiatorWwpn, before);
  }

  #tellMaskChange(initiatorWwpn: bigint, before: LunView): void {
    const after = this.masks.viewOf(initiatorWwpn);
    if (!viewsDiffer(before, after)) return;
    for (const pair of this.nexuses.ofInitiator(initiatorWwpn)) {
      for (const lu of after.values()) {
        lu.attentions.add(pair, SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED);
      }
    }
  }

  // --- nexuses

  /**
   * An initiator port has completed PRLI. A login it still had is lost first.
   * `undefined`: the array can remember no more initiator ports, refuse the PRLI.
   * Errors: `RangeError` for a target port that does not exist.
   */
  nexusBegan(initiatorWwpn: bigint, targetPortIndex: number, sId: number): Nexus | undefined {
    if (this.ports[targetPortIndex] === undefined) {
      throw new RangeError(`there is no target port ${targetPortIndex}`);
    }
    const pair = this.nexuses.obtain(initiatorWwpn, targetPortIndex);
    if (pair === undefined) return undefined;
    if (pair.login !== undefined) this.nexusLost(pair.login);
    pair.login = new Nexus(pair, sId);
    return pair.login;
  }

  /**
   * A login has ended (LOGO, PRLO, a new PLOGI or PRLI): its tasks are aborted, its SPC-2
   * reservations released; registrations and persistent reservations stay; the next login is
   * told I_T NEXUS LOSS OCCURRED. A login that has ended already is left alone.
   */
  nexusLost(nexus: Nexus): void {
    if (!nexus.live) return;
    nexus.pair.login = undefined;
    nexus.pair.losses++;
    for (const reservations of nexus.spc2Reservations) reservations.dropSpc2('nexus-lost');
    this.#runner.clear([...nexus.tasks.values()], 'nexus-lost');
  }

  /**
   * The array has lost power and is back: tasks, logins, SPC-2 reservations and mode parameters
   * are gone, registrations without APTPL too; everybody is told POWER ON OCCURRED.
   */
  restart(): void {
    const tasks: Task[] = [];
    for (const pair of this.nexuses) {
      if (pair.login !== undefined) tasks.push(...pair.login.tasks.values());
      pair.login = undefined;
    }
    this.#powerOnCode = SenseCode.POWER_ON_OCCURRED;
    this.observer.onPowerOn?.();
    for (const lu of this.#units) lu.powerOn(this.#powerOnCode);
    this.#runner.clear(tasks, 'power-on');
  }

  /** Writes out every cache that a loss of power would empty. */
  flush(): void {
    for (const lu of this.#units) if (lu.medium.volatile === true) flush(this, lu);
  }

  // --- commands

  /**
   * Takes a command in. Before or after this returns its sink hears `answered` (it has ended),
   * `enabled` (fetch its data, then `run`) or `cleared`.
   * Errors: `RangeError` for a login that has ended.
   */
  submit(request: CommandRequest, sink: TaskSink): Task {
    const { nexus, lun } = request;
    if (!nexus.live) throw new RangeError('the login of this command has ended');
    return this.#runner.submit(request, sink, this.masks.resolve(nexus.pair, lun));
  }

  /**
   * Runs an enabled task with all its data and ends it.
   * Errors: `RangeError` for a task that is not enabled, or with less data than it asked for.
   */
  run(task: Task, dataOut?: Uint8Array): Reply {
    return this.#runner.run(task, dataOut);
  }

  // --- task management

  /** ABORT TASK or ABTS: false when the nexus has no such task (any more). */
  abortTask(nexus: Nexus, tag: number): boolean {
    const task = nexus.tasks.get(tag);
    if (task === undefined) return false;
    this.#runner.clear([task], 'abort-task');
    return true;
  }

  /**
   * Performs a task management function of FCP_CMND (one bit of `TaskManagement`).
   * Returns the `RspCode` of its response.
   */
  manage(nexus: Nexus, lun: bigint, taskManagementFlags: number): number {
    const code = this.#manage(nexus, lun, taskManagementFlags);
    this.observer.onManaged?.(nexus, lun, taskManagementFlags, code);
    return code;
  }

  #manage(nexus: Nexus, lun: bigint, taskManagementFlags: number): number {
    if (taskManagementFlags === TaskManagement.TARGET_RESET) {
      this.#reset(this.#units, 'target-reset');
      return RspCode.TASK_MANAGEMENT_COMPLETE;
    }
    const lu = this.masks.resolve(nexus.pair, lun);
    if (lu === undefined) return RspCode.INCORRECT_LUN;
    switch (taskManagementFlags) {
      case TaskManagement.ABORT_TASK_SET:
        this.#runner.clear(
          tasksOf(lu, (task) => task.nexus === nexus),
          'abort-task-set',
        );
        return RspCode.TASK_MANAGEMENT_COMPLETE;
      case TaskManagement.CLEAR_TASK_SET:
        this.#clearForAnother(lu, () => true, nexus.pair, 'clear-task-set');
        return RspCode.TASK_MANAGEMENT_COMPLETE;
      case TaskManagement.LOGICAL_UNIT_RESET:
        this.#reset([lu], 'logical-unit-reset');
        return RspCode.TASK_MANAGEMENT_COMPLETE;
      case TaskManagement.QUERY_TASK_SET:
        return tasksOf(lu, (task) => task.nexus === nexus).length > 0
          ? RspCode.TASK_MANAGEMENT_SUCCEEDED
          : RspCode.TASK_MANAGEMENT_COMPLETE;
      default:
        return RspCode.TASK_MANAGEMENT_REJECTED;
    }
  }

  #reset(units: readonly LogicalUnit[], cause: ClearCause): void {
    const tasks = units.flatMap((lu) => tasksOf(lu, () => true));
    for (const lu of units) {
      lu.reset();
      this.notifyOthers(lu, undefined, SenseCode.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }
    this.#runner.clear(tasks, cause);
  }

  // --- asymmetric access

  /**
   * Changes access states by the array's own decision, as when a controller fails over.
   * TRANSITIONING is not told; the state that follows it is. Errors: `RangeError`.
   */
  setAccessStates(lu: LogicalUnit, changes: readonly AccessStateChange[]): void {
    const changed = lu.access.apply(changes, AccessStatus.IMPLICIT);
    for (const { groupId, state } of changes) this.observer.onAccess?.(lu, groupId, state, false);
    const settled = changes.some((one) => one.state !== AccessState.TRANSITIONING);
    if (changed && settled) {
      this.notifyOthers(lu, undefined, SenseCode.ASYMMETRIC_ACCESS_STATE_CHANGED);
    }
  }

  // --- what commands see of the array

  notifyOthers(lu: LogicalUnit, except: ItNexus | undefined, code: number): void {
    for (const pair of this.nexuses) {
      if (pair !== except && this.masks.sees(pair.initiatorWwpn, lu)) lu.attentions.add(pair, code);
    }
  }

  clearTasksOf(lu: LogicalUnit, pairs: ReadonlySet<ItNexus>, asking: CommandRequest): void {
    this.#clearForAnother(
      lu,
      (task) => pairs.has(task.nexus.pair) && task.request !== asking,
      asking.nexus.pair,
      'preempted',
    );
  }

  /** Ends tasks on behalf of one nexus; the others that lost some are told so. */
  #clearForAnother(
    lu: LogicalUnit,
    test: (task: Task) => boolean,
    by: ItNexus,
    cause: ClearCause,
  ): void {
    const tasks = tasksOf(lu, test);
    for (const { nexus } of tasks) {
      if (nexus.pair !== by) {
        lu.attentions.add(nexus.pair, SenseCode.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
      }
    }
    this.#runner.clear(tasks, cause);
  }
}

function tasksOf(lu: LogicalUnit, test: (task: Task) => boolean): Task[] {
  return lu.tasks.matching(test);
}
