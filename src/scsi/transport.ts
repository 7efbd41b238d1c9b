/**
 * The seam between SCSI and what carries it.
 *
 * Above it stand target devices and initiators, which know commands and no protocol; below it
 * carriers, which know a protocol and no command. A carrier makes an `InitiatorNexus` of each login
 * of its initiator port, and reports logins at its target ports to a `TargetDevice`, which gives it
 * a `TargetNexus` for each. All calls are synchronous; time-outs are the carrier's.
 *
 * What a protocol adds to a command stays with it: a carrier that delivers commands out of order or
 * over several connections (CmdSN of RFC 7143) puts them in order before it submits them. Where it ends
 * tasks of its own accord (`clearTasks`), the target device owes that initiator the news.
 *
 * Source: SAM-5, clauses 4 (nexus, names), 5 (Execute Command), 7 (task management); RFC 7144.
 */
import type { InitiatorPort, TargetPort } from '../history/port-name.ts';
import type {
  ClearCause,
  TaskManagementFunction,
  TaskManagementResponse,
} from '../history/storage.ts';

export type { ClearCause, TaskManagementFunction, TaskManagementResponse };

/** What a carrier calls a port in one nexus: its N_Port_ID, a session's handle. */
export type PortAddress = number;

// --- the initiator's side

/** A command to send. Who sends it hears of its end once. */
export interface ScsiCommand {
  /** The 8-byte LUN. */
  readonly lun: bigint;
  readonly cdb: Uint8Array;
  /** `TaskAttribute`; SIMPLE when left out. */
  readonly attribute?: number | undefined;
  /** COMMAND PRIORITY, 1 (highest) to 15; none when left out. */
  readonly priority?: number | undefined;
  readonly dataOut?: Uint8Array | undefined;
  /** Bytes of data-in that the command may bring; 0 when left out. */
  readonly dataInBytes?: number | undefined;
  /** After this long without an end the command is aborted. */
  readonly timeoutNs: number;
  /** Called once. */
  onDone(outcome: CommandOutcome): void;
}

/** How a command ended. Whoever sends it again must know whether the target may still work on it. */
export type CommandOutcome =
  /** Status came, and all data it speaks of. */
  | {
      readonly end: 'answered';
      /** `ScsiStatus`. */
      readonly status: number;
      readonly sense: Uint8Array;
      readonly data: Uint8Array;
      /** Bytes fewer than asked for. */
      readonly residual: number;
    }
  /** Status came but data is missing: the target has ended the command. */
  | { readonly end: 'data-lost' }
  /** An abort was confirmed: the target works on the command no more. */
  | { readonly end: 'aborted' }
  /** We forgot it without a word: the target may still work on it. */
  | { readonly end: 'forgotten' }
  /** The nexus ended under the command; `confirmed`: the target has said that it ended it too. */
  | { readonly end: 'nexus-lost'; readonly confirmed: boolean }
  /** Nothing of it was sent. */
  | { readonly end: 'not-sent' };

/** The end of a command that the target answered. */
export type Answered = Extract<CommandOutcome, { end: 'answered' }>;

/** A command under way. */
export interface OpenCommand {
  /** Tells it from all other unfinished commands of its nexus: at most 32 bits. */
  readonly tag: number;
  /** ABORT TASK; `onDone` says how that went. Harmless when the command has ended. */
  abort(): void;
  /** Ends it here without a word to the target. */
  forget(): void;
}

/** Functions that an initiator can ask for beside its commands; one command is ended by its `abort`. */
export type ManagedFunction = Exclude<TaskManagementFunction, 'abort-task'>;

/** A task management function to ask for. */
export interface TaskManagementRequest {
  readonly function: ManagedFunction;
  /** Not looked at where the function is about more than one logical unit. */
  readonly lun: bigint;
  /** The command that QUERY TASK asks about. */
  readonly tag?: number;
  readonly timeoutNs: number;
}

/** A live I_T nexus as its initiator has it; the next login of the same ports is another one. */
export interface InitiatorNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  /** Where the initiator port is reached, and the target port. */
  readonly address: PortAddress;
  readonly targetAddress: PortAddress;
  /** Commands can be sent now. False for ever once the nexus is lost. */
  readonly ready: boolean;
  /** Sends a command; `onDone` may be called before this returns only with `not-sent`. */
  execute(command: ScsiCommand): OpenCommand | undefined;
  /** `done` is called once; `rejected` at once for a function that the carrier has no means for. */
  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void;
  /** What the target sent contradicts what it should be. */
  contradiction(what: string): void;
}

