import { describe, expect, it } from 'vitest';
import { MediumError, MemoryMedium } from '../../../../../src/scsi/medium/medium.ts';
import { dataInLength, dataOutLength } from '../../../../../src/scsi/target/device-server.ts';
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

const OUT_OF_RANGE = '02 5/21/00';
const INVALID_FIELD = '02 5/24/00';

/** READ and WRITE of one block in each size, with the CDB as the standard's table prints it. */
const SIZES = [
  {
    size: 6,
    read: (lba: number) => `08 ${be(lba, 3)} 01 00`,
    write: (lba: number) => `0a ${be(lba, 3)} 01 00`,
  },
  { size: 10, read: (lba: number) => read10(lba, 1), write: (lba: number) => write10(lba, 1) },
  {
    size: 12,
    read: (lba: number) => `a8 00 ${be(lba, 4)} 00000001 00 00`,
    write: (lba: number) => `aa 00 ${be(lba, 4)} 00000001 00 00`,
  },
  {
    size: 16,
    read: (lba: number) => `88 00 ${be(lba, 8)} 00000001 00 00`,
    write: (lba: number) => `8a 00 ${be(lba, 8)} 00000001 00 00`,
  },
];

describe.each(SIZES)('READ($size) and WRITE($size)', ({ read, write }) => {
  const rig = new Rig();
  rig.unit();
  const nexus = rig.login();

  it('gives back the block that was written, and only that one', () => {
    expect(rig.ask(nexus, write(7), filled(1, 0x5a))).toBe(GOOD);
    expect(rig.send(nexus, read(7)).dataIn).toEqual(filled(1, 0x5a));
    expect(rig.send(nexus, read(6)).dataIn).toEqual(filled(1, 0));
    expect(rig.send(nexus, read(8)).dataIn).toEqual(filled(1, 0));
  });

  it('reaches the last block and refuses the one behind it', () => {
    expect(rig.ask(nexus, write(UNIT_BLOCKS - 1), filled(1, 1))).toBe(GOOD);
    expect(rig.ask(nexus, read(UNIT_BLOCKS - 1))).toBe(GOOD);
    expect(rig.ask(nexus, read(UNIT_BLOCKS))).toBe(OUT_OF_RANGE);
    expect(rig.ask(nexus, write(UNIT_BLOCKS), filled(1, 1))).toBe(OUT_OF_RANGE);
  });
});

