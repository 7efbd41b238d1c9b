/** EXTENDED COPY between units, as libiscsi's tests ask for it and beyond them. */
import { describe, expect, it } from 'vitest';
import {
  type ExtendedCopyLid1ListInput,
  extendedCopyLid1List,
  receiveCopyOperatingParametersData,
  receiveCopyStatusLid1Data,
  type SegmentDescriptorInput,
} from '../../../../../src/codecs/scsi/index.ts';
import type { LogicalUnit } from '../../../../../src/scsi/target/logical-unit.ts';
import {
  be,
  filled,
  GOOD,
  INITIATOR_B,
  Rig,
  read10,
  UNIT_BLOCKS,
  write10,
} from '../../../../helpers/scsi-target.ts';

const cscd = ({ luId }: LogicalUnit, change: object = {}) => ({
  kind: 'identification descriptor' as const,
  designatorType: 3,
  designatorLengthBytes: 16,
  designator: Uint8Array.from([...luId, 0, 0, 0, 0]),
  diskBlockLengthBytes: 512,
  ...change,
});
const segment = (change: object = {}): SegmentDescriptorInput => ({
  kind: 'block to block',
  sourceCscd: 0,
  destinationCscd: 1,
  numberOfBlocks: 4,
  sourceLba: 2n,
  destinationLba: 8n,
  ...change,
});
const copy = (list: Uint8Array) => `83 00 ${'00'.repeat(8)} ${be(list.length, 4)} 0000`;
const status = (id: number, bytes = 12) =>
  `84 00 ${be(id, 1)} ${'00'.repeat(7)} ${be(bytes, 4)} 0000`;

function rigWithUnits() {
  const rig = new Rig();
  const units = [rig.unit(), rig.unit()] as const;
  const a = rig.login();
  rig.send(a, write10(2, 4), filled(4, 7));
  rig.applied.length = 0;
  const ask = (change: Partial<ExtendedCopyLid1ListInput> = {}) => {
    const list = extendedCopyLid1List.encode({
      listIdentifier: 5,
      cscds: units.map((one) => cscd(one)),
      segments: [segment()],
      ...change,
    });
    return rig.ask(a, copy(list), list);
  };
  return { rig, units, a, ask };
}

