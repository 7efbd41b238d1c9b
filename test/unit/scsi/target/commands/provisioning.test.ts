import { describe, expect, it } from 'vitest';
import type { Medium } from '../../../../../src/scsi/medium/medium.ts';
import { MemoryMedium } from '../../../../../src/scsi/medium/medium.ts';
import {
  be,
  filled,
  GOOD,
  Rig,
  read10,
  toHex,
  UNIT_BLOCKS,
  write10,
} from '../../../../helpers/scsi-target.ts';

const unmap = (lengthBytes: number, flags = '00') =>
  `42 ${flags} 00000000 00 ${be(lengthBytes, 2)} 00`;
const same10 = (lba: number, blocks: number, flags = '00') =>
  `41 ${flags} ${be(lba, 4)} 00 ${be(blocks, 2)} 00`;
const same16 = (lba: number, blocks: number, flags = '00') =>
  `93 ${flags} ${be(lba, 8)} ${be(blocks, 4)} 00 00`;
const lbaStatus = (lba: number, allocation = 0x1000) =>
  `9e 12 ${be(lba, 8)} ${be(allocation, 4)} 00 00`;

function unmapList(...ranges: [lba: number, blocks: number][]): Uint8Array {
  const text = ranges.map(([lba, blocks]) => `${be(lba, 8)}${be(blocks, 4)}00000000`).join('');
  const bytes = text.length / 2;
  return Uint8Array.from(Buffer.from(`${be(bytes + 6, 2)}${be(bytes, 2)}00000000${text}`, 'hex'));
}

function rigWithUnit(medium?: Medium) {
  const rig = new Rig();
  rig.unit(medium);
  return { rig, a: rig.login() };
}

describe('UNMAP', () => {
  it('lets each range read as zeros, and tells the observer', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(0, 10), filled(10, 7));
    const list = unmapList([1, 2], [5, 1]);
    expect(rig.ask(a, unmap(list.length), list)).toBe(GOOD);
    const blocks = rig.send(a, read10(0, 10)).dataIn!;
    const values = Array.from({ length: 10 }, (_, i) => blocks[512 * i + 511]);
    expect(values).toEqual([7, 0, 0, 7, 7, 0, 7, 7, 7, 7]);
    expect(rig.applied.slice(1)).toMatchObject([
      { kind: 'unmap', lba: 1, blocks: 2 },
      { kind: 'unmap', lba: 5, blocks: 1 },
    ]);
  });

  it('takes an empty list, and a range of 0 blocks, as nothing to do', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, unmap(0))).toBe(GOOD);
    const list = unmapList([3, 0]);
    expect(rig.ask(a, unmap(list.length), list)).toBe(GOOD);
    expect(rig.applied).toEqual([]);
  });

  it('does all of a list or nothing', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(0, 1), filled(1, 7));
    const outside = unmapList([0, 1], [UNIT_BLOCKS - 1, 2]);
    expect(rig.ask(a, unmap(outside.length), outside)).toBe('02 5/21/00');
    expect(rig.send(a, read10(0, 1)).dataIn).toEqual(filled(1, 7));
  });

  it('refuses a list that is cut, too long, or asks for anchoring', () => {
    const { rig, a } = rigWithUnit();
    const list = unmapList([0, 1], [2, 1]);
    expect(rig.ask(a, unmap(24), list.subarray(0, 24))).toBe('02 5/1a/00');
    expect(rig.ask(a, unmap(4), list.subarray(0, 4))).toBe('02 5/1a/00');
    const many = unmapList(...Array.from({ length: 257 }, (_, i): [number, number] => [i, 1]));
    expect(rig.ask(a, unmap(many.length), many)).toBe('02 5/26/00');
    expect(rig.ask(a, unmap(list.length, '01'), list)).toBe('02 5/24/00');
    expect(rig.applied).toEqual([]);
  });

  it('is not known where the medium cannot do it, and then not announced', () => {
    const thick = new MemoryMedium(100);
    const medium: Medium = {
      blocks: 100,
      blockBytes: 512,
      read: (lba, count) => thick.read(lba, count),
      write: (lba, bytes) => thick.write(lba, bytes),
    };
    const { rig, a } = rigWithUnit(medium);
    const list = unmapList([0, 1]);
    expect(rig.ask(a, unmap(list.length), list)).toBe('02 5/20/00');
    // LBPME and LBPRZ of READ CAPACITY(16), LBPU of the Logical Block Provisioning page.
    expect(rig.send(a, '9e 10 0000000000000000 00000020 00 00').dataIn![14]).toBe(0);
    expect(rig.send(a, '12 01 b2 00ff 00').dataIn![5]).toBe(0);
    expect(rig.ask(a, same10(0, 1, '08'), filled(1, 0))).toBe(GOOD);
    expect(rig.applied.map((one) => one.kind)).toEqual(['write-same']);
  });
});

