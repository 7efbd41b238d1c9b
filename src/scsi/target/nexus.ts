/**
 * I_T nexuses, which initiator port speaks to which target port, and the tasks in them.
 *
 * A `Nexus` is one login, from its beginning to its end; an `ItNexus` is the pair of ports by name.
 * The pair outlives its logins, because unit attentions and registrations wait for the next one.
 */
import {
  deviceOf,
  type InitiatorDevice,
  type InitiatorPort,
  type TargetPort,
} from '../../history/port-name.ts';
import type { NexusName, PairName } from '../../history/storage.ts';
import type { Chained } from '../../machine/chain.ts';
import { TagTable } from '../../machine/tag-table.ts';
import type {
  CommandRequest,
  PortAddress,
  Reply,
  TargetNexus,
  TargetTask,
  TaskManagementFunction,
  TaskManagementResponse,
  TaskSink,
} from '../transport.ts';

/** An initiator port and a target port by their names, logged in or not. */
export class ItNexus {
  readonly initiatorPort: InitiatorPort;
  /** What masks go by. */
  readonly device: InitiatorDevice;
  readonly targetPort: TargetPort;
  readonly targetPortIndex: number;
  /** The target port is another device's, which has the same logical units: nobody logs in to it here. */
  readonly isElsewhere: boolean;
  /** How events name it. */
  readonly name: PairName;
  /** The live login; `undefined` between logins. */
  login: Nexus | undefined;
  /** Logins so far. */
  epoch = 0;
  /** I_T nexus losses so far; logical units compare it to raise their unit attention. */
  losses = 0;
  /** What the LUN of its last command led to: the masks' to read and write. */
  resolved: object | undefined = undefined;
  /** The unit attentions that it looked at last: those of the same logical unit, mostly. Theirs to use. */
  attended: object | undefined = undefined;

  constructor(
    initiatorPort: InitiatorPort,
    targetPort: TargetPort,
    targetPortIndex: number,
    isElsewhere = false,
  ) {
    this.initiatorPort = initiatorPort;
    this.device = deviceOf(initiatorPort);
    this.targetPort = targetPort;
    this.targetPortIndex = targetPortIndex;
    this.isElsewhere = isElsewhere;
    this.name = { initiator: initiatorPort, target: targetPort };
  }
}

/** What became of a copy that the device made. */
export interface CopyResult {
  /** `CopyStatus`. */
  readonly status: number;
  readonly segmentsProcessed: number;
  readonly bytes: number;
}

/** Something that a login holds, and that its end releases. */
export interface HeldByNexus {
  dropSpc2(cause: 'nexus-lost'): void;
}

/** What carries out what a nexus is asked for. */
export interface NexusOwner {
  submit(nexus: Nexus, request: CommandRequest, sink: TaskSink): Task;
  run(task: Task, dataOut?: Uint8Array): Reply;
  end(task: Task, reply: Reply): Reply;
  abortTask(nexus: Nexus, tag: number): boolean;
  clearTasks(nexus: Nexus, tags: Iterable<number>, code: number): void;
  manage(
    nexus: Nexus,
    taskFunction: TaskManagementFunction,
    lun: bigint,
    tag?: number,
  ): TaskManagementResponse;
  nexusLost(nexus: Nexus): void;
}

/** One login of an initiator port at a target port. */
export class Nexus implements TargetNexus {
  readonly pair: ItNexus;
  readonly owner: NexusOwner;
  readonly address: PortAddress;
  readonly epoch: number;
  /** How events name it. */
  readonly name: NexusName;
  /** Its unfinished tasks by tag. */
  readonly tasks = new TagTable<Task>();
  /** Commands so far. */
  arrivals = 0;
  /** Copies whose end it has not asked for, by list identifier. */
  readonly copies = new Map<number, CopyResult>();
  /** What became of copies with tokens, as RECEIVE ROD TOKEN INFORMATION answers, by list identifier. */
  readonly tokens = new Map<number, Uint8Array>();
  /** Where it holds the SPC-2 reservation. */
  readonly spc2Reservations = new Set<HeldByNexus>();

