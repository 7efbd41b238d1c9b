/** The parts of a guest's I/Os: their numbers, what waits, and what is under way on a unit. */
import { expect, it } from 'vitest';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import { Volume } from '../../../src/host/volume.ts';
import { VolumeParts, type WholeIo } from '../../../src/host/volume-parts.ts';
import type { GuestIo } from '../../../src/host/workload.ts';
import { luIdOf } from '../../../src/scsi/target/logical-unit.ts';

const [one, two] = [0, 1].map((unit) => formatHex(luIdOf('array', unit))) as [string, string];

function wholeOf(op: GuestIo['op']): WholeIo {
  const io: GuestIo = {
    ...{
      id: 900,
      op,
      luName: '',
      luId: luIdOf('array', 0),
      lba: 8,
      blocks: 2,
      disk: 0,
      version: 0,
    },
    ...{ fua: true, expected: undefined, attempts: 0, doubt: false, lacksSpace: false },
    ...{ bytes: 1024, submittedAt: 0 },
  };
  const members = [{ luName: one, blocks: 64 }];
  const options = { name: 'v', kind: 'linear', members, chunkBlocks: 8, blocks: 64 } as const;
  return {
    ...{ io, volume: new Volume(options), open: 1, spare: 0, isEnded: false, version: 0 },
    ...{ isHeld: false, copied: undefined, mover: undefined, beganAt: 0, readings: [] },
  };
}
const extent = { member: 0, lba: 40, blocks: 2, volumeLba: 8 };

it('begins a part with a number of its own, which is the version of what it writes', () => {
  const parts = new VolumeParts(5);
  const whole = wholeOf('write');
  const told = parts.begin({ whole, extent, luName: one }, 3, {});
  expect(told).toEqual({ io: 5, luName: one, lba: 40, blocks: 2, volumeLba: 8 });
  expect(parts.waiting).toMatchObject([{ id: 5, version: 5, luName: one, lba: 40, fua: true }]);
  expect(parts.waiting[0]!.ofHost).toBeUndefined();
  expect([...parts.blocks()]).toEqual([
    [one, 40],
    [one, 41],
  ]);
  const again = parts.renumbered(parts.waiting[0]!);
  expect(again).toMatchObject({ id: 6, version: 5 });
  expect([parts.get(5), parts.get(6)?.whole]).toEqual([undefined, whole]);
  expect(parts.nextId()).toBe(7);
});

it('knows a read, what is put where it was read, and what is of the host', () => {
  const parts = new VolumeParts(1);
  const whole = wholeOf('read');
  parts.begin({ whole, extent, luName: one }, 0, {});
  parts.begin({ whole, extent, luName: two }, 0, { isFill: true });
  parts.begin({ whole, extent, luName: two }, 0, { copyTo: two });
  expect(parts.waiting).toMatchObject([
    { op: 'read', version: 0 },
    { op: 'write', version: 2, fua: false },
    { op: 'read', ofHost: true },
  ]);
});

it('takes out what is on a unit, and leaves the rest', () => {
  const parts = new VolumeParts(1);
  const whole = wholeOf('write');
  for (const luName of [one, two, two]) parts.begin({ whole, extent, luName }, 0, {});
  expect(parts.takeOut(two)).toEqual([whole, whole]);
  expect([parts.isAt(one), parts.isAt(two)]).toEqual([true, false]);
  expect(parts.waiting.map(({ id }) => id)).toEqual([1]);
  expect([...parts.wholes()]).toEqual([whole]);
  parts.delete(1);
  expect(parts.isAt(one)).toBe(false);
});
