/** The queues at the ends of a scenario's cables, where it says that there are some. */
import { macFromWords } from '../codecs/layout/index.ts';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import type { QueueConfiguration } from '../history/qos.ts';
import { type LinkOptions, linkParameters } from '../link/channel.ts';
import { headroomBytes } from '../link/headroom.ts';
import { GROUPS_DEFAULT, PRIORITIES, type QosEnd, type QosOptions } from '../link/qos-options.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { DcbxOptions } from '../net/dcbx/dcbx-port.ts';
import { fcoeApplications, NO_DCB, queuesOf } from '../net/dcbx/settings.ts';
import type { Scenario } from './schema.ts';
import type { Cable } from './topology.ts';

type QosScenario = NonNullable<Scenario['qos']>;

/** The priority of a node's frames of FCoE and FIP; `undefined`: a switch. */
export function fcoePriorityOf({ qos }: Pick<Scenario, 'qos'>, node?: string): number {
  const own = node === undefined ? undefined : qos?.ports[node]?.priority;
  return own ?? qos?.priority ?? FCF_DEFAULTS.vlanPriority;
}

/** Bits of priorities. */
const maskOf = (priorities: readonly number[]): number =>
  priorities.reduce((mask, one) => mask | (1 << one), 0);

/** Groups as they are listed, the first 0. */
function groupsOf({
  groups,
  priority,
}: QosScenario): Pick<QueueConfiguration, 'groups' | 'bandwidth'> {
  if (groups === undefined) {
    const ofPriority = [...Array(PRIORITIES).keys()].map((one) => (one === priority ? 1 : 0));
    return { ...GROUPS_DEFAULT, groups: ofPriority };
  }
  const groupOf = (priority: number): number =>
    Math.max(
      0,
      groups.findIndex(({ priorities }) => priorities.includes(priority)),
    );
  return {
    groups: [...Array(PRIORITIES).keys()].map(groupOf),
    bandwidth: [...Array(PRIORITIES).keys()].map((group) => groups[group]?.bandwidth ?? 0),
  };
}

/** Priorities that are paused at a node's end of a cable, or at its switch's end: FCoE's where nothing is said. */
export function pfcAt(
  { pfc, ports, priority }: QosScenario,
  node: string,
  end: 'node' | 'switch',
): readonly number[] {
  const own = ports[node];
  return (end === 'node' ? own?.pfc : own?.switchPfc) ?? pfc ?? [priority];
}

/** What a node's end of a cable is configured with, or its switch's end. */
function queuesAt(qos: QosScenario, node: string, end: 'node' | 'switch'): QueueConfiguration {
  const pfcEnabled = maskOf(pfcAt(qos, node, end));
  return { ...groupsOf(qos), pfcEnabled, fcoePriority: qos.priority };
}

/** What a port of a host or an array says by DCBX: it wants what its switch wants, unless it is configured otherwise. */
export function dcbxOfNode(
  { qos }: Pick<Scenario, 'qos'>,
  node: string,
): { readonly dcbx?: DcbxOptions } {
  if (qos === undefined || qos.dcbx === 'off') return {};
  const { dcbx: dialect } = qos;
  const own = qos.ports[node];
  const isOwn = own?.pfc !== undefined || own?.priority !== undefined;
  if (!isOwn) return { dcbx: { dialect, willing: true, settings: NO_DCB } };
  const applications = fcoeApplications(fcoePriorityOf({ qos }, node));
  const settings = { ...queuesAt(qos, node, 'node'), applications };
  return { dcbx: { dialect, willing: false, settings } };
}

/** What a switch says at each of its ports that a host or an array is plugged into. */
export function dcbxOfSwitch(
  { qos }: Pick<Scenario, 'qos'>,
  name: string,
  cables: readonly Cable[],
): { readonly dcbx?: readonly DcbxOptions[] } {
  if (qos === undefined || qos.dcbx === 'off') return {};
  const { dcbx: dialect } = qos;
  const dcbx: DcbxOptions[] = [];
  for (const { ends } of cables) {
    const own = ends.find(({ node }) => node === name);
    const other = ends.find(({ node }) => node !== name);
    if (own === undefined || other === undefined) continue;
    const settings = {
      ...queuesAt(qos, other.node, 'switch'),
      applications: fcoeApplications(qos.priority),
    };
    dcbx[own.port] = { dialect, willing: false, settings };
  }
  return { dcbx };
}

/** Headroom of a priority at a port; where the scenario does not say it, as much as the link needs. */
export function headroomOf(
  { headroomBytes: given, ...largest }: QosScenario,
  link?: LinkOptions,
): number {
  const { propagationNs, rateBitsPerSecond } = linkParameters(link ?? {});
  return given ?? headroomBytes({ ...largest, propagationNs, rateBitsPerSecond });
}

/** Cables of FCoE with queues at both ends. A cable of a device has that first; both ends of a trunk forward. */
export function withQueues(scenario: Scenario, cables: readonly Cable[]): Cable[] {
  const { qos } = scenario;
  if (qos === undefined) return [...cables];
  const { bufferBytes, holdMs, reserveBytes, resumeBytes, threshold, thresholdShift } = qos;
  const buffer = {
    totalBytes: bufferBytes,
    reserveBytes,
    threshold,
    shift: thresholdShift,
    resumeBytes,
  };
  const endOf = (cable: Cable, index: number, end: 0 | 1): QosEnd => {
    const forwards = end === 1 || cable.isTrunk === true;
    const node = cable.isTrunk === true ? '' : cable.ends[0].node;
    const configured = queuesAt(qos, node, end === 0 ? 'node' : 'switch');
    const learns = end === 0 && dcbxOfNode(scenario, node).dcbx?.willing === true;
    return {
      queues: learns ? queuesOf(NO_DCB) : configured,
      mac: macFromWords(0x0251, (0x0500_0000 | ((index + 1) << 1) | end) >>> 0),
      buffer: { ...buffer, headroomBytes: headroomOf(qos, cable.link) },
      ...(forwards ? { forwards, holdNs: Math.round(holdMs * MILLISECOND) } : {}),
    };
  };
  return cables.map((cable, index) => {
    if (cable.kind !== 'fcoe') return cable;
    const options: QosOptions = { ends: [endOf(cable, index, 0), endOf(cable, index, 1)] };
    return { ...cable, link: { ...cable.link, qos: options } };
  });
}
