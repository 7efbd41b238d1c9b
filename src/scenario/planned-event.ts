/** What somebody does to a world while it runs, as plain data whose names are those of the topology. */

import type { ZoneEnforcement } from '../history/fabric.ts';
import type { Phase } from '../history/move.ts';
import type { ArrayCommand } from '../scsi/management.ts';
import type { LostFrames } from './event-schema.ts';

/** When: so long after the guests began to work, or after a step of a move did. */
export interface EventTime {
  /** The step; `end` is the move's end. Left out: the guests' beginning. */
  readonly step?: Phase | 'end';
  /** The place of the move in the plan, from 0; of events with a step. */
  readonly move: number;
  readonly afterNs: number;
}

/** What is done. Nodes and cables by name, initiator ports by WWPN, units by their place. */
export type PlannedDeed =
  | {
      readonly do: 'mask';
      readonly array: string;
      readonly wwpns: readonly string[];
      readonly luns: readonly {
        readonly lun: number;
        readonly unit: number;
        readonly ports?: readonly number[];
      }[];
    }
  | {
      readonly do: 'zones';
      /** All of the fabric. */
      readonly switches: readonly string[];
      readonly enforced: ZoneEnforcement;
      readonly zones: readonly { readonly name: string; readonly members: readonly string[] }[];
      readonly defaultZone: 'permit' | 'deny';
    }
  | {
      readonly do: 'access';
      readonly array: string;
      readonly units: readonly number[];
      readonly states: readonly { readonly groupId: number; readonly state: number }[];
      /** An initiator port that is not in the fabric asks for it; left out, the array decides. */
      readonly by?: string;
    }
  | {
      readonly do: 'rscn' | 'clear-link';
      readonly switches: readonly string[];
      readonly wwpns: readonly string[];
    }
  | { readonly do: 'vlans'; readonly switch: string; readonly vlans: readonly number[] }
  | { readonly do: 'clear-port'; readonly switch: string; readonly port: number }
  | { readonly do: 'base-logout'; readonly host: string; readonly port: number }
  | { readonly do: 'link-down' | 'link-up'; readonly cable: string }
  | {
      readonly do: 'port-failover';
      readonly array: string;
      readonly port: number;
      /** Its own place: it comes back. */
      readonly to: number;
    }
  | {
      readonly do: 'lose';
      readonly cable: string;
      readonly frames: LostFrames;
      readonly forNs: number;
    }
  | {
      readonly do: 'slow-drain';
      readonly cable: string;
      readonly delayNs: number;
      readonly forNs: number;
    }
  | {
      readonly do: 'other-traffic';
      readonly cable: string;
      readonly directions: readonly ('a-to-b' | 'b-to-a')[];
      readonly priority: number;
      readonly frameBytes: number;
      readonly everyNs: number;
      readonly forNs: number;
    }
  | { readonly do: 'crash' | 'pause'; readonly node: string; readonly forNs: number }
  | {
      readonly do: 'preempt';
      readonly array: string;
      readonly unit: number;
      /** An initiator port that is not in the fabric. */
      readonly by: string;
      /** By PREEMPT AND ABORT. */
      readonly aborts: boolean;
    }
  | { readonly do: 'manage'; readonly array: string; readonly command: ArrayCommand }
  | { readonly do: 'backup'; readonly agent: string }
  | {
      readonly do: 'partition';
      readonly between: readonly [string, string];
      readonly cables: readonly string[];
      readonly silent: boolean;
      readonly forNs: number;
    }
  | { readonly do: 'cancel-move'; readonly move: number }
  | {
      readonly do: 'management';
      readonly host: string;
      readonly answers: 'late' | 'lost';
      readonly delayNs: number;
      readonly forNs: number;
    };

/** An event of a world. */
export interface PlannedEvent {
  readonly when: EventTime;
  readonly deed: PlannedDeed;
  /** The event in words for people, with the names of the scenario. */
  readonly words: string;
}