  constructor(pair: ItNexus, owner: NexusOwner, address: PortAddress) {
    this.pair = pair;
    this.owner = owner;
    this.address = address;
    this.epoch = ++pair.epoch;
    this.name = { ...pair.name, epoch: this.epoch, address };
  }

  get initiatorPort(): InitiatorPort {
    return this.pair.initiatorPort;
  }

  get targetPort(): TargetPort {
    return this.pair.targetPort;
  }

  get targetPortIndex(): number {
    return this.pair.targetPortIndex;
  }

  get live(): boolean {
    return this.pair.login === this;
  }

  /** Its unfinished tasks, oldest first. */
  unfinished(): Task[] {
    return this.tasks.all().sort((a, b) => a.arrival - b.arrival);
  }

  submit(request: CommandRequest, sink: TaskSink): Task {
    return this.owner.submit(this, request, sink);
  }

  abortTask(tag: number): boolean {
    return this.owner.abortTask(this, tag);
  }

  clearTasks(tags: Iterable<number>, code: number): void {
    this.owner.clearTasks(this, tags, code);
  }

  manage(taskFunction: TaskManagementFunction, lun: bigint, tag?: number): TaskManagementResponse {
    return this.owner.manage(this, taskFunction, lun, tag);
  }

  lost(): void {
    this.owner.nexusLost(this);
  }
}

/** A command that has been checked and may run. */
export interface CheckedCommand {
  /** As the standard prints it. */
  readonly name: string;
  /** Data to fetch before it runs. */
  readonly dataOutBytes: number;
  /** Errors: `RangeError` for less data than `dataOutBytes`. */
  run(dataOut?: Uint8Array): Reply;
}

/** The task set of a logical unit, as its tasks know it. */
export interface TaskQueue {
  readonly full: boolean;
  /** True where the nexus has a task here: then a full set is TASK SET FULL for it, not BUSY. */
  hasTaskOf(nexus: Nexus): boolean;
  /** Takes a task in, and enables it where it may run. */
  add(task: Task): void;
  /** Ends a task; returns those that its end has enabled, oldest first. */
  end(task: Task): readonly Task[];
}

/** A logical unit, as its tasks know it. */
export interface TaskUnit {
  /** NAA identifier in hex. */
  readonly luName: string;
  readonly tasks: TaskQueue;
  /** What the logical unit owes pairs of ports to be told. */
  readonly attentions: { add(pair: ItNexus, code: number): void };
}

/** A command from its arrival to its end. */
export class Task implements TargetTask, Chained<Task> {
  /** Counts the tasks of its nexus. */
  readonly arrival: number;
  readonly nexus: Nexus;
  readonly request: CommandRequest;
  readonly sink: TaskSink;
  /** `undefined` for a command to a LUN without a logical unit: it has no task set. */
  readonly lu: TaskUnit | undefined;
  state: 'dormant' | 'enabled' | 'ended' = 'dormant';
  /** From the moment the carrier is told that it may run. */
  checked: CheckedCommand | undefined = undefined;
  /** Its place in the task set: the set's to write. */
  chain: object | undefined = undefined;
  older: Task | undefined = undefined;
  newer: Task | undefined = undefined;

  constructor(nexus: Nexus, request: CommandRequest, sink: TaskSink, lu: TaskUnit | undefined) {
    this.arrival = ++nexus.arrivals;
    this.nexus = nexus;
    this.request = request;
    this.sink = sink;
    this.lu = lu;
  }

  get tag(): number {
    return this.request.tag;
  }

  run(dataOut?: Uint8Array): Reply {
    return this.nexus.owner.run(this, dataOut);
  }

  end(reply: Reply): Reply {
    return this.nexus.owner.end(this, reply);
  }
}
