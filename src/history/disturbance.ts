/**
 * What is done to the world from outside: a fault hits a frame, a link goes down or up, a machine
 * stops or starts, an array's port fails over. Its driver tells it; what follows from it is not the machines' fault.
 */

/** A fault hit a frame, or the frame was lost. */
export interface FrameHit {
  readonly type: 'frame-hit';
  readonly link: string;
  /** `drop` for every loss, or `delay`, `duplicate`, `reorder`, `corrupt`. */
  readonly fault: string;
  /** The frame as the fault left it, and, where that changed it, as it was sent. */
  readonly bytes: Uint8Array;
  readonly sent?: Uint8Array;
}

/** A link went down, came up, or carries less than it did. */
export interface LinkDisturbed {
  readonly type: 'link-down' | 'link-up' | 'link-slow';
  readonly link: string;
}

/** A machine stopped for good or for a while, or runs again: after a crash without its memory. */
export interface NodeDisturbed {
  readonly type: 'node-crashed' | 'node-paused' | 'node-started';
}

/** The WWPN of a target port was told to log in at another port of its array, or at its own again. */
export interface TargetPortMoved {
  readonly type: 'target-port-moved';
  readonly port: number;
  readonly to: number;
}

/** Everything that is done to the world. */
export type Disturbance = FrameHit | LinkDisturbed | NodeDisturbed | TargetPortMoved;

const TYPES: ReadonlySet<string> = new Set<Disturbance['type']>([
  'frame-hit',
  'link-down',
  'link-up',
  'link-slow',
  'node-crashed',
  'node-paused',
  'node-started',
  'target-port-moved',
]);

/** Whether something was done to the world from outside, and not by a machine of it. */
export function isDisturbance(event: { readonly type: string }): event is Disturbance {
  return TYPES.has(event.type);
}
