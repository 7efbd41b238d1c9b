/** What an auditor is told of an array: logins at its ports, reservations, masks, what it ran. */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { TimeNs } from './observation.ts';

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
