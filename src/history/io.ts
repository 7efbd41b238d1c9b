/**
 * What happens to guests and their I/O, as their hosts tell it.
 *
 * `vm` names the virtual machine, `io` its I/O, `luName` the logical unit's identifier in hex.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { InitiatorPort, TargetPort } from './port-name.ts';

/** What a guest asks of a disk. */
export type GuestOp =
  | 'read'
  | 'write'
  | 'compare-and-write'
  | 'write-same'
  | 'unmap'
  | 'synchronize';

/**
 * What an attempt came to: the target's answer (`good`, `check`), ABTS (`aborted`), the end of the
 * login with the target's word and without (`lost-cleared`, `lost-uncleared`), read data that did
 * not come (`data-lost`), forgotten by the host (`purged`), or never sent.
 */
export type AttemptEnd =
  | 'good'
  | 'check'
  | 'aborted'
  | 'lost-cleared'
  | 'lost-uncleared'
  | 'data-lost'
  | 'purged'
  | 'not-sent';

/** The names that a virtual machine's I/O may go out under, as declared before anything happens. */
export interface IdentitiesDeclared {
  readonly type: 'identities';
  readonly vm: string;
  readonly initiators: readonly InitiatorPort[];
}

/** The guest asked for an I/O, or its host for one on the guest's disk. */
export interface IoSubmitted {
  readonly type: 'io-submit';
  readonly vm: string;
  readonly io: number;
  readonly op: GuestOp;
  readonly fua: boolean;
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  /** Version that every block of a write carries; 0 where nothing, or zeros, are written. */
  readonly version: number;
  readonly writerId: number;
  /** It is its host's own, to copy the guest's disk: the guest does not hear of its end. */
  readonly ofHost?: true;
}

/** An attempt of an I/O went out as a command. */
export interface IoSent {
  readonly type: 'io-sent';
  readonly vm: string;
  readonly io: number;
  /** Counts from 1. */
  readonly attempt: number;
  /** Port of the host. */
  readonly port: number;
  readonly initiator: InitiatorPort;
  readonly target: TargetPort;
  /** What the carrier calls the two at this time: N_Port_IDs for Fibre Channel. */
  readonly address: number;
  readonly targetAddress: number;
  /** Names the command among the unfinished ones of its nexus: the OX_ID for Fibre Channel. */
  readonly tag: number;
  /** The SCSI command; a READ for a COMPARE AND WRITE whose outcome is looked up. */
  readonly command: string;
}

/** An attempt ended; the I/O may be sent again. */
export interface IoAttemptEnded {
  readonly type: 'io-attempt-end';
  readonly vm: string;
  readonly io: number;
  readonly attempt: number;
  readonly end: AttemptEnd;
  /** `ScsiStatus` of an attempt that was answered. */
  readonly status?: number;
}

/** The host put an I/O back to be sent again. */
export interface IoRequeued {
  readonly type: 'io-requeue';
  readonly vm: string;
  readonly io: number;
  readonly reason: string;
}

/** The guest was told that its I/O is done. */
export interface IoCompleted {
  readonly type: 'io-complete';
  readonly vm: string;
  readonly io: number;
  readonly result: 'good' | 'failed';
  readonly reason?: string;
  /** What a read found, block by block. */
  readonly readings?: readonly StampReading[];
}

/** A logical unit as a host presents it to a guest. */
export interface UnitView {
  readonly luName: string;
  /** Its LUN; `undefined` where the paths give it different ones. */
  readonly lunNumber: number | undefined;
  readonly blocks: number;
  readonly vendor: string;
  readonly product: string;
  readonly paths: number;
  /** Host ports with a path. */
  readonly ports: readonly number[];
  /** The physical cards of those ports; left out where the host does not tell. */
  readonly cards?: readonly number[];
  /** RELATIVE TARGET PORT IDENTIFIERs of the target ports that paths lead to; none where they are not known. */
  readonly targetPorts: readonly number[];
  /** The LUN at each port, `undefined` where paths there disagree; left out where the host does not tell. */
  readonly luns?: readonly { readonly port: number; readonly lunNumber: number | undefined }[];
  /** The state of each path, the best first; left out where the host does not tell. */
  readonly access?: readonly PathState[];
}

/**
 * What a path is good for: the access state of its target port group, `lost` while its login is gone
 * and may come back, `removed` once it is given up or leads to the logical unit no more.
 */
export type PathState =
  | 'active-optimized'
  | 'active-non-optimized'
  | 'logical-block-dependent'
  | 'standby'
  | 'unavailable'
  | 'offline'
  | 'transitioning'
  | 'lost'
  | 'removed';

/** A path of a guest to a logical unit was found, or is in another state than before. */
export interface PathChanged {
  readonly type: 'path';
  readonly vm: string;
  readonly luName: string;
  readonly initiator: InitiatorPort;
  readonly target: TargetPort;
  readonly state: PathState;
}

/** A guest runs, with these logical units. */
export interface GuestRuns {
  readonly type: 'guest';
  readonly vm: string;
  readonly state: 'running';
  readonly view: readonly UnitView[];
}

/** A guest stands still; or it is lost: it died with its host, which only the driver can tell. */
export interface GuestStands {
  readonly type: 'guest';
  readonly vm: string;
  readonly state: 'stunned' | 'lost';
}

/**
 * A guest's host stops it because a thin unit has no space for a write; or that write was carried out, and the guest
 * goes on.
 */
export interface GuestSpace {
  readonly type: 'space';
  readonly vm: string;
  readonly luName: string;
  readonly state: 'out' | 'given';
}

/** Everything that is told of guests and their I/O. */
export type IoEvent =
  | IdentitiesDeclared
  | IoSubmitted
  | IoSent
  | IoAttemptEnded
  | IoRequeued
  | IoCompleted
  | GuestRuns
  | GuestStands
  | GuestSpace
  | PathChanged;
