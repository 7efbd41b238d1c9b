/** An array from its node: units on the media of a driver, and what initiators see of them. */
import { expect, test } from 'vitest';
import { fcInitiatorDevice } from '../../../src/history/port-name.ts';
import { streams } from '../../../src/machine/random.ts';
import { buildArray, buildPool } from '../../../src/scenario/build-array.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { type ArrayNode, nodesOf } from '../../../src/scenario/topology.ts';
import { VolatileCache } from '../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../src/scsi/medium/snapshot.ts';
import { TEXT } from '../../helpers/scenario.ts';

const [plain] = nodesOf(topologyOf(loadScenario(TEXT, 'x.yaml', {})), 'array');
const unit = { name: 'u', blocks: 16, writeCache: 'none' } as const;

const built = (changes: Partial<ArrayNode>, stores: readonly MemoryMedium[]) => {
  const node = { ...plain!, masks: [], defaultMask: [], ...changes };
  return buildArray(node, stores, streams(1).stream('array'), buildPool(node));
};

test('a unit has its store, behind a cache or with snapshots where its plan says so', () => {
  const stores = [1, 2, 3].map(() => new MemoryMedium(16));
  const { device } = built(
    {
      units: [
        unit,
        { ...unit, writeCache: 'volatile' },
        { ...unit, keepsSnapshots: true },
        { ...unit, shows: 2 },
      ],
    },
    stores,
  );
  const [own, cached, kept, view] = device.units.map(({ medium }) => medium);
  expect(own).toBe(stores[0]);
  expect(cached).toBeInstanceOf(VolatileCache);
  expect(kept).toBeInstanceOf(SnapshotMedium);
  expect(view!.blocks).toBe(16);
});

test('a unit can show snapshots only of one before it that keeps them', () => {
  const units = [unit, { ...unit, shows: 0 }];
  expect(() => built({ units }, [new MemoryMedium(16)])).toThrow(
    new TypeError('world: unit 0 keeps no snapshots to show'),
  );
});

test('an initiator sees what its mask shows, everybody else what all do', () => {
  const wwpn = 0xc050_7600_0000_0102n;
  const { device } = built(
    {
      units: [unit, { ...unit, name: 'v' }],
      defaultMask: [{ lun: 0, unit: 0 }],
      masks: [{ initiator: 'c0:50:76:00:00:00:01:02', luns: [{ lun: 7, unit: 1 }] }],
    },
    [new MemoryMedium(16), new MemoryMedium(16)],
  );
  const seen = (initiator: bigint) =>
    [...device.masks.viewOf(fcInitiatorDevice(initiator))].map(([lun, { index }]) => [lun, index]);
  expect(seen(wwpn)).toEqual([[7, 1]]);
  expect(seen(1n)).toEqual([[0, 0]]);
});
