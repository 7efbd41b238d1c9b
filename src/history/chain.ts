/**
 * The identity of a block: from a guest's disk through volume, path, LUN, logical unit, extent and pool to where its
 * data lie, each level in its own words.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { InitiatorPort, TargetPort } from './port-name.ts';

/**
 * How a host makes a volume of logical units. `quorum`: each holds every block, and an I/O is done when more than half
 * of them have answered; `cached`: one unit behind a cache of the host.
 */
export const VOLUME_KINDS = ['linear', 'stripe', 'mirror', 'thin', 'quorum', 'cached'] as const;
/** One of `VOLUME_KINDS`. */
export type VolumeKind = (typeof VOLUME_KINDS)[number];

/** By what a host finds the units of a volume: by their identities, or by the order of their LUNs, as where device names stand in the map. */
export const VOLUME_ORDERS = ['identity', 'lun'] as const;
/** One of `VOLUME_ORDERS`. */
export type VolumeOrder = (typeof VOLUME_ORDERS)[number];

/** A host has assembled a volume of a guest, and this is its map. */
export interface VolumeAssembled {
  readonly type: 'volume';
  readonly vm: string;
  readonly volume: string;
  readonly kind: VolumeKind;
  /** Logical units in the order of the map. */
  readonly luNames: readonly string[];
}

/** A part of a guest's I/O on a volume: blocks of a logical unit. */
export interface VolumePart {
  /** Number of the I/O of the host that carries it, and version of what it writes. */
  readonly io: number;
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  /** Its first block in the volume. */
  readonly volumeLba: number;
}

/** A guest asked for an I/O on a volume, and these are its parts; or it is done. */
export interface VolumeIo {
  readonly type: 'volume-io';
  readonly state: 'begun' | 'good' | 'failed';
  readonly vm: string;
  readonly volume: string;
  /** Counts the guest's I/Os on volumes. */
  readonly io: number;
  readonly op: 'read' | 'write';
  readonly lba: number;
  readonly blocks: number;
  readonly writerId: number;
  /** Of one that has begun; a part of a volume that has no data there is left out. */
  readonly parts: readonly VolumePart[];
  /** What a read that went well found, block by block. */
  readonly readings?: readonly StampReading[];
}

/** What a read of a volume found is written to the cache that both hosts reach: the same data under a version of their own. */
export interface VolumeFilled {
  readonly type: 'volume-filled';
  readonly vm: string;
  readonly volume: string;
  readonly writerId: number;
  /** The version that was found. */
  readonly version: number;
  readonly part: VolumePart;
}

/** A layer of what keeps a logical unit's blocks. */
export type StoreLayer = 'cache' | 'snapshot' | 'extent' | 'pool' | 'leg';

/** Where a block lies in one layer. */
export interface StorePlace {
  readonly layer: StoreLayer;
  /** What it is called there; empty where the layer has nothing for this block. */
  readonly name: string;
  /** The block in what is named, from 0; left out where there are none. */
  readonly block?: number;
}

/** A way from the host to the logical unit. */
export interface ChainPath {
  readonly initiator: InitiatorPort;
  readonly target: TargetPort;
  readonly lunNumber: number;
  /** The logical unit that the array has under this LUN for this initiator; `undefined` for none. */
  readonly leadsTo: string | undefined;
}

/** One of the places that hold a block: a mirror has several. */
export interface ChainLeg {
  /** The logical unit as the host has it, and the block there. */
  readonly luName: string;
  readonly lba: number;
  readonly paths: readonly ChainPath[];
  /** From the top. */
  readonly stored: readonly StorePlace[];
  /** What a read by the first path would find; `undefined` where there is no path. */
  readonly data: Uint8Array | undefined;
}

/** What each level says of a block, asked at one moment. */
export interface ChainRead {
  readonly type: 'chain';
  readonly vm: string;
  /** A volume, or a logical unit by its identity. */
  readonly disk: string;
  readonly lba: number;
  /** None where a thin volume has nothing for this block. */
  readonly legs: readonly ChainLeg[];
}

/**
 * How a host copies a guest's disk to another unit while the guest works: in one pass with writes that go to both, or in rounds
 * over what was written meanwhile.
 */
export const COPIES = ['mirror', 'iterative'] as const;
/** One of `COPIES`. */
export type CopyBy = (typeof COPIES)[number];

/**
 * How far the copy of a disk is. `copied`: an iterative one waits for the guest to stand still, and `rest` is what it copies then;
 * `whole`: the copy has all that the source has; `switched`: the guest has its disk there from now on; `dropped`: what
 * the guest has no more was given back.
 */
export interface DiskCopied {
  readonly type: 'disk-copy';
  readonly state:
    | 'began'
    | 'round'
    | 'copied'
    | 'rest'
    | 'whole'
    | 'switched'
    | 'failed'
    | 'dropped';
  readonly vm: string;
  readonly volume: string;
  readonly by: CopyBy;
  /** Logical units. */
  readonly from: string;
  readonly to: string;
  /** What is still to be copied, or was given back. */
  readonly blocks: number;
  /** Of one that failed. */
  readonly reason?: string;
}

/** Blocks of a disk go to its copy, as they were read from the source. */
export interface BlocksCopied {
  readonly type: 'blocks-copied';
  readonly vm: string;
  readonly volume: string;
  readonly writerId: number;
  /** The write to the copy: its number is the version of what it writes. */
  readonly part: VolumePart;
  /** What was read from the source, block by block. */
  readonly readings: readonly StampReading[];
}

/** Everything that is told of volumes and where their blocks lie. */
export type ChainEvent =
  | VolumeAssembled
  | VolumeIo
  | VolumeFilled
  | ChainRead
  | DiskCopied
  | BlocksCopied;
