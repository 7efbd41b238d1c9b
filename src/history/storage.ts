/**
 * What happens in an array: everything that an auditor needs and no frame shows.
 *
 * `luName` is the logical unit's NAA identifier in hex. `lun` is the 8-byte LUN of a command,
 * `lunNumber` the number that people know. Numbers of commands are their tags: OX_IDs for Fibre
 * Channel.
 */
import type { InitiatorDevice, InitiatorPort, TargetPort } from './port-name.ts';

/** An initiator port and a target port, logged in or not. */
export interface PairName {
  readonly initiator: InitiatorPort;
  readonly target: TargetPort;
}

/** One login of an initiator port at a target port. */
export interface NexusName extends PairName {
  /** Counts the logins of this pair, from 1. */
  readonly epoch: number;
  /** What the carrier calls the initiator in this login: its N_Port_ID for Fibre Channel. */
  readonly address: number;
}

/** How a change of blocks came about. */
export type ChangeKind = 'write' | 'compare-and-write' | 'write-same' | 'unmap';

/** Who held a logical unit at some moment, as far as one login is concerned. */
export interface HoldState {
  /** `ReservationType` of the persistent reservation; `undefined` without one. */
  readonly type: number | undefined;
  /** Its holder; `undefined` without one, and where all registrants hold it. */
  readonly holder: PairName | undefined;
  /** The login's pair of ports is registered. */
  readonly registered: boolean;
  /** Login that holds the SPC-2 reservation. */
  readonly spc2Holder: NexusName | undefined;
}

/** What changed a reservation. `power-on` and `reset` have no login behind them. */
export type ReservationCause =
  | 'register'
  | 'register-and-ignore-existing-key'
  | 'reserve'
  | 'release'
  | 'clear'
  | 'preempt'
  | 'preempt-and-abort'
  | 'register-and-move'
  /** What another array that has the unit too knows was taken over. */
  | 'shared'
  | 'spc2-reserve'
  | 'spc2-release'
  | 'nexus-lost'
  | 'reset'
  | 'power-on';

/** Why a task ended without a response of its own. */
export type ClearCause =
  /** ABORT TASK, or the abort of its exchange. */
  | 'abort-task'
  | 'abort-task-set'
  | 'clear-task-set'
  | 'logical-unit-reset'
  | 'target-reset'
  /** Its login ended. */
  | 'nexus-lost'
  /** PREEMPT AND ABORT of another nexus. */
  | 'preempted'
  /** SET TARGET PORT GROUPS left its target port without access. */
  | 'access-lost'
  /** A second command came with its tag. */
  | 'overlapped'
  /** A rule of the protocol, such as the loss of one of several connections. */
  | 'protocol-event'
  /** The array restarted. */
  | 'power-on';

/** Task management functions. `target-reset` is of SAM-2; iSCSI calls it TARGET WARM RESET. */
export type TaskManagementFunction =
  | 'abort-task'
  | 'abort-task-set'
  | 'clear-aca'
  | 'clear-task-set'
  | 'i-t-nexus-reset'
  | 'logical-unit-reset'
  | 'query-asynchronous-event'
  | 'query-task'
  | 'query-task-set'
  | 'target-reset';

/**
 * What a task management function came to: FUNCTION COMPLETE, FUNCTION SUCCEEDED, FUNCTION REJECTED,
 * INCORRECT LOGICAL UNIT NUMBER; `failed`: SERVICE DELIVERY OR TARGET FAILURE.
 */
export type TaskManagementResponse =
  | 'complete'
  | 'succeeded'
  | 'rejected'
  | 'incorrect-lun'
  | 'failed';

/** A unit attention is owed, has been told by CHECK CONDITION or otherwise, or was overtaken. */
export type AttentionState = 'queued' | 'delivered' | 'dropped';

/** The command that something happened to. */
export interface CommandName {
  readonly nexus: NexusName;
  readonly lun: bigint;
  readonly tag: number;
}

/** A change of blocks has reached the logical unit. */
export interface BlocksApplied extends CommandName {
  readonly type: 'apply';
  readonly change: ChangeKind;
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  /** What the blocks hold now; empty for unmapped blocks, which read as zeros. */
  readonly data: Uint8Array;
  /** Survives a loss of power from this moment on. */
  readonly durable: boolean;
  /** Reservations when the command was enabled, which decided whether it may run, and now. */
  readonly heldWhenEnabled: HoldState | undefined;
  readonly held: HoldState | undefined;
}

