/** A scenario as a server: its fabrics, array, zones and masks; its virtual machines as guests. */
import type { Wwn } from '../codecs/layout/index.ts';
import { wwpnOf } from '../history/port-name.ts';
import type { RandomStream } from '../machine/random.ts';
import { wwpnsOf } from '../scenario/identities.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { formatOrigin, type Origins } from '../scenario/origin.ts';
import type { Scenario } from '../scenario/schema.ts';
import { buildWorld } from '../scenario/world.ts';
import { ListenError, listenAddressFrom } from './listen-address.ts';
import { LunError, type LunSource } from './lun-source.ts';
import type { MaskPlan, PlanOptions, ServePlan, UnitPlan } from './plan.ts';

const BLOCK_BYTES = 512;
/** The machines of the world are models here: none of them runs. */
const NO_CHANCE: RandomStream = {
  nextU32: () => 0,
  below: () => 0,
  range: (min) => min,
  chance: () => false,
};
/** The times of a real array are those of the real medium. */
const NO_SERVICE_TIMES = { readNs: 0, writeNs: 0, jitterNs: 0 };

/**
 * The server that a scenario describes. Addresses of the command line come to those of the file;
 * its n-th logical unit takes the place of the file's n-th. Errors: `ListenError`, `LunError`.
 */
export function scenarioPlan(
  { scenario, origins }: LoadedScenario,
  options: PlanOptions,
): ServePlan {
  const { luns, vlan } = options;
  const world = buildWorld(scenario, () => NO_CHANCE);
  const vlanOf = (own: number): number => vlan ?? own;
  const masks = new Map<Wwn, MaskPlan>(
    [...world.array.device.masks.own()].map(([device, view]) => [
      wwpnOf(device) ?? 0n,
      [...view].map(([lun, lu]) => ({ lun, unit: lu.index })),
    ]),
  );
  return {
    fabrics: [...world.fcfs].map(([name, { config }]) => ({
      name,
      fcf: {
        ...config,
        vlanId: vlanOf(config.vlanId),
        // A port that a duplicate name took out of service would need an operator to come back.
        duplicateDisablesPort: false,
      },
    })),
    array: {
      options: {
        ...world.array.options,
        ports: world.array.options.ports.map((port) => ({
          ...port,
          vlan: vlanOf(port.vlan),
          vlanDiscovery: vlanOf(port.vlan) !== 0,
        })),
        service: NO_SERVICE_TIMES,
      },
      fabrics: scenario.array.ports,
      units: unitsOf(scenario, origins, luns),
      defaultMask: [],
      masks,
    },
    guests: guestsOf(scenario),
    listen: listenOf(scenario, origins, options.listen),
  };
}

function unitsOf({ array }: Scenario, origins: Origins, luns: readonly LunSource[]): UnitPlan[] {
  if (luns.length > array.luns.length) {
    const place = formatOrigin(origins.of(['array', 'luns']));
    throw new LunError(
      `--lun: ${luns.length} times, but the scenario has ${array.luns.length} logical units (${place})`,
    );
  }
  return array.luns.map(({ name, blocks, file }, index) => {
    const bytes = blocks * BLOCK_BYTES;
    const own: LunSource =
      file === undefined ? { kind: 'memory', bytes } : { kind: 'file', path: file, bytes };
    return { name, source: luns[index] ?? own, writeCache: array.writeCache };
  });
}

function guestsOf(scenario: Scenario): Map<Wwn, string> {
  return new Map(
    scenario.vms.flatMap((vm, index) =>
      scenario.fabrics.flatMap(({ name }) =>
        wwpnsOf(scenario, vm, index, name).map((wwpn) => [wwpn, vm.name] as const),
      ),
    ),
  );
}

function listenOf(
  { fabrics }: Scenario,
  origins: Origins,
  given: PlanOptions['listen'],
): ServePlan['listen'] {
  const first = fabrics[0]!.name;
  const ofFile = fabrics.flatMap(({ name, listen = [] }, i) =>
    listen.map((text, j) => {
      const said = `${formatOrigin(origins.of(['fabrics', i, 'listen', j]))}: listen`;
      const { fabric, place } = listenAddressFrom(said, text);
      if (fabric !== undefined && fabric !== name)
        throw new ListenError(`${said} ${text}: stands with fabric ${name}; leave ${fabric}= out`);
      return { fabric: name, place };
    }),
  );
  const all = [...ofFile, ...given.map((one) => ({ ...one, fabric: one.fabric ?? first }))];
  if (all.length === 0) {
    throw new ListenError(
      'serve: nowhere to listen; say --listen unix:PATH, or listen in a fabric of the scenario',
    );
  }
  return all;
}
