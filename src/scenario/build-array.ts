/** An array from its node: its units on the media that a driver has, what initiators see of them, its half of a pair. */
import { MirroredMedium } from '../array/pair/mirrored-medium.ts';
import { StorageArray } from '../array/storage-array.ts';
import { parseWwn } from '../codecs/layout/index.ts';
import { initiatorDeviceOf } from '../history/port-name.ts';
import type { RandomStream } from '../machine/random.ts';
import { NfsFileSystem } from '../port/nfs/file-system.ts';
import { VolatileCache } from '../scsi/medium/cache.ts';
import type { Medium } from '../scsi/medium/medium.ts';
import { SpacePool } from '../scsi/medium/pool.ts';
import { SnapshotMedium } from '../scsi/medium/snapshot.ts';
import { SnapshotView } from '../scsi/medium/snapshot-view.ts';
import type { LogicalUnit } from '../scsi/target/logical-unit.ts';
import { fileOf } from './ip-from-scenario.ts';
import { adaptersOf, ipPortsOf } from './port-options.ts';
import type { ArrayNode, LunPlan, PairUnitPlan, UnitPlan } from './topology.ts';

/** Ports to another array are no portals. */
const portalsOf = (ports: ArrayNode['ports'], pair: ArrayNode['pair']): number =>
  ports.length - (pair?.ports ?? 0);

/** What an array's units take their space from; `undefined` where there is always more. */
export const buildPool = ({ pool }: ArrayNode): SpacePool | undefined =>
  pool === undefined ? undefined : new SpacePool(pool);

/** An array. `stores` keep the blocks of its logical units, in their order, and take their space from `pool`. */
export function buildArray(
  { defaultMask, ip, masks, name, options, pair, ports, units }: ArrayNode,
  stores: readonly Medium[],
  random: RandomStream,
  pool?: SpacePool,
): StorageArray {
  const array = new StorageArray({
    ...options,
    name,
    nodeName: parseWwn(options.nodeName),
    ports: adaptersOf(pair === undefined ? ports : ports.slice(0, -pair.ports)),
    ...(ip === undefined
      ? {}
      : { ip: { ...ip, ports: ipPortsOf(ports), portals: portalsOf(ports, pair) } }),
    ...(pair === undefined
      ? {}
      : {
          pair: {
            ...pair,
            ports: adaptersOf(ports.slice(-pair.ports)),
            peerPorts: pair.peerPorts.map(parseWwn),
          },
        }),
    random,
  });
  const made: LogicalUnit[] = [];
  for (const [index, unit] of units.entries()) {
    const { shows, writeCache } = unit;
    const medium =
      unit.pair !== undefined
        ? pairMedium(array, unit.pair, stores, index, made)
        : shows === undefined
          ? mediumOf(unit, stores[index]!)
          : viewOf(made, shows);
    const thin = pool === undefined || unit.restores !== undefined ? {} : { pool };
    const same = unit.pair?.role === 'hosts' && unit.pair.sameAs;
    const named = same ? { sameAs: same } : {};
    const shared = unit.pair?.role === 'hosts' ? { isShared: true } : {};
    made.push(
      array.device.addUnit({
        medium,
        writeCacheEnabled: writeCache !== 'none',
        ...thin,
        ...named,
        ...shared,
      }),
    );
  }
  joinPair(array, units, made);
  array.pool = pool;
  const mappings = (luns: readonly LunPlan[]) =>
    luns.map(({ lun, unit, ports: at }) => ({
      lun,
      lu: made[unit]!,
      ...(at === undefined ? {} : { ports: at }),
    }));
  if (defaultMask.length > 0) array.device.setDefaultMask(mappings(defaultMask));
  for (const { initiator, luns } of masks)
    array.device.setMask(initiatorDeviceOf(initiator), mappings(luns));
  if (ip?.nfs !== undefined) array.exportFiles(filesOf(units, made));
  return array;
}

/** Every logical unit as a file. */
function filesOf(units: readonly UnitPlan[], made: readonly LogicalUnit[]): NfsFileSystem {
  return new NfsFileSystem({
    fsid: 1n,
    files: made.map(({ luName, medium }, unit) => ({
      name: fileOf(units[unit]!.name),
      medium,
      luName,
      lunNumber: unit,
    })),
  });
}

function mediumOf({ keepsSnapshots, map, writeCache }: UnitPlan, store: Medium): Medium {
  const cached = writeCache === 'volatile' ? new VolatileCache(store) : store;
  return keepsSnapshots === true ? new SnapshotMedium(cached, map) : cached;
}

/** The leg of a unit of a pair, or what is made of it for the other array. */
function pairMedium(
  array: StorageArray,
  pair: PairUnitPlan,
  stores: readonly Medium[],
  index: number,
  made: readonly LogicalUnit[],
): Medium {
  switch (pair.role) {
    case 'hosts':
      return new MirroredMedium(stores[index]!, array.options.name);
    case 'record':
      return array.pair!.record;
    case 'leg':
      return stores[pair.of]!;
    case 'forward':
      return made[pair.of]!.medium;
  }
}

/** Tells the pair of its units. */
function joinPair(
  array: StorageArray,
  units: readonly UnitPlan[],
  made: readonly LogicalUnit[],
): void {
  const behind = (role: 'leg' | 'forward', of: number): LogicalUnit =>
    made[units.findIndex(({ pair }) => pair?.role === role && pair.of === of)]!;
  for (const [i, { pair }] of units.entries()) {
    if (pair?.role !== 'hosts') continue;
    array.pair!.addUnit(made[i]!, behind('forward', i), behind('leg', i));
  }
}

/** A unit that shows snapshots of one before it in the list has no store of its own. */
function viewOf(made: readonly LogicalUnit[], shows: number): SnapshotView {
  const source = made[shows]?.medium;
  if (source instanceof SnapshotMedium) return new SnapshotView(source);
  throw new TypeError(`world: unit ${shows} keeps no snapshots to show`);
}
