/** The logical units of a plan as their owner calls them. */
import { formatHex } from '../codecs/layout/index.ts';
import type { UnitPlace } from '../history/index.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { type ArrayNode, nodesOf, type Topology } from './topology.ts';

/** Every logical unit of every array, with its identity and the LUNs under which masks show it. */
export function unitsOf(topology: Pick<Topology, 'nodes'>): UnitPlace[] {
  return nodesOf(topology, 'array').flatMap(unitsOfArray);
}

/** The same of one array. */
export function unitsOfArray({ defaultMask, masks, name: array, units }: ArrayNode): UnitPlace[] {
  const shown = [...defaultMask, ...masks.flatMap(({ luns }) => luns)];
  return units.map(({ keepsSnapshots, name, restores, shows }, index) => {
    const source = restores ?? shows;
    const luns = new Set(shown.filter(({ unit }) => unit === index).map(({ lun }) => lun));
    return {
      luName: formatHex(luIdOf(array, index)),
      name,
      luns: [...luns].sort((a, b) => a - b),
      ...(keepsSnapshots === true ? { keepsSnapshots } : {}),
      ...(source === undefined ? {} : { copyOf: formatHex(luIdOf(array, source)) }),
    };
  });
}
