/** Frames in words. */

import { isLinkFrame } from '../codecs/fc/index.ts';
import { decodeFrame, linkTypeOf, summarize } from '../codecs/frame/index.ts';
import { type Mac, macAt } from '../codecs/layout/index.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { nodesOf } from '../scenario/topology.ts';

/** A frame in one line, as the `decode` command prints it. */
export function lineOf(bytes: Uint8Array): string {
  return summarize(decodeFrame(bytes, { linkType: linkTypeOf(bytes) }));
}

/**
 * What kind of frame it is and which way it goes, in words that stay the same when addresses,
 * exchanges and the number of frames before it change: so a fault finds its frame again in a
 * smaller run. `switches` are the addresses of the switches.
 */
export function signatureOf(bytes: Uint8Array, switches: ReadonlySet<Mac>): string {
  const line = lineOf(bytes);
  const end = line.search(/ [0-9a-f]{6} → [0-9a-f]{6}/);
  const kind = (end < 0 ? line : line.slice(0, end)).replace(/\s*[0-9a-f:]{17,}.*$/, '');
  // A native frame is the same on every link that it passes.
  if (isLinkFrame(bytes)) return kind;
  return `${switches.has(macAt(bytes, 0)) ? 'to' : 'from'} the switch: ${kind}`;
}

/** The addresses of a scenario's switches. */
export function switchAddresses(scenario: Scenario): Set<Mac> {
  return new Set(nodesOf(topologyOf(scenario), 'switch').map(({ options }) => options.fcfMac));
}
