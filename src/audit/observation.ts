/**
 * What an auditor is told: frames at taps, logins, guest I/O, writes that reached the medium.
 *
 * Observations come in the order in which things happened. A run gives all kinds; a capture from
 * somewhere else gives frames only, and what those cannot show is `not-observable`.
 */

import type { StampReading } from '../codecs/stamp/index.ts';

/** Integer nanoseconds on the observer's clock. */
export type TimeNs = number;

/** A frame as a tap at a switch port saw it. */
export interface FrameSeen {
  readonly kind: 'frame';
  readonly at: TimeNs;
  /** Number of the frame in the capture, from 1. */
  readonly frame: number;
  /** The tap: frames are in order per tap, and may be seen again at another one. */
  readonly tap: string;
  /** The fabric the tap belongs to. */
  readonly fabric: string;
  /** From a port to the switch, from the switch to a port; `unknown` in captures. */
  readonly direction: 'to-fcf' | 'from-fcf' | 'unknown';
  readonly bytes: Uint8Array;
}

/** The fabric gave an N_Port_ID, or took it away. */
export interface LoginSeen {
  readonly kind: 'login' | 'logout';
  readonly at: TimeNs;
  readonly fabric: string;
  readonly wwpn: bigint;
  readonly nPortId: number;
  /** Tap of the switch port. */
  readonly tap: string;
  /** MAC address of the ENode. */
  readonly enodeMac?: string;
  readonly by?: 'FLOGI' | 'FDISC';
  /** The fabric said that nobody else held the N_Port_ID lately. */
  readonly clean?: boolean;
  readonly reason?: string;
}

/** The fabric refused a login. */
export interface LoginRejected {
  readonly kind: 'login-rejected';
  readonly at: TimeNs;
  readonly fabric: string;
  readonly wwpn: bigint;
  readonly tap: string;
}

/** Which zones are in force on a fabric from now on. */
export interface ZonesSeen {
  readonly kind: 'zones';
  readonly at: TimeNs;
  readonly fabric: string;
  readonly enforced: 'none' | 'soft' | 'hard';
  /** Members of each zone, by WWPN. */
  readonly zones: readonly (readonly bigint[])[];
  readonly defaultZone: 'permit' | 'deny';
}

/** What a WWPN may see of an array from now on; `undefined`: every WWPN without a mask of its own. */
export interface MaskSeen {
  readonly kind: 'mask';
  readonly at: TimeNs;
  readonly wwpn: bigint | undefined;
  readonly luns: readonly { readonly lun: number; readonly lu: string }[];
}

/** An initiator port and a target port of the array. */
export interface PairName {
  readonly wwpn: bigint;
  readonly port: number;
}

/** Who held a logical unit at some moment, as far as one login is concerned. */
export interface Hold {
  readonly type: number | undefined;
  readonly holder: PairName | undefined;
  readonly registered: boolean;
  readonly spc2Holder: NexusName | undefined;
}

/** The reservations of a logical unit have changed: this is how they are now. */
export interface ReservationSeen {
  readonly kind: 'reservation';
  readonly at: TimeNs;
  readonly lu: string;
  readonly cause: string;
  readonly by: NexusName | undefined;
  readonly generation: number;
  readonly aptpl: boolean;
  readonly type: number | undefined;
  readonly holder: PairName | undefined;
  readonly registrations: readonly (PairName & { readonly key: bigint })[];
  readonly spc2Holder: NexusName | undefined;
}

/** A unit attention is owed to a pair of ports, has been told to it, or means nothing any more. */
export interface AttentionSeen {
  readonly kind: 'attention';
  readonly at: TimeNs;
  readonly state: 'queued' | 'delivered' | 'dropped';
  readonly lu: string;
  readonly pair: PairName;
  /** ASC x 256 + ASCQ. */
  readonly code: number;
  readonly oxId?: number;
}

