/** Tokens of offloaded data transfer: points in time, foreign ones, and lists that do not fit. */
import { describe, expect, it } from 'vitest';
import {
  Association,
  cscdDescriptor,
  DesignatorType,
  designation,
  populateTokenList,
  RodType,
  receiveCopyStatusLid4Data,
  receiveRodTokenInformationData,
  rodToken,
  TransferCountUnits,
  writeUsingTokenList,
} from '../../../../../src/codecs/scsi/index.ts';
import { TOKENS_MAX } from '../../../../../src/scsi/target/rod-tokens.ts';
import {
  be,
  filled,
  GOOD,
  Rig,
  read10,
  UNIT_BLOCKS,
  write10,
} from '../../../../helpers/scsi-target.ts';

/** Service actions 10h and 11h of 83h, 07h of 84h. */
const populate = (list: Uint8Array, id = 7) =>
  `83 10 00000000 ${be(id, 4)} ${be(list.length, 4)} 0000`;
const writeUsing = (list: Uint8Array, id = 8) =>
  `83 11 00000000 ${be(id, 4)} ${be(list.length, 4)} 0000`;
const receive = (id = 7) => `84 07 ${be(id, 4)} 00000000 ${be(1024, 4)} 0000`;
const copyStatus = (id = 7) => `84 05 ${be(id, 4)} 00000000 ${be(1024, 4)} 0000`;
const ranges = (...all: [number, number][]) =>
  all.map(([lba, numberOfBlocks]) => ({ lba: BigInt(lba), numberOfBlocks }));

function rig(options: ConstructorParameters<typeof Rig>[0] = {}) {
  const it = new Rig(options);
  it.unit();
  it.unit();
  const nexus = it.login();
  const run = (text: string, list?: Uint8Array, lun = 0n) => it.ask(nexus, text, list, lun);
  const tokenOf = (...all: [number, number][]): Uint8Array => {
    const list = populateTokenList.encode({ ranges: ranges(...all) });
    expect(run(populate(list), list)).toBe(GOOD);
    const told = receiveRodTokenInformationData.decode(it.send(nexus, receive()).dataIn!);
    expect(told.copyOperationStatus).toBe(1);
    expect(told.transferCountUnits).toBe(TransferCountUnits.BLOCKS);
    expect(told.transferCount).toBe(BigInt(all.reduce((sum, [, blocks]) => sum + blocks, 0)));
    const status = receiveCopyStatusLid4Data.decode(it.send(nexus, copyStatus()).dataIn!);
    expect(status).toMatchObject({
      responseToServiceAction: 0x10,
      copyOperationStatus: 1,
      transferCount: told.transferCount,
    });
    return told.rodTokenDescriptors.slice(2);
  };
  const use = (token: Uint8Array, to: [number, number][], change: object = {}): string => {
    const list = writeUsingTokenList.encode({ rodToken: token, ranges: ranges(...to), ...change });
    return run(writeUsing(list), list, 1n << 48n);
  };
  const at = (lba: number, lun = 1n << 48n) =>
    it.send(nexus, read10(lba, 1), undefined, lun).dataIn![0];
  const write = (lba: number, value: number) => run(write10(lba, 1), filled(1, value));
  return { it, nexus, run, tokenOf, use, at, write };
}