/** A command has ended with a response, which may be a refusal. */
export interface CommandDone extends CommandName {
  readonly type: 'command-done';
  /** As the standard prints it. */
  readonly command: string;
  /** `undefined` for a LUN without a logical unit. */
  readonly luName: string | undefined;
  /** `ScsiStatus`. */
  readonly status: number;
  /** Sense key x 65536 + ASC x 256 + ASCQ of a CHECK CONDITION. */
  readonly sense: number | undefined;
  /** `NfsStat3` of an NFS call; `status` is then GOOD where that is NFS3_OK, CHECK CONDITION otherwise. */
  readonly nfsStatus?: number;
  /** `NbdError` of a request over NBD, 0 where it went well; `status` is then as for NFS. */
  readonly nbdError?: number;
}

/** A command has ended without a response; it will touch no block any more. */
export interface TaskAborted extends CommandName {
  readonly type: 'task-aborted';
  readonly luName: string | undefined;
  readonly cause: ClearCause;
}

/** A unit attention is owed to a pair of ports, has been told to it, or means nothing any more. */
export interface AttentionChanged {
  readonly type: 'attention';
  readonly state: AttentionState;
  readonly luName: string;
  readonly pair: PairName;
  /** ASC x 256 + ASCQ. */
  readonly code: number;
  /** The command that was told. */
  readonly tag?: number;
}

/** The reservations of a logical unit have changed; this is how they are now. */
export interface ReservationChanged {
  readonly type: 'reservation';
  readonly luName: string;
  readonly cause: ReservationCause;
  readonly by: NexusName | undefined;
  /** PRGENERATION. */
  readonly generation: number;
  readonly aptpl: boolean;
  /** `ReservationType`. */
  readonly reservationType: number | undefined;
  readonly holder: PairName | undefined;
  readonly registrations: readonly (PairName & { readonly key: bigint })[];
  readonly spc2Holder: NexusName | undefined;
}

/** A target port group serves a logical unit in another way from now on. */
export interface AccessChanged {
  readonly type: 'access';
  readonly luName: string;
  readonly group: number;
  /** RELATIVE TARGET PORT IDENTIFIERs of the group. */
  readonly targetPorts: readonly number[];
  /** `AccessState`. */
  readonly state: number;
  /** By SET TARGET PORT GROUPS; false where the array decided it. */
  readonly explicit: boolean;
}

/** Everything a logical unit took before survives a loss of power. */
export interface CacheFlushed {
  readonly type: 'flushed';
  readonly luName: string;
}

/** Writes that were only in the cache when power was lost: blocks that hold older data again. */
export interface CacheLost {
  readonly type: 'cache-lost';
  readonly luName: string;
  readonly blocks: number;
}

/** What a device may see from now on; `undefined`: every device without a mask of its own. */
export interface MaskChanged {
  readonly type: 'mask';
  readonly device: InitiatorDevice | undefined;
  readonly luns: readonly {
    readonly lunNumber: number;
    readonly luName: string;
    /** RELATIVE TARGET PORT IDENTIFIERs of the ports that show it; all when left out. */
    readonly targetPorts?: readonly number[];
  }[];
}

/** A task management function was performed. */
export interface TaskManaged {
  readonly type: 'task-management';
  readonly nexus: NexusName;
  readonly lun: bigint;
  readonly function: TaskManagementFunction;
  readonly response: TaskManagementResponse;
}

/** The array has come up again. */
export interface ArrayPoweredOn {
  readonly type: 'power-on';
}

/** A login of an initiator at a target port began or ended, as the target sees it. */
export interface NexusChanged {
  readonly type: 'nexus';
  readonly state: 'began' | 'ended';
  readonly nexus: NexusName;
}

/** A target port took no notice of what came, or answered with a refusal of its own; `what` in words. */
export interface TargetRefused {
  readonly type: 'refused';
  /** Port of the array. */
  readonly port: number;
  readonly what: string;
}

/** What blocks of the medium hold after everything has ended, as the driver reads them. */
export interface MediumRead {
  readonly type: 'medium';
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  readonly data: Uint8Array;
}

/**
 * Who may go to the disk of a file by itself has changed: a layout of NFS version 4.1, of the whole disk. `recalled`: it is
 * wanted back, and still holds until it is returned. `revoked`: it was taken away, its holder not asked any more.
 */
export interface LayoutChanged {
  readonly type: 'layout';
  readonly state: 'granted' | 'recalled' | 'returned' | 'revoked';
  /** Under which name its client comes to the disk. */
  readonly initiator: InitiatorPort;
  readonly luName: string;
  readonly mode: 'read' | 'read-write';
}

/** Everything that is told of an array. */
export type StorageEvent =
  | LayoutChanged
  | BlocksApplied
  | CommandDone
  | TaskAborted
  | AttentionChanged
  | ReservationChanged
  | AccessChanged
  | CacheFlushed
  | CacheLost
  | MaskChanged
  | TaskManaged
  | ArrayPoweredOn
  | NexusChanged
  | TargetRefused
  | MediumRead;
