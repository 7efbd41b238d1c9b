/** The array of a scenario, with its masks. */
import { formatWwn, macFromWords, parseWwn } from '../codecs/layout/index.ts';
import { AccessState } from '../codecs/scsi/index.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import { EXTENT_BLOCKS } from '../scsi/medium/pool.ts';
import { adapterPort } from './adapter-from-scenario.ts';
import { backupMasks, backupUnits } from './backup-from-scenario.ts';
import { allNamesOf, arrayWwpn, orderedMoves } from './identities.ts';
import { arrayIpPort, initiatorNameOf, targetNameOf } from './ip-from-scenario.ts';
import { ISCSI_NAME } from './iscsi-schema.ts';
import {
  pairMasks,
  pairOptions,
  pairPlan,
  pairPorts,
  pairUnits,
  secondArray,
} from './pair-from-scenario.ts';
import { isIp } from './protocols.ts';
import type { Scenario } from './schema.ts';
import { siteOf } from './sites-from-scenario.ts';
import type { ArrayNode, EnodePortPlan, MaskPlan, UnitPlan } from './topology.ts';

/** Name and address of the n-th target port, from 0. */
export function targetPortIdentity(port: number): Pick<EnodePortPlan, 'mac' | 'wwpn'> {
  return { mac: macFromWords(0x0060, (0x1600_0000 | (port + 1)) >>> 0), wwpn: arrayWwpn(port) };
}

/** The array's name as a node of the fabric. */
export const ARRAY_NODE_NAME: string = formatWwn(0x5006_0160_0000_0000n);

/** The arrays: every target port on the fabric that the scenario names for it; a second one where units are stretched. */
export function arrayNodes(scenario: Scenario): ArrayNode[] {
  const first = arrayNode(scenario);
  if (scenario.array.stretched === undefined) return [first];
  const own = first.units;
  const units = pairUnits(scenario, 0, own);
  const whole: ArrayNode = {
    ...first,
    ports: [...first.ports, ...pairPorts(scenario, 0)],
    options: { ...first.options, ...pairOptions(scenario, 0) },
    ...pairPlan(scenario, 0),
    units,
    masks: [...first.masks, ...pairMasks(scenario, 0)],
  };
  return [whole, ...secondArray(scenario, first, own)];
}

/** The first array, as if it were alone. */
export function arrayNode(scenario: Scenario): ArrayNode {
  const { array, protocol } = scenario;
  const targetPortGroups = array.targetPortGroups?.map(({ id, ports, state, preferred }) => ({
    id,
    // Port n has the relative identifier n + 1.
    relativePortIds: ports.map((port) => port + 1),
    state: ACCESS_STATE_CODES[state],
    ...(preferred === undefined ? {} : { preferred }),
  }));
  return {
    name: array.name,
    kind: 'array',
    ...siteOf(scenario, array),
    ports: array.ports.map((fabric, port) =>
      isIp(protocol)
        ? arrayIpPort(scenario, port)
        : adapterPort(scenario, fabric, targetPortIdentity(port), array.name),
    ),
    ...(protocol === 'nfs' ? { ip: filesOf(scenario) } : {}),
    ...(protocol === 'iscsi' ? { ip: { iscsi: { targetName: targetNameOf(array.name) } } } : {}),
    options: {
      nodeName: ARRAY_NODE_NAME,
      alua: array.alua,
      powerOnAttention: array.powerOnAttention,
      retry: array.retry,
      firstBurst: array.firstBurst,
      oxIdEpochs: orderedMoves(scenario).some(({ defences }) => defences.includes('oxid-epochs')),
      confirm: array.confirm,
      logsIn: array.logsIn,
      destageNs: array.destageMs * MILLISECOND,
      cutNs: Math.round(array.cutUs * MICROSECOND),
      ...(targetPortGroups === undefined ? {} : { targetPortGroups }),
      service: {
        readNs: Math.round(array.readUs * MICROSECOND),
        writeNs: Math.round(array.writeUs * MICROSECOND),
        jitterNs: Math.round(array.jitterUs * MICROSECOND),
      },
    },
    ...(array.pool === undefined ? {} : { pool: poolOf(array.pool) }),
    units: [...array.luns.map((lun) => unitOf(scenario, lun)), ...backupUnits(scenario)],
    defaultMask: [],
    masks:
      protocol === 'nfs' ? hostMasks(scenario) : [...masksOf(scenario), ...backupMasks(scenario)],
  };
}