/** The array ended a command: with a status, or, where that is `undefined`, without a response. */
export interface CommandEnded {
  readonly kind: 'command-end';
  readonly at: TimeNs;
  /** Fabric and tap of the target port. */
  readonly fabric: string;
  readonly tap: string;
  /** As the standard prints it; of a command that was answered. */
  readonly command?: string;
  readonly nexus: NexusName;
  readonly lun: bigint;
  readonly lu: string | undefined;
  readonly oxId: number;
  readonly status: number | undefined;
}

/** Writes that the array had only in a volatile cache are lost. */
export interface CacheLost {
  readonly kind: 'cache-lost';
  readonly at: TimeNs;
  readonly lu: string;
}

/** Everything a logical unit took before survives a loss of power. */
export interface Flushed {
  readonly kind: 'flushed';
  readonly at: TimeNs;
  readonly lu: string;
}

/** The names that a virtual machine's I/O may go out under, as declared. */
export interface IdentitiesSeen {
  readonly kind: 'identities';
  readonly at: TimeNs;
  readonly vm: string;
  readonly wwpns: readonly bigint[];
}

/** A logical unit as a host presents it to a guest. */
export interface UnitView {
  readonly lu: string;
  readonly lun: number | undefined;
  readonly blocks: number;
  readonly vendor: string;
  readonly product: string;
  readonly paths: number;
  /** Host ports with a path. */
  readonly ports: number;
}

/** What a virtual machine has on a host: told when it comes to stand there. */
export interface ViewSeen {
  readonly kind: 'view';
  readonly at: TimeNs;
  readonly vm: string;
  readonly host: string;
  readonly units: readonly UnitView[];
}

/**
 * Something was done to the world from outside: a fault hit a frame, a link went down or up, a
 * machine stopped or started. What follows from it is not the machines' fault.
 */
export type Disturbance =
  | {
      readonly kind: 'disturbance';
      readonly what: 'frame';
      readonly at: TimeNs;
      readonly tap: string;
      /** What happened to the frame: `drop`, `delay`, `duplicate`, `reorder`, `corrupt`, or lost. */
      readonly fault: string;
      /** The frame as the fault left it, and, where that changed it, as it was sent. */
      readonly bytes: Uint8Array;
      readonly sent?: Uint8Array;
    }
  | {
      readonly kind: 'disturbance';
      readonly what: 'link-down' | 'link-up' | 'link-slow';
      readonly at: TimeNs;
      readonly tap: string;
    }
  | {
      readonly kind: 'disturbance';
      readonly what: 'crashed' | 'paused' | 'started';
      readonly at: TimeNs;
      readonly node: string;
      /** The fabric of a switch. */
      readonly fabric?: string;
      readonly role: 'host' | 'switch' | 'array' | 'mover';
    };

/** A login of an initiator at a target port began or ended, as the target sees it. */
export interface NexusSeen {
  readonly kind: 'nexus';
  readonly at: TimeNs;
  /** Fabric and tap of the target port. */
  readonly fabric: string;
  readonly tap: string;
  readonly state: 'began' | 'ended';
  readonly nexus: NexusName;
}

export interface NexusName {
  readonly wwpn: bigint;
  readonly sId: number;
  /** Target port of the array. */
  readonly port: number;
  /** Counts the logins of this pair of ports. */
  readonly epoch: number;
}

/** What a guest asks for. `write` stamps its blocks, `unmap` blanks them, `other` changes none. */
export type IoOperation = 'read' | 'write' | 'compare-and-write' | 'unmap' | 'other';

/** The guest asked for an I/O. */
export interface IoSubmitted {
  readonly kind: 'submit';
  readonly at: TimeNs;
  readonly vm: string;
  readonly io: number;
  readonly op: IoOperation;
  readonly lu: string;
  readonly lba: number;
  readonly blocks: number;
  /** Version that every block of a write carries; 0 for a read. */
  readonly version: number;
  readonly writerId: number;
}