describe('WRITE SAME', () => {
  it.each([
    ['10', same10],
    ['16', same16],
  ])('(%s) repeats its block', (_size, same) => {
    const { rig, a } = rigWithUnit();
    const block = Uint8Array.from({ length: 512 }, (_, i) => i & 0xff);
    expect(rig.ask(a, same(100, 200), block)).toBe(GOOD);
    const stored = rig.send(a, read10(99, 202)).dataIn!;
    for (let i = 0; i < 202; i++) {
      const expected = i === 0 || i === 201 ? filled(1, 0) : block;
      expect(stored.subarray(512 * i, 512 * (i + 1))).toEqual(expected);
    }
    expect(rig.applied).toMatchObject([{ kind: 'write-same', lba: 100, blocks: 200 }]);
    expect(rig.applied[0]?.data).toEqual(block);
  });

  it('unmaps with UNMAP and zeros, writes with UNMAP and other data', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(0, 4), filled(4, 1));
    expect(rig.ask(a, same16(0, 2, '08'), filled(1, 0))).toBe(GOOD);
    expect(rig.ask(a, same16(2, 2, '08'), filled(1, 5))).toBe(GOOD);
    expect(rig.applied.slice(1).map((one) => one.kind)).toEqual(['unmap', 'write-same']);
    expect(rig.send(a, read10(1, 2)).dataIn?.[511]).toBe(0);
    expect(rig.send(a, read10(1, 2)).dataIn?.[512]).toBe(5);
  });

  it('asks for no block with NDOB, and means zeros', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(0, 2), filled(2, 1));
    expect(rig.ask(a, same16(0, 1, '01'))).toBe(GOOD);
    expect(rig.ask(a, same16(1, 1, '09'))).toBe(GOOD);
    expect(rig.send(a, read10(0, 2)).dataIn).toEqual(filled(2, 0));
  });

  it('refuses 0 blocks as WSNZ says, more than its limit, anchoring, what is outside', () => {
    const { rig, a } = rigWithUnit(new MemoryMedium(100_000));
    const limits = rig.send(a, '12 01 b0 00ff 00').dataIn!;
    expect(limits[4]).toBe(1);
    const blocksMax = Number(new DataView(limits.buffer, limits.byteOffset).getBigUint64(36));
    expect(rig.ask(a, same16(0, blocksMax, '09'))).toBe(GOOD);
    expect(rig.ask(a, same16(0, blocksMax + 1, '09'))).toBe('02 5/24/00');
    expect(rig.ask(a, same16(0, 0), filled(1, 1))).toBe('02 5/24/00');
    expect(rig.ask(a, same10(0, 1, '10'), filled(1, 1))).toBe('02 5/24/00');
    expect(rig.ask(a, same10(99_999, 2), filled(1, 1))).toBe('02 5/21/00');
  });
});

describe('GET LBA STATUS', () => {
  it('tells which runs of blocks are mapped', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(10, 5), filled(5, 1));
    rig.send(a, write10(300, 1), filled(1, 1));
    const list = unmapList([12, 1]);
    rig.send(a, unmap(list.length), list);
    const runs = [
      [0, 10, 1],
      [10, 2, 0],
      [12, 1, 1],
      [13, 2, 0],
      [15, 285, 1],
      [300, 1, 0],
      [301, UNIT_BLOCKS - 301, 1],
    ] as const;
    const described = runs.map(
      ([lba, n, state]) => `${be(lba, 8)}${be(n, 4)}${be(state, 1)}000000`,
    );
    expect(toHex(rig.send(a, lbaStatus(0)).dataIn)).toBe(
      `${be(4 + 16 * runs.length, 4)}00000000${described.join('')}`,
    );
  });

  it('begins at the block it was asked for and gives as many as there is room for', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(10, 5), filled(5, 1));
    expect(toHex(rig.send(a, lbaStatus(11, 24)).dataIn)).toBe(
      `0000001400000000${be(11, 8)}0000000400000000`,
    );
    expect(rig.send(a, lbaStatus(0, 12)).dataIn?.length).toBe(12);
    expect(rig.ask(a, lbaStatus(UNIT_BLOCKS))).toBe('02 5/21/00');
  });
});
