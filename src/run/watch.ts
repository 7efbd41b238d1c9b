/** What the simulator does to frames, links and nodes, as observations for the auditor. */
import type { Disturbance, Observation } from '../audit/observation.ts';
import type { World } from '../scenario/build.ts';
import type { FrameRecord, Observer } from '../sim/trace.ts';

type Take = (observation: Observation) => void;

/** Faults that leave the order and the contents of a direction as they are. */
const HARMLESS: ReadonlySet<string> = new Set(['clog', 'cut']);

const WHAT_OF_LINK = {
  down: 'link-down',
  up: 'link-up',
  paused: 'link-slow',
  resumed: 'link-slow',
  clogged: 'link-slow',
  unclogged: 'link-slow',
} as const;
const WHAT_OF_NODE = {
  crashed: 'crashed',
  paused: 'paused',
  resumed: 'started',
  restarted: 'started',
} as const;

/**
 * An observer of a simulation that tells the auditor what is done to the world. `frames`: also
 * what happens to single frames, which costs time and matters only where there are faults.
 */
export function disturbances(
  world: World,
  take: Take,
  { frames }: { readonly frames: boolean },
): Observer<unknown> {
  const roles = rolesOf(world);
  const watcher: Observer<unknown> = {
    link: ({ what, timeNs: at, link: tap }) =>
      take({ kind: 'disturbance', what: WHAT_OF_LINK[what], at, tap }),
    node: ({ what, timeNs: at, node }) => {
      const role = roles.get(node);
      if (role === undefined) return;
      take({ kind: 'disturbance', what: WHAT_OF_NODE[what], at, node, ...role });
    },
  };
  return frames ? { ...watcher, frame: watchFrames(take) } : watcher;
}

function rolesOf(world: World): Map<string, Pick<NodeDisturbance, 'role' | 'fabric'>> {
  const roles = new Map<string, Pick<NodeDisturbance, 'role' | 'fabric'>>();
  for (const node of world.topology.nodes) {
    const { kind: role, name } = node;
    roles.set(name, role === 'switch' ? { role, fabric: node.fabric } : { role });
  }
  return roles;
}

type NodeDisturbance = Extract<Disturbance, { node: string }>;

/** Frames that a fault hit or that were lost, with what they were when they were sent. */
function watchFrames(take: Take): (record: FrameRecord) => void {
  const sent = new Map<string, { readonly ordinal: number; readonly frame: Uint8Array }>();
  return ({ what, timeNs: at, link: tap, direction, ordinal, frame, fault, reason }) => {
    if (what === 'sent') {
      sent.set(`${tap} ${direction}`, { ordinal, frame });
      return;
    }
    const hit = what === 'faulted' && !HARMLESS.has(fault!.kind);
    const lost = what === 'dropped' && reason !== 'fault';
    if (!hit && !lost) return;
    const original = sent.get(`${tap} ${direction}`);
    const changed = original?.ordinal === ordinal && original.frame !== frame;
    take({
      kind: 'disturbance',
      what: 'frame',
      at,
      tap,
      fault: hit ? fault!.kind : 'drop',
      bytes: frame,
      ...(changed ? { sent: original.frame } : {}),
    });
  };
}
