/** Paths to logical units: told by name, taken in turn. */
import { describe, expect, it } from 'vitest';
import type { ScannedLun } from '../../../../src/scsi/initiator/lun-scan.ts';
import { Multipath, type ScannedNexus } from '../../../../src/scsi/initiator/multipath.ts';
import type { InitiatorNexus } from '../../../../src/scsi/transport.ts';

const LU_A = '60'.padEnd(32, 'a');
const LU_B = '60'.padEnd(32, 'b');

const nexus = () => ({ ready: true }) as { ready: boolean } & InitiatorNexus;
const unit = (luName: string, lunNumber: number): ScannedLun => ({
  lun: BigInt(lunNumber) << 48n,
  lunNumber,
  luId: Uint8Array.from(Buffer.from(luName, 'hex')),
  luName,
  blocks: 100,
  vendor: 'V',
  product: 'P',
  relativePort: lunNumber,
  group: undefined,
  access: undefined,
});

function rig(...scanned: [number, ...ScannedLun[]][]) {
  const list: ScannedNexus[] = scanned.map(([ownPort, ...luns]) => ({
    nexus: nexus(),
    ownPort,
    luns,
  }));
  const multipath = new Multipath(() => list);
  multipath.update();
  return { list, multipath, at: (i: number) => list[i]!.nexus as ReturnType<typeof nexus> };
}

describe('paths', () => {
  it('to one unit are those with its name, whatever the LUN', () => {
    const { multipath, at } = rig([0, unit(LU_A, 0), unit(LU_B, 1)], [1, unit(LU_A, 7)]);
    expect(multipath.pathsTo(LU_A).map(({ nexus: one, lun }) => [one === at(0), lun])).toEqual([
      [true, 0n],
      [false, 7n << 48n],
    ]);
    expect(multipath.pathsTo('unknown')).toEqual([]);
    expect(multipath.pick('unknown')).toBeUndefined();
  });

  it('are taken in turn, each unit by itself, and those that are not ready passed by', () => {
    const { multipath, at } = rig(
      [0, unit(LU_A, 0), unit(LU_B, 1)],
      [0, unit(LU_A, 0)],
      [1, unit(LU_A, 0)],
    );
    const turns = (n: number) =>
      Array.from({ length: n }, () => {
        const path = multipath.pick(LU_A);
        return [0, 1, 2].find((i) => at(i) === path?.nexus);
      });
    expect(turns(4)).toEqual([0, 1, 2, 0]);
    multipath.pick(LU_B);
    at(1).ready = false;
    expect(turns(3)).toEqual([2, 0, 2]);
    at(0).ready = false;
    at(2).ready = false;
    expect(turns(1)).toEqual([undefined]);
  });

  it('are asked for whether they may be used; a refused one costs no turn', () => {
    const { multipath, at } = rig([0, unit(LU_A, 0)], [1, unit(LU_A, 0)]);
    const second = multipath.pick(LU_A, (path) => path.ownPort === 1);
    expect(second?.nexus).toBe(at(1));
    expect(multipath.pick(LU_A)?.nexus).toBe(at(0));
    expect(multipath.pick(LU_A, () => false)).toBeUndefined();
  });

  it('come and go with updates, and whose turn it is stays', () => {
    const { multipath, list, at } = rig([0, unit(LU_A, 0)], [1, unit(LU_A, 0)]);
    multipath.pick(LU_A);
    const third = { nexus: nexus(), ownPort: 2, luns: [unit(LU_A, 0)] };
    list.push(third);
    multipath.update();
    expect(multipath.pick(LU_A)?.nexus).toBe(at(1));
    expect(multipath.pick(LU_A)?.nexus).toBe(third.nexus);
    list.length = 0;
    multipath.update();
    expect(multipath.pick(LU_A)).toBeUndefined();
  });
});

describe('a view', () => {
  it('lists units by LUN, with their paths and ports', () => {
    const { multipath } = rig(
      [2, unit(LU_B, 1), unit(LU_A, 0)],
      [0, unit(LU_A, 0)],
      [2, unit(LU_A, 0)],
    );
    expect(multipath.view()).toMatchObject([
      {
        luName: LU_A,
        lunNumber: 0,
        paths: 3,
        ports: [0, 2],
        blocks: 100,
        vendor: 'V',
        product: 'P',
      },
      { luName: LU_B, lunNumber: 1, paths: 1, ports: [2] },
    ]);
  });

  it('has no LUN for a unit whose paths disagree, and puts it first', () => {
    const { multipath } = rig([0, unit(LU_A, 0), unit(LU_B, 1)], [1, unit(LU_B, 2)]);
    expect(multipath.view().map(({ luName, lunNumber }) => [luName, lunNumber])).toEqual([
      [LU_B, undefined],
      [LU_A, 0],
    ]);
  });
});