describe('READ and WRITE', () => {
  it('take 0 in a 6-byte command for 256 blocks and in a 10-byte command for none', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(dataInLength(hex('08 000000 00 00'))).toBe(256 * 512);
    expect(dataOutLength(hex('0a 000000 00 00'))).toBe(256 * 512);
    expect(rig.send(nexus, '08 000000 00 00').dataIn?.length).toBe(256 * 512);
    expect(rig.send(nexus, read10(0, 0))).toEqual({ status: 0 });
    expect(rig.ask(nexus, write10(0, 0))).toBe(GOOD);
    expect(rig.applied).toEqual([]);
  });

  it('refuse 0 blocks behind the end', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(rig.ask(nexus, read10(UNIT_BLOCKS + 1, 0))).toBe(OUT_OF_RANGE);
    expect(rig.ask(nexus, read10(0xffff_ffff, 0))).toBe(OUT_OF_RANGE);
    expect(rig.ask(nexus, `88 00 ${be(2n ** 64n - 1n, 8)} 00000000 00 00`)).toBe(OUT_OF_RANGE);
  });

  it('refuse a range that begins inside and ends outside, before they ask for its data', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(rig.ask(nexus, write10(UNIT_BLOCKS - 1, 2))).toBe(OUT_OF_RANGE);
    expect(rig.ask(nexus, read10(UNIT_BLOCKS - 1, 2))).toBe(OUT_OF_RANGE);
  });

  it('refuse protection information, which this medium has not, and point at the field', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    const reply = rig.send(nexus, '28 20 00000000 00 0001 00');
    // SKSV, C/D and BPV set, bit 7 of byte 1.
    expect(toHex(reply.sense?.subarray(15, 18))).toBe('cf0001');
    expect(rig.ask(nexus, '2a e0 00000000 00 0001 00', filled(1, 1))).toBe(INVALID_FIELD);
  });

  it('accept DPO and FUA; FUA flushes, and so does every write without a write cache', () => {
    const flushes: number[] = [];
    class Counting extends MemoryMedium {
      override flush(): void {
        flushes.push(flushes.length);
      }
    }
    const rig = new Rig();
    rig.unit(new Counting(100));
    rig.unit(new Counting(100), { writeCacheEnabled: false });
    const nexus = rig.login();
    expect(rig.ask(nexus, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(flushes.length).toBe(0);
    expect(rig.ask(nexus, '2a 18 00000000 00 0001 00', filled(1, 1))).toBe(GOOD);
    expect(flushes.length).toBe(1);
    expect(rig.ask(nexus, write10(0, 1), filled(1, 1), 1n << 48n)).toBe(GOOD);
    expect(flushes.length).toBe(2);
    expect(rig.ask(nexus, '35 00 00000000 00 0000 00')).toBe(GOOD);
    expect(flushes.length).toBe(3);
  });

  it('refuse more blocks than the limit of one transfer', () => {
    const rig = new Rig();
    rig.unit(new MemoryMedium(100_000));
    const nexus = rig.login();
    expect(rig.ask(nexus, 'a8 00 00000000 00008000 00 00')).toBe(GOOD);
    expect(rig.ask(nexus, 'a8 00 00000000 00008001 00 00')).toBe(INVALID_FIELD);
  });

  it('refuse NACA, an operation code and a service action that are not known', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(rig.ask(nexus, '00 00 00 00 00 04')).toBe(INVALID_FIELD);
    expect(rig.ask(nexus, 'ff')).toBe('02 5/20/00');
    expect(rig.ask(nexus, 'b5 00')).toBe('02 5/20/00');
    expect(rig.ask(nexus, '83 1f')).toBe(INVALID_FIELD);
    expect(rig.ask(nexus, '9e 1f')).toBe(INVALID_FIELD);
  });

  it('refuse a data length of the transport that is shorter than the CDB asks for', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(rig.ask(nexus, write10(0, 2), filled(1, 1))).toBe('02 5/0e/03');
    expect(rig.applied).toEqual([]);
  });

  it('tell the observer who wrote and read what, with the bytes', () => {
    const rig = new Rig();
    const lu = rig.unit();
    const nexus = rig.login();
    rig.send(nexus, write10(3, 2), filled(2, 9));
    rig.send(nexus, read10(4, 1));
    expect(rig.applied).toMatchObject([
      { kind: 'write', lba: 3, blocks: 2, durable: true, task: { request: { lun: 0n } } },
    ]);
    expect(rig.applied[0]?.task.nexus).toBe(nexus);
    expect(rig.applied[0]?.luId).toBe(lu.luId);
    expect(rig.applied[0]?.data).toEqual(filled(2, 9));
    expect(rig.reads).toMatchObject([{ lba: 4, blocks: 1 }]);
    expect(rig.reads[0]?.task.nexus).toBe(nexus);
    expect(rig.reads[0]?.data).toEqual(filled(1, 9));
  });

  it('turn a failing medium into sense data', () => {
    class Broken extends MemoryMedium {
      override read(): Uint8Array {
        throw new MediumError('unreadable', 'head crash');
      }
      override write(): void {
        throw new MediumError('unwritable', 'head crash');
      }
    }
    const rig = new Rig();
    rig.unit(new Broken(100));
    rig.unit(new MemoryMedium(1000, { extentsMax: 1 }));
    const nexus = rig.login();
    expect(rig.ask(nexus, read10(0, 1))).toBe('02 3/11/00');
    expect(rig.ask(nexus, write10(0, 1), filled(1, 1))).toBe('02 3/0c/00');
    const second = 1n << 48n;
    expect(rig.ask(nexus, write10(0, 1), filled(1, 1), second)).toBe(GOOD);
    // Crosses into an extent for which there is no room: nothing of it may have been written.
    expect(rig.ask(nexus, write10(127, 2), filled(2, 7), second)).toBe('02 7/27/07');
    expect(rig.send(nexus, read10(127, 1), undefined, second).dataIn).toEqual(filled(1, 0));
    expect(rig.applied.length).toBe(1);
  });
});
