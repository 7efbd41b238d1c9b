/** The logical units of a plan as their owner calls them. */
import { formatHex } from '../codecs/layout/index.ts';
import type { UnitPlace } from '../history/index.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { type ArrayNode, nodesOf, type Topology } from './topology.ts';

/** Every logical unit of every array, with its identity and the LUNs under which masks show it. */
export function unitsOf(topology: Pick<Topology, 'nodes'>): UnitPlace[] {
  const arrays = nodesOf(topology, 'array');
  const names = arrays.map(({ name }) => name);
  return arrays.flatMap((array) => unitsOfArray(array, (name) => names.includes(name)));
}

/** The same of one array. `isToldOf`: those of another array are in the list too. */
export function unitsOfArray(
  { defaultMask, masks, name: array, units }: ArrayNode,
  isToldOf: (array: string) => boolean = () => true,
): UnitPlace[] {
  const shown = [...defaultMask, ...masks.flatMap(({ luns }) => luns)];
  return units.flatMap(({ keepsSnapshots, name, pair, restores, shows }, index) => {
    // The first array's unit is told of there.
    const same = pair?.role === 'hosts' ? pair.sameAs : undefined;
    if (same !== undefined && isToldOf(same.device)) return [];
    const source = restores ?? shows ?? (pair !== undefined && 'of' in pair ? pair.of : undefined);
    const luns = new Set(shown.filter(({ unit }) => unit === index).map(({ lun }) => lun));
    return [
      {
        luName: nameOf(array, units, index),
        name,
        luns: [...luns].sort((a, b) => a - b),
        ...(keepsSnapshots === true ? { keepsSnapshots } : {}),
        ...(pair?.role === 'hosts' ? { isStretched: true } : {}),
        ...(pair?.role === 'record' ? { isInternal: true } : {}),
        ...(source === undefined ? {} : { copyOf: nameOf(array, units, source) }),
      },
    ];
  });
}

/** The identity of an array's unit: its own, or that of another array's unit that it is the same as. */
function nameOf(array: string, units: ArrayNode['units'], index: number): string {
  const pair = units[index]?.pair;
  const same = pair?.role === 'hosts' ? pair.sameAs : undefined;
  return formatHex(luIdOf(same?.device ?? array, same?.index ?? index));
}
