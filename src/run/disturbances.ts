/** What the simulator does to frames, links and nodes, as happenings. */
import type { HistoryEntry, LinkDisturbed, NodeDisturbed } from '../history/index.ts';
import type { FrameRecord, Observer } from '../sim/trace.ts';

type Tell = (entry: HistoryEntry) => void;

/** Faults that leave the order and the contents of a direction as they are. */
const HARMLESS: ReadonlySet<string> = new Set(['clog', 'cut']);

const OF_LINK: Readonly<Record<string, LinkDisturbed['type']>> = {
  down: 'link-down',
  up: 'link-up',
  paused: 'link-slow',
  resumed: 'link-slow',
  clogged: 'link-slow',
  unclogged: 'link-slow',
};
const OF_NODE: Readonly<Record<string, NodeDisturbed['type']>> = {
  crashed: 'node-crashed',
  paused: 'node-paused',
  resumed: 'node-started',
  restarted: 'node-started',
};

/**
 * An observer of a simulation that tells what is done to the world. `frames`: also what happens to
 * single frames, which costs time and matters only where there are faults.
 */
export function disturbances(
  tell: Tell,
  { frames }: { readonly frames: boolean },
): Observer<unknown> {
  const watcher: Observer<unknown> = {
    link: ({ what, timeNs: at, link }) =>
      tell({ at, node: '', event: { type: OF_LINK[what]!, link } }),
    credit: (event, at) => tell({ at, node: '', event }),
    qos: (event, at) => tell({ at, node: '', event }),
    node: ({ what, timeNs: at, node }) => tell({ at, node, event: { type: OF_NODE[what]! } }),
  };
  return frames ? { ...watcher, frame: watchFrames(tell) } : watcher;
}

/** Frames that a fault hit or that were lost, with what they were when they were sent. */
function watchFrames(tell: Tell): (record: FrameRecord) => void {
  const sent = new Map<string, { readonly ordinal: number; readonly frame: Uint8Array }>();
  return ({ what, timeNs: at, link, direction, ordinal, frame, fault, reason }) => {
    if (what === 'sent') {
      sent.set(`${link} ${direction}`, { ordinal, frame });
      return;
    }
    const hit = what === 'faulted' && !HARMLESS.has(fault!.kind);
    const lost = what === 'dropped' && reason !== 'fault';
    if (!hit && !lost) return;
    const original = sent.get(`${link} ${direction}`);
    const changed = original?.ordinal === ordinal && original.frame !== frame;
    tell({
      at,
      node: '',
      event: {
        type: 'frame-hit',
        link,
        fault: hit ? fault!.kind : 'drop',
        bytes: frame,
        ...(changed ? { sent: original.frame } : {}),
      },
    });
  };
}