// --- the target's side

/** What a device server answers: a status, and sense data or data where there are any. */
export interface Reply {
  /** `ScsiStatus`. */
  readonly status: number;
  /** Sense data in fixed format, with CHECK CONDITION. */
  readonly sense?: Uint8Array;
  /** Data for the initiator, already cut to the allocation length. */
  readonly dataIn?: Uint8Array;
}

/** A command as a carrier hands it over. */
export interface CommandRequest {
  /** The 8-byte LUN. */
  readonly lun: bigint;
  /** Unique among the unfinished commands of the nexus: at most 32 bits. */
  readonly tag: number;
  /** `TaskAttribute`. */
  readonly attribute: number;
  /** The CDB, padded or not. */
  readonly cdb: Uint8Array;
  /** Data-out that the initiator has for it; left out where the carrier does not say. */
  readonly dataOutBytes?: number;
  /**
   * A write with less data than its CDB asks for writes the whole blocks that there are (RFC 7143,
   * 11.4.5); without it such a command is refused (FCP-4, FCP_DL).
   */
  readonly writesShort?: boolean;
}

/** What a carrier wants to be told of a task. */
export interface TaskSink {
  /**
   * The task may run and passed its checks. `dataOutBytes` > 0: fetch so much data first. Then
   * call `run`, now or later.
   */
  enabled(task: TargetTask, dataOutBytes: number): void;
  /** The task has ended before any data was asked for: refused, or with nothing to run. */
  answered(task: TargetTask, reply: Reply): void;
  /** The task ended without a response. It will touch no block any more. */
  cleared(task: TargetTask, cause: ClearCause): void;
}

/** A command that the target device works on. */
export interface TargetTask {
  readonly tag: number;
  readonly state: 'dormant' | 'enabled' | 'ended';
  /**
   * Runs it with all its data and ends it, once it is enabled.
   * Errors: `RangeError` for a task that is not enabled, or with less data than it asked for.
   */
  run(dataOut?: Uint8Array): Reply;
  /**
   * Ends it, once it is enabled, with an answer that somebody else has given: it does not run here.
   * Errors: `RangeError` for a task that is not enabled.
   */
  end(reply: Reply): Reply;
}

/** Where a unit's blocks are kept by more than one array: commands run when all of them agree. */
export interface CommandMirror {
  /** Runs a task that is enabled, now or later, or ends it; `respond` is called once, unless it never has an answer. */
  run(task: TargetTask, dataOut: Uint8Array | undefined, respond: (reply: Reply) => void): void;
}

/** A live I_T nexus as its target has it. */
export interface TargetNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  /** Counts the nexuses of these two ports, from 1. */
  readonly epoch: number;
  readonly address: PortAddress;
  /** False once it has ended: nothing may be executed for it any more. */
  readonly live: boolean;
  /**
   * Takes a command in. Before or after this returns its sink hears `answered` (it has ended),
   * `enabled` (fetch its data, then `run`) or `cleared`.
   * Errors: `RangeError` once the nexus has ended.
   */
  submit(request: CommandRequest, sink: TaskSink): TargetTask;
  /** ABORT TASK: false when the nexus has no such task (any more). */
  abortTask(tag: number): boolean;
  /** Performs a task management function; `tag` is that of ABORT TASK and QUERY TASK. */
  manage(taskFunction: TaskManagementFunction, lun: bigint, tag?: number): TaskManagementResponse;
  /**
   * Ends tasks by a rule of the protocol, as when one of several connections is lost (RFC 7143,
   * 11.14.5). Logical units that had some owe the initiator port `code`, ASC x 256 + ASCQ.
   */
  clearTasks(tags: Iterable<number>, code: number): void;
  /** The login has ended. Harmless when that is known. */
  lost(): void;
}

/** A SCSI target device as the carriers of its ports know it. */
export interface TargetDevice {
  /**
   * An initiator port has logged in at a target port (its index). A nexus that these two still had
   * is lost first. `undefined`: no more initiator ports can be remembered, refuse the login.
   * Errors: `RangeError` for a target port that does not exist.
   */
  nexusBegan(
    initiatorPort: InitiatorPort,
    targetPortIndex: number,
    address: PortAddress,
  ): TargetNexus | undefined;
}
