/** What a schema cannot say of a scenario's protocol: keys and events that mean nothing over it. */
import type { LostFrames } from './event-schema.ts';
import type { Complaint } from './origin.ts';
import type { Scenario } from './schema.ts';

/** Frames of FIP, of which a native link has none. */
const FIP_FRAMES: ReadonlySet<LostFrames> = new Set<LostFrames>([
  'keep-alives',
  'advertisements',
  'clear-links',
]);

/** Whether an event is about buffer credit, which only native links have. */
const isOfCredit = (event: Scenario['events'][number]): boolean =>
  event.do === 'slow-drain' || (event.do === 'lose' && event.frames === 'r-rdys');

/** Native Fibre Channel has one switch in a fabric, no VLANs and no FIP; no other protocol has buffer credit. */
export function* checkProtocol(scenario: Scenario): Iterable<Complaint> {
  if (scenario.protocol === 'fc') {
    yield* checkNative(scenario);
    return;
  }
  for (const [i, event] of scenario.events.entries()) {
    if (!isOfCredit(event)) continue;
    const what = 'buffer credit is of native Fibre Channel: say protocol: fc';
    yield { path: ['events', i, 'do'], what, because: [['protocol']] };
  }
}

function* checkNative({ events, fabrics }: Scenario): Iterable<Complaint> {
  const because = [['protocol']];
  for (const [i, fabric] of fabrics.entries()) {
    for (const key of ['furtherFcfs', 'npv'] as const) {
      if (fabric[key] === undefined) continue;
      const what = `${key} is FCoE's: a fabric of protocol fc has one switch`;
      yield { path: ['fabrics', i, key], what, because };
    }
    if (fabric.accessLists === 'lazy') {
      const what = 'accessLists lazy is of FIP snooping, and protocol fc has no FIP';
      yield { path: ['fabrics', i, 'accessLists'], what, because };
    }
  }
  for (const [i, event] of events.entries()) {
    if (event.do === 'vlans') {
      yield { path: ['events', i, 'do'], what: 'protocol fc has no VLANs', because };
    } else if (event.do === 'lose' && FIP_FRAMES.has(event.frames)) {
      const what = `${event.frames} are frames of FIP, and protocol fc has none`;
      yield { path: ['events', i, 'frames'], what, because };
    }
  }
}