/** An attempt of an I/O went out as an exchange. */
export interface IoSent {
  readonly kind: 'sent';
  readonly at: TimeNs;
  readonly vm: string;
  readonly io: number;
  readonly attempt: number;
  readonly host: string;
  readonly fabric: string;
  readonly wwpn: bigint;
  readonly sId: number;
  readonly dId: number;
  readonly oxId: number;
}

/** An attempt ended; the I/O may be sent again. */
export interface AttemptEnded {
  readonly kind: 'attempt-end';
  readonly at: TimeNs;
  readonly vm: string;
  readonly io: number;
  readonly attempt: number;
  readonly end: string;
}

/** The host put an I/O back to be sent again. */
export interface IoRequeued {
  readonly kind: 'requeue';
  readonly at: TimeNs;
  readonly vm: string;
  readonly io: number;
  readonly reason: string;
}

/** The guest was told that its I/O is done. */
export interface IoCompleted {
  readonly kind: 'complete';
  readonly at: TimeNs;
  readonly vm: string;
  readonly io: number;
  readonly host: string;
  readonly result: 'good' | 'failed';
  readonly reason?: string;
  /** What a read found, block by block. */
  readonly readings?: readonly StampReading[];
}

/** A write reached the medium. */
export interface Applied {
  readonly kind: 'apply';
  readonly at: TimeNs;
  /** Fabric of the target port it came in by. */
  readonly fabric: string;
  readonly lu: string;
  readonly lba: number;
  readonly readings: readonly StampReading[];
  readonly nexus: NexusName;
  readonly lun?: bigint;
  readonly oxId: number;
  /** False while a loss of power would take it back. */
  readonly durable?: boolean;
  /** Reservations when the command was enabled, which decided whether it may run. */
  readonly held?: Hold;
}

/** What a block of the medium holds after everything has ended. */
export interface FinalBlock {
  readonly kind: 'final';
  readonly at: TimeNs;
  readonly lu: string;
  readonly lba: number;
  readonly reading: StampReading;
}

/** A step of a move. */
export interface MoveSeen {
  readonly kind: 'move';
  readonly at: TimeNs;
  readonly vm: string;
  readonly phase: string;
  readonly detail: string;
  readonly from?: string;
  readonly to?: string;
}

/** A guest runs, or stands still, as its host says; or it is lost: it died with its host. */
export interface GuestSeen {
  readonly kind: 'guest';
  readonly at: TimeNs;
  readonly vm: string;
  readonly host: string;
  readonly state: 'running' | 'stunned' | 'lost';
}

export type Observation =
  | FrameSeen
  | LoginSeen
  | LoginRejected
  | ZonesSeen
  | MaskSeen
  | NexusSeen
  | ReservationSeen
  | AttentionSeen
  | CommandEnded
  | CacheLost
  | Flushed
  | IdentitiesSeen
  | ViewSeen
  | IoSubmitted
  | IoSent
  | AttemptEnded
  | IoRequeued
  | IoCompleted
  | Applied
  | FinalBlock
  | GuestSeen
  | MoveSeen
  | Disturbance;

export type ObservationKind = Observation['kind'];

/** What is known about one invariant. */
export interface Verdict {
  /** I1 to I36. */
  readonly invariant: string;
  /** What must hold, in plain words. */
  readonly sentence: string;
  readonly result: 'holds' | 'violated' | 'not-observable';
  /** Why: what was checked, what was found, or what would be needed. */
  readonly detail: string;
  /** Frames of the capture that show a violation. */
  readonly frames: readonly number[];
}

/** The bounds that a run declares. */
export interface AuditBounds {
  /** The guest gives an I/O up after this long. */
  readonly guestTimeoutNs: number;
  /** The longest pause between I/Os that a move may make. */
  readonly blackoutBudgetNs: number;
  /** How long a frame may live in the fabric. */
  readonly rATovNs: number;
  /** Period of FIP advertisements and ENode keep-alives; 8 s when left out. */
  readonly fkaAdvPeriodNs?: number;
}