describe('EXTENDED COPY(LID1)', () => {
  it('copies blocks from unit to unit, and tells of the change under its destination', () => {
    const { rig, a, ask, units } = rigWithUnits();
    expect(ask()).toBe(GOOD);
    expect(rig.send(a, read10(8, 4), undefined, 1n << 48n).dataIn).toEqual(filled(4, 7));
    expect(rig.applied).toMatchObject([{ kind: 'write', lu: units[1], lba: 8, blocks: 4 }]);
  });

  it('ends that overlap: what was there before is copied', () => {
    const { rig, a, ask } = rigWithUnits();
    rig.send(a, write10(2, 1), filled(1, 1));
    rig.send(a, write10(3, 1), filled(1, 2));
    const own = segment({ destinationCscd: 0, numberOfBlocks: 2, destinationLba: 3n });
    expect(ask({ segments: [own] })).toBe(GOOD);
    expect(rig.send(a, read10(2, 3)).dataIn).toEqual(
      Uint8Array.from([...filled(1, 1), ...filled(1, 1), ...filled(1, 2)]),
    );
  });

  it('how it ended is told once', () => {
    const { rig, a, ask } = rigWithUnits();
    expect(rig.ask(a, status(5))).toBe('02 5/24/00');
    ask({ segments: [segment(), segment({ destinationLba: 20n })] });
    const told = receiveCopyStatusLid1Data.decode(rig.send(a, status(5)).dataIn!);
    expect(told).toMatchObject({ copyCommandStatus: 1, segmentsProcessed: 2, transferCount: 4096 });
    expect(rig.ask(a, status(5))).toBe('02 5/24/00');
    // Without a list identifier there is nothing to ask for.
    ask({ listIdUsage: 2 });
    expect(rig.ask(a, status(5))).toBe('02 5/24/00');
  });

  it('a copy that fails in the middle says how far it came', () => {
    const { rig, a, ask } = rigWithUnits();
    const far = segment({ destinationLba: BigInt(UNIT_BLOCKS) });
    expect(ask({ segments: [segment(), far] })).toBe('02 a/00/00');
    const told = receiveCopyStatusLid1Data.decode(rig.send(a, status(5)).dataIn!);
    expect(told).toMatchObject({ copyCommandStatus: 2, segmentsProcessed: 1, transferCount: 2048 });
    expect(rig.applied).toHaveLength(1);
  });

  it.each<[string, Partial<ExtendedCopyLid1ListInput>, string]>([
    ['a reserved use of the list identifier', { listIdUsage: 1 }, '02 5/26/00'],
    ['an identifier that means nothing', { listIdUsage: 3 }, '02 5/26/00'],
    ['inline data', { inlineData: new Uint8Array(1) }, '02 5/26/0b'],
    [
      'a segment of another kind',
      { segments: [{ kind: 'verify CSCD', sourceCscd: 0, destinationCscd: 1 }] as never },
      '02 5/26/09',
    ],
    ['a descriptor that is not there', { segments: [segment({ sourceCscd: 7 })] }, '02 a/0d/02'],
    ['a source behind the end', { segments: [segment({ sourceLba: 2n ** 63n })] }, '02 a/00/00'],
    ['too many segments', { cscds: [], segments: Array(9).fill(segment()) }, '02 5/26/08'],
  ])('%s is refused, and nothing is written', (_, change, sense) => {
    const { rig, ask } = rigWithUnits();
    expect(ask(change)).toBe(sense);
    expect(rig.applied).toEqual([]);
  });

  it.each([
    ['of another type', { peripheralDeviceType: 1 }, '02 5/26/07'],
    ['of nothing', { nul: 1 }, '02 5/26/07'],
    ['with other blocks', { diskBlockLengthBytes: 4096 }, '02 a/0d/03'],
    ['with a name of another kind', { designatorType: 2, designatorLengthBytes: 8 }, '02 a/0d/02'],
    ['with a name that nobody has', { designator: new Uint8Array(20) }, '02 a/0d/02'],
  ])('an end %s is refused', (_, change, sense) => {
    const { ask, units } = rigWithUnits();
    expect(ask({ cscds: [cscd(units[0]), cscd(units[1], change)] })).toBe(sense);
  });

  it('a list that is cut is refused; none is no error', () => {
    const { rig, a, units } = rigWithUnits();
    expect(rig.ask(a, copy(new Uint8Array(0)))).toBe(GOOD);
    const list = extendedCopyLid1List.encode({
      cscds: units.map((one) => cscd(one)),
      segments: [segment()],
    });
    for (const length of [1, 15, 17, list.length - 1])
      expect(rig.ask(a, copy(list.subarray(0, length)), list.slice(0, length)), `${length}`).toBe(
        '02 5/1a/00',
      );
  });

  it('units that the mask does not show are not reached; a reservation of another bars an end', () => {
    const { rig, ask, units } = rigWithUnits();
    const b = rig.login(INITIATOR_B);
    rig.ask(b, '16 00 00 00 00 00', undefined, 1n << 48n);
    expect(ask()).toBe('02 a/0d/01');
    rig.ask(b, '17 00 00 00 00 00', undefined, 1n << 48n);
    expect(ask()).toBe(GOOD);
    rig.target.setDefaultMask([{ lun: 0, lu: units[0] }]);
    expect(ask()).toContain('02 6/3f/0e');
    expect(ask()).toBe('02 a/0d/02');
  });
});

describe('RECEIVE COPY OPERATING PARAMETERS', () => {
  it('tells the limits that hold', () => {
    const { rig, a } = rigWithUnits();
    const { dataIn } = rig.send(a, `84 03 ${'00'.repeat(8)} ${be(255, 4)} 0000`);
    expect(receiveCopyOperatingParametersData.decode(dataIn!)).toMatchObject({
      maximumCscdDescriptorCount: 8,
      maximumSegmentDescriptorCount: 8,
      implementedDescriptors: [0x02, 0xe4],
    });
  });
});
