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
  /** Switch port, and for a login the MAC address granted. */
  readonly port: number;
  readonly by?: 'FLOGI' | 'FDISC';
  /** The fabric said that nobody else held the N_Port_ID lately. */
  readonly clean?: boolean;
  readonly reason?: string;
}

/** A login of an initiator at a target port began or ended, as the target sees it. */
export interface NexusSeen {
  readonly kind: 'nexus';
  readonly at: TimeNs;
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

/** The guest asked for an I/O. */
export interface IoSubmitted {
  readonly kind: 'submit';
  readonly at: TimeNs;
  readonly vm: string;
  readonly io: number;
  readonly op: 'read' | 'write';
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
  readonly lu: string;
  readonly lba: number;
  readonly readings: readonly StampReading[];
  readonly nexus: NexusName;
  readonly oxId: number;
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
  | NexusSeen
  | IoSubmitted
  | IoSent
  | AttemptEnded
  | IoRequeued
  | IoCompleted
  | Applied
  | FinalBlock
  | GuestSeen
  | MoveSeen;

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
}
