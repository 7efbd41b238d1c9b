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

describe('target port groups', () => {
  const inGroup = (group: number, blocks: number | undefined = 100): ScannedLun => ({
    ...unit(LU_A, 0),
    group,
    blocks,
  });
  const learn = (multipath: Multipath, ...states: [number, number][]) =>
    multipath.learn(
      LU_A,
      states.map(([id, state]) => ({ id, state })),
    );
  /** Nexuses that the next so many commands go over. */
  const taken = ({ multipath, at }: ReturnType<typeof rig>, n = 4) =>
    new Set(
      Array.from({ length: n }, () => {
        const path = multipath.pick(LU_A);
        return path === undefined ? undefined : [0, 1, 2].find((i) => at(i) === path.nexus);
      }),
    );

  it('that are optimized go first, then the others that serve, as long as the first are not there', () => {
    const all = rig([0, inGroup(1)], [0, inGroup(2)], [1, inGroup(2)]);
    learn(all.multipath, [1, 0x0], [2, 0x1]);
    expect(taken(all)).toEqual(new Set([0]));
    all.at(0).ready = false;
    expect(taken(all)).toEqual(new Set([1, 2]));
    all.at(0).ready = true;
    expect(taken(all)).toEqual(new Set([0]));
  });

  it.each([
    ['standby', 0x2],
    ['unavailable', 0x3],
    ['offline', 0xe],
    ['transitioning', 0xf],
  ])('in state %s are kept and not used', (name, state) => {
    const all = rig([0, inGroup(1)], [1, inGroup(2)]);
    learn(all.multipath, [1, state], [2, state]);
    expect(taken(all)).toEqual(new Set([undefined]));
    expect(all.multipath.pathsTo(LU_A)).toHaveLength(2);
    expect(all.multipath.view()[0]).toMatchObject({ paths: 2, access: [name, name] });
    expect(all.multipath.isServedSoon(LU_A)).toBe(name === 'transitioning');
    learn(all.multipath, [2, 0x0]);
    expect(taken(all)).toEqual(new Set([1]));
    expect(all.multipath.pathsTo(LU_A)[0]?.group).toBe(2);
  });

  it('a path that waits for its registration is not passed by for a worse one', () => {
    const all = rig([0, inGroup(1)], [1, inGroup(2)]);
    learn(all.multipath, [1, 0x0], [2, 0x1]);
    expect(all.multipath.pick(LU_A, ({ group }) => group === 2)).toBeUndefined();
  });

  it('the size is that of a path which tells it', () => {
    const { multipath } = rig([0, { ...inGroup(2), blocks: undefined }], [1, inGroup(1, 77)]);
    expect(multipath.view()[0]?.blocks).toBe(77);
  });

  it('nothing is sent over a login that is lost, or whose units are in doubt', () => {
    const all = rig([0, inGroup(1)], [1, inGroup(1)]);
    all.list[0] = { ...all.list[0]!, standing: 'in-doubt' };
    all.list[1] = { ...all.list[1]!, standing: 'lost' };
    all.multipath.update();
    expect(taken(all)).toEqual(new Set([undefined]));
    expect(all.multipath.view()[0]?.paths).toBe(1);
  });

  it('every change of a path is told once', () => {
    const list: ScannedNexus[] = [{ nexus: nexus(), ownPort: 0, luns: [inGroup(1)] }];
    const told: string[] = [];
    const multipath = new Multipath(
      () => list,
      (_luName, _path, state) => told.push(state),
    );
    multipath.update();
    learn(multipath, [1, 0xf]);
    learn(multipath, [1, 0xf]);
    learn(multipath, [1, 0x2]);
    list[0] = { ...list[0]!, standing: 'lost' };
    multipath.update();
    list.length = 0;
    multipath.update();
    expect(told).toEqual(['active-optimized', 'transitioning', 'standby', 'lost', 'removed']);
  });
});

it('near paths are taken first, and one of them that is not optimized is known', () => {
  const groupOf = (group: number) => ({ ...unit(LU_A, 0), group });
  const list = [
    { nexus: nexus(), ownPort: 0, luns: [groupOf(1)] },
    { nexus: nexus(), ownPort: 1, luns: [groupOf(2)] },
  ];
  const multipath = new Multipath(() => list, undefined, [1]);
  multipath.update();
  expect(multipath.nearButNotOptimized(LU_A)).toBeUndefined();
  multipath.learn(LU_A, [
    { id: 1, state: 0 },
    { id: 2, state: 1 },
  ]);
  expect(multipath.pick(LU_A)?.ownPort).toBe(1);
  expect(multipath.nearButNotOptimized(LU_A)?.group).toBe(2);
  multipath.learn(LU_A, [{ id: 2, state: 3 }]);
  expect(multipath.pick(LU_A)?.ownPort).toBe(0);
  expect(multipath.nearButNotOptimized(LU_A)).toBeUndefined();
});
