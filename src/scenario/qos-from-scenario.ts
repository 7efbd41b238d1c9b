/** The queues at the ends of a scenario's cables, where it says that there are some. */
import { macFromWords } from '../codecs/layout/index.ts';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import type { QueueConfiguration } from '../history/qos.ts';
import { type LinkOptions, linkParameters } from '../link/channel.ts';
import { headroomBytes } from '../link/headroom.ts';
import { GROUPS_DEFAULT, PRIORITIES, type QosEnd, type QosOptions } from '../link/qos-options.ts';
import { MILLISECOND } from '../machine/machine.ts';
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

/** Headroom where the scenario does not say it: as much as the link needs. */
function headroomOf({ headroomBytes: given, ...largest }: QosScenario, link?: LinkOptions): number {
  const { propagationNs, rateBitsPerSecond } = linkParameters(link ?? {});
  return given ?? headroomBytes({ ...largest, propagationNs, rateBitsPerSecond });
}

/** Cables of FCoE with queues at both ends. A cable of a device has that first; both ends of a trunk forward. */
export function withQueues(scenario: Scenario, cables: readonly Cable[]): Cable[] {
  const { qos } = scenario;
  if (qos === undefined) return [...cables];
  const groups = groupsOf(qos);
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
    const own = cable.isTrunk === true ? undefined : qos.ports[cable.ends[0].node];
    const pfc = (end === 0 ? own?.pfc : own?.switchPfc) ?? qos.pfc;
    return {
      queues: {
        ...groups,
        pfcEnabled: maskOf(pfc),
        fcoePriority: qos.priority,
      },
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
