/**
 * Late frames as a few fixed schedules: what is on its way when the guest is stunned is held back,
 * and comes out when the guest runs again elsewhere. Where and when is taken from a run of the same
 * scenario without faults, which is the same up to the first frame that is held.
 */
import { ElsCommand } from '../codecs/els/index.ts';
import { FcType, RCtl } from '../codecs/fc/index.ts';
import { locateFc } from '../codecs/fcoe/index.ts';
import { CodecError } from '../codecs/layout/index.ts';
import type { Direction, FaultRule } from '../link/faults.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { RunReport } from './run.ts';

export const LATE_SCHEDULES = [
  /** Write data, between switch and array. */
  'data',
  /** Commands and what follows them, between switch and array. */
  'commands',
  /** Commands and what follows them, between the source and its switch. */
  'uplink',
  /** Responses, between array and switch. */
  'answers',
  /** No LOGO of the source arrives. */
  'no-logo',
] as const;
export type LateSchedule = (typeof LATE_SCHEDULES)[number];

/** Frames are held from this long before the stun, until this long after it. */
const BEFORE_NS = 300_000;
const AFTER_NS = 60_000;
/** They come out so long after the guest runs again. */
const BEHIND_NS = 3 * MILLISECOND;

/** Rules for a schedule; none where the guest was not stunned or did not run again. */
export function lateFrames(
  schedule: LateSchedule,
  scenario: Scenario,
  undisturbed: RunReport,
): FaultRule[] {
  const at = (phase: string) => undisturbed.timeline.find((one) => one.phase === phase)?.atNs;
  const stun = at('stun');
  const resume = at('resume');
  if (stun === undefined || resume === undefined) return [];
  if (schedule === 'no-logo') {
    return sourceLinks(scenario).map((link) => ({
      name: `no LOGO on ${link}`,
      link,
      direction: 'a-to-b',
      fromNs: stun,
      untilNs: resume,
      matches: isLogo,
      action: { kind: 'drop' },
    }));
  }
  const rATovNs = Math.min(...scenario.fabrics.map((one) => one.rATovMs)) * MILLISECOND;
  // A frame does not live longer than R_A_TOV.
  const delayNs = Math.min(resume - stun + BEHIND_NS, rATovNs - MILLISECOND);
  const { links, direction, rCtls } = placeOf(schedule, scenario);
  return links.map((link) => ({
    name: `late on ${link}`,
    link,
    direction,
    fromNs: Math.max(0, stun - BEFORE_NS),
    untilNs: stun + AFTER_NS,
    matches: (frame) => rCtls.includes(fcpRCtl(frame) ?? -1),
    action: { kind: 'delay', delayNs },
  }));
}

interface Place {
  readonly links: readonly string[];
  readonly direction: Direction;
  readonly rCtls: readonly number[];
}

const DATA = RCtl['Solicited Data'];
const COMMAND = RCtl['Unsolicited Command'];

function placeOf(schedule: Exclude<LateSchedule, 'no-logo'>, scenario: Scenario): Place {
  const { array } = scenario;
  const links = array.ports.map((fabric, port) => `${array.name}.${port}-${fabric}`);
  switch (schedule) {
    case 'data':
      return { links, direction: 'b-to-a', rCtls: [DATA] };
    case 'commands':
      return { links, direction: 'b-to-a', rCtls: [COMMAND, DATA] };
    case 'uplink':
      return { links: sourceLinks(scenario), direction: 'a-to-b', rCtls: [COMMAND, DATA] };
    case 'answers':
      return { links, direction: 'a-to-b', rCtls: [RCtl['Command Status']] };
  }
}

function sourceLinks({ vms, hosts, move }: Scenario): string[] {
  const from = vms.find((vm) => vm.name === move.vm)!.host;
  const { ports } = hosts.find((host) => host.name === from)!;
  return ports.map((fabric, port) => `${from}.${port}-${fabric}`);
}

/** R_CTL of a frame of type FCP. */
function fcpRCtl(frame: Uint8Array): number | undefined {
  const location = locateFc(frame);
  if (location instanceof CodecError) return undefined;
  return frame[location.fcAt + 8] === FcType.FCP ? frame[location.fcAt] : undefined;
}

function isLogo(frame: Uint8Array): boolean {
  const location = locateFc(frame);
  if (location instanceof CodecError) return false;
  const { fcAt, payloadAt } = location;
  return frame[fcAt] === RCtl['ELS Request'] && frame[payloadAt] === ElsCommand.LOGO;
}
