/** Tokens of offloaded data transfer: points in time, foreign ones, and lists that do not fit. */
import { describe, expect, it } from 'vitest';
import {
  populateTokenList,
  receiveRodTokenInformationData,
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
const ranges = (...all: [number, number][]) =>
  all.map(([lba, numberOfBlocks]) => ({ lba: BigInt(lba), numberOfBlocks }));

function rig() {
  const it = new Rig();
  it.unit();
  it.unit();
  const nexus = it.login();
  const run = (text: string, list?: Uint8Array, lun = 0n) => it.ask(nexus, text, list, lun);
  const tokenOf = (...all: [number, number][]): Uint8Array => {
    const list = populateTokenList.encode({ ranges: ranges(...all) });
    expect(run(populate(list), list)).toBe(GOOD);
    const told = receiveRodTokenInformationData.decode(it.send(nexus, receive()).dataIn!);
    expect(told.copyOperationStatus).toBe(1);
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
    const foreign = new Rig({ name: 'other' });
    expect(use(foreign.target.tokens.add(new Uint8Array(512)), [[0, 1]])).toBe('02 5/23/04');
    expect(use(new Uint8Array(512), [[0, 1]])).toBe('02 5/23/05');
  });

  it('does not outlive the power of its device', () => {
    const { it, tokenOf } = rig();
    const token = tokenOf([0, 1]);
    it.target.restart();
    expect(it.target.tokens.get(token)).toBeUndefined();
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
  });
});