/** Files, and where there are layouts the disks behind them too. */
const filesOf = ({ array, nfs }: Scenario): NonNullable<ArrayNode['ip']> =>
  nfs.layouts
    ? { nfs: { layouts: true }, iscsi: { targetName: targetNameOf(array.name) } }
    : { nfs: {} };

/** With layouts every host sees every disk, and the server says whose turn it is. */
const hostMasks = ({ array, hosts, nfs }: Scenario): MaskPlan[] =>
  nfs.layouts
    ? hosts.map(({ name }) => ({
        initiator: initiatorNameOf(name),
        luns: array.luns.map((_, unit) => ({ lun: unit, unit })),
      }))
    : [];

const poolOf = ({
  blocks,
  thresholdPercent,
}: NonNullable<Scenario['array']['pool']>): NonNullable<ArrayNode['pool']> => ({
  extents: Math.ceil(blocks / EXTENT_BLOCKS),
  ...(thresholdPercent === undefined ? {} : { thresholdPercent }),
});

const mapOf = ({
  atPowerLoss,
  granularityBlocks,
}: NonNullable<Scenario['backup']>): NonNullable<UnitPlan['map']> => ({
  atPowerLoss,
  granularityBlocks,
});

/** What no scenario asks for costs nothing: no snapshots, no map. */
function unitOf(
  { array, backup, events }: Scenario,
  { name, blocks, file }: Scenario['array']['luns'][number],
): UnitPlan {
  const isCut = backup !== undefined || events.some((event) => event.do === 'snapshot');
  return {
    name,
    blocks,
    ...(file === undefined ? {} : { file }),
    writeCache: array.writeCache,
    ...(isCut ? { keepsSnapshots: true } : {}),
    ...(backup?.map === 'array' ? { map: mapOf(backup) } : {}),
  };
}

/** `AccessState` of each state that a scenario names. */
export const ACCESS_STATE_CODES = {
  'active-optimized': AccessState.ACTIVE_OPTIMIZED,
  'active-non-optimized': AccessState.ACTIVE_NON_OPTIMIZED,
  standby: AccessState.STANDBY,
  unavailable: AccessState.UNAVAILABLE,
  transitioning: AccessState.TRANSITIONING,
} as const;

/** Those that the scenario says; or for every virtual machine its logical units in their order. */
function masksOf(scenario: Scenario): MaskPlan[] {
  const { array, vms } = scenario;
  const units = new Map(array.luns.map((one, index) => [one.name, index]));
  const of = (
    names: readonly string[],
    luns: readonly (readonly [number, string])[],
    ports?: readonly number[],
  ) => {
    const at = ports === undefined ? {} : { ports };
    const view = luns.map(([lun, name]) => ({ lun, unit: units.get(name)!, ...at }));
    return names.map((initiator): MaskPlan => ({ initiator, luns: view }));
  };
  if (array.masks === undefined) {
    return vms.flatMap((vm, index) =>
      of(
        allNamesOf(scenario, vm, index),
        vm.luns.map((name, lun) => [lun, name]),
      ),
    );
  }
  return array.masks.flatMap((mask) => {
    const index = vms.findIndex((vm) => vm.name === mask.for);
    const own = ISCSI_NAME.test(mask.for) ? mask.for : undefined;
    const names =
      own !== undefined
        ? [own]
        : index < 0
          ? [formatWwn(parseWwn(mask.for))]
          : allNamesOf(scenario, vms[index]!, index);
    return of(
      names,
      Object.entries(mask.luns).map(([lun, name]) => [Number(lun), name]),
      mask.ports,
    );
  });
}
