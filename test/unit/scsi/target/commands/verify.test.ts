import { describe, expect, it } from 'vitest';
import { dataOutLength } from '../../../../../src/scsi/target/device-server.ts';
import {
  be,
  filled,
  GOOD,
  hex,
  Rig,
  read10,
  toHex,
  UNIT_BLOCKS,
  write10,
} from '../../../../helpers/scsi-target.ts';

const compareAndWrite = (lba: number, blocks: number, flags = '00') =>
  `89 ${flags} ${be(lba, 8)} 000000 ${be(blocks, 1)} 00 00`;

function pair(...blocks: Uint8Array[]): Uint8Array {
  return Uint8Array.from(blocks.flatMap((block) => [...block]));
}

function rigWithUnit() {
  const rig = new Rig();
  rig.unit();
  return { rig, a: rig.login() };
}

describe('COMPARE AND WRITE', () => {
  it('writes when all compares', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(5, 2), filled(2, 1));
    const list = pair(filled(2, 1), filled(2, 9));
    expect(dataOutLength(hex(compareAndWrite(5, 2)))).toBe(2048);
    expect(rig.ask(a, compareAndWrite(5, 2), list)).toBe(GOOD);
    expect(rig.send(a, read10(5, 2)).dataIn).toEqual(filled(2, 9));
    expect(rig.applied.at(-1)).toMatchObject({ kind: 'compare-and-write', lba: 5, blocks: 2 });
    expect(rig.applied.at(-1)?.data).toEqual(filled(2, 9));
  });

  it('changes nothing on a miscompare, and says at which byte it was', () => {
    const { rig, a } = rigWithUnit();
    const list = pair(filled(2, 0), filled(2, 9));
    list[700] = 1;
    const reply = rig.send(a, compareAndWrite(5, 2), list);
    expect(rig.ask(a, compareAndWrite(5, 2), list)).toBe('02 e/1d/00');
    // VALID bit with response code 70h, INFORMATION = 700.
    expect(toHex(reply.sense?.subarray(0, 7))).toBe(`f0000e${be(700, 4)}`);
    expect(rig.send(a, read10(5, 2)).dataIn).toEqual(filled(2, 0));
    expect(rig.applied).toEqual([]);
  });

  it('fails falsely when it is repeated after it was executed', () => {
    const { rig, a } = rigWithUnit();
    const list = pair(filled(1, 0), filled(1, 9));
    expect(rig.ask(a, compareAndWrite(0, 1), list)).toBe(GOOD);
    expect(rig.ask(a, compareAndWrite(0, 1), list)).toBe('02 e/1d/00');
  });

  it('does nothing with 0 blocks', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, compareAndWrite(0, 0))).toBe(GOOD);
    expect(rig.applied).toEqual([]);
  });

  it('takes no more blocks than the Block Limits page says, none outside, no protection', () => {
    const { rig, a } = rigWithUnit();
    const limit = rig.send(a, '12 01 b0 00ff 00').dataIn![5]!;
    expect(rig.ask(a, compareAndWrite(0, limit), filled(2 * limit, 0))).toBe(GOOD);
    expect(rig.ask(a, compareAndWrite(0, limit + 1))).toBe('02 5/24/00');
    expect(rig.ask(a, compareAndWrite(UNIT_BLOCKS - 1, 2))).toBe('02 5/21/00');
    expect(rig.ask(a, compareAndWrite(0, 1, '20'))).toBe('02 5/24/00');
  });
});

/** VERIFY in each size; byte 1 is BYTCHK and flags. */
const VERIFIES = [
  {
    size: 10,
    verify: (b1: string, lba: number, n: number) => `2f ${b1} ${be(lba, 4)} 00 ${be(n, 2)} 00`,
  },
  {
    size: 12,
    verify: (b1: string, lba: number, n: number) => `af ${b1} ${be(lba, 4)} ${be(n, 4)} 00 00`,
  },
  {
    size: 16,
    verify: (b1: string, lba: number, n: number) => `8f ${b1} ${be(lba, 8)} ${be(n, 4)} 00 00`,
  },
];

describe.each(VERIFIES)('VERIFY($size)', ({ verify }) => {
  it('asks for no data, all data or one block, by BYTCHK', () => {
    expect(['00', '02', '06'].map((b1) => dataOutLength(hex(verify(b1, 0, 3))))).toEqual([
      0, 1536, 512,
    ]);
  });

  it('compares what was sent', () => {
    const { rig, a } = rigWithUnit();
    rig.send(a, write10(4, 3), filled(3, 7));
    expect(rig.ask(a, verify('00', 4, 3))).toBe(GOOD);
    expect(rig.ask(a, verify('02', 4, 3), filled(3, 7))).toBe(GOOD);
    expect(rig.ask(a, verify('06', 4, 3), filled(1, 7))).toBe(GOOD);
    expect(rig.ask(a, verify('02', 4, 4), pair(filled(3, 7), filled(1, 1)))).toBe('02 e/1d/00');
    expect(rig.ask(a, verify('06', 4, 4), filled(1, 7))).toBe('02 e/1d/00');
  });

  it('refuses blocks outside, protection, and the reserved BYTCHK', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, verify('00', UNIT_BLOCKS, 1))).toBe('02 5/21/00');
    expect(rig.ask(a, verify('20', 0, 1))).toBe('02 5/24/00');
    expect(rig.ask(a, verify('04', 0, 1))).toBe('02 5/24/00');
  });
});

describe('WRITE AND VERIFY and PRE-FETCH', () => {
  it('write like WRITE', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, '2e 00 00000002 00 0001 00', filled(1, 3))).toBe(GOOD);
    expect(rig.ask(a, 'ae 02 00000003 00000001 00 00', filled(1, 4))).toBe(GOOD);
    expect(rig.ask(a, '8e 00 0000000000000004 00000001 00 00', filled(1, 5))).toBe(GOOD);
    expect(rig.send(a, read10(2, 3)).dataIn).toEqual(
      pair(filled(1, 3), filled(1, 4), filled(1, 5)),
    );
    expect(rig.applied.length).toBe(3);
  });

  it('answer CONDITION MET, as all blocks fit', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, '34 00 00000000 00 0010 00')).toBe('04');
    expect(rig.ask(a, `90 00 ${be(UNIT_BLOCKS, 8)} 00000001 00 00`)).toBe('02 5/21/00');
  });
});