describe('a token', () => {
  it('has what blocks held when it was made, whatever is written there since', () => {
    const { at, tokenOf, use, write } = rig();
    write(3, 7);
    write(9, 8);
    const token = tokenOf([9, 1], [3, 1]);
    expect(token).toHaveLength(512);
    write(3, 1);
    expect(
      use(token, [
        [20, 1],
        [40, 1],
      ]),
    ).toBe(GOOD);
    expect([at(20), at(40), at(3)]).toEqual([8, 7, 0]);
    expect(use(token, [[50, 1]], { offsetIntoRodBlocks: 1n })).toBe(GOOD);
    expect(at(50)).toBe(7);
  });

  it('is unknown once it was deleted, when too many newer ones were made, and at another device', () => {
    const { tokenOf, use } = rig();
    const first = tokenOf([0, 1]);
    expect(use(first, [[0, 1]], { delTkn: 1 })).toBe(GOOD);
    expect(use(first, [[0, 1]])).toBe('02 5/23/04');
    const second = tokenOf([0, 1]);
    for (let i = 0; i < TOKENS_MAX; i++) tokenOf([0, 1]);
    expect(use(second, [[0, 1]])).toBe('02 5/23/04');
    const foreign = rig({ name: 'other' }).tokenOf([0, 1]);
    expect(use(foreign, [[0, 1]])).toBe('02 5/23/04');
    expect(use(new Uint8Array(512), [[0, 1]])).toBe('02 5/23/05');
  });

  it('is corrupt when a byte of it is another than was given', () => {
    const { tokenOf, use } = rig();
    const token = tokenOf([0, 1]);
    for (const at of [6, 63, 200]) {
      expect(
        use(
          token.map((byte, i) => (i === at ? byte ^ 1 : byte)),
          [[0, 1]],
        ),
      ).toBe('02 5/23/05');
    }
    expect(use(token, [[0, 1]])).toBe(GOOD);
  });

  it('of zeros needs no blocks: its type and its length, nothing else of it is looked at', () => {
    const { at, use } = rig();
    const zeros = rodToken.encode({ rodType: RodType.BLOCK_DEVICE_ZERO });
    const token = rig().tokenOf([0, 1]);
    expect(use(token, [[0, 1]])).toBe('02 5/23/04');
    expect(use(zeros, [[5, 2]], { delTkn: 1 })).toBe(GOOD);
    expect([at(5), at(6)]).toEqual([0, 0]);
    expect(use(zeros, [[5, 2]], { offsetIntoRodBlocks: 99n })).toBe(GOOD);
    expect(use(zeros, [[UNIT_BLOCKS, 1]])).toBe('02 5/21/00');
  });

  it('tells of what it is: type, unit, bytes, block length, device', () => {
    const told = rodToken.decode(rig().tokenOf([0, 3]));
    expect(told).toMatchObject({
      rodType: RodType.POINT_IN_TIME_DEFAULT,
      rodTokenLengthBytes: 504,
      numberOfBytesRepresented: 1536n,
      blockLengthBytes: 512,
    });
    expect(cscdDescriptor.decode(told.creatorLogicalUnitDescriptor)).toMatchObject({
      kind: 'identification descriptor',
      designatorType: DesignatorType.NAA,
    });
    expect(designation.decode(told.targetDeviceDescriptor)).toMatchObject({
      association: Association.TARGET_DEVICE,
    });
  });

  it('does not outlive the power of its device', () => {
    const { it, tokenOf } = rig();
    const token = tokenOf([0, 1]);
    it.target.restart();
    expect(it.target.tokens.get(token)).toBe('unknown');
  });
});

describe('a list', () => {
  it.each<[string, [number, number][], string]>([
    ['without ranges', [], '02 5/26/00'],
    ['of more than a token holds', [[0, 0xffff_ffff]], '02 5/21/00'],
    ['beyond the unit', [[UNIT_BLOCKS, 1]], '02 5/21/00'],
    ['of too many ranges', new Array(65).fill([0, 1]), '02 5/26/00'],
  ])('%s is refused', (_what, all, answer) => {
    const { run } = rig();
    const list = populateTokenList.encode({ ranges: ranges(...all) });
    expect(run(populate(list), list)).toBe(answer);
  });

  it('that is cut, of another type of representation, or beyond it is refused', () => {
    const { run, tokenOf, use } = rig();
    const list = populateTokenList.encode({ ranges: ranges([0, 1]) });
    expect(run(populate(list.subarray(0, 8)), list.subarray(0, 8))).toBe('02 5/1a/00');
    const typed = populateTokenList.encode({
      rtv: 1,
      rodType: 0xfff0_0001,
      ranges: ranges([0, 1]),
    });
    expect(run(populate(typed), typed)).toBe('02 5/26/00');
    expect(use(tokenOf([0, 1]), [[0, 2]])).toBe('02 5/26/00');
    expect(run(receive(99))).toBe('02 5/24/00');
    expect(run(copyStatus(99))).toBe('02 5/24/00');
  });

  it('with the type of any point in time is taken', () => {
    const { run } = rig();
    const list = populateTokenList.encode({
      rtv: 1,
      rodType: RodType.POINT_IN_TIME_ANY,
      ranges: ranges([0, 1]),
    });
    expect(run(populate(list), list)).toBe(GOOD);
  });
});
