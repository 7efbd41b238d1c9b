/**
 * Late frames as a few fixed schedules: what is on its way when the guest is stunned is held back,
 * and comes out when the guest runs again elsewhere. Where and when is taken from a run of the same
 * scenario without faults, which is the same up to the first frame that is held.
 */
import { ElsCommand } from '../codecs/els/index.ts';
import { TcpFlags } from '../codecs/ethernet/index.ts';
import { FcType, locateFcOnLink, RCtl } from '../codecs/fc/index.ts';
import { CodecError } from '../codecs/layout/index.ts';
import type { Direction, FaultRule } from '../link/faults.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import { isIp } from '../scenario/protocols.ts';
import type { Scenario } from '../scenario/schema.ts';
import { cablesAt, nodesOf, type Topology } from '../scenario/topology.ts';
import type { LateSchedule } from './late-schedules.ts';
import type { RunReport } from './options.ts';
import { segmentIn } from './segment-in.ts';

/** Frames are held from this long before the stun, until this long after it. */
const BEFORE_NS = 300_000;
const AFTER_NS = 60_000;
/** They come out so long after the guest runs again. */
const BEHIND_NS = 3 * MILLISECOND;

/** Rules for a schedule; none where the guest was not stunned or did not run again. */
export function lateFrames(
  schedule: LateSchedule,
  scenario: Scenario,
  undisturbed: Pick<RunReport, 'timeline'>,
): FaultRule[] {
  const at = (phase: string) => undisturbed.timeline.find((one) => one.phase === phase)?.atNs;
  const stun = at('stun');
  const resume = at('resume');
  if (stun === undefined || resume === undefined) return [];
  const topology = topologyOf(scenario);
  if (schedule === 'no-logo') {
    return sourceLinks(topology).map((link) => ({
      name: `no LOGO on ${link.link}`,
      ...link,
      fromNs: stun,
      untilNs: resume,
      matches: isIp(scenario.protocol) ? isEnd : isLogo,
      action: { kind: 'drop' },
    }));
  }
  const rATovNs = Math.min(...scenario.fabrics.map((one) => one.rATovMs)) * MILLISECOND;
  // A frame does not live longer than R_A_TOV.
  const delayNs = Math.min(resume - stun + BEHIND_NS, rATovNs - MILLISECOND);
  const { links, rCtls } = heldBy(schedule, topology);
  const matches = isIp(scenario.protocol)
    ? hasStreamData
    : (frame: Uint8Array) => rCtls.includes(fcpRCtl(frame) ?? -1);
  return links.map((link) => ({
    name: `late on ${link.link}`,
    ...link,
    fromNs: Math.max(0, stun - BEFORE_NS),
    untilNs: stun + AFTER_NS,
    matches,
    action: { kind: 'delay', delayNs },
  }));
}

/** One direction of a link. */
interface Lane {
  readonly link: string;
  readonly direction: Direction;
}

/** Frames that a schedule holds back: where, and of which R_CTLs; on a LAN, segments that carry data. */
interface HeldFrames {
  readonly links: readonly Lane[];
  readonly rCtls: readonly number[];
}

const DATA = RCtl['Solicited Data'];
const COMMAND = RCtl['Unsolicited Command'];

function heldBy(schedule: Exclude<LateSchedule, 'no-logo'>, topology: Topology): HeldFrames {
  const arrays = nodesOf(topology, 'array').map(({ name }) => name);
  const links = (way: 'from' | 'to') => arrays.flatMap((node) => lanesOf(topology, way, node));
  switch (schedule) {
    case 'data':
      return { links: links('to'), rCtls: [DATA] };
    case 'commands':
      return { links: links('to'), rCtls: [COMMAND, DATA] };
    case 'uplink':
      return { links: sourceLinks(topology), rCtls: [COMMAND, DATA] };
    case 'answers':
      return { links: links('from'), rCtls: [RCtl['Command Status']] };
  }
}

/** The links of a node, in the direction from it or to it. */
function lanesOf(topology: Topology, way: 'from' | 'to', node: string): Lane[] {
  return cablesAt(topology, node).map(({ ends, name: link }) => {
    const isFirst = ends[0].node === node;
    return { link, direction: isFirst === (way === 'from') ? 'a-to-b' : 'b-to-a' };
  });
}

function sourceLinks(topology: Topology): Lane[] {
  return topology.moves.flatMap(({ plan }) => lanesOf(topology, 'from', plan.from));
}

/** R_CTL of a frame of type FCP. */
function fcpRCtl(frame: Uint8Array): number | undefined {
  const location = locateFcOnLink(frame);
  if (location instanceof CodecError) return undefined;
  return frame[location.fcAt + 8] === FcType.FCP ? frame[location.fcAt] : undefined;
}

/** Calls, commands and their data; answers, the other way. */
const hasStreamData = (frame: Uint8Array): boolean => (segmentIn(frame)?.payload.length ?? 0) > 0;

/** A connection's last word. */
const isEnd = (frame: Uint8Array): boolean =>
  ((segmentIn(frame)?.flags ?? 0) & (TcpFlags.FIN | TcpFlags.RST)) !== 0;

function isLogo(frame: Uint8Array): boolean {
  const location = locateFcOnLink(frame);
  if (location instanceof CodecError) return false;
  const { fcAt, payloadAt } = location;
  return frame[fcAt] === RCtl['ELS Request'] && frame[payloadAt] === ElsCommand.LOGO;
}
