/** The backup agent of a scenario, with the units that the array has for it beside the guests' own. */
import { formatHex, formatWwn, macFromWords } from '../codecs/layout/index.ts';
import type { UnitAt } from '../host/backup-script.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { adapterPort } from './adapter-from-scenario.ts';
import type { Scenario, VmScenario } from './schema.ts';
import { siteOf } from './sites-from-scenario.ts';
import type { BackupNode, GuestPlan, MaskPlan, UnitPlan } from './topology.ts';

/** The fabric of each port of a scenario's agent; none where there is no agent. */
export function backupPorts({ array, backup }: Scenario): readonly string[] {
  if (backup === undefined) return [];
  return backup.ports ?? [...new Set(array.ports)];
}

/** The name of a port of the agent. */
export const backupWwpn = (port: number): string =>
  formatWwn(0x2104_0025_b500_0000n + BigInt(port));

/** Whose units are backed up. */
export function backedUp({ backup, move }: Pick<Scenario, 'backup' | 'move'>): string | undefined {
  return backup === undefined ? undefined : (backup.vm ?? move.vm);
}

/** The places of those units in the array's list. */
function sourcesOf(scenario: Scenario): number[] {
  const vm = scenario.vms.find(({ name }) => name === backedUp(scenario));
  const names = scenario.array.luns.map(({ name }) => name);
  return (vm?.luns ?? []).map((name) => names.indexOf(name));
}

/**
 * Units behind the guests' own: for each that is backed up one that shows its snapshots, and one that it is
 * restored to.
 */
export function backupUnits(scenario: Scenario): UnitPlan[] {
  if (scenario.backup === undefined) return [];
  const { luns } = scenario.array;
  return sourcesOf(scenario).flatMap((source): UnitPlan[] => {
    const { blocks, name } = luns[source]!;
    return [
      { name: `${name} (snapshot)`, blocks, writeCache: 'protected', shows: source },
      { name: `${name} (restored)`, blocks, writeCache: 'protected', restores: source },
    ];
  });
}

/** The agent sees those units, in their order. */
export function backupMasks(scenario: Scenario): MaskPlan[] {
  const first = scenario.array.luns.length;
  const luns = backupUnits(scenario).map((_, lun) => ({ lun, unit: first + lun }));
  return backupPorts(scenario).map((_, port) => ({ initiator: backupWwpn(port), luns }));
}

/** The agent as a node of the fabrics; none where the scenario has none. */
export function backupNodes(scenario: Scenario): BackupNode[] {
  const { array, backup, timing } = scenario;
  const vm = backedUp(scenario);
  if (backup === undefined || vm === undefined) return [];
  const unitAt = (unit: number): UnitAt => ({ unit, luName: formatHex(luIdOf(array.name, unit)) });
  const { atMove, holdMs, map, name, quiesce, writersMs } = backup;
  const first = array.luns.length;
  const node: BackupNode = {
    name,
    kind: 'backup',
    ...siteOf(scenario, backup),
    array: array.name,
    ...(map === 'array' && atMove !== 'carried' ? { mapsAtMove: atMove } : {}),
    ports: backupPorts(scenario).map((fabric, port) =>
      adapterPort(
        scenario,
        fabric,
        { mac: macFromWords(0x0025, (0xb5ff_ff00 | port) >>> 0), wwpn: backupWwpn(port) },
        name,
      ),
    ),
    options: {
      nodeName: formatWwn(0x2004_0025_b500_0000n),
      commandTimeoutNs: timing.commandTimeoutMs * MILLISECOND,
      plan: {
        vm,
        quiesce,
        map,
        bounds: { writersNs: writersMs * MILLISECOND, holdNs: holdMs * MILLISECOND },
        units: sourcesOf(scenario).map((source, i) => ({
          ...unitAt(source),
          blocks: array.luns[source]!.blocks,
          view: unitAt(first + 2 * i),
          restore: unitAt(first + 2 * i + 1),
        })),
      },
    },
  };
  return [node];
}

/** The maps that the host of a guest keeps of it. */
export function guestMaps(scenario: Scenario, vm: VmScenario): Pick<GuestPlan, 'maps'> {
  const { backup } = scenario;
  if (backup?.map !== 'host' || vm.name !== backedUp(scenario)) return {};
  const { atMove, granularityBlocks } = backup;
  return { maps: { atMove, granularityBlocks } };
}
