/** Who watches what happens behind the target ports. */
import type { InitiatorDevice } from '../../history/port-name.ts';
import type { ChangeKind, HoldState } from '../../history/storage.ts';
import type {
  ClearCause,
  Reply,
  TaskManagementFunction,
  TaskManagementResponse,
} from '../transport.ts';
import type { LogicalUnit, UnitObserver } from './logical-unit.ts';
import type { Nexus, Task } from './nexus.ts';

/** A change of blocks that has reached the medium. */
export interface Applied {
  readonly kind: ChangeKind;
  readonly lu: LogicalUnit;
  readonly luId: Uint8Array;
  readonly lba: number;
  readonly blocks: number;
  /**
   * The blocks' new bytes; one block that repeats for `write-same`, none for `unmap` (zeros).
   * Nobody changes them any more.
   */
  readonly data: Uint8Array;
  /** Survives a loss of power from now on. */
  readonly durable: boolean;
  readonly task: Task;
  /** Reservations when the command was enabled; `undefined` where there were none. */
  readonly heldWhenEnabled: HoldState | undefined;
}

/** Blocks that were read for an initiator. */
export interface ReadDone {
  readonly luId: Uint8Array;
  readonly lba: number;
  readonly blocks: number;
  readonly data: Uint8Array;
  readonly task: Task;
}

/** Hears what a target device does; each part may be left out. */
export interface TargetObserver extends UnitObserver {
  onApply?(applied: Applied): void;
  onRead?(read: ReadDone): void;
  /** A command has ended with a response. */
  onDone?(task: Task, reply: Reply): void;
  onCleared?(task: Task, cause: ClearCause): void;
  onAccess?(lu: LogicalUnit, group: number, state: number, explicit: boolean): void;
  onFlushed?(lu: LogicalUnit): void;
  /** `undefined`: the mask of those without one of their own. */
  onMask?(device: InitiatorDevice | undefined): void;
  onManaged?(
    nexus: Nexus,
    lun: bigint,
    taskFunction: TaskManagementFunction,
    response: TaskManagementResponse,
  ): void;
  onPowerOn?(): void;
}
