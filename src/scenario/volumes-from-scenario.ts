/** The volumes that hosts make of a guest's logical units: what they are made of, and what does not go with them. */
import { formatHex } from '../codecs/layout/index.ts';
import {
  type VolumeCacheOptions,
  type VolumeMember,
  type VolumeOptions,
  volumeBlocks,
} from '../host/volume.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { unknownIn } from './known-names.ts';
import { copiedTo } from './moved-disk.ts';
import type { Complaint, Path } from './origin.ts';
import type { Scenario, VmScenario } from './schema.ts';
import type { GuestPlan } from './topology.ts';

type VolumeScenario = NonNullable<VmScenario['volumes']>[number];

/** The disks of a guest whose host has a volume manager. */
export function guestVolumes(
  { array }: Scenario,
  { volumes }: VmScenario,
): Pick<GuestPlan, 'volumes'> {
  if (volumes === undefined) return {};
  return { volumes: volumes.map((one) => volumeOf(array, one)) };
}

function volumeOf(array: Scenario['array'], volume: VolumeScenario): VolumeOptions {
  const { blocks, by, cache, chunkBlocks, kind, name, on } = volume;
  const members = on.map((lun): VolumeMember => {
    const unit = array.luns.findIndex((one) => one.name === lun);
    return { luName: formatHex(luIdOf(array.name, unit)), blocks: array.luns[unit]?.blocks ?? 0 };
  });
  const room = volumeBlocks(kind, members, chunkBlocks);
  return {
    name,
    kind,
    by,
    members,
    chunkBlocks,
    ...(cache === undefined ? {} : { cache: cacheOf(cache) }),
    blocks: kind === 'thin' ? (blocks ?? room) : room,
  };
}

const cacheOf = ({
  hitUs,
  leaseMs,
  ...cache
}: NonNullable<VolumeScenario['cache']>): VolumeCacheOptions => ({
  ...cache,
  hitNs: Math.round(hitUs * MICROSECOND),
  ...(cache.atMove === 'coherent' ? { leaseNs: Math.round(leaseMs * MILLISECOND) } : {}),
});

/** Work that needs more of a disk than reads and writes. */
const BEYOND_VOLUMES = ['compareAndWritePercent', 'unmapPercent', 'writeSamePercent'] as const;

/** Every logical unit of the guest is in one volume, and each volume has room for what the guest does with it. */
export function* checkVolumes(scenario: Scenario, vm: VmScenario, i: number): Iterable<Complaint> {
  const { array } = scenario;
  const { volumes } = vm;
  if (volumes === undefined) return;
  const path = ['vms', i, 'volumes'];
  const used = volumes.flatMap(({ on }) => on);
  for (const [k, { blocks, cache, kind, name, on }] of volumes.entries()) {
    yield* unknownIn([...path, k, 'on'], on, vm.luns, 'logical unit', `of ${vm.name}`);
    if (volumes.findIndex((one) => one.name === name) !== k)
      yield { path: [...path, k, 'name'], what: `${vm.name} has two volumes ${name}` };
    const twice = on.find((lun) => used.indexOf(lun) !== used.lastIndexOf(lun));
    if (twice !== undefined)
      yield { path: [...path, k, 'on'], what: `logical unit ${twice} is in more than one place` };
    if ((cache === undefined) === (kind === 'cached'))
      yield { path: [...path, k, 'kind'], what: 'kind cached has a cache, and no other kind has' };
    if (kind === 'cached') yield* checkCache([...path, k], on.length, cache);
    if (blocks !== undefined && kind !== 'thin')
      yield {
        path: [...path, k, 'blocks'],
        what: `a ${kind} volume is as large as its units have room: blocks is for thin ones`,
      };
  }
  const copy = copiedTo(scenario, vm);
  const without = vm.luns.find((lun) => !used.includes(lun) && lun !== copy);
  if (without !== undefined) yield { path, what: `logical unit ${without} is in no volume` };
  yield* checkRoom(array, vm, volumes, i);
}

function* checkCache(
  path: Path,
  units: number,
  cache: VolumeScenario['cache'],
): Iterable<Complaint> {
  const { atMove, writes } = cache ?? {};
  if (atMove === 'shared' && units !== 2)
    yield { path: [...path, 'on'], what: 'a shared cache is the second of two logical units' };
  else if (atMove !== 'shared' && units > 1)
    yield { path: [...path, 'on'], what: 'a cache is in front of one logical unit' };
  if ((atMove === 'coherent' || atMove === 'shared') && writes === 'write-back')
    yield {
      path: [...path, 'cache', 'writes'],
      what: 'a cache that other hosts have a part in is write-through',
    };
}

function* checkRoom(
  array: Scenario['array'],
  { workload }: VmScenario,
  volumes: readonly VolumeScenario[],
  i: number,
): Iterable<Complaint> {
  const path = ['vms', i, 'workload'];
  const beyond = BEYOND_VOLUMES.find((key) => workload[key] > 0) ?? 'synchronizePercent';
  if (workload[beyond] > 0)
    yield { path: [...path, beyond], what: `${beyond}: volumes are read and written only` };
  for (const one of volumes) {
    const { blocks, chunkBlocks, kind, members, name } = volumeOf(array, one);
    const chunks = Math.ceil(workload.rangeBlocks / chunkBlocks) * chunkBlocks;
    const room = volumeBlocks(kind, members, chunkBlocks);
    const needed = kind === 'thin' ? chunks : workload.rangeBlocks;
    if (workload.rangeBlocks > blocks || needed > room) {
      const what = `rangeBlocks is ${workload.rangeBlocks}, but volume ${name} has ${blocks} blocks and room for ${room}`;
      yield { path: [...path, 'rangeBlocks'], what };
    }
    if (kind === 'thin' && workload.readPercent === 100)
      yield {
        path: [...path, 'readPercent'],
        what: `thin volume ${name} has nothing to be read where nobody writes`,
      };
  }
}
