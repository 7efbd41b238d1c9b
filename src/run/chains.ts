/**
 * The way of a block as every level tells it, asked at one moment: the guest's host for volume and paths, the array
 * for what lies behind a LUN, the medium for extents. It asks the machines themselves, and changes nothing.
 */

import type { StorageArray } from '../array/storage-array.ts';
import { lunNumber } from '../codecs/scsi/index.ts';
import type {
  ChainLeg,
  ChainPath,
  ChainRead,
  HistoryEntry,
  InitiatorPort,
  TargetPort,
} from '../history/index.ts';
import { fcInitiatorPort, isNfsServer } from '../history/index.ts';
import type { HostPlace } from '../host/host.ts';
import type { VolumeOptions } from '../host/volume.ts';
import type { World } from '../scenario/build.ts';
import type { Path } from '../scsi/initiator/multipath.ts';
import type { LogicalUnit } from '../scsi/target/logical-unit.ts';

/** Blocks of a disk that are asked for when the chains of a run are looked at. */
const LOOKED_AT_MAX = 128;

/** Whether a target port is the array's own: behind those its device has the ports of the array with the other leg. */
function hasPort({ device, options }: StorageArray, target: TargetPort): boolean {
  const { iscsiPorts = [], ports } = options;
  const own = device.ports.slice(0, ports.length + iscsiPorts.length);
  return own.some(({ name }) => name === target);
}

/** The logical unit behind a path; `undefined` where no array has one there. */
function unitBehind(
  { arrays }: Pick<World, 'arrays'>,
  initiator: InitiatorPort,
  target: TargetPort,
  lun: number,
): LogicalUnit | undefined {
  for (const array of arrays.values())
    if (hasPort(array, target)) return array.device.unitBehind(initiator, target, lun);
  // A file server shows every logical unit as a file, and knows no masks.
  if (!isNfsServer(target)) return undefined;
  return [...arrays.values()][0]?.device.units[lun];
}

/** The name that targets know a port by: a switch may put it in the place of the one that the port logs in with. */
function knownAs({ moves }: Pick<World, 'moves'>, initiator: InitiatorPort): InitiatorPort {
  for (const { fabrics } of moves) {
    for (const { destinationWwpn, sourceWwpn, wwpn } of fabrics) {
      const isIts = [sourceWwpn, destinationWwpn].some((one) => fcInitiatorPort(one) === initiator);
      if (isIts && [sourceWwpn, destinationWwpn].every((one) => one !== wwpn))
        return fcInitiatorPort(wwpn);
    }
  }
  return initiator;
}

function legOf(
  world: Pick<World, 'arrays' | 'moves'>,
  { lba, luName, paths }: HostPlace,
): ChainLeg {
  const ways = paths.map(({ lun, nexus }: Path) => {
    const { initiatorPort, targetPort: target } = nexus;
    const initiator = knownAs(world, initiatorPort);
    const number = lunNumber(lun) ?? -1;
    const unit = unitBehind(world, initiator, target, number);
    const path: ChainPath = { initiator, target, lunNumber: number, leadsTo: unit?.luName };
    return { path, unit };
  });
  const medium = ways.find(({ unit }) => unit !== undefined)?.unit?.medium;
  return {
    luName,
    lba,
    paths: ways.map(({ path }) => path),
    stored: medium?.storedAt?.(lba) ?? [],
    data: medium === undefined || lba >= medium.blocks ? undefined : medium.read(lba, 1).slice(),
  };
}

/** The same for each array that has a leg of a stretched unit, with the paths that lead to that array. */
export function eachLegOf(
  world: Pick<World, 'arrays' | 'moves'>,
  place: HostPlace,
): readonly ChainLeg[] {
  const legs = [...world.arrays].flatMap(([name, array]) => {
    const paths = place.paths.filter(({ nexus }) => hasPort(array, nexus.targetPort));
    const itself = { moves: world.moves, arrays: new Map([[name, array]]) };
    return paths.length === 0 ? [] : [legOf(itself, { ...place, paths })];
  });
  return legs.length > 0 ? legs : [legOf(world, place)];
}

/** What every level says of a block now; `undefined` while its guest is on none of the hosts, or has no such disk. */
export function chainOf(
  world: Pick<World, 'arrays' | 'hosts' | 'moves'>,
  vm: string,
  disk: string,
  lba: number,
  legsOf: typeof eachLegOf = (of, place) => [legOf(of, place)],
): { readonly host: string; readonly chain: ChainRead } | undefined {
  for (const [host, machine] of world.hosts) {
    const places = machine.placesOf(vm, disk, lba);
    if (places === undefined) continue;
    const legs = places.flatMap((one) => legsOf(world, one));
    return { host, chain: { type: 'chain', vm, disk, lba, legs } };
  }
  return undefined;
}

/** Looks at the chains of all volumes, and tells of them. Where no guest has volumes there is nothing to do. */
export class Chains {
  readonly #world: World;
  readonly #tell: (entry: HistoryEntry) => void;
  readonly #disks: readonly {
    readonly vm: string;
    readonly disk: string;
    readonly blocks: number;
  }[];

  constructor(world: World, tell: (entry: HistoryEntry) => void) {
    this.#world = world;
    this.#tell = tell;
    // Of others a unit may lag behind: I8 judges what is read of them.
    const isJudged = ({ cache, kind }: VolumeOptions) =>
      kind !== 'quorum' && cache?.writes !== 'write-back';
    this.#disks = world.vms.flatMap(({ guest, name: vm }) =>
      (guest.volumes ?? []).filter(isJudged).map(({ name: disk }) => ({
        vm,
        disk,
        blocks: guest.workload.rangeBlocks,
      })),
    );
  }

  /** Whether any guest has volumes. */
  get isAsked(): boolean {
    return this.#disks.length > 0;
  }

  /** Asks for blocks of every volume, from the first to the last that its guest uses. */
  look(at: number): void {
    for (const { blocks, disk, vm } of this.#disks) {
      const step = Math.ceil(blocks / LOOKED_AT_MAX);
      for (let lba = 0; lba < blocks; lba += step) {
        const found = chainOf(this.#world, vm, disk, lba);
        if (found === undefined) break;
        this.#tell({ at, node: found.host, event: found.chain });
      }
    }
  }
}
