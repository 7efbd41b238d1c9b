/**
 * What an auditor is told: frames at taps, logins, guest I/O, writes that reached the medium.
 *
 * Observations come in the order in which things happened. A run gives all kinds; a capture from
 * somewhere else gives frames only, and what those cannot show is `not-observable`.
 */

import type { StampReading } from '../codecs/stamp/index.ts';
import type {
  Applied,
  AttentionSeen,
  CacheLost,
  CommandEnded,
  Flushed,
  MaskSeen,
  NexusSeen,
  ReservationSeen,
} from './array-observation.ts';

export type * from './array-observation.ts';

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
