/** The disk that a move takes along: what is copied, where to, and how. */
import { formatHex } from '../codecs/layout/index.ts';
import { nearestName } from '../codecs/layout/nearest-name.ts';
import type { MovePlan } from '../mobility/plan.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { unknownIn } from './known-names.ts';
import type { Complaint } from './origin.ts';
import type { Scenario, VmScenario } from './schema.ts';
import type { Plain } from './topology.ts';

type MovedDisk = NonNullable<Scenario['move']['disk']>;

const volumeOf = ({ volumes = [] }: VmScenario, { of }: MovedDisk) =>
  of === undefined ? volumes[0] : volumes.find(({ name }) => name === of);

/** The disk of the first move, as its plan has it. */
export function movedDisk({ array, move, vms }: Scenario): Pick<Plain<MovePlan>, 'disk'> {
  const { disk } = move;
  const vm = vms.find(({ name }) => name === move.vm);
  const volume = disk === undefined || vm === undefined ? undefined : volumeOf(vm, disk);
  if (disk === undefined || volume === undefined) return {};
  const { by, chunkBlocks, marks, restBlocks, rounds: roundsMax, to, windowBlocks } = disk;
  const unit = array.luns.findIndex(({ name }) => name === to);
  return {
    disk: {
      ...{ volume: volume.name, to: formatHex(luIdOf(array.name, unit)), by, chunkBlocks },
      ...{ windowBlocks, roundsMax, restBlocks: restBlocks ?? windowBlocks, marks },
    },
  };
}

/** The unit of a guest that its disk is copied to, which is in none of its volumes before; the one that was meant, where it is misspelt. */
export function copiedTo({ move }: Scenario, { luns, name }: VmScenario): string | undefined {
  const to = move.vm === name ? move.disk?.to : undefined;
  return to === undefined || luns.includes(to) ? to : nearestName(to, luns);
}

/** A disk can be copied where the guest's host keeps it for the guest, and the guest comes to rest before its ports leave. */
export function* checkMovedDisk(scenario: Scenario): Iterable<Complaint> {
  const { array, move, vms } = scenario;
  const { disk } = move;
  const index = vms.findIndex(({ name }) => name === move.vm);
  const vm = vms[index];
  if (disk === undefined || vm === undefined) return;
  const path = ['move', 'disk'];
  const { volumes } = vm;
  if (volumes === undefined) {
    const what = `a disk that goes along is a volume, and ${vm.name} has none`;
    yield { path, what, because: [['vms', index]] };
    return;
  }
  const whose = `of ${vm.name}`;
  yield* unknownIn([...path, 'to'], disk.to, vm.luns, 'logical unit', whose);
  const names = volumes.map(({ name }) => name);
  if (disk.of !== undefined) yield* unknownIn([...path, 'of'], disk.of, names, 'volume', whose);
  else if (names.length > 1)
    yield { path, what: `${vm.name} has volumes ${names.join(', ')}: of says which goes along` };
  const volume = volumeOf(vm, disk);
  if (volume === undefined) return;
  if (volume.kind !== 'linear' || volume.on.length > 1) {
    const what = `volume ${volume.name} is of kind ${volume.kind} on ${volume.on.join(', ')}: what goes along is linear, on one unit`;
    yield { path: [...path, 'of'], what, because: [['vms', index, 'volumes']] };
  }
  if (volumes.some(({ on }) => on.includes(disk.to)))
    yield { path: [...path, 'to'], what: `logical unit ${disk.to} is in a volume already` };
  const sizeOf = (unit: string) => array.luns.find(({ name }) => name === unit)?.blocks;
  const [least, room] = [sizeOf(volume.on[0] ?? ''), sizeOf(disk.to)];
  // A unit that is not there has been told of.
  if (room !== undefined && least !== undefined && room < least)
    yield {
      path: [...path, 'to'],
      what: `logical unit ${disk.to} has ${room} blocks, and volume ${volume.name} has ${least}`,
    };
  yield* checkHow(scenario, disk);
}

/** Drains behind which nothing can be copied any more, and what has no drain. */
const WITHOUT_PORTS: readonly string[] = ['logout-clears', 'link-pull', 'crash'];

function* checkHow({ move, protocol }: Scenario, { by }: MovedDisk): Iterable<Complaint> {
  if (move.strategy === 'in-guest') {
    const what =
      'with strategy in-guest the initiator is in the guest: its host cannot copy what it does not see';
    yield { path: ['move', 'disk'], what, because: [['move', 'strategy']] };
  }
  if (protocol === 'nfs')
    yield {
      path: ['move', 'disk'],
      what: 'over NFS a disk is a file, and a copy of it is not built',
      because: [['protocol']],
    };
  if (by === 'iterative' && WITHOUT_PORTS.includes(move.drain)) {
    const what = `behind drain ${move.drain} the source has no ports, and the rest of an iterative copy is copied then`;
    yield { path: ['move', 'drain'], what, because: [['move', 'disk', 'by']] };
  }
}
