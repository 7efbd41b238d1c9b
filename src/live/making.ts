/** The machines and media of a plan. */

import { StorageArray } from '../array/storage-array.ts';
import { Fcf } from '../fabric/fcoe/fcf.ts';
import { fcInitiatorDevice } from '../history/port-name.ts';
import type { RandomStream } from '../machine/random.ts';
import { VolatileCache } from '../scsi/medium/cache.ts';
import { MemoryMedium } from '../scsi/medium/medium.ts';
import { FileMedium } from './file-medium.ts';
import type { LiveFabric } from './links.ts';
import type { MaskPlan, ServePlan, UnitPlan } from './plan.ts';
import type { Report } from './report.ts';

/** Guests that may be plugged into one fabric at once. */
export const GUESTS_MAX = 256;
const BLOCK_BYTES = 512;

/** What backs a logical unit here. */
export type LiveMedium = MemoryMedium | FileMedium;

/** The switches of a plan, by fabric, with room for the array and the guests. */
export function makeFabrics(
  plan: ServePlan,
  random: (name: string) => RandomStream,
): Map<string, LiveFabric> {
  return new Map(
    plan.fabrics.map(({ name, fcf: options }) => {
      const targetPorts = plan.array.fabrics.filter((one) => one === name).map((_, port) => port);
      const node = `fcf-${name}`;
      const ports = targetPorts.length + GUESTS_MAX;
      const fcf = new Fcf({ ...options, ports, linksUp: false, random: random(node) });
      return [name, { name, node, fcf, links: new Map(), targetPorts }];
    }),
  );
}

/** The array of a plan on its media. */
export function makeArray(
  { array: plan }: ServePlan,
  media: readonly LiveMedium[],
  random: RandomStream,
): StorageArray {
  const array = new StorageArray({ ...plan.options, random });
  const units = media.map((medium, index) => {
    const { writeCache } = plan.units[index]!;
    return array.device.addUnit({
      medium: writeCache === 'volatile' ? new VolatileCache(medium) : medium,
      writeCacheEnabled: writeCache !== 'none',
    });
  });
  const mappings = (mask: MaskPlan) => mask.map(({ lun, unit }) => ({ lun, lu: units[unit]! }));
  array.device.setDefaultMask(mappings(plan.defaultMask));
  for (const [wwpn, mask] of plan.masks)
    array.device.setMask(fcInitiatorDevice(wwpn), mappings(mask));
  return array;
}

/** Opens what backs a logical unit. Errors: `LunError`. */
export async function openMedium({ name, source }: UnitPlan, report: Report): Promise<LiveMedium> {
  return source.kind === 'memory'
    ? new MemoryMedium(source.bytes / BLOCK_BYTES)
    : await FileMedium.open(source, (what) => report.mediumFailed(name, what));
}
