/** What the parts of the transit have in common. */

import type { Instant } from '../machine/machine.ts';

/** The kinds of event the transit schedules; `a` is the number of a lane, a link or a stray. */
export const TransitEvent = {
  /** The oldest frame of lane a may be due. */
  DELIVERY: 0,
  /** Stray frame a is due. */
  STRAY: 1,
  /** Lane a has held a frame for the next one long enough. */
  HELD: 2,
  /** Link a went up (b = 1) or down (b = 0): tell the machines. */
  TELL: 3,
  /** Link a may come up by itself. */
  RESTORE: 4,
  /** Something about the credit of lane a: b says what. */
  CREDIT: 5,
  /** Something about the queues of lane a: b says what. */
  QUEUES: 6,
} as const;

/** What an event about queues is for. */
export const QueueWork = {
  /** The transmitter may be free. */
  NEXT: 0,
  /** A pause that was told takes effect. */
  EFFECT: 1,
  /** A pause may be over. */
  EXPIRE: 2,
  /** A pause is told again. */
  REFRESH: 3,
  /** A slow device has taken a frame. */
  DRAINED: 4,
  /** A frame may have been held for too long. */
  HOLD: 5,
  /** Other traffic goes on. */
  OTHER: 6,
} as const;

/** The simulator's time, shared by its parts. */
export interface Clock {
  nowNs: Instant;
}

/** Whom frames and link changes go to. */
export interface Receiver {
  isRunning(nodeId: number): boolean;
  /** `isOwn`: nobody else keeps the frame. */
  receive(nodeId: number, port: number, frame: Uint8Array, isOwn: boolean): void;
  tellLink(nodeId: number, port: number, up: boolean): void;
}
