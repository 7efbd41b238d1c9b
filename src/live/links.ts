/** What is plugged in where, and what is told of it. */

import type { ArrayEvent } from '../array/storage-array.ts';
import type { Fcf } from '../fabric/fcoe/fcf.ts';
import type { FabricEvent } from '../history/fabric.ts';
import type { HistoryEntry } from '../history/index.ts';
import type { Instant } from '../machine/machine.ts';
import type { GuestWire } from './stream-wire.ts';

/** A cable in a switch port: to a guest, or to a target port of the array. */
export interface LiveLink {
  /** Fabric and switch port: `A.1`. */
  readonly name: string;
  readonly fabric: string;
  readonly port: number;
  /** What is at the other end: a target port of the array, or the address a guest came by. */
  readonly to: { readonly targetPort: number } | { readonly address: string };
  readonly wire: GuestWire | undefined;
  readonly since: Instant;
  frames: { in: number; out: number };
}

export interface LiveFabric {
  readonly name: string;
  /** Its switch's name in the driver. */
  readonly node: string;
  readonly fcf: Fcf;
  /** By switch port. */
  readonly links: Map<number, LiveLink>;
  /** Switch ports of the array. */
  readonly targetPorts: readonly number[];
}

/** Everything that happens, as the machines tell it. Its node is `array` or that of a fabric. */
export type LiveEvent = FabricEvent | ArrayEvent;
export type LiveEventListener = (entry: HistoryEntry<LiveEvent>) => void;
export type LiveFrameListener = (
  link: LiveLink,
  direction: 'in' | 'out',
  frame: Uint8Array,
  now: Instant,
) => void;
