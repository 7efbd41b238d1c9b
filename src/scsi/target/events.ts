/**
 * What an array tells its owner: everything that an auditor needs and no frame shows.
 *
 * Plain data. `luName` is the logical unit's NAA identifier in hex; a pair of ports is named by the
 * initiator's WWPN and the index of the target port, a login of theirs by its epoch besides.
 */
import type { Wwn } from '../../codecs/layout/index.ts';
import { type InitiatorPort, wwpnOf } from '../../history/port-name.ts';
import type {
  ClearCause,
  PortAddress,
  TaskManagementFunction,
  TaskManagementResponse,
} from '../transport.ts';

/** A login of an initiator at a target port. */
export interface NexusName {
  readonly wwpn: Wwn;
  readonly sId: number;
  readonly port: number;
  readonly epoch: number;
}

/** An initiator port and a target port, logged in or not. */
export interface PairName {
  readonly wwpn: Wwn;
  readonly port: number;
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
  | 'spc2-reserve'
  | 'spc2-release'
  | 'nexus-lost'
  | 'reset'
  | 'power-on';

/** A change of blocks has reached the logical unit. */
export interface ApplyEvent {
  readonly type: 'apply';
  readonly change: ChangeKind;
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  /** What the blocks hold now; empty for unmapped blocks, which read as zeros. */
  readonly data: Uint8Array;
  /** Survives a loss of power from this moment on. */
  readonly durable: boolean;
  /** The command it came in: its nexus, LUN and tag. */
  readonly nexus: NexusName;
  readonly lun: bigint;
  readonly oxId: number;
  /** Reservations when the command was enabled, which decided whether it may run, and now. */
  readonly heldWhenEnabled: HoldState | undefined;
  readonly held: HoldState | undefined;
}

export type ArrayEvent =
  | {
      readonly type: 'port';
      readonly port: number;
      readonly state: string;
      readonly reason: string;
    }
  | ApplyEvent
  | {
      /** A command has ended with a response. `luName` is `undefined` for a LUN without a unit. */
      readonly type: 'command-done';
      readonly command: string;
      readonly nexus: NexusName;
      readonly lun: bigint;
      readonly luName: string | undefined;
      readonly oxId: number;
      /** `ScsiStatus`. */
      readonly status: number;
    }
  | {
      /** A command has ended without a response; it will touch no block any more. */
      readonly type: 'task-aborted';
      readonly nexus: NexusName;
      readonly lun: bigint;
      readonly luName: string | undefined;
      readonly oxId: number;
      readonly cause: ClearCause;
    }
  | {
      /** `queued`: owed to a pair of ports; `delivered`: told, in this exchange; `dropped`: told otherwise or overtaken. */
      readonly type: 'attention';
      readonly state: 'queued' | 'delivered' | 'dropped';
      readonly luName: string;
      readonly pair: PairName;
      /** ASC x 256 + ASCQ. */
      readonly code: number;
      readonly oxId?: number;
    }
  | {
      /** The reservations of a logical unit have changed; this is how they are now. */
      readonly type: 'reservation';
      readonly luName: string;
      readonly cause: ReservationCause;
      readonly by: NexusName | undefined;
      /** PRGENERATION. */
      readonly generation: number;
      readonly aptpl: boolean;
      readonly reservationType: number | undefined;
      readonly holder: PairName | undefined;
      readonly registrations: readonly (PairName & { readonly key: bigint })[];
      readonly spc2Holder: NexusName | undefined;
    }
  | {
      /** `AccessState` of a target port group for a logical unit. */
      readonly type: 'access';
      readonly luName: string;
      readonly group: number;
      readonly state: number;
      readonly explicit: boolean;
    }
  | {
      /** Everything a logical unit took before survives a loss of power. */
      readonly type: 'flushed';
      readonly luName: string;
    }
  | {
      /** Writes that were only in the cache when power was lost: blocks that hold older data again. */
      readonly type: 'cache-lost';
      readonly luName: string;
      readonly blocks: number;
    }
  | {
      /** What a WWPN may see from now on; `wwpn` is `undefined` for those without a mask of their own. */
      readonly type: 'mask';
      readonly wwpn: Wwn | undefined;
      readonly luns: readonly { readonly lun: number; readonly luName: string }[];
    }
  | {
      /** A task management function was performed. */
      readonly type: 'task-management';
      readonly nexus: NexusName;
      readonly lun: bigint;
      readonly function: TaskManagementFunction;
      readonly response: TaskManagementResponse;
    }
  | { readonly type: 'power-on' }
  | { readonly type: 'nexus'; readonly state: 'began' | 'ended'; readonly nexus: NexusName }
  | { readonly type: 'refused'; readonly port: number; readonly what: string };

export function nameOfPair(initiatorPort: InitiatorPort, port: number): PairName {
  return { wwpn: wwpnOf(initiatorPort) ?? 0n, port };
}

export function nameOfNexus(pair: PairName, address: PortAddress, epoch: number): NexusName {
  const { wwpn, port } = pair;
  return { wwpn, sId: Number(address), port, epoch };
}
